"""Requests that carry files: at most half of a web process's threads serve such at a time, so that the rest are there for readers.

Whoever comes beyond that is answered at once, by the view that wanted the files: what was typed is read, the files are not kept. A place
is taken when the first file comes, not before: the composer's form may be sent without one.
"""

from collections.abc import Callable
from io import BytesIO
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers
from django.http import HttpRequest, HttpResponse

places = BoundedSemaphore(max(1, settings.WEB_THREADS // 2))


def is_crowded(request: HttpRequest) -> bool:
    """Whether the files of `request` were not kept, because others are being served. Then a form says so: BusyError."""
    return hasattr(request, "has_place") and not request.has_place


class GateHandler(FileUploadHandler):
    """Takes a place for the request at its first file; where there is none, keeps no file of it but the names and sizes."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        request: Any = self.request
        if not hasattr(request, "has_place"):
            request.has_place = places.acquire(blocking=False)
        if not request.has_place:
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if not is_crowded(self.request) else None  # type: ignore[arg-type]

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        if not is_crowded(self.request):  # type: ignore[arg-type]
            return None
        return UploadedFile(BytesIO(), self.file_name, self.content_type, file_size, self.charset, self.content_type_extra)


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
