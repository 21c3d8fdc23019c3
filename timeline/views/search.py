"""Search: posts by what they say, and people by what they are called."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.auth.requests import Request
from microblog.db.time_limit import TooSlowError
from microblog.text.marking import mark_words
from microblog.web.pagination import Page, cursor_of
from microblog.web.responses import render_page
from timeline.feeds.row import Row
from timeline.feeds.wanted import wanted_page
from timeline.forms.search import MoreWaysForm
from timeline.search.find import Search
from timeline.search.people import people_called
from timeline.search.query import Query, QueryError, read

PAGE = "timeline/pages/search.html"
TABS = ("top", "latest", "people", "media")
TOO_BROAD = "That is in too many posts to look through. Add a word."


@require_safe
def search(request: Request) -> HttpResponse:
    """What is found by `?q=`, in one of TABS; the form of more ways leads to its query."""
    if within := request.GET.get("within"):
        return _redirect(f"{within} {request.GET.get('q', '')}")
    ways = MoreWaysForm(request.GET if "ways" in request.GET else None)
    if ways.is_valid():
        return _redirect(ways.query())
    typed = request.GET.get("q", "").replace("\0", " ").strip()
    tab = request.GET.get("tab", "")
    context: dict[str, Any] = {
        "typed": typed,
        "tab": tab if tab in TABS else TABS[0],
        "tabs": _tabs(typed),
        "ways": ways,
        "list_query": urlencode({"q": typed, "tab": tab}) + "&",
        "page": Page([], None),
    }
    if ways.errors:
        return render_page(request, PAGE, "found", context, status=400)
    try:
        query = read(typed)
        if not query.is_empty:
            context |= {"is_asked": True} | _found(request, query, typed, context["tab"])
    except QueryError as error:
        return render_page(request, PAGE, "found", {**context, "refusal": str(error)}, status=400)
    except TooSlowError:
        context["refusal"] = TOO_BROAD
    return render_page(request, PAGE, "found", context)


def _redirect(asked: str) -> HttpResponse:
    return redirect(f"{reverse('search')}?{urlencode({'q': asked})}")


def _tabs(typed: str) -> list[tuple[str, str]]:
    """Return the name of each tab, and its query."""
    return [(name, urlencode({"q": typed, "tab": name})) for name in TABS]


def _found(request: Request, query: Query, typed: str, tab: str) -> dict[str, Any]:
    viewer, before = request.account, cursor_of(request)
    if tab == "people":
        return {"page": people_called(typed, viewer, before)}
    looking = Search(query, viewer, has_media=tab == "media")
    wanted = wanted_page(looking.best if tab == "top" else looking.newest, viewer, before)
    if tab == "media":
        tiled = [wanted.hydrated.post(entry.pk) for entry in wanted.page.rows]
        return {**wanted.context, "page": wanted.page._replace(rows=tiled)}
    page = wanted.context["page"]
    rows = [_marked(row, query) for row in page.rows]
    return {**wanted.context, "page": page._replace(rows=rows)}


def _marked(row: Row, query: Query) -> Row:
    """Return `row` with the words marked by which it was found."""
    return row._replace(post=row.post._replace(html=mark_words(row.post.html, query.phrases)))
