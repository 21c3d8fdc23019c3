"""What holds for every address: which requests are understood, who may keep an answer, what a
browser may do with it.

How a slash at the end of an address is answered, and a method that it does not take.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponsePermanentRedirect,
    UnreadablePostError,
)
from django.urls import is_valid_path
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.encoding import escape_uri_path, iri_to_uri
from django.utils.http import escape_leading_slashes

from microblog.web.errors import bad_request, error_page

# of the environment of a request: what it names instead of UTF-8
OTHER_CHARSET = "microblog.charset"
# characters, query and all: what browsers and proxies pass on, and no pattern that a database
# cannot take
MAX_ADDRESS = 16_000
# what the answer to a request for a page depends on besides its address
VARY = ("Cookie", "Accept-Language", "HX-Request", "HX-Boosted", "HX-History-Restore-Request")
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "hid",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "screen-wake-lock",
        "serial",
        "usb",
        "xr-spatial-tracking",
    )
)


class PolicyMiddleware:
    """Says what a browser may do with an answer: no sensor, camera or payment for any page, and no
    other site may embed it.

    A view that sets one of these headers itself has a reason. Where there is nothing to do anything
    with, nothing is said: such an answer is sent to each open tab again and again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 204:
            response.headers.pop("Content-Security-Policy", None)
        else:
            response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class CacheMiddleware:
    """Says who may keep an answer, in this one place; a view that sets Cache-Control itself has a
    reason.

    What is between a person and the site is kept nowhere. Any other page, and any error, is kept by
    a browser alone, for its back button, and asked for anew otherwise: most often it is the same
    (microblog.kept). What a page says depends on who asks, and on whether htmx or a browser does.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        path = request.path_info
        is_shared = path.startswith(settings.SHARED)
        if not is_shared:
            patch_vary_headers(response, VARY)
        if "Cache-Control" in response:
            return response
        if path.startswith(settings.SECRET):
            patch_cache_control(response, private=True, no_store=True)
        elif response.status_code >= 400 or not is_shared:
            patch_cache_control(response, private=True, no_cache=True)
        return response


def set_charset_aside(environ: dict[str, Any]) -> None:
    """Keep from Django any charset that a request names but UTF-8, for UnderstoodMiddleware to
    refuse it.

    Django decodes by whatever codec Python has of that name, and raises outside of all middleware
    where it is none of text ("hex").
    """
    kind, *parameters = environ.get("CONTENT_TYPE", "").split(";")
    pairs = [part.partition("=") for part in parameters]
    named = {
        value.strip(" \"'").lower() for name, _, value in pairs if name.strip().lower() == "charset"
    }
    if named - {"utf-8"}:
        environ["CONTENT_TYPE"], environ[OTHER_CHARSET] = kind, named


class UnderstoodMiddleware:
    """Answers 400 to what is not written in UTF-8, which is all that our forms send, and to a body
    that breaks off.

    An endless address is 414.

    A cookie with a NUL, which no database keeps, is none of ours.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.COOKIES = {
            name: value for name, value in request.COOKIES.items() if "\0" not in value
        }
        if len(request.META.get("QUERY_STRING", "")) + len(request.path) > MAX_ADDRESS:
            return error_page(
                request,
                414,
                "That address is too long",
                f"At most {MAX_ADDRESS:,} characters of an address are read.",
            )
        if OTHER_CHARSET in request.META:
            return bad_request(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return bad_request(request, error) if isinstance(error, UnreadablePostError) else None


class SlashMiddleware:
    """Our pages have no slash at the end; a GET with one leads to the right address.

    The reverse, for allauth's, is Django's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        path = request.path_info.rstrip("/")
        # and not: a page there, that has nothing to show
        nowhere = response.status_code == 404 and request.resolver_match is None
        if (
            nowhere
            and request.method in ("GET", "HEAD")
            and path != request.path_info
            and is_valid_path(path)
        ):
            query = (
                f"?{iri_to_uri(request.META['QUERY_STRING'])}"
                if request.META.get("QUERY_STRING")
                else ""
            )
            return HttpResponsePermanentRedirect(
                escape_leading_slashes(escape_uri_path(path)) + query
            )
        return response


class WrongMethodMiddleware:
    """Gives Django's bare 405 a page: somebody may have opened a button's address from their
    history.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        message = (
            "This address belongs to a button or a form. Go back to the page that you came from, "
            "and try again there."
        )
        page = error_page(request, response.status_code, "That does not work this way", message)
        page["Allow"] = response["Allow"]
        return page
