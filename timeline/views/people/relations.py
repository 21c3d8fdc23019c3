"""What one does about somebody else, besides following them: each sets a state, and doing it twice
is doing it once.
"""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST

from accounts.auth.requests import SignedInRequest
from accounts.models import Account
from microblog.web.errors import error_page
from microblog.web.responses import account_required, next_page, redirect_to, render_page
from timeline.views.people.of_account import of_account

MUTED_FOR = {"day": timedelta(days=1), "week": timedelta(days=7), "": None}


def _back(request: SignedInRequest, account: Account) -> HttpResponse:
    return redirect_to(request, next_page(request, account.get_absolute_url()))


def _say(request: SignedInRequest, sentence: str, undo: str = "", account: object = "") -> None:
    """Say what was done, with a button for the way back, the URL name `undo`, if there is one."""
    button = '<button class="link" form="deed" formaction="{}">Undo</button>'
    url = reverse(undo, args=[account]) if undo else ""
    html = format_html("{} " + button, sentence, url) if undo else sentence
    messages.success(request, html)


def _page(request: SignedInRequest, account: Account, verb: str) -> HttpResponse:
    """Ask what `verb`, "block" or "mute", would mean, and offer the other as well."""
    if account == request.account:
        return error_page(request, 422, "That is you", f"You cannot {verb} yourself.")
    context = {"account": account, "verb": verb}
    return render_page(request, "timeline/pages/block.html", "", context)


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
@of_account(if_blocked=None)
def block(request: SignedInRequest, account: Account) -> HttpResponse:
    """Block `account` at once; a GET says what that means, and offers to mute it instead."""
    if request.method != "POST" or account == request.account:
        return _page(request, account, "block")
    request.account.block(account)
    _say(request, f"You blocked {account}.", "unblock", account)
    return _back(request, account)


@require_POST
@account_required
@of_account(if_blocked=None)
def unblock(request: SignedInRequest, account: Account) -> HttpResponse:
    if request.account.unblock(account):
        _say(request, f"You no longer block {account}. Who followed whom does not come back.")
    return _back(request, account)


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
@of_account(if_blocked=None)
def mute(request: SignedInRequest, account: Account) -> HttpResponse:
    """Mute `account`, `for` a "day", a "week" or, without it, for ever; a GET asks how long."""
    if request.method != "POST" or account == request.account:
        return _page(request, account, "mute")
    lasting = request.POST.get("for", "")
    if lasting not in MUTED_FOR:
        return error_page(request, 422, "For how long?", "Choose a day, a week, or for ever.")
    length = MUTED_FOR[lasting]
    request.account.mute(account, timezone.now() + length if length else None)
    how_long = f" for a {lasting}" if lasting else ""
    _say(request, f"You muted {account}{how_long}. Nobody else knows.", "unmute", account)
    return _back(request, account)


@require_POST
@account_required
@of_account(if_blocked=None)
def unmute(request: SignedInRequest, account: Account) -> HttpResponse:
    if request.account.unmute(account):
        _say(request, f"You no longer mute {account}.")
    return _back(request, account)


@require_POST
@account_required
@of_account()
def hide_retweets(request: SignedInRequest, account: Account) -> HttpResponse:
    """Have no retweets of `account`, whom one follows, at home."""
    sentence = f"Retweets of {account} are no longer at home."
    return _set_shows_retweets(request, account, sentence, "show_retweets", shows=False)


@require_POST
@account_required
@of_account()
def show_retweets(request: SignedInRequest, account: Account) -> HttpResponse:
    sentence = f"Retweets of {account} are at home again."
    return _set_shows_retweets(request, account, sentence, shows=True)


def _set_shows_retweets(
    request: SignedInRequest, account: Account, sentence: str, undo: str = "", *, shows: bool
) -> HttpResponse:
    if not request.account.set_shows_retweets(account, shows):
        why = f"You do not follow {account}: their retweets are not at home anyway."
        return error_page(request, 422, "Nothing to change", why)
    _say(request, sentence, undo, account)
    return _back(request, account)


# --- Who follows oneself ---


@require_POST
@account_required
@of_account(if_blocked=None)
def accept(request: SignedInRequest, account: Account) -> HttpResponse:
    """Let `account` follow, who asked."""
    was_asked = request.account.accept(account)
    return _answer(request, account, f"{account} follows you now.", was_asked=was_asked)


@require_POST
@account_required
@of_account(if_blocked=None)
def refuse(request: SignedInRequest, account: Account) -> HttpResponse:
    """Let `account` not follow, who asked and is not told."""
    was_asked = request.account.refuse(account)
    sentence = f"{account} does not follow you, and is not told."
    return _answer(request, account, sentence, was_asked=was_asked)


def _answer(
    request: SignedInRequest, account: Account, sentence: str, *, was_asked: bool
) -> HttpResponse:
    if not was_asked:
        why = f"{account} does not ask to follow you, or no longer."
        return error_page(request, 409, "This request was taken back", why)
    _say(request, sentence)
    return redirect_to(request, next_page(request, reverse("follow_requests")))


@require_POST
@account_required
@of_account(if_blocked=None)
def remove_follower(request: SignedInRequest, account: Account) -> HttpResponse:
    """Let `account` follow no longer, who is not told and may follow again."""
    if request.account.remove_follower(account):
        _say(request, f"{account} no longer follows you, and is not told.")
    return _back(request, account)
