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
from timeline.search.query import NotSignedInError, Query, QueryError, read

PAGE = "timeline/pages/search.html"
TABS = ("top", "latest", "people", "media")
OWN_TABS = ("latest", "top", "media")
TOO_BROAD = "That is in too many posts to look through. Add a word."
TOO_MANY = "You have too many to look through at once. Add since: or until:, with a day."


@require_safe
def search(request: Request) -> HttpResponse:
    """What is found by `?q=`, in one of TABS; the form of more ways leads to its query."""
    if within := request.GET.get("within"):
        return _redirect(f"{within} {request.GET.get('q', '')}")
    ways = MoreWaysForm(request.GET if "ways" in request.GET else None)
    if ways.is_valid():
        return _redirect(ways.query())
    typed = request.GET.get("q", "").replace("\0", " ").strip()
    query, refusal = _read(typed)
    tabs = OWN_TABS if query.places else TABS
    tab = request.GET.get("tab", "")
    tab = tab if tab in tabs else tabs[0]
    context: dict[str, Any] = {
        "typed": typed,
        "tab": tab,
        "tabs": [(name, urlencode({"q": typed, "tab": name})) for name in tabs],
        "ways": ways,
        "list_query": urlencode({"q": typed, "tab": tab}) + "&",
        "page": Page([], None),
        "own": " and ".join(sorted(query.places)),
        "refusal": refusal,
    }
    if ways.errors or refusal:
        return render_page(request, PAGE, "found", context, status=400)
    try:
        if not query.is_empty:
            context |= {"is_asked": True} | _found(request, query, typed, tab)
    except NotSignedInError as error:
        return render_page(request, PAGE, "found", {**context, "refusal": str(error)}, status=403)
    except TooSlowError:
        context["refusal"] = TOO_MANY if query.places else TOO_BROAD
    return render_page(request, PAGE, "found", context)


def _read(typed: str) -> tuple[Query, str]:
    """Return what `typed` asks for; and why not, where that is not looked for."""
    try:
        return read(typed), ""
    except QueryError as error:
        return Query(), str(error)


def _redirect(asked: str) -> HttpResponse:
    return redirect(f"{reverse('search')}?{urlencode({'q': asked})}")


def _found(request: Request, query: Query, typed: str, tab: str) -> dict[str, Any]:
    viewer, before = request.account, cursor_of(request)
    if tab == "people":
        return {"page": people_called(typed, viewer, before)}
    looking = Search(query, viewer, has_media=tab == "media")
    find = looking.best if tab == "top" else looking.newest
    wanted = wanted_page(find, viewer, before, is_own=bool(query.places))
    if tab == "media":
        tiled = [wanted.hydrated.post(entry.pk) for entry in wanted.page.rows]
        return {**wanted.context, "page": wanted.page._replace(rows=tiled)}
    page = wanted.context["page"]
    rows = [_marked(row, query) for row in page.rows]
    return {**wanted.context, "page": page._replace(rows=rows)}


def _marked(row: Row, query: Query) -> Row:
    """Return `row` with the words marked by which it was found."""
    return row._replace(post=row.post._replace(html=mark_words(row.post.html, query.phrases)))
