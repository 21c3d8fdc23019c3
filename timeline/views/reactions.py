"""What one does with a post by pressing a button: each sets a state, and pressing twice is pressing
once.
"""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from accounts.auth.requests import SignedInRequest
from microblog.web.responses import account_required, render_change
from timeline.models import Post


def _original(request: SignedInRequest, pk: int) -> Post:
    return get_object_or_404(
        Post.objects.visible_to(request.account).with_original(), pk=pk
    ).original


def _answer(request: SignedInRequest, pk: int, button: str) -> HttpResponse:
    """As _button, with the state of the post as it is by now."""
    return _button(
        request,
        get_object_or_404(
            Post.objects.visible_to(request.account).with_author().with_state_for(request.account),
            pk=pk,
        ),
        button,
    )


def _button(request: SignedInRequest, post: Post, button: str) -> HttpResponse:
    """`button` as it is after the verb, which knows the new state: nothing is asked for it."""
    return render_change(
        request,
        f"timeline/components/reactions.html#{button}",
        {"post": post},
        post.get_absolute_url(),
    )


@require_POST
@account_required
def like(request: SignedInRequest, pk: int) -> HttpResponse:
    post = _original(request, pk)
    post.like(request.account)
    return _button(request, post, "like_button")


@require_POST
@account_required
def unlike(request: SignedInRequest, pk: int) -> HttpResponse:
    post = _original(request, pk)
    post.unlike(request.account)
    return _button(request, post, "like_button")


@require_POST
@account_required
def bookmark(request: SignedInRequest, pk: int) -> HttpResponse:
    post = _original(request, pk)
    post.bookmark(request.account)
    return _button(request, post, "bookmark_button")


@require_POST
@account_required
def unbookmark(request: SignedInRequest, pk: int) -> HttpResponse:
    post = _original(request, pk)
    post.unbookmark(request.account)
    return _button(request, post, "bookmark_button")


@require_POST
@account_required
def retweet(request: SignedInRequest, pk: int) -> HttpResponse:
    post = _original(request, pk)
    post.retweet(request.account)
    return _answer(request, post.pk, "retweet_button")


@require_POST
@account_required
def unretweet(request: SignedInRequest, pk: int) -> HttpResponse:
    post = _original(request, pk)
    post.unretweet(request.account)
    return _answer(request, post.pk, "retweet_button")
