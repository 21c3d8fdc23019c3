"""A post between what it answers and its replies; pinning, detaching and deleting it."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.text import Truncator
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.auth.requests import Request, SignedInRequest
from accounts.models import Account
from microblog.kept.pages import kept_for_visitors
from microblog.web.pagination import Page, cursor_of
from microblog.web.responses import account_required, next_page, redirect_to, render_page
from timeline.feeds import timelines
from timeline.feeds.hydrate import Hydrated, hydrate
from timeline.feeds.previews import preview_of_post
from timeline.feeds.records import Entry, read_muted_words
from timeline.feeds.row import Row
from timeline.models import Post
from timeline.models.permission import Verb
from timeline.models.post_queryset import Thread


@kept_for_visitors
@require_safe
def post(request: Request, handle: str, pk: int) -> HttpResponse:
    """Show a post; the address of a retweet, and a wrong handle, lead to the post's own."""
    viewer = request.account
    found = get_object_or_404(Post.objects.visible_to(viewer).with_original().with_pin(), pk=pk)
    if found.original.get_absolute_url() != request.path:
        return HttpResponsePermanentRedirect(found.original.get_absolute_url())
    thread = Post.objects.thread(found)
    above, below, page = _around(found, thread, viewer, cursor_of(request))
    # its picture is the one that does not wait
    words = read_muted_words(viewer)
    hydrated = hydrate([found, *above, *below, *page.rows], viewer, thread.host, muted=words)
    why_not = "" if thread.is_open or not viewer else found.why_not(viewer, Verb.REPLY)
    reply_rule = "" if thread.is_open or why_not else found.reply_rule(viewer)
    hydrated.rules = tuple(filter(None, (reply_rule, found.quote_rule())))
    row = hydrated.row(
        found.pk,
        shows_gap=True,
        shows_absent_parent=not above,
        is_below_parent=found.reply_to_id in hydrated.posts,
        is_pinned=viewer is not None and found.author_id == viewer.pk and found.is_pinned,
        is_focus=True,
    )
    context = {
        "row": row,
        "excerpt": Truncator(found.text).chars(80),
        "above": _rows_above(above, hydrated),
        "below": [
            *hydrated.rows(below[:-1], shows_gap=True, is_below_parent=True, is_chained=True),
            *hydrated.rows(below[-1:], shows_gap=True, is_below_parent=True),
        ],
        "page": hydrated.replies(page, found.author_id),
        "preview": None if viewer else preview_of_post(found, row.post.media, request),
        "reply_url": f"/compose?reply_to={pk}" if viewer and not found.is_external else "",
        "why_not": why_not,
        # behind the last reply
        "has_hidden": page.before is None and thread.has_put_aside and _has_hidden(found, viewer),
    }
    return render_page(request, "timeline/pages/post.html", "replies", context)


def _around(
    post: Post, thread: Thread, viewer: Account | None, before: int | None
) -> tuple[list[Entry], list[Entry], Page]:
    """Return what stands above `post`, how its author went on, and a page of its replies."""
    above, below = thread.above, thread.below
    met = timelines.met(viewer, [*above, *below], post.author_id)
    answers = timelines.ANSWERS.page(
        viewer, before, post=post.pk, author=post.author_id, without=below[0] if below else 0
    )
    return [met[pk] for pk in above if pk in met], [met[pk] for pk in below if pk in met], answers


def _has_hidden(post: Post, viewer: Account | None) -> bool:
    """Tell whether `viewer` finds a reply among those that were put aside."""
    return bool(timelines.PUT_ASIDE.page(viewer, None, post=post.pk, author=post.author_id).rows)


def _rows_above(entries: list[Entry], hydrated: Hydrated) -> list[Row]:
    """Return the rows of a thread, of which the first says what it answers, where that is not
    shown.
    """
    return [
        hydrated.row(
            entry.pk,
            shows_gap=True,
            shows_absent_parent=place == 0 and hydrated.is_without_parent(entry.pk),
            is_below_parent=place > 0,
            is_chained=True,
        )
        for place, entry in enumerate(filter(hydrated.has, entries))
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
    row = hydrate([found], request.account).row(found.pk)
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
    row = hydrate([found], request.account).row(found.pk)
    return render(request, "timeline/pages/delete.html", {"post": found, "row": row})
