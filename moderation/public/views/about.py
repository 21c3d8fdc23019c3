"""What this place is, who runs it, and what becomes of what people bring."""

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.auth.requests import Request
from microblog.kept.pages import kept_for_visitors
from microblog.web.link_previews import preview_of_page
from microblog.web.responses import render_page
from moderation.models import About


@kept_for_visitors
@require_safe
def about(request: Request) -> HttpResponse:
    current = About.objects.current()
    context = {
        "about": {"place": current.place, "contact": current.contact, "privacy": current.privacy},
        "preview": preview_of_page(request, f"About {settings.SITE_NAME}"),
    }
    return render_page(request, "moderation/public/about.html", "", context)
