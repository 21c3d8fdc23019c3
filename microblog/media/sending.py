"""Sending files of the storage, whole or in parts, without holding a thread."""

import io
import mimetypes
import re
from collections.abc import Buffer
from typing import IO

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase


def send_file(request: HttpRequest, path: str, missing: str) -> HttpResponseBase:
    """Answer the file at `path` of the storage, or the part of it that is asked for; let the server
    before the site send it, where settings.ACCEL_REDIRECT says so. Raises Http404(missing).
    """
    content_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
    if settings.ACCEL_REDIRECT:
        return HttpResponse(
            content_type=content_type, headers={"X-Accel-Redirect": settings.ACCEL_REDIRECT + path}
        )
    try:
        file = default_storage.open(path)
    except FileNotFoundError as error:
        raise Http404(missing) from error
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
