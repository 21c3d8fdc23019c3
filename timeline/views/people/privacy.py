"""The settings about who sees oneself, and whom one does not want to see."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import shown
from accounts.auth.requests import SignedInRequest
from accounts.forms import MutedWordForm
from accounts.models import Account, MutedWord
from microblog.web.pagination import page_of
from microblog.web.ratelimit import TooManyError
from microblog.web.request_limits import slow_down
from microblog.web.responses import account_required, redirect_to, render_page

CACHES = "What was public before may still lie in caches and with people who kept it."


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
def privacy(request: SignedInRequest) -> HttpResponse:
    """Protect one's posts, or open them: that is asked about first (`/settings/privacy/open`)."""
    me = request.account
    if request.method != "POST":
        return _privacy(request)
    wants_protection = "protected" in request.POST
    if wants_protection and not me.protected_at:
        me.protect()
        messages.success(request, f"Your posts are protected now. {CACHES}")
    elif not wants_protection and me.protected_at:
        return redirect_to(request, reverse("settings_privacy_open"))
    return redirect_to(request, reverse("settings_privacy"))


def _privacy(request: SignedInRequest) -> HttpResponse:
    context = {"is_protected": request.account.protected_at is not None}
    return render_page(request, "timeline/pages/settings_privacy.html", "", context)


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
def open_account(request: SignedInRequest) -> HttpResponse:
    """Let everybody read one's posts again; a GET asks first, and says who waits."""
    me = request.account
    if request.method == "POST":
        accepted = me.open()
        messages.success(request, f"Everybody can read your posts now.{_accepted(accepted)}")
        return redirect_to(request, reverse("settings_privacy"))
    context = {"waiting": me.count_waiting()}
    return render_page(request, "timeline/pages/settings_privacy_open.html", "", context)


def _accepted(people: int) -> str:
    if not people:
        return ""
    if people == 1:
        return " One person who asked follows you now."
    return f" {people:,} people who asked follow you now."


@require_safe
@account_required
def follow_requests(request: SignedInRequest) -> HttpResponse:
    found = Account.objects.visible_to(request.account).asking_to_follow(request.account)
    return _people(request, found, "requests")


@require_safe
@account_required
def blocked(request: SignedInRequest) -> HttpResponse:
    return _people(request, Account.objects.standing().blocked_by(request.account), "blocked")


@require_safe
@account_required
def muted(request: SignedInRequest) -> HttpResponse:
    return _people(
        request, Account.objects.visible_to(request.account).muted_by(request.account), "muted"
    )


@require_safe
@account_required
def hidden_retweets(request: SignedInRequest) -> HttpResponse:
    found = Account.objects.visible_to(request.account).with_quiet_retweets(request.account)
    return _people(request, found, "retweets")


def _people(request: SignedInRequest, found: Any, kind: str) -> HttpResponse:
    page = page_of(found.with_follow_state(request.account), request)
    rows = [(shown.person(one), getattr(one, "muted_until", None)) for one in page.rows]
    context = {"kind": kind, "page": page._replace(rows=rows)}
    return render_page(request, "timeline/pages/relations.html", "people", context)


# --- Words ---


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
def muted_words(request: SignedInRequest) -> HttpResponse:
    """List the words that one muted; a POST adds the `word`, `lasting` a "day", a "week", a "month"
    or, without it, for ever.
    """
    if request.method != "POST":
        return _words(request, MutedWordForm())
    form = MutedWordForm(request.POST)
    try:
        is_muted = form.is_valid() and form.mute_for(request.account)
    except TooManyError as error:
        form.add_error("word", str(error))
        return slow_down(_words(request, form, 422), error)
    if not is_muted:
        return _words(request, form, 422)
    messages.success(request, f"You muted “{form.cleaned_data['word']}”. Nobody else knows.")
    return redirect_to(request, reverse("muted_words"))


def _words(request: SignedInRequest, form: MutedWordForm, status: int = 200) -> HttpResponse:
    words = MutedWord.objects.by(request.account).standing().newest_first()
    context = {"form": form, "words": words}
    return render_page(request, "timeline/pages/muted_words.html", "", context, status)


@require_POST
@account_required
def unmute_word(request: SignedInRequest, pk: int) -> HttpResponse:
    if request.account.unmute_word(pk):
        messages.success(request, "You no longer mute this word.")
    return redirect_to(request, reverse("muted_words"))
