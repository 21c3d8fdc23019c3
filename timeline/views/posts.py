"""A post between what it answers and its replies; pinning, detaching and deleting it."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.text import Truncator
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.auth.requests import Request, SignedInRequest
from microblog.kept.pages import kept_for_visitors
from microblog.web.pagination import page_of
from microblog.web.responses import account_required, next_page, redirect_to, render_page
from timeline.feeds.hydrate import Hydrated, hydrate
from timeline.feeds.previews import preview_of_post
from timeline.feeds.row import Row
from timeline.models import Post


@kept_for_visitors
@require_safe
def post(request: Request, handle: str, pk: int) -> HttpResponse:
    """Show a post; the address of a retweet, and a wrong handle, lead to the post's own."""
    viewer = request.account
    seen = Post.objects.visible_to(viewer).with_original()
    found = get_object_or_404(seen, pk=pk)
    if found.original.get_absolute_url() != request.path:
        return HttpResponsePermanentRedirect(found.original.get_absolute_url())
    thread = {"above": Post.objects.thread_above(found), "below": Post.objects.thread_below(found)}
    met = seen.met_by(viewer, asked=[found.author_id])
    around = met.in_bulk(thread["above"] + thread["below"])
    above, below = ([around[pk] for pk in ids if pk in around] for ids in thread.values())
    is_own = viewer is not None and found.author_id == viewer.pk
    is_pinned = is_own and seen.pinned_by(found.author) == found
    page = page_of(met.answering(found).exclude(pk__in=thread["below"][:1]).newest_first(), request)
    # its picture is the one that does not wait
    hydrated = hydrate([found, *above, *below, *page.rows], viewer)
    row = hydrated.row(
        found,
        shows_gap=True,
        shows_absent_parent=not above,
        is_below_parent=hydrated.parent_of(found) is not None,
        is_pinned=is_pinned,
        is_focus=True,
    )
    context = {
        "row": row,
        "excerpt": Truncator(found.text).chars(80),
        "above": _rows_above(above, hydrated),
        "below": [
            hydrated.row(post, shows_gap=True, is_below_parent=True, is_chained=post != below[-1])
            for post in below
        ],
        "page": hydrated.page(page, shows_gap=True),
        "preview": preview_of_post(found, row.post.media, request),
        "reply_url": f"/compose?reply_to={pk}" if viewer and not found.is_external else "",
    }
    return render_page(request, "timeline/pages/post.html", "replies", context)


def _rows_above(posts: list[Post], hydrated: Hydrated) -> list[Row]:
    """Return the rows of a thread, of which the first says what it answers, where that is not
    shown.
    """
    return [
        hydrated.row(
            post,
            shows_gap=True,
            shows_absent_parent=place == 0 and hydrated.is_without_parent(post),
            is_below_parent=place > 0,
            is_chained=True,
        )
        for place, post in enumerate(posts)
    ]


@require_POST
@account_required
def pin(request: SignedInRequest, pk: int) -> HttpResponse:
    """One's own posts only."""
    _own(request, pk).pin()
    messages.success(request, "Pinned: it stands first on your profile.")
    return redirect_to(request, next_page(request, request.account.get_absolute_url()))


@require_POST
@account_required
def unpin(request: SignedInRequest, pk: int) -> HttpResponse:
    _own(request, pk).unpin()
    messages.success(request, "It is no longer pinned.")
    return redirect_to(request, next_page(request, request.account.get_absolute_url()))


def _own(request: SignedInRequest, pk: int) -> Post:
    return get_object_or_404(
        Post.objects.visible_to(request.account)
        .by(request.account)
        .without_retweets()
        .with_author(),
        pk=pk,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
def detach(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take one's own post out of this quote of it; a GET asks first."""
    found = get_object_or_404(
        Post.objects.visible_to(request.account).quoting_posts_of(request.account).with_original(),
        pk=pk,
    )
    if request.method == "POST":
        found.detach()
        messages.success(request, "Your post is no longer shown with this quote.")
        return redirect_to(request, found.get_absolute_url())
    row = hydrate([found], request.account).row(found)
    return render(request, "timeline/pages/detach.html", {"post": found, "row": row})


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
def delete(request: SignedInRequest, pk: int) -> HttpResponse:
    """Delete one's own post; a GET asks first."""
    found = get_object_or_404(
        Post.objects.visible_to(request.account).by(request.account).with_original(), pk=pk
    )
    if request.method == "POST":
        found.remove()
        messages.success(request, "Your post was deleted.")
        return redirect_to(request, request.account.get_absolute_url())
    row = hydrate([found], request.account).row(found)
    return render(request, "timeline/pages/delete.html", {"post": found, "row": row})
