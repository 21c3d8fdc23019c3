"""The composer: on its own page or in a dialog, and where the forms of the other pages lead."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from accounts.auth.requests import SignedInRequest
from accounts.models import RefusedError
from microblog.media.metering import PictureMeter
from microblog.web.converters import parse_id
from microblog.web.errors import error_page
from microblog.web.request_limits import slow_down
from microblog.web.responses import (
    account_required,
    next_page,
    page_shown,
    redirect_to,
    render_page,
    stay,
    wants_fragment,
)
from microblog.web.upload_gate import refusal_of
from timeline.feeds.hydrate import hydrate
from timeline.forms.compose import ComposeForm
from timeline.forms.content import WAITS
from timeline.models import Draft, Post
from timeline.models.permission import Verb


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
def compose(request: SignedInRequest) -> HttpResponse:
    """Publish what a POST holds; GET shows the composer of a new post, of a reply (`?reply_to=ID`),
    a quote (`?quote=ID`) or a draft (`?draft=ID`).

    With `?dialog`, the names of its elements are not those of a composer that is on the page
    already.
    """
    if request.method != "POST":
        try:
            return _form(request, _blank_form(request))
        except RefusedError as error:
            return _closed(request, str(error))
    form = _sent_form(request)
    if refusal := refusal_of(request):
        form.refuse(refusal)
    post = form.publish(request.account) if form.is_valid() else None
    if not post:
        return slow_down(_form(request, form, status=422), form.refused)
    return _sent(request, post)


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
def add_part(request: SignedInRequest) -> HttpResponse:
    """Show what a POST holds, with room for one more post of a thread: what the composer does by
    itself where there is JavaScript. There is nothing to GET.
    """
    if request.method != "POST":
        return redirect_to(request, reverse("compose"))
    return _form(request, _sent_form(request).with_one_more())


def _sent_form(request: SignedInRequest) -> ComposeForm:
    return ComposeForm(
        request.POST, request.FILES, viewer=request.account, meter=PictureMeter.of(request)
    )


def _sent(request: SignedInRequest, post: Post) -> HttpResponse:
    """Leave the writer where they are, with a way to `post`; from the page of the composer, lead
    there. What waits is not seen yet.
    """
    sentence = f"Your {'reply' if post.reply_to_id else 'post'} was sent."
    here = page_shown(request) or next_page(request, "")
    own_pages = (reverse("compose"), reverse("add_part"))
    stays = here and here.partition("?")[0] not in own_pages
    if post.hidden_at:
        messages.info(request, f"{sentence} {WAITS}")
    elif stays:
        messages.success(
            request, format_html('{} <a href="{}">View</a>', sentence, post.get_absolute_url())
        )
    else:
        messages.success(request, sentence)
    if stays:
        return stay(request, here)
    return redirect_to(request, reverse("home") if post.hidden_at else post.get_absolute_url())


def _blank_form(request: SignedInRequest) -> ComposeForm:
    if draft := request.GET.get("draft"):
        return ComposeForm.of_draft(
            get_object_or_404(Draft.objects.by(request.account), pk=parse_id(draft)),
            request.account,
        )
    reply_to, quote = (
        _target(request, request.GET.get(name, ""), verb)
        for name, verb in (("reply_to", Verb.REPLY), ("quote", Verb.QUOTE))
    )
    return ComposeForm(
        viewer=request.account, reply_to=reply_to, quote=quote, texts=[request.GET.get("text", "")]
    )


def _target(request: SignedInRequest, value: str, verb: Verb) -> Post | None:
    """Return the post that a reply or a quote is about; of a retweet its original.

    Raises RefusedError for who may not do this.
    """
    if not value:
        return None
    post = get_object_or_404(
        Post.objects.visible_to(request.account).with_original(), pk=parse_id(value)
    ).original
    post.check_may(request.account, verb)
    return post


def _closed(request: SignedInRequest, why: str) -> HttpResponse:
    """Say on a page of its own `why` one may not write this, to who asked for a dialog too."""
    response = error_page(request, 403, "Not everyone can do this", why)
    if wants_fragment(request):
        query = request.GET.copy()
        query.pop("dialog", None)
        response["HX-Redirect"] = f"{request.path}?{query.urlencode()}"
    return response


def _form(request: SignedInRequest, form: ComposeForm, status: int = 200) -> HttpResponse:
    hydrated = hydrate([post for post in (form.target, form.quoted) if post], request.account)
    partial = "timeline/components/composer.html#compose_errors" if form.is_bound else "writing"
    place = "dialog" if "dialog" in request.GET else "compose"
    context: dict[str, object] = {
        "form": form,
        "target": form.target,
        "quoting": form.quoted,
        "place": place,
        "quoted": hydrated.quote(form.quoted.pk) if hydrated.shows(form.quoted) else None,
    }
    if hydrated.shows(form.target):
        context["row"] = hydrated.row(
            form.target.pk, is_chained=True, is_read_only=place == "dialog"
        )
    return render_page(request, "timeline/pages/compose.html", partial, context, status)
