"""Who answers one's posts: who may, and which replies stand behind "Hidden replies"."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.auth.requests import Request, SignedInRequest
from microblog.kept.pages import kept_for_visitors
from microblog.web.pagination import cursor_of
from microblog.web.responses import account_required, next_page, redirect_to, render_page
from timeline.feeds import timelines
from timeline.feeds.hydrate import hydrate
from timeline.forms.audience import ChangeAudienceForm
from timeline.models import Post


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
def audience(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say who may answer and quote one's own post from now on."""
    seen = Post.objects.visible_to(request.account).by(request.account)
    post = get_object_or_404(seen.without_retweets().with_author(), pk=pk)
    if request.method != "POST":
        return _audience(request, ChangeAudienceForm(post=post))
    form = ChangeAudienceForm(request.POST, post=post)
    if not form.is_valid():
        return _audience(request, form, 422)
    form.save()
    messages.success(request, "That holds from now on. What was written before stays.")
    return redirect_to(request, post.get_absolute_url())


def _audience(
    request: SignedInRequest, form: ChangeAudienceForm, status: int = 200
) -> HttpResponse:
    context = {"form": form, "post": form.post}
    return render_page(request, "timeline/pages/audience.html", "audience_form", context, status)


@kept_for_visitors
@require_safe
def hidden(request: Request, handle: str, pk: int) -> HttpResponse:
    """Show the replies to a post that were put aside, to everybody who may see the post."""
    viewer = request.account
    seen = Post.objects.visible_to(viewer).with_original()
    post = get_object_or_404(seen, pk=pk).original
    if f"{post.get_absolute_url()}/hidden" != request.path:
        return HttpResponsePermanentRedirect(f"{post.get_absolute_url()}/hidden")
    before = cursor_of(request)
    page = timelines.PUT_ASIDE.page(viewer, before, post=post.pk, author=post.author_id)
    host = post.first_of_conversation().author_id
    context = {
        "author": str(post.author),
        "author_name": post.author.shown_name,
        "url": post.get_absolute_url(),
        "page": hydrate(page.rows, viewer, host).page(page),
    }
    return render_page(request, "timeline/pages/hidden_replies.html", "hidden_replies", context)


@require_POST
@account_required
def hide_reply(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put a reply under one's own post behind "Hidden replies"."""
    reply = _reply(request, pk)
    reply.put_aside(request.account)
    messages.success(request, "This reply is behind “Hidden replies” now. Its author is not told.")
    return redirect_to(request, next_page(request, reply.get_absolute_url()))


@require_POST
@account_required
def show_reply(request: SignedInRequest, pk: int) -> HttpResponse:
    reply = _reply(request, pk)
    reply.put_back(request.account)
    messages.success(request, "This reply stands among the others again.")
    return redirect_to(request, next_page(request, reply.get_absolute_url()))


def _reply(request: SignedInRequest, pk: int) -> Post:
    """Return a reply that one may put aside."""
    seen = Post.objects.visible_to(request.account).with_author()
    reply = get_object_or_404(seen, pk=pk)
    if not reply.may_put_aside(request.account):
        raise Http404("This is no reply to a post of yours.")
    return reply
