"""Requests that carry files: at most half of a web process's threads serve such at a time, so that
the rest are there for readers.

Whoever comes beyond that is answered at once, by the view that wanted the files: what was typed is
read, the files are not kept. A place is taken when the first file comes, not before: the composer's
form may be sent without one.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import (
    FileUploadHandler,
    StopFutureHandlers,
    TemporaryFileUploadHandler,
)
from django.http import HttpRequest, HttpResponse

from microblog.db.full_disk import FullError, is_full
from microblog.media.isolation import BusyError

places = BoundedSemaphore(max(1, settings.WEB_THREADS // 2))


def refusal_of(request: HttpRequest) -> BusyError | None:
    """Why the files of `request` were not kept, for its form to say so: others are being served, or
    the disk is full. Else None.
    """
    if _is_crowded(request):
        return BusyError()
    return FullError() if hasattr(request, "has_full_disk") else None


def _is_crowded(request: HttpRequest) -> bool:
    return hasattr(request, "has_place") and not request.has_place


def _without_content(handler: FileUploadHandler, size: int) -> "UploadedFile[bytes]":
    """Return the file that `handler` did not keep: its name, its type and its `size`."""
    more = handler.charset, handler.content_type_extra
    return UploadedFile(BytesIO(), handler.file_name, handler.content_type, size, *more)


class GateHandler(FileUploadHandler):
    """Takes a place for the request at its first file; where there is none, keeps no file of it but
    the names and sizes.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        request: Any = self.request
        if not hasattr(request, "has_place"):
            request.has_place = places.acquire(blocking=False)
        if not request.has_place:
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if not _is_crowded(self.request) else None  # type: ignore[arg-type]

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        if not _is_crowded(self.request):  # type: ignore[arg-type]
            return None
        return _without_content(self, file_size)


class DiskHandler(TemporaryFileUploadHandler):
    """Keeps large files on the disk. Where it is full, none of them but the names and sizes."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        if self._is_full:
            FileUploadHandler.new_file(self, *args, **kwargs)
            return
        with self._giving_up():
            super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        with self._giving_up():
            return super().receive_data_chunk(raw_data, start) if not self._is_full else None
        return None

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        if not self._is_full:
            with self._giving_up():
                return super().file_complete(file_size)
        return _without_content(self, file_size)

    @property
    def _is_full(self) -> bool:
        return hasattr(self.request, "has_full_disk")

    @contextmanager
    def _giving_up(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if not is_full(error):
                raise
            request: Any = self.request
            request.has_full_disk = True
            if hasattr(self, "file"):
                with suppress(OSError):
                    self.file.close()


class UploadsMiddleware:
    """Gives the place back when the request is answered. It stands before whatever reads a form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            if getattr(request, "has_place", False):
                places.release()
