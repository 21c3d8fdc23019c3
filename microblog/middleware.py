"""One page, one address: what a slash at the end is about."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import is_valid_path
from django.utils.http import escape_leading_slashes

ADMIN = "/admin/"  # its pages have a slash, and it answers for every address below it: to take the slash away would lead in a circle


class SlashMiddleware:
    """Our pages have no slash at the end; a GET with one leads to the right address. The reverse, for allauth's, is Django's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        path = request.path_info.rstrip("/")
        if path.startswith(ADMIN):
            return response
        if response.status_code == 404 and request.method in ("GET", "HEAD") and path != request.path_info and is_valid_path(path):
            query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
            return HttpResponsePermanentRedirect(escape_leading_slashes(path) + query)
        return response
