"""Answer a visitor what another was answered, while nothing changed; and nobody what they have."""

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone, translation

from microblog.db import change_number
from microblog.db.prepared import Notes, Question, digest_of, noted
from microblog.display import display_of
from microblog.kept.digests import LENGTH, settings_shown
from microblog.kept.memory import MEMORY
from microblog.kept.pages import PageResponse
from microblog.text.age import watched
from microblog.web.converters import ID_PATTERN
from microblog.web.responses import wants_fragment

# all of a query that a page of a visitor may depend on; with anything else, it is made anew
_QUERY = re.compile(rf"(?:before={ID_PATTERN})?", re.ASCII)
# a tag of ours, as it came or as a proxy that compressed the page made it: "…-gzip", "…;br"
_TAG = re.compile(rf'"([0-9a-f]{{{LENGTH}}})(?:[-;][^",]*)?"')


class Answer(NamedTuple):
    """What was answered at an address: right while the number of changes is `number`, from `since`
    until `until`, when an age on it has other words; and as long as `reads` is.
    """

    number: int
    since: datetime
    until: datetime | None
    digest: str
    headers: tuple[tuple[str, str], ...]
    reads: "Reads | None"


class Reads(NamedTuple):
    """All that was asked for a page, and the digest of what the database said: where it says the
    same again, the page is the same.
    """

    questions: tuple[Question, ...]
    answers: bytes

    @classmethod
    def of(cls, notes: Notes) -> "Reads | None":
        """Return what is in `notes`; None where something was asked that is not."""
        return None if notes.others else cls(tuple(notes.questions), notes.digest)

    @property
    def are_same(self) -> bool:
        return digest_of(self.questions) == self.answers


@dataclass
class Reading:
    """What is known of a request before anything is read for it."""

    since: datetime
    number: int | None = None
    notes: Notes | None = None


class KeptMiddleware:
    """Answers a visitor out of the memory where it has the page as it would be made now.

    And with 304 whoever has the page that was asked for, as its digest says. What stands before
    this in MIDDLEWARE does to a kept page what it does to any.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address = _address_of(request)
        response = self._answer(request, address) if address else self.get_response(request)
        if isinstance(response, PageResponse) and _has(request, response.digest):
            return _not_modified(response)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Read the number, before the view reads anything that it shows."""
        reading: Reading | None = getattr(request, "reading", None)
        if reading and reading.notes and getattr(view, "is_kept", False):
            if reading.number is None:
                reading.number = change_number.current()
            reading.notes.others = 0

    def _answer(self, request: HttpRequest, address: Hashable) -> HttpResponse:
        reading = request.reading = Reading(timezone.now())  # type: ignore[attr-defined]
        kept: Answer | None = MEMORY.get(address)
        if kept:
            reading.number = change_number.current()
            page = _page_of(kept, reading)
            if page and kept.number == reading.number:
                return page
            if page and kept.reads and kept.reads.are_same:
                MEMORY.renew(address, kept._replace(number=reading.number))
                return page
        with watched() as watch, noted() as reading.notes:
            response = self.get_response(request)
        if (
            isinstance(response, PageResponse)
            and reading.number is not None
            and not response.cookies
        ):
            answer = Answer(
                reading.number,
                reading.since,
                watch.ends_at,
                response.digest,
                tuple(response.items()),
                Reads.of(reading.notes),
            )
            MEMORY.put(address, answer)
        return response


def _address_of(request: HttpRequest) -> Hashable:
    """Return what tells a visitor's page from all others; None where somebody may be signed in, is
    told something, or asks for what only a view knows.
    """
    if (
        not settings.KEPT_BYTES
        or request.method not in ("GET", "HEAD")
        or settings.SESSION_COOKIE_NAME in request.COOKIES
        or settings.MESSAGES_COOKIE_NAME in request.COOKIES
        or request.path.startswith(settings.SHARED)
    ):
        return None
    query = request.META.get("QUERY_STRING", "")
    if not _QUERY.fullmatch(query):
        return None
    return (
        request.scheme,
        request.get_host(),
        request.path,
        query,
        wants_fragment(request),
        display_of(request),
        translation.get_language_from_request(request),
        settings_shown(),
    )


def _page_of(kept: Answer, reading: Reading) -> HttpResponse | None:
    """Return the page that was answered, where its ages are right still, and it has not been
    forgotten.
    """
    if reading.since < kept.since:
        return None
    if kept.until and reading.since >= kept.until:
        return None
    body = MEMORY.get(kept.digest)
    if body is None:
        return None
    page = PageResponse(body, kept.digest)
    for name, value in kept.headers:
        page.headers[name] = value
    return page


def _has(request: HttpRequest, digest: str) -> bool:
    """Return whether the request says that who asks has what `digest` names. Weakly: what was
    compressed on its way is the same page.
    """
    tags = request.headers.get("if-none-match", "")
    return tags.strip() == "*" or digest in _TAG.findall(tags)


def _not_modified(page: HttpResponse) -> HttpResponse:
    """Return the answer that `page` is the same, with all that holds for it besides its content."""
    content = ("Content-Type", "Content-Length")
    headers = {name: value for name, value in page.items() if name not in content}
    response = HttpResponseNotModified(headers=headers)
    response.cookies = page.cookies
    return response
