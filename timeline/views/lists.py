"""The timelines that belong to nobody's profile: home, explore, a tag's."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.auth.requests import Request, SignedInRequest
from microblog.kept.pages import kept_for_visitors
from microblog.web.link_previews import Preview, preview_of_page
from microblog.web.pagination import Page, cursor_of
from microblog.web.responses import account_required, render_page
from timeline.feeds import timelines
from timeline.feeds.home import home_page
from timeline.feeds.hydrate import conversations, hydrate
from timeline.models import Tag
from timeline.posting.content import tag_url


@kept_for_visitors
@require_safe
def home(request: Request) -> HttpResponse:
    """Home for who is signed in, explore for a visitor."""
    if not request.account:
        return explore(request)
    page = home_page(request.account, cursor_of(request))
    hydrated = hydrate(page.rows, request.account)
    context = {
        "page": page,
        "conversations": conversations(page.rows, hydrated),
    }
    return render_page(request, "timeline/pages/home.html", "timeline", context)


@kept_for_visitors
@require_safe
def explore(request: Request) -> HttpResponse:
    page = timelines.EXPLORE.page(request.account, cursor_of(request))
    preview = preview_of_page(request)
    return _timeline(request, "timeline/pages/explore.html", page, {"preview": preview})


@require_safe
@account_required
def bookmarks(request: SignedInRequest) -> HttpResponse:
    account = request.account
    page = timelines.BOOKMARKS.page(account, cursor_of(request), account=account.pk)
    return _timeline(request, "timeline/pages/bookmarks.html", page)


@kept_for_visitors
@require_safe
def tag(request: Request, name: str) -> HttpResponse:
    found = Tag.objects.named(name).first()
    before = cursor_of(request)
    page = (
        timelines.TAG.page(request.account, before, tag=found.pk)
        if found
        else Page([], None, before is None)
    )
    shown = found.name if found else name
    context: dict[str, object] = {"name": shown, "preview": _preview_of_tag(request, found)}
    return _timeline(request, "timeline/pages/tag.html", page, context)


def _preview_of_tag(request: Request, tag: Tag | None) -> Preview | None:
    return (
        preview_of_page(request, f"#{tag.name}", f"Posts with #{tag.name}.", tag_url(tag.name))
        if tag
        else None
    )


def _timeline(
    request: Request | SignedInRequest,
    template: str,
    page: Page,
    more: dict[str, object] | None = None,
) -> HttpResponse:
    context = {"page": hydrate(page.rows, request.account).page(page), **(more or {})}
    return render_page(request, template, "timeline", context)
