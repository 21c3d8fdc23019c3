"""How much a request may bring, and what is said to whoever did too much."""

import math
from collections.abc import Callable
from datetime import datetime, timedelta

from allauth.core.internal import ratelimit  # its window, over all processes; the public function has no limits but allauth's own
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from microblog.views import refuse


class BodyLimitMiddleware:
    """Refuses a body of more than MAX_BODY bytes before any of it is read, or kept on the disk.

    A body without a length is none to Django: it reads as many bytes as Content-Length says.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.headers.get("content-length") or "0"
        if length.isdecimal() and int(length[:20]) > settings.MAX_BODY:
            return refuse(request, 413, "That is too much at once", f"At most {filesizeformat(settings.MAX_BODY)} fit into one request.")
        return self.get_response(request)


class TooManyError(Exception):
    """Somebody did more of something than they may for now; they may again at `retry_at`. The message is for the person who asked."""

    def __init__(self, said: str, retry_at: datetime) -> None:
        self.retry_after = max(1, math.ceil((retry_at - timezone.now()).total_seconds()))  # in seconds
        minutes = math.ceil(self.retry_after / 60)
        super().__init__(f"{said} Please try again in {minutes} minute{'' if minutes == 1 else 's'}.")


class TooManyMiddleware:
    """Answers 429, with when to try again, where a verb raised TooManyError and no view had a better place to say so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, TooManyError):
            return None
        response = refuse(request, 429, "That was too fast", str(error))
        response["Retry-After"] = error.retry_after
        return response


def limit_by_address(request: HttpRequest, action: str, most: int, within: timedelta, said: str) -> None:
    """Count `action` for the network address of who asks. Raises TooManyError, which says `said`, after `most` of them `within` a time."""
    rate = {action: f"{most}/{int(within.total_seconds())}s/ip"}
    if not ratelimit.consume(request, app="microblog", action=action, config=rate, limit_get=True):
        raise TooManyError(said, timezone.now() + within)
