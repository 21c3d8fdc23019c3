"""What machines ask a site for: which pages robots shall leave alone, and what the site is when a
phone keeps it among its apps.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

KEPT_FOR = 3600  # seconds: these answers are the same for everybody


def kept[R: HttpResponse](response: R) -> R:
    """`response`, which every cache may keep for a while."""
    patch_cache_control(response, public=True, max_age=KEPT_FOR)
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in settings.NOT_FOR_ROBOTS),
        "",
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
        "",
    ]
    return kept(HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8"))


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    return kept(JsonResponse(_manifest(), content_type="application/manifest+json"))


def _manifest() -> dict[str, Any]:
    """A manifest knows one colour each; the pages name theirs for light and for dark."""
    icons = {
        "icons/192.png": ("192x192", "any"),
        "icons/512.png": ("512x512", "any"),
        "icons/maskable.png": ("512x512", "maskable"),
    }
    return {
        "id": "/",
        "name": settings.SITE_NAME,
        "short_name": settings.SITE_NAME,
        "description": settings.SITE_DESCRIPTION,
        "lang": "en",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "theme_color": "#0b6bcb",
        "background_color": "#ffffff",
        "icons": [
            {"src": static(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, (sizes, purpose) in icons.items()
        ],
    }
