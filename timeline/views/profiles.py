"""The profile: who somebody is, and their posts, replies, media and likes."""

from dataclasses import replace

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts import shown
from accounts.auth.requests import Request
from accounts.models import Account
from microblog.kept.pages import kept_for_visitors
from microblog.web.errors import error_page
from microblog.web.pagination import PAGE_SIZE, cursor_of, page_of
from microblog.web.responses import render_page
from timeline.feeds.hydrate import conversations, hydrate
from timeline.feeds.previews import preview_of_profile
from timeline.models import Post
from timeline.views.of_account import of_account


@kept_for_visitors
@require_safe
@of_account
def profile(request: Request, account: Account, tab: str = "posts") -> HttpResponse:
    viewer = request.account
    if tab == "likes" and account != viewer:
        return error_page(
            request, 403, "Likes are private", f"Only {account} sees what {account} likes."
        )
    posts = Post.objects.visible_to(viewer).with_original()
    theirs = posts.by(account).met_by(viewer, asked=[account.pk])
    rows = {
        "posts": theirs.top_level().newest_first(),
        "replies": theirs.replies_only().newest_first(),
        "media": theirs.with_media().newest_first(),
        "likes": posts.liked_by(account),
    }
    pinned = theirs.pinned_by(account) if tab == "posts" and cursor_of(request) is None else None
    if pinned:
        page = page_of(rows[tab].exclude(pk=pinned.pk), request, PAGE_SIZE - 1)
        page = replace(page, rows=[pinned, *page.rows])
    else:
        page = page_of(rows[tab], request)
    hydrated = hydrate(page.rows, viewer, parents=tab == "replies")
    is_own = account == viewer
    context = {
        "profile": shown.profile(account),
        "tab": tab,
        "is_own": is_own,
        "preview": preview_of_profile(account, tab, request),
    }
    if tab == "replies":
        context["conversations"] = [*conversations(page.rows, hydrated, may_pin=is_own)]
        context["page"] = replace(page, rows=[])
    elif tab == "media":
        context["page"] = replace(page, rows=[hydrated.post(post) for post in page.rows])
    else:
        found = [hydrated.row(post, is_pinned=post == pinned, may_pin=is_own) for post in page.rows]
        context["page"] = replace(page, rows=found)
    return render_page(request, "timeline/pages/profile.html", "profile_tab", context)
