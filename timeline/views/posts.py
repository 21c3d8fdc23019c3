"""A post, with what it answers above it and its replies below; pinning, detaching and deleting it."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.auth.requests import Request, SignedInRequest
from microblog.web.responses import account_required, next_page, page_of, redirect_to, render_page
from timeline.feeds.hydrate import hydrate
from timeline.feeds.previews import preview_of_post
from timeline.forms import ComposeForm
from timeline.models import Post


@require_safe
def post(request: Request, handle: str, pk: int) -> HttpResponse:
    """A retweet's own address, and a post under a wrong handle, lead to the post's."""
    viewer = request.account
    seen = Post.objects.visible_to(viewer).with_original()
    found = get_object_or_404(seen, pk=pk)
    if found.original.get_absolute_url() != request.path:
        return HttpResponsePermanentRedirect(found.original.get_absolute_url())
    thread = {"above": Post.objects.thread_above(found), "below": Post.objects.thread_below(found)}
    met = seen.met_by(viewer, asked=[found.author_id])
    around = met.in_bulk(thread["above"] + thread["below"])
    above, below = ([around[pk] for pk in ids if pk in around] for ids in thread.values())
    if viewer and found.author_id == viewer.pk:
        found.pinned = seen.pinned_by(viewer) == found
    page = page_of(met.answering(found).exclude(pk__in=thread["below"][:1]).newest_first(), request)
    # its picture is the one that does not wait
    hydrate([found, *above, *below, *page.rows], viewer)
    context = {
        "post": found,
        "above": above,
        "below": below,
        "page": page,
        "preview": preview_of_post(found, request),
    }
    if viewer and not found.is_external:
        context["form"] = ComposeForm(viewer=viewer, reply_to=found)
    return render_page(request, "timeline/pages/post.html", "replies", context)


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
    """GET asks, POST takes one's own post out of this quote of it."""
    found = get_object_or_404(
        Post.objects.visible_to(request.account).quoting_posts_of(request.account).with_original(),
        pk=pk,
    )
    if request.method == "POST":
        found.detach()
        messages.success(request, "Your post is no longer shown with this quote.")
        return redirect_to(request, found.get_absolute_url())
    hydrate([found], request.account)
    return render(request, "timeline/pages/detach.html", {"post": found})


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
def delete(request: SignedInRequest, pk: int) -> HttpResponse:
    """GET asks, POST deletes; one's own posts only."""
    found = get_object_or_404(
        Post.objects.visible_to(request.account).by(request.account).with_original(), pk=pk
    )
    if request.method == "POST":
        found.remove()
        messages.success(request, "Your post was deleted.")
        return redirect_to(request, request.account.get_absolute_url())
    hydrate([found], request.account)
    return render(request, "timeline/pages/delete.html", {"post": found})
