"""What the timeline shows on pages. In every template without loading."""

from django import template
from django.db.models import QuerySet
from django.utils.safestring import SafeString

from accounts.models import Account
from timeline.feeds.row import Row

register = template.Library()


@register.simple_tag(takes_context=True)
def show_row(context: template.Context, row: Row) -> SafeString:
    """Show `row`, of which its template sees nothing but the value: none of this page's context."""
    shown = context.template.engine.get_template("timeline/components/post.html")  # type: ignore[union-attr]
    return shown.render(context.new({"row": row}))


@register.simple_tag(takes_context=True)
def who_to_follow(context: template.Context) -> QuerySet[Account]:
    """Return three accounts that the viewer does not follow yet."""
    viewer = context["viewer"]
    return Account.objects.to_follow_for(viewer).with_follow_state(viewer)[:3]
