"""The profile: who somebody is, and their posts, replies, media and likes."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts import shown
from accounts.auth.requests import Request
from accounts.models import Account
from microblog.kept.pages import kept_for_visitors
from microblog.web.errors import error_page
from microblog.web.pagination import PAGE_SIZE, Page, cursor_of
from microblog.web.responses import render_page
from timeline.feeds import timelines
from timeline.feeds.hydrate import conversations, hydrate
from timeline.feeds.previews import preview_of_profile
from timeline.feeds.records import Entry
from timeline.views.people.of_account import of_account


@kept_for_visitors
@require_safe
@of_account()
def profile(request: Request, account: Account, tab: str = "posts") -> HttpResponse:
    viewer = request.account
    if tab == "likes" and account != viewer:
        return error_page(
            request, 403, "Likes are private", f"Only {account} sees what {account} likes."
        )
    before = cursor_of(request)
    is_readable: bool = account.is_readable  # type: ignore[attr-defined]
    shows_pin = is_readable and tab == "posts" and before is None
    pinned = timelines.pinned(viewer, account) if shows_pin else None
    page = _page(tab, account, viewer, before, pinned) if is_readable else Page([], None)
    hydrated = hydrate(page.rows, viewer)
    is_own = account == viewer
    context: dict[str, Any] = {
        "profile": shown.profile(account),
        "tab": tab,
        "is_own": is_own,
        "preview": None if viewer else preview_of_profile(account, tab, request),
        "waiting": account.count_waiting() if is_own else 0,
    }
    if tab == "replies":
        context["conversations"] = [*conversations(page.rows, hydrated, may_pin=is_own)]
        context["page"] = page._replace(rows=[])
    elif tab == "media":
        tiled = [hydrated.post(entry.pk) for entry in page.rows if hydrated.has(entry)]
        context["page"] = page._replace(rows=tiled)
    else:
        first = hydrated.rows(page.rows[:1], is_pinned=pinned is not None, may_pin=is_own)
        rest = hydrated.rows(page.rows[1:], may_pin=is_own)
        context["page"] = page._replace(rows=[*first, *rest])
    return render_page(request, "timeline/pages/profile.html", "profile_tab", context)


def _page(
    tab: str, account: Account, viewer: Account | None, before: int | None, pinned: Entry | None
) -> Page:
    """Return the page of a tab, with what is `pinned` standing first."""
    timeline, posts = timelines.OF_TABS[tab], account.posts_count
    if tab == "likes":
        return timeline.page(viewer, before, account=account.pk)
    if tab != "posts":
        return timeline.page(viewer, before, among=posts, account=account.pk)
    if not pinned:
        return timeline.page(viewer, before, among=posts, account=account.pk, pinned=0)
    size, ids = PAGE_SIZE - 1, {"account": account.pk, "pinned": pinned.pk}
    page = timeline.page(viewer, before, size, among=posts, **ids)
    return page._replace(rows=[pinned, *page.rows])
