# mypy: allow-subclassing-any, no-warn-return-any
"""Signing up and in, and the addresses and passwords of those who did: allauth's views, which answer 422 to a form that is not right."""

from typing import Any, cast, override

from allauth.account import views
from django.conf import settings
from django.db import IntegrityError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from accounts import addresses, claims, forms
from accounts.adapter import confirms_addresses
from accounts.models import HandleTakenError, User
from microblog.views import refuse


class _Refusing:
    def form_invalid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = 422
        return response


class LoginView(_Refusing, views.LoginView): ...


class SignupView(_Refusing, views.SignupView):
    def form_valid(self, form: forms.SignupForm) -> HttpResponse:
        try:
            return super().form_valid(form)
        except HandleTakenError as error:  # somebody took the handle since it was checked
            form.add_error("handle", str(error))
        except IntegrityError:  # likewise the address; it is checked once more, and what follows is as if it had been taken all along
            form.full_clean()
            if form.is_valid():
                return super().form_valid(form)
        return self.form_invalid(form)


class _LinkView(SignupView):
    """A page behind a one-time link."""

    def read(self, token: str) -> None:
        """Raises what `claims` raises."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            self.read(kwargs["token"])
            if request.user.is_authenticated:
                message = "This link is for somebody who has no account yet. Sign out, and open it again."
                return refuse(request, 403, "You are signed in", message)
            return super().dispatch(request, *args, **kwargs)
        except claims.ForgedError:
            return refuse(request, 404, "This link leads nowhere", "Part of it may be missing. Copy the whole link, and try again.")
        except claims.ExpiredError:
            return refuse(request, 410, "This link has expired", "It was valid for 7 days. Ask whoever runs this site for a new one.")
        except claims.UsedError:
            return refuse(request, 410, "This link was used already", "It works once. If it was you, sign in as usual.")


class ClaimView(_LinkView):
    template_name = "account/claim.html"

    def read(self, token: str) -> None:
        self.account = claims.claimed_by(token)

    def get_form_class(self) -> type[Form]:
        return forms.ClaimForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "account": self.account}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(account=self.account, **kwargs)


class FirstView(_LinkView):
    template_name = "account/first.html"

    def read(self, token: str) -> None:
        claims.check_first(token)

    def get_form_class(self) -> type[Form]:
        return forms.FirstAdministratorForm


class EmailView(_Refusing, views.EmailView):
    def form_valid(self, form: forms.EmailForm) -> HttpResponse:
        try:
            return super().form_valid(form)
        except IntegrityError:  # somebody took the address since it was checked
            form.full_clean()
            return self.form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = {"confirms_addresses": confirms_addresses(), "pending": addresses.pending(self.request.user)}
        return {**super().get_context_data(**kwargs), **shown}

    @override
    def _action_remove(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse | None:
        """Only what waits can be taken back; one's own address stays."""
        pending = addresses.pending(cast("User", request.user))
        return super()._action_remove(request) if pending and pending.email == request.POST["email"].lower() else None

    @override
    def _action_primary(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Not here: an address becomes one's own when it is confirmed."""


class PasswordChangeView(_Refusing, views.PasswordChangeView): ...


class PasswordSetView(_Refusing, views.PasswordSetView): ...


class PasswordResetView(_Refusing, views.PasswordResetView): ...


class PasswordResetFromKeyView(_Refusing, views.PasswordResetFromKeyView): ...


class ReauthenticateView(_Refusing, views.ReauthenticateView): ...


login = LoginView.as_view()
signup = SignupView.as_view()
claim = ClaimView.as_view()
first = FirstView.as_view()
email = EmailView.as_view()
password_change = PasswordChangeView.as_view()
password_set = PasswordSetView.as_view()
password_reset = PasswordResetView.as_view()
password_reset_done = views.PasswordResetDoneView.as_view(extra_context={"sends_mail": bool(settings.EMAIL_URL)})
password_reset_from_key = PasswordResetFromKeyView.as_view()
reauthenticate = ReauthenticateView.as_view()
