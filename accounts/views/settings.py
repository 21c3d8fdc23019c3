"""The pages on which people change what is theirs."""

from typing import cast

from django.conf import settings as site_settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import AppearanceForm, HandleForm, ProfileForm
from accounts.models import HandleTakenError, RefusedError, User
from accounts.welcome import first_step
from microblog.display import display_of
from microblog.media.isolation import BusyError
from microblog.media.metering import PictureMeter
from microblog.web.ratelimit import TooManyError
from microblog.web.request_limits import slow_down
from microblog.web.responses import account_required, redirect_to, render_page, wants_fragment
from microblog.web.upload_gate import refusal_of

require_page_methods = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@account_required
def settings(request: HttpRequest) -> HttpResponse:
    context = {
        "stored_bytes": request.account.stored_bytes,  # type: ignore[attr-defined]
        "account_bytes": site_settings.ACCOUNT_BYTES,
    }
    return render_page(request, "accounts/pages/settings.html", "settings", context)


@require_page_methods
@account_required
def settings_profile(request: HttpRequest) -> HttpResponse:
    form = profile_form(request, ProfileForm)
    if is_saved(form):
        messages.success(request, "Your profile is saved.")
        return redirect_to(request, form.account.get_absolute_url())
    return slow_down(
        _form_page(request, "accounts/pages/settings_profile.html", form), form.refused
    )


def profile_form[F: ProfileForm](request: HttpRequest, form_class: type[F], **more: str) -> F:
    """Return the form of a profile, with what was sent of it."""
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    account = request.account  # type: ignore[attr-defined]
    form = form_class(
        *data,
        account=account,
        meter=PictureMeter.of(request),
        keeps_files=not wants_fragment(request),
        **more,
    )
    if form.is_bound and (refusal := refusal_of(request)):
        form.refused = refusal
    return form


def is_saved(form: ProfileForm) -> bool:
    """Save what was sent, and tell whether that is done; if not, the form says why."""
    if not form.is_valid():
        return False
    try:
        form.save()
    except (TooManyError, BusyError) as error:
        form.refused = error
        form.add_error(None, str(error))
    except RefusedError as error:
        form.add_error(None, str(error))
    return not form.errors


@require_page_methods
@account_required
def settings_handle(request: HttpRequest) -> HttpResponse:
    account = request.account  # type: ignore[attr-defined]
    form = HandleForm(request.POST if request.method == "POST" else None, account=account)
    refused: TooManyError | None = None
    if form.is_valid():
        try:
            account.change_handle(form.cleaned_data["handle"])
        except (HandleTakenError, RefusedError, TooManyError) as error:
            form.add_error("handle", str(error))
            refused = error if isinstance(error, TooManyError) else None
        else:
            messages.success(request, f"You are @{account.handle} now.")
            return redirect_to(request, account.get_absolute_url())
    return slow_down(_form_page(request, "accounts/pages/settings_handle.html", form), refused)


@require_page_methods
def settings_appearance(request: HttpRequest) -> HttpResponse:
    """Colours, letters, what moves: for a visitor too, as they belong to the browser."""
    form = AppearanceForm(
        request.POST if request.method == "POST" else None,
        display=display_of(request),
        account=request.account,  # type: ignore[attr-defined]
    )
    if not form.is_valid():
        return _form_page(request, "accounts/pages/settings_appearance.html", form)
    response = redirect_to(request, reverse("settings_appearance"))
    form.save().keep_in(response)
    messages.success(request, "Your appearance is saved.")
    return response


@require_page_methods
@login_required
def settings_start(request: HttpRequest) -> HttpResponse:
    """Choose a handle, for who has none: made on the command line, or who lost a race for one."""
    if request.account:  # type: ignore[attr-defined]
        return redirect_to(request, reverse("settings"))
    user = cast("User", request.user)
    form = HandleForm(
        request.POST if request.method == "POST" else None, initial={"handle": user.wanted_handle}
    )
    if form.is_valid():
        try:
            account = user.take_account(form.cleaned_data["handle"])
        except HandleTakenError as error:
            form.add_error("handle", str(error))
        else:
            return redirect_to(request, first_step(account))
    return _form_page(request, "accounts/pages/settings_start.html", form)


def _form_page(request: HttpRequest, template: str, form: Form) -> HttpResponse:
    return render_page(
        request, template, "form", {"form": form}, status=422 if form.is_bound else 200
    )
