"""The page about one's account as a whole, and the two ways to leave."""

from typing import cast

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts import leaving
from accounts.auth.requests import Request, SignedInRequest
from accounts.forms import DeactivationForm, DeletionForm
from accounts.models import Account, RefusedError, User
from accounts.views.auth import ask_for_password
from microblog.web.ratelimit import TooManyError
from microblog.web.request_limits import slow_down
from microblog.web.responses import account_required, redirect_to, render_page

require_page_methods = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@account_required
def settings_account(request: SignedInRequest) -> HttpResponse:
    user = cast("User", request.user)
    forms = {
        "deactivation": DeactivationForm(account=request.account),
        "deletion": DeletionForm(user=user, request=request),
    }
    context = {"forms": forms, "account": request.account}
    return render_page(request, "accounts/pages/settings_account.html", "", context)


# --- For a while ---


@require_page_methods
def settings_deactivate(request: Request) -> HttpResponse:
    """Deactivate one's account. The same form again is answered as it was the first time."""
    sent = request.POST.get("account", "")
    if not request.user.is_authenticated and (account := leaving.deactivated_by(sent)):
        return _deactivated(request, account)
    return _deactivate(request)


@account_required
def _deactivate(request: SignedInRequest) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = DeactivationForm(data, account=request.account)
    if form.is_valid():
        try:
            leaving.deactivate(request.account)
        except (RefusedError, TooManyError) as error:
            form.add_error(None, str(error))
            form.refused = error if isinstance(error, TooManyError) else None
        else:
            account = request.account
            logout(request)
            return _deactivated(request, account) if account.deactivated_at else _deleted(request)
    return _page(request, "deactivation", form, request.account)


def _deactivated(request: HttpRequest, account: Account) -> HttpResponse:
    messages.success(
        request,
        f"{account} is deactivated, and you are signed out everywhere. Sign in before "
        f"{account.deactivated_until:%-d %B %Y} to have all of it back.",
    )
    return redirect_to(request, reverse("account_login"))


# --- For good ---


@require_page_methods
def settings_delete(request: Request) -> HttpResponse:
    """Delete one's account for good, also one that is suspended: who has just shown that it is
    theirs. The same form again is answered as it was the first time.
    """
    if not request.user.is_authenticated:
        if user := leaving.admitted(request):
            return _delete(request, user)
        if leaving.is_deleted_by(request.POST.get("account", "")):
            return _deleted(request)
    return _delete_own(request)


@account_required
def _delete_own(request: SignedInRequest) -> HttpResponse:
    user = cast("User", request.user)
    if not user.has_usable_password():
        ask_for_password(request)
    return _delete(request, user)


def _delete(request: HttpRequest, user: User) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = DeletionForm(data, user=user, request=request)
    if form.is_valid():
        try:
            leaving.delete(user.account)
        except RefusedError as error:
            form.add_error(None, str(error))
        else:
            logout(request)
            return _deleted(request)
    return _page(request, "deletion", form, user.account)


def _deleted(request: HttpRequest) -> HttpResponse:
    messages.success(
        request,
        "Your account is deleted, and you are signed out everywhere. Nobody sees anything of it "
        "any more; its files are being taken away.",
    )
    return redirect_to(request, "/")


def _page(
    request: HttpRequest, name: str, form: DeactivationForm, account: Account
) -> HttpResponse:
    context = {"forms": {name: form}, "account": account}
    status = 422 if form.is_bound else 200
    page = render_page(request, f"accounts/pages/{name}.html", "", context, status=status)
    return slow_down(page, form.refused)
