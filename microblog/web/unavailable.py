"""What is said while the site cannot do what was asked: its database is away, or there is more to
do than it can. Needs no database.

That is nobody's fault whom a log should wake: each such answer is one line of warning, without a
traceback.
"""

import sqlite3
from collections.abc import Callable
from typing import Any

import psycopg
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control

from microblog.display import display_of
from microblog.serving import WAITED

RETRY_AFTER = 10  # seconds
# seconds that a request may have waited for its turn; who sent it has gone by then, or tries again
PATIENCE = 10.0
# connections, the server going or coming, too many connections, a lock that nobody gives back
_AWAY = ("08", "57P", "53300", "55P03")
_SQLITE_AWAY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN}


def is_database_away(error: BaseException | None) -> bool:
    """Whether `error` says that the database cannot be reached, or does not get to us in time; not
    that it found something wrong.
    """
    if not isinstance(error, (OperationalError, InterfaceError)):
        return False
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in _SQLITE_AWAY
    return (
        not isinstance(cause, psycopg.Error)
        or cause.sqlstate is None
        or cause.sqlstate.startswith(_AWAY)
    )


def unavailable(request: HttpRequest, reason: str) -> HttpResponse:
    """503, with when to try again.

    What somebody typed their browser still has: htmx swaps nothing, and Back leads to the form.
    """
    context = {
        **frame(request),
        "reason": reason,
        "again": request.get_full_path() if request.method in ("GET", "HEAD") else "",
    }
    response = HttpResponse(
        render_to_string("errors/unavailable.html", context),
        status=503,
        headers={"Retry-After": str(RETRY_AFTER)},
    )
    # what else would say it stands further inside
    response["Content-Length"] = str(len(response.content))
    patch_cache_control(response, private=True, no_store=True)
    return response


def frame(request: HttpRequest) -> dict[str, Any]:
    """What a page in the site's look knows that asks nobody anything, not even who is looking."""
    names = {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "site_description": settings.SITE_DESCRIPTION,
    }
    return {**names, "display": display_of(request)}


def database_away(request: HttpRequest) -> HttpResponse:
    return unavailable(request, "The site cannot reach its database right now.")


class UnavailableMiddleware:
    """Answers 503 to a request that waited too long, without working on it, and where a view finds
    the database away.

    Where the middleware inside finds it, `microblog.web.views.server_error` does the same.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.META.get(WAITED, 0.0) > PATIENCE:
            return unavailable(request, "More people ask than the site can answer right now.")
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return database_away(request) if is_database_away(error) else None
