"""What is a function of values, rendered once: pages of visitors, and parts of any page."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from microblog.kept.digests import digest, is_value
from microblog.kept.memory import MEMORY

MOST_ROWS = 200  # of a page that is kept
_ROW = b"<article"


def kept_for_visitors[View: Callable[..., HttpResponse]](view: View) -> View:
    """Let a visitor be answered what another was, as long as the number of changes is the same: of
    all that `view` shows, nothing comes but from rows that raise it, and ages.
    """
    view.is_kept = True  # type: ignore[attr-defined]
    return view


class PageResponse(HttpResponse):
    """A page that shows values alone: their `digest` names it."""

    def __init__(self, body: bytes, digest: str) -> None:
        super().__init__(body, headers={"ETag": f'W/"{digest}"'})
        self.digest = digest


def page_of_values(template: str, values: Mapping[str, Any], *where: object) -> PageResponse | None:
    """Return the page that `template` makes of `values`, and of nothing else: it knows no request.

    None where one of them is no value. `where` it is shown tells pages apart, too.
    """
    name = digest("page", template, where, values)
    if name is None:
        return None
    body = MEMORY.get(name)
    if body is None:
        if not is_value(values):
            return None
        body = render_to_string(template, values).encode()
        if body.count(_ROW) <= MOST_ROWS:
            MEMORY.put(name, body)
    return PageResponse(body, name)


def part_of_value(kind: str, value: object, render: Callable[[], SafeString]) -> SafeString:
    """Return what `render` makes of `value` and of nothing else, as the `kind` of thing it is."""
    name = digest(kind, value)
    html: SafeString | None = MEMORY.get(name) if name else None
    if html is None:
        html = render()
        if name and is_value(value):
            MEMORY.put(name, html)
    return html
