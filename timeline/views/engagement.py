"""Who retweeted a post, who likes it, and what quotes it."""

from typing import Any

from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts import shown
from accounts.auth.requests import Request
from accounts.models import Account
from microblog.kept.pages import kept_for_visitors
from microblog.web.errors import error_page
from microblog.web.pagination import Page, cursor_of, page_of
from microblog.web.responses import render_page
from timeline.feeds import timelines
from timeline.feeds.wanted import wanted_page
from timeline.models import Like, Post


@kept_for_visitors
@require_safe
def reactions(request: Request, handle: str, pk: int, tab: str) -> HttpResponse:
    """Show the `tab` "retweets", "quotes" or, to its author alone, "likes" of a post.

    As with the post, a wrong handle, or a retweet, leads to the right address.
    """
    seen = Post.objects.visible_to(request.account).with_original()
    post = get_object_or_404(seen, pk=pk).original
    if f"{post.get_absolute_url()}/{tab}" != request.path:
        return HttpResponsePermanentRedirect(f"{post.get_absolute_url()}/{tab}")
    if tab == "likes" and post.author != request.account:
        return error_page(
            request,
            403,
            "Likes are private",
            f"Only {post.author} sees who likes this post. How many do, everybody sees.",
        )
    listed = _quotes(request, post) if tab == "quotes" else _people(request, post, tab)
    context = {
        "author": str(post.author),
        "author_name": post.author.shown_name,
        "url": post.get_absolute_url(),
        "is_own": post.author == request.account,
        "imported_likes": post.imported_likes,
        "imported_retweets": post.imported_retweets,
        "tab": tab,
        **listed,
    }
    return render_page(request, "timeline/pages/engagement.html", "reactions_tab", context)


def _quotes(request: Request, post: Post) -> dict[str, Any]:
    viewer = request.account

    def read(before: int | None) -> Page:
        if post.author == viewer:  # who did what with one's own post, one asked for
            return timelines.QUOTES_OF_OWN.page(viewer, before, post=post.pk)
        return timelines.QUOTES.page(viewer, before, post=post.pk, author=post.author_id)

    return wanted_page(read, viewer, cursor_of(request)).context


def _people(request: Request, post: Post, tab: str) -> dict[str, Any]:
    people = Account.objects.visible_to(request.account).with_follow_state(request.account)
    if post.author != request.account:
        people = people.met_by(request.account)
    page = page_of(
        Like.objects.people(people, post)
        if tab == "likes"
        else Post.objects.visible_to(request.account).people_retweeting(post, people),
        request,
    )
    return {"page": page._replace(rows=[shown.person(one) for one in page.rows])}
