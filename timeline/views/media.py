"""The files of uploads: for whoever may see what they belong to."""

import re

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from accounts.models import Account
from accounts.security import second_factor
from microblog.media import uploads
from microblog.media.sending import send_file
from timeline.models import Post

MISSING = "This picture is not here, or no longer."
NAMES = ("small.webp", "large.webp", "still.webp", "video.mp4", "video.webm")


@require_safe
def media(request: HttpRequest, key: str, name: str) -> HttpResponseBase:
    """Answer a file of a post's picture or video, of a link card, an avatar or a banner.

    What everybody may see every cache may keep, for ever. What some may see a browser asks about
    each time. What is hidden, or deleted and still kept, only the moderators see who decide about
    it, and no cache keeps it.
    """
    named = name in NAMES and re.fullmatch(r"[0-9a-f]{32}", key)
    is_public = bool(named) and _is_seen_by(None, key)
    is_theirs = bool(named) and not is_public and _is_seen_by_account(request, key)
    if not (is_public or is_theirs or (named and _is_seen_by_moderators(request, key))):
        raise Http404(MISSING)
    response = send_file(request, uploads.path(key, name), MISSING)
    # opened by itself, a file is no page of the site
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    if not is_public:
        kept = {"no_cache": True} if is_theirs else {"no_store": True}
        patch_cache_control(response, private=True, **kept)
        return response
    # a reader of feeds shows what everybody may see
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    if response.status_code < 400:
        patch_cache_control(response, public=True, max_age=365 * 24 * 3600, immutable=True)
    return response


def _is_seen_by_moderators(request: HttpRequest, key: str) -> bool:
    user = request.user
    return (
        user.is_active
        and user.has_perm(settings.MODERATE_PERMISSION)
        and Post.objects.having_media(key).exists()
        and not second_factor.is_lacking(user)
    )


def _is_seen_by_account(request: HttpRequest, key: str) -> bool:
    """Tell whether who is signed in may see what not everybody may: they are asked for only now."""
    account = getattr(request.user, "account", None)
    return account is not None and _is_seen_by(account, key)


def _is_seen_by(viewer: Account | None, key: str) -> bool:
    posts = Post.objects.visible_to(viewer)
    return (
        posts.having_media(key).exists()
        or Account.objects.visible_to(viewer).having_picture(key).exists()
        or posts.having_card_picture(key).exists()
    )
