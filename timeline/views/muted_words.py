"""The words that one would rather not read: a list, to add to and to remove from."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.auth.requests import SignedInRequest
from accounts.forms import MutedWordForm
from accounts.models import MutedWord
from microblog.web.ratelimit import TooManyError
from microblog.web.request_limits import slow_down
from microblog.web.responses import account_required, redirect_to, render_page


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
def muted_words(request: SignedInRequest) -> HttpResponse:
    """List the words that one muted; a POST adds the `word`, `lasting` a "day", a "week", a "month"
    or, without it, for ever.
    """
    if request.method != "POST":
        return _page(request, MutedWordForm())
    form = MutedWordForm(request.POST)
    try:
        is_muted = form.is_valid() and form.mute_for(request.account)
    except TooManyError as error:
        form.add_error("word", str(error))
        return slow_down(_page(request, form, 422), error)
    if not is_muted:
        return _page(request, form, 422)
    messages.success(request, f"You muted “{form.cleaned_data['word']}”. Nobody else knows.")
    return redirect_to(request, reverse("muted_words"))


def _page(request: SignedInRequest, form: MutedWordForm, status: int = 200) -> HttpResponse:
    words = MutedWord.objects.by(request.account).standing().newest_first()
    context = {"form": form, "words": words}
    return render_page(request, "timeline/pages/muted_words.html", "", context, status)


@require_POST
@account_required
def unmute_word(request: SignedInRequest, pk: int) -> HttpResponse:
    if request.account.unmute_word(pk):
        messages.success(request, "You no longer mute this word.")
    return redirect_to(request, reverse("muted_words"))
