"""What holds for every address: how a slash at its end is answered, and a method that it does not take."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponsePermanentRedirect
from django.urls import is_valid_path
from django.utils.http import escape_leading_slashes

from microblog.views import refuse


class SlashMiddleware:
    """Our pages have no slash at the end; a GET with one leads to the right address. The reverse, for allauth's, is Django's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        path = request.path_info.rstrip("/")
        nowhere = response.status_code == 404 and request.resolver_match is None  # and not: a page there, that has nothing to show
        if nowhere and request.method in ("GET", "HEAD") and path != request.path_info and is_valid_path(path):
            query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
            return HttpResponsePermanentRedirect(escape_leading_slashes(path) + query)
        return response


class WrongMethodMiddleware:
    """Gives Django's bare 405 a page: somebody may have opened a button's address from their history."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        message = "This address belongs to a button or a form. Go back to the page that you came from, and try again there."
        page = refuse(request, response.status_code, "That does not work this way", message)
        page["Allow"] = response["Allow"]
        return page
