"""What stands beside every page."""

from django import template
from django.db.models import QuerySet

from accounts.models import Account

register = template.Library()


@register.simple_tag(takes_context=True)
def who_to_follow(context: template.Context) -> QuerySet[Account]:
    """Three accounts that the viewer does not follow yet."""
    viewer = context["viewer"]
    return Account.objects.to_follow_for(viewer).with_follow_state(viewer)[:3]
