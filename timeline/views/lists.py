"""The timelines that belong to nobody's profile: home, explore, bookmarks."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.auth.requests import Request, SignedInRequest
from microblog.kept.pages import kept_for_visitors
from microblog.web.link_previews import preview_of_page
from microblog.web.pagination import Page, cursor_of
from microblog.web.responses import account_required, render_page, wants_fragment
from timeline.feeds import timelines
from timeline.feeds.beside import beside
from timeline.feeds.home import home_page
from timeline.feeds.hydrate import conversations, hydrate
from timeline.feeds.wanted import wanted_page
from timeline.views.newer import asks_for_newer, newer


@kept_for_visitors
@require_safe
def home(request: Request) -> HttpResponse:
    """Home for who is signed in, explore for a visitor; and within the home of who has no posts
    there, whatever page of it is asked for.

    Of what came to it after a post that a script names, it says how much.
    """
    if asks_for_newer(request):
        return newer(request)
    if not request.account:
        return explore(request)
    read, before = partial(home_page, request.account), cursor_of(request)
    wanted = wanted_page(read, request.account, before)
    if wanted.is_empty and (before is None or not read(None, size=1).rows):
        everybody = partial(timelines.EXPLORE.page, request.account)
        return wanted_list(request, "timeline/pages/home.html", everybody, {"is_everybody": True})
    context = {
        "page": wanted.page,
        "is_all_muted": wanted.is_all_muted,
        "conversations": conversations(wanted.page.rows, wanted.hydrated),
    }
    return render_page(request, "timeline/pages/home.html", "timeline", context)


@kept_for_visitors
@require_safe
def explore(request: Request) -> HttpResponse:
    read = partial(timelines.EXPLORE.page, request.account)
    context = {"preview": preview_of_page(request)}
    return wanted_list(request, "timeline/pages/explore.html", read, context)


@require_safe
@account_required
def bookmarks(request: SignedInRequest) -> HttpResponse:
    account = request.account
    page = timelines.BOOKMARKS.page(account, cursor_of(request), account=account.pk)
    context = {"page": hydrate(page.rows, account).page(page)}
    return render_page(request, "timeline/pages/bookmarks.html", "timeline", context)


def wanted_list(
    request: Request,
    template: str,
    read: Callable[[int | None], Page],
    more: dict[str, Any],
) -> HttpResponse:
    """Answer with the page of a timeline, and what `more` its template knows."""
    wanted = wanted_page(read, request.account, cursor_of(request))
    if not wants_fragment(request):
        more["beside"] = beside(request.account)
    return render_page(request, template, "timeline", {**wanted.context, **more})
