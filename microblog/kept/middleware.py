"""Spare a browser, a reader of feeds or a proxy what it has already."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from microblog.kept.digests import LENGTH
from microblog.kept.pages import PageResponse

# a tag of ours, as it came or as a proxy that compressed the page made it: "…-gzip", "…;br"
_TAG = re.compile(rf'"([0-9a-f]{{{LENGTH}}})(?:[-;][^",]*)?"')


class KeptMiddleware:
    """Answers 304 to who has the page that was asked for, as its digest says."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, PageResponse) and _has(request, response.digest):
            return _not_modified(response)
        return response


def _has(request: HttpRequest, digest: str) -> bool:
    """Return whether the request says that who asks has what `digest` names. Weakly: what was
    compressed on its way is the same page.
    """
    tags = request.headers.get("If-None-Match", "")
    return tags.strip() == "*" or digest in _TAG.findall(tags)


def _not_modified(page: HttpResponse) -> HttpResponse:
    """Return the answer that `page` is the same, with all that holds for it besides its content."""
    headers = {
        name: value
        for name, value in page.items()
        if name not in ("Content-Type", "Content-Length")
    }
    response = HttpResponseNotModified(headers=headers)
    response.cookies = page.cookies
    return response
