"""The files of uploads: for whoever may see what they belong to."""

import mimetypes
import re
from collections.abc import Iterator
from typing import IO

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from accounts.models import Account
from microblog import uploads
from timeline.models import LinkCard, Post

NAMES = ("small.webp", "large.webp", "video.mp4", "video.webm")
CHUNK = 64 * 1024


@require_safe
def media(request: HttpRequest, key: str, name: str) -> HttpResponseBase:
    """A file of a post's picture or video, of a link card, an avatar or a banner. What everybody may see every cache may keep, for ever.

    What is hidden, moderators see, who decide about it; and no cache keeps it.
    """
    is_public = name in NAMES and bool(re.fullmatch(r"[0-9a-f]{32}", key)) and _is_seen_by_all(key)
    if not is_public and not (name in NAMES and _is_seen_by_moderators(request, key)):
        raise Http404("This picture is not here, or no longer.")
    response = _answer(request, uploads.path(key, name))
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"  # opened by itself, a file is no page of the site
    if not is_public:
        patch_cache_control(response, private=True, no_store=True)
        return response
    response["Cross-Origin-Resource-Policy"] = "cross-origin"  # a reader of feeds shows what everybody may see
    if response.status_code < 400:
        patch_cache_control(response, public=True, max_age=365 * 24 * 3600, immutable=True)
    return response


def _is_seen_by_moderators(request: HttpRequest, key: str) -> bool:
    user = request.user
    return user.is_active and user.has_perm("moderation.work_queue") and Post.objects.undeleted().having_media(key).exists()


def _is_seen_by_all(key: str) -> bool:
    posts = Post.objects.visible_to(None).having_media(key)
    accounts, cards = Account.objects.visible_to(None).having_picture(key), LinkCard.objects.visible_to(None).having_picture(key)
    return posts.exists() or accounts.exists() or cards.exists()


def _answer(request: HttpRequest, path: str) -> HttpResponseBase:
    content_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
    if settings.ACCEL_REDIRECT:
        return HttpResponse(content_type=content_type, headers={"X-Accel-Redirect": settings.ACCEL_REDIRECT + path})
    try:
        file = default_storage.open(path)
    except FileNotFoundError as error:
        raise Http404("This picture is not here, or no longer.") from error
    return _part(request, file, content_type) or FileResponse(file, content_type=content_type, headers={"Accept-Ranges": "bytes"})


def _part(request: HttpRequest, file: IO[bytes], content_type: str) -> HttpResponseBase | None:
    """The bytes that a `Range` header asks for, as players do (RFC 9110, one range only); None where it asks for none."""
    match = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", request.headers.get("Range", ""))
    if not match or match.group(0) == "bytes=-":
        return None
    size = file.seek(0, 2)
    first, last = match.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last), size - 1) if first and last else size - 1
    file.seek(0)
    if start > end:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    headers = {"Content-Range": f"bytes {start}-{end}/{size}", "Content-Length": str(end - start + 1), "Accept-Ranges": "bytes"}
    return StreamingHttpResponse(_chunks(file, start, end), status=206, content_type=content_type, headers=headers)


def _chunks(file: IO[bytes], start: int, end: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        left = end - start + 1
        while left and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
