"""What moderation did, in figures, for everybody."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.auth.requests import Request
from microblog.web.link_previews import preview_of_page
from moderation.statistics.transparency import transparency as tell


@require_safe
def transparency(request: Request) -> HttpResponse:
    preview = preview_of_page(
        request,
        f"Transparency of {settings.SITE_NAME}",
        "What the moderators did here, in figures.",
    )
    return render(
        request, "moderation/public/transparency.html", {"tables": tell(), "preview": preview}
    )
