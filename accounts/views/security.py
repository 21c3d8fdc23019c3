"""/settings/security: how somebody signs in, and where they are signed in.

The page opens without a question; each deed on it asks for the password or a passkey, where that
was not done a moment ago.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import forms
from accounts.models import RefusedError, User
from accounts.security import authenticator_app, passkeys, second_factor, sessions
from accounts.views.auth import TRIES
from microblog.web.ratelimit import spend
from microblog.web.responses import render_page

type View = Callable[..., HttpResponse]


@require_safe
@login_required
def security(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    asks_code = second_factor.is_asked_of(user)
    context = {
        "passkeys": passkeys.of(user),
        "passkeys_are_possible": passkeys.are_possible(request),
        "app": authenticator_app.of(user),
        "codes_left": len(authenticator_app.codes_of(user)) if asks_code else None,
        "is_lacking": second_factor.is_lacking(user),
        "places": sessions.of(request),
    }
    return render_page(request, "accounts/pages/security.html", "", context)


def _deed(view: View) -> View:
    """Let in who says who they are, and count each thing that is sent."""

    @never_cache
    @login_required
    @reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            spend(TRIES, f"security\0user {request.user.pk}")
        try:
            return view(request, *args, **kwargs)
        except RefusedError as error:
            messages.error(request, str(error))
            return redirect("settings_security")

    return cast("View", wrapped)


_page = require_http_methods(["GET", "HEAD", "POST"])


def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _form_page(request: HttpRequest, name: str, form: Form, **context: Any) -> HttpResponse:
    status = 422 if form.is_bound else 200
    template = f"accounts/pages/{name}.html"
    return render_page(request, template, "", {"form": form, **context}, status=status)


# --- Passkeys ---


@_page
@_deed
def add_passkey(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    form = forms.NewPasskeyForm(_sent(request), user=user)
    if form.is_valid():
        passkeys.add(user, form.cleaned_data["name"], form.cleaned_data["credential"])
        messages.success(request, "Your passkey is added. You can sign in with it from now on.")
        shows_codes = second_factor.is_required_of(user)
        return redirect("recovery_codes" if shows_codes else "settings_security")
    options = passkeys.creation_options(user)
    is_possible = passkeys.are_possible(request)
    return _form_page(
        request, "passkey_add", form, options=options, passkeys_are_possible=is_possible
    )


@_page
@_deed
def rename_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    passkey = _passkey(request, pk)
    form = forms.PasskeyNameForm(_sent(request), initial={"name": passkey.name})
    if form.is_valid():
        passkeys.rename(passkey, form.cleaned_data["name"])
        messages.success(request, "The passkey has a new name.")
        return redirect("settings_security")
    return _form_page(request, "passkey_rename", form, passkey=passkey)


@_page
@_deed
def remove_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    passkey = _passkey(request, pk)
    passkeys.check_removable(passkey)
    if request.method == "POST":
        with transaction.atomic():
            passkeys.remove(passkey)
            sessions.end_others(request)
        said = "The passkey is removed, and every other session has ended."
        messages.success(request, said)
        return redirect("settings_security")
    return render_page(request, "accounts/pages/passkey_remove.html", "", {"passkey": passkey})


def _passkey(request: HttpRequest, pk: int) -> passkeys.Passkey:
    passkey = next((one for one in passkeys.of(cast("User", request.user)) if one.pk == pk), None)
    if passkey is None:
        raise Http404
    return passkey


# --- Authenticator app, recovery codes ---


@_page
@_deed
def add_app(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    if authenticator_app.of(user):
        return redirect("settings_security")
    form = forms.AuthenticatorAppForm(_sent(request), user=user)
    if form.is_valid():
        authenticator_app.add(user, form.secret)
        messages.success(request, "From now on you are asked for a code when you sign in.")
        return redirect("recovery_codes")
    setup = authenticator_app.setup_of(user, form.secret)
    return _form_page(request, "app_add", form, setup=setup)


@_page
@_deed
def remove_app(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    app = authenticator_app.of(user)
    if app is None:
        return redirect("settings_security")
    authenticator_app.check_removable(app)
    if request.method == "POST":
        with transaction.atomic():
            authenticator_app.remove(app)
            sessions.end_others(request)
        messages.success(request, "The app is removed, and every other session has ended.")
        return redirect("settings_security")
    return render_page(request, "accounts/pages/app_remove.html", "", {})


@require_safe
@_deed
def recovery_codes(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    if not second_factor.is_asked_of(user):
        return redirect("settings_security")
    codes = authenticator_app.codes_of(user)
    if "download" in request.GET:
        headers = {"Content-Disposition": 'attachment; filename="recovery-codes.txt"'}
        text = "".join(f"{code}\n" for code in codes)
        return HttpResponse(text, content_type="text/plain", headers=headers)
    return render_page(request, "accounts/pages/recovery_codes.html", "", {"codes": codes})


@require_POST
@_deed
def new_recovery_codes(request: HttpRequest) -> HttpResponse:
    authenticator_app.make_codes_anew(cast("User", request.user))
    messages.success(request, "These are new. The codes that you had do not work any more.")
    return redirect("recovery_codes")


# --- Sessions ---


@require_POST
@_deed
def end_session(request: HttpRequest, name: str) -> HttpResponse:
    device = sessions.end(request, name)
    said = f"{device} is signed out." if device else "That session had ended already."
    messages.success(request, said)
    return redirect("settings_security")


@require_POST
@_deed
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    sessions.end_others(request)
    messages.success(request, "You are signed out everywhere but here.")
    return redirect("settings_security")
