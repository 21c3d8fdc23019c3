# mypy: allow-subclassing-any, no-warn-return-any
"""Signing up and in, and the addresses and passwords of those who did: allauth's views, which answer 422 to a form that is not right."""

from typing import Any, cast, override

from allauth.account import views
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db import IntegrityError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from accounts import addresses, claims, forms
from accounts.adapter import confirms_addresses
from accounts.models import Admission, HandleTakenError, Invitation, User
from microblog.views import refuse


class _Refusing:
    def form_invalid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = 422
        return response


class LoginView(_Refusing, views.LoginView): ...


class _SignupView(_Refusing, views.SignupView):
    """What every way to sign up has in common."""

    def is_open(self) -> bool:
        """By a link of one's own, in every mode."""
        return True

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


class SignupView(_SignupView):
    """For who comes by themselves."""

    template_name_signup_closed = "account/signup_closed.html"

    @cached_property
    def admission(self) -> Admission:
        return Admission.objects.current()

    def is_open(self) -> bool:
        return self.admission.lets_in

    def closed(self) -> HttpResponse:
        """The page says so; a form that was open before is refused."""
        status = 403 if self.request.method == "POST" else 200
        return render(self.request, self.template_name_signup_closed, {"admission": self.admission}, status=status)

    def get_form_class(self) -> type[Form]:
        return forms.JoinForm

    def get_form_kwargs(self) -> dict[str, Any]:
        address = get_adapter().get_client_ip(self.request)
        return {**super().get_form_kwargs(), "admission": self.admission, "address": address}


class _LinkView(_SignupView):
    """A page behind a link that works a number of times, and for a while."""

    expired = "It was valid for 7 days. Ask whoever runs this site for a new one."
    used = "It works once. If it was you, sign in as usual."

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
            return refuse(request, 410, "This link has expired", self.expired)
        except claims.UsedError:
            return refuse(request, 410, "This link was used already", self.used)


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


class InvitationView(SignupView, _LinkView):
    expired = "It was valid until a certain day. Ask who sent it to you for a new one."
    used = "As many people as it was made for have come by it. If you are one of them, sign in as usual."

    def is_open(self) -> bool:
        return self.admission.takes_invitations

    def read(self, token: str) -> None:
        invitation = Invitation.objects.with_token(token)
        if invitation is None:
            raise claims.ForgedError
        if invitation.is_used_up:
            raise claims.UsedError
        if invitation.is_over:
            raise claims.ExpiredError
        self.invitation = invitation

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "invitation": self.invitation}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(invitation=self.invitation, **kwargs)


class WaitingView(TemplateView):
    """What they see who signed up and wait for a moderator."""

    template_name = "account/waiting.html"
    extra_context = {"sends_mail": bool(settings.EMAIL_URL)}


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
invitation = InvitationView.as_view()
waiting = WaitingView.as_view()
first = FirstView.as_view()
email = EmailView.as_view()
password_change = PasswordChangeView.as_view()
password_set = PasswordSetView.as_view()
password_reset = PasswordResetView.as_view()
password_reset_done = views.PasswordResetDoneView.as_view(extra_context={"sends_mail": bool(settings.EMAIL_URL)})
password_reset_from_key = PasswordResetFromKeyView.as_view()
reauthenticate = ReauthenticateView.as_view()
