"""Cut lists into pages, by a cursor and never by an offset."""

from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from microblog.web.converters import parse_id

PAGE_SIZE = 20


class Page(NamedTuple):
    """Some rows of a list, newest first, and where the next page begins (None: nowhere)."""

    rows: list[Any]
    before: int | None
    is_first: bool = True


def cursor_of(request: HttpRequest, name: str = "before") -> int | None:
    """The `before` of the request's query: the page holds what comes after it. Or its `name`.

    Raises Http404 for what is no cursor.
    """
    value = request.GET.get(name)
    if value is None:
        return None
    cursor = parse_id(value)
    if cursor is None:
        raise Http404("There is no page that begins there.")
    return cursor


def page_of(rows: QuerySet[Any], request: HttpRequest, size: int = PAGE_SIZE) -> Page:
    """The page of `rows` that the request asks for.

    The rows are annotated with, and ordered down by, their `cursor`.
    """
    before = cursor_of(request)
    found = list((rows.filter(cursor__lt=before) if before is not None else rows)[: size + 1])
    return Page(found[:size], found[size - 1].cursor if len(found) > size else None, before is None)
