"""The files of uploads: for whoever may see what they belong to."""

import io
import mimetypes
import re
from collections.abc import Buffer
from typing import IO

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from accounts.models import Account
from accounts.security import second_factor
from microblog.media import uploads
from timeline.models import Post

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
        raise Http404("This picture is not here, or no longer.")
    response = _answer(request, uploads.path(key, name))
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


def _answer(request: HttpRequest, path: str) -> HttpResponseBase:
    content_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
    if settings.ACCEL_REDIRECT:
        return HttpResponse(
            content_type=content_type, headers={"X-Accel-Redirect": settings.ACCEL_REDIRECT + path}
        )
    try:
        file = default_storage.open(path)
    except FileNotFoundError as error:
        raise Http404("This picture is not here, or no longer.") from error
    return _part(request, file, content_type) or FileResponse(
        file, content_type=content_type, headers={"Accept-Ranges": "bytes"}
    )


def _part(request: HttpRequest, file: IO[bytes], content_type: str) -> HttpResponseBase | None:
    """Answer the bytes that a `Range` header asks for, as players do (RFC 9110, one range only);
    None where it asks for none.
    """
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
    headers = {"Content-Range": f"bytes {start}-{end}/{size}", "Accept-Ranges": "bytes"}
    return FileResponse(
        _Part(file, start, end - start + 1), status=206, content_type=content_type, headers=headers
    )


class _Part(io.RawIOBase):
    """Some bytes of a file, as a file: so the server sends them as it sends whole files, without
    holding a thread.
    """

    def __init__(self, file: IO[bytes], start: int, size: int) -> None:
        self._file, self._start, self._size = file, start, size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        return self._at

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer)
        self._file.seek(self._start + self._at)
        data = self._file.read(max(0, min(len(view), self._size - self._at)))
        view[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()
