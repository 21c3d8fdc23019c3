"""The composer: on its own page, and where the forms of the other pages lead."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from microblog.pages import account_required, go, render_page
from timeline.display import complete
from timeline.forms import WAITS, ComposeForm
from timeline.models import Post


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
def compose(request: SignedInRequest) -> HttpResponse:
    """GET: a new post, or a reply (`?reply_to=ID`) or a quote (`?quote=ID`). POST publishes it and leads to it."""
    if request.method != "POST":
        targets = {name: _target(request, request.GET.get(name, "")) for name in ("reply_to", "quote")}
        return _form(request, ComposeForm(viewer=request.account, **targets, initial={"text": request.GET.get("text", "")}))
    form = ComposeForm(request.POST, request.FILES, viewer=request.account)
    post = form.publish(request.account) if form.is_valid() else None
    if not post:
        response = _form(request, form, status=429 if form.too_many else 422)
        if form.too_many:
            response["Retry-After"] = form.too_many.retry_after
        return response
    what = "reply" if post.reply_to_id else "post"
    if post.hidden_at:
        messages.info(request, f"Your {what} was sent. {WAITS}")
        return go(request, reverse("home"))
    messages.success(request, f"Your {what} was sent.")
    return go(request, post.get_absolute_url())


def _target(request: SignedInRequest, value: str) -> Post | None:
    """The post that a reply or a quote is about; of a retweet its original."""
    if not value:
        return None
    pk = int(value) if value.isascii() and value.isdecimal() and len(value) < 20 else 0
    return get_object_or_404(Post.objects.visible_to(request.account).with_original(), pk=pk).original


def _form(request: SignedInRequest, form: ComposeForm, status: int = 200) -> HttpResponse:
    complete([post for post in (form.target, form.quoted) if post], request.account)
    sent = form.cleaned_data.get("submission") if form.is_bound else None
    context = {"form": form, "target": form.target, "quoting": form.quoted, "submission": sent or uuid4()}
    return render_page(request, "timeline/compose.html", "timeline/_composer.html#compose_errors", context, status)
