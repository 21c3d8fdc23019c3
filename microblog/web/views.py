"""The site's own pages: whether all is well, and what failed."""

import sys

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from microblog.db.full_disk import is_full
from microblog.web.request_limits import no_room
from microblog.web.unavailable import database_away, frame, is_database_away


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """For a load balancer: 200 when the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return JsonResponse({"database": "does not answer"}, status=503)
    return JsonResponse({"database": "ok"})


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Where browsers look for an icon of pages that name none, the admin's."""
    return redirect(static("favicon.svg"))


def server_error(request: HttpRequest) -> HttpResponse:
    """In the site's look where that still works.

    That the database is away, or a disk full, is 503, and no fault of the program.
    """
    error = sys.exception()
    try:
        if is_database_away(error):
            return database_away(request)
        if is_full(error):
            return no_room(request)
        return HttpResponse(render_to_string("errors/broken.html", frame(request)), status=500)
    except Exception:  # noqa: BLE001  (the reason of this request is logged already)
        return HttpResponse(render_to_string("500.html"), status=500)
