"""What a tab in which home is open asks by itself, again and again: whether anything came to it."""

import re
from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.auth.requests import Request
from accounts.security import sessions
from microblog.kept.memory import MEMORY
from microblog.web.converters import ID_PATTERN
from microblog.web.pagination import cursor_of
from microblog.web.responses import render_page, wants_fragment
from timeline.feeds.home import is_any_newer, newer_at_home

HOME = "/"
_QUERY = re.compile(rf"after=({ID_PATTERN})", re.ASCII)


def asks_for_newer(request: HttpRequest) -> bool:
    return "after" in request.GET and wants_fragment(request)


def newer(request: Request) -> HttpResponse:
    """Say how many posts came to somebody's home after one; answer nothing where none did.

    Perhaps nobody sits there: so it is no use of their session, and what is to be said to them
    waits.
    """
    request.is_poll = True
    if not request.account:
        return HttpResponse("You are signed out.", status=401, content_type="text/plain")
    found = newer_at_home(request.account, cursor_of(request, "after") or 0)
    if not found.number:
        return _nothing(found.until)
    return render_page(request, "timeline/pages/home.html", "newer", {"newer": found})


def _nothing(after: int | str) -> HttpResponse:
    return HttpResponse(status=204, headers={"After": str(after)})


class _Asked(NamedTuple):
    """A tab's question, as the memory knows it."""

    session: str
    after: str

    @classmethod
    def of(cls, request: HttpRequest) -> "_Asked | None":
        session = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        query = _QUERY.fullmatch(request.META.get("QUERY_STRING", ""))
        is_it = request.method == "GET" and request.path_info == HOME and wants_fragment(request)
        return cls(session, query[1]) if session and query and is_it else None


class NewerMiddleware:
    """Answers a tab again that nothing came, without looking who is there, while nobody on the site
    posts.

    That this session is somebody's is known since they were told so for the first time; whether it
    has ended is asked each time, and where it has, nobody is answered.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = _Asked.of(request) if settings.KEPT_BYTES else None
        if not asked:
            return self.get_response(request)
        if MEMORY.get(asked) and sessions.is_open(asked.session) and not is_any_newer(asked.after):
            return _nothing(asked.after)
        response = self.get_response(request)
        if response.status_code == 204 and response["After"] == asked.after:
            MEMORY.put(asked, asked.after)
        return response
