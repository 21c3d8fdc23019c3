"""How much a request may bring, and what is said to whoever did too much."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat

from microblog.db.full_disk import FullError, is_full
from microblog.media.isolation import BusyError
from microblog.web.errors import error_page
from microblog.web.ratelimit import TooManyError

log = logging.getLogger(__name__)


def slow_down(page: HttpResponse, error: TooManyError | BusyError | None) -> HttpResponse:
    """`page`; where `error` tells that what it asked for may be sent again later, with when, and
    the status that says so to machines.
    """
    if isinstance(error, FullError):
        log.error("There is no room left on the disk of the site, or of its database.")
    if error:
        page.status_code = 429 if isinstance(error, TooManyError) else 503
        page["Retry-After"] = error.retry_after
    return page


def no_room(request: HttpRequest) -> HttpResponse:
    """The page that says that a disk is full."""
    error = FullError()
    return slow_down(
        error_page(
            request,
            503,
            "There is no room left",
            f"{error} What you typed may still be there when you go back.",
        ),
        error,
    )


class BodyLimitMiddleware:
    """Refuses a body of more than MAX_BODY bytes before any of it is read, or kept on the disk.

    A body without a length is none to Django: it reads as many bytes as Content-Length says.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.headers.get("content-length") or "0"
        if length.isdecimal() and int(length[:20]) > settings.MAX_BODY:
            return error_page(
                request,
                413,
                "That is too much at once",
                f"At most {filesizeformat(settings.MAX_BODY)} fit into one request.",
            )
        return self.get_response(request)


class TooManyMiddleware:
    """Answers 429, with when to try again, where a verb raised TooManyError and no view had a
    better place to say so.

    And 503 where there is no room left to keep what was sent.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if is_full(error):
            return no_room(request)
        if not isinstance(error, TooManyError):
            return None
        return slow_down(error_page(request, 429, "That was too fast", str(error)), error)
