"""What this place is, who runs it, and what becomes of what people bring."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.auth.requests import Request
from microblog.web.link_previews import preview_of_page
from moderation.models import About


@require_safe
def about(request: Request) -> HttpResponse:
    context = {
        "about": About.objects.current(),
        "preview": preview_of_page(request, f"About {settings.SITE_NAME}"),
    }
    return render(request, "moderation/public/about.html", context)
