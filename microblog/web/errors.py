"""Say what was wrong with a request, in the site's look."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat


def error_page(request: HttpRequest, status: int, title: str, message: str) -> HttpResponse:
    """A page in the site's look that says what was wrong."""
    return render(
        request, "errors/refused.html", {"title": title, "message": message}, status=status
    )


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """For a request that cannot be read; 413 where it is one that brings too many words (its files
    are counted apart).
    """
    if isinstance(exception, RequestDataTooBig):
        most = filesizeformat(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        return error_page(
            request,
            413,
            "That is too much at once",
            f"At most {most} of words fit into one request.",
        )
    return error_page(
        request, 400, "That request was not understood", "Go back, reload the page, and try again."
    )


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return error_page(request, 403, "That is not for you", str(exception) or "You may not do this.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    message = (
        "This form was open for too long, or cookies are switched off. Go back, reload the page, "
        "and send it again."
    )
    return error_page(request, 403, "That form is out of date", message)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    message = (
        str(exception)
        if exception and isinstance(exception.args[0] if exception.args else None, str)
        else ""
    )
    return error_page(
        request,
        404,
        "There is nothing here",
        message or "The page may have been deleted, or its address mistyped.",
    )
