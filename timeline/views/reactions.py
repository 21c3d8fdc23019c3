"""The buttons of a post: each sets a state, and pressing twice is pressing once."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from accounts.auth.requests import SignedInRequest
from microblog.web.responses import account_required, render_change
from timeline.feeds.hydrate import reactions_of
from timeline.models import Post


def _original(request: SignedInRequest, pk: int) -> Post:
    return get_object_or_404(
        Post.objects.visible_to(request.account).with_original(), pk=pk
    ).original


def _button(request: SignedInRequest, post: Post, button: str, **state: bool) -> HttpResponse:
    """Answer with `button` as it is after the verb, which knows the new state: nothing is asked
    for it.
    """
    url = post.get_absolute_url()
    shown = {"reactions": reactions_of(post, url, request.account, **state)}
    template = f"timeline/components/reactions.html#{button}"
    return render_change(request, template, shown, url, row=post.pk)


@require_POST
@account_required
def like(request: SignedInRequest, pk: int) -> HttpResponse:
    post = _original(request, pk)
    return _button(request, post, "like_button", is_liked=post.like(request.account))


@require_POST
@account_required
def unlike(request: SignedInRequest, pk: int) -> HttpResponse:
    post = _original(request, pk)
    post.unlike(request.account)
    return _button(request, post, "like_button", is_liked=False)


@require_POST
@account_required
def bookmark(request: SignedInRequest, pk: int) -> HttpResponse:
    post = _original(request, pk)
    is_bookmarked = post.bookmark(request.account)
    return _button(request, post, "bookmark_button", is_bookmarked=is_bookmarked)


@require_POST
@account_required
def unbookmark(request: SignedInRequest, pk: int) -> HttpResponse:
    post = _original(request, pk)
    post.unbookmark(request.account)
    return _button(request, post, "bookmark_button", is_bookmarked=False)


@require_POST
@account_required
def retweet(request: SignedInRequest, pk: int) -> HttpResponse:
    post = _original(request, pk)
    is_retweeted = post.retweet(request.account) is not None
    # asked anew, for its count
    post = _original(request, post.pk)
    return _button(request, post, "retweet_button", is_retweeted=is_retweeted)


@require_POST
@account_required
def unretweet(request: SignedInRequest, pk: int) -> HttpResponse:
    post = _original(request, pk)
    is_retweeted = not post.unretweet(request.account)
    post = _original(request, post.pk)
    return _button(request, post, "retweet_button", is_retweeted=is_retweeted)
