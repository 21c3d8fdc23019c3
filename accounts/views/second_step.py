# mypy: allow-subclassing-any, no-warn-return-any
"""What stands between a right password and being signed in, and a way in for who lost all."""

from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from allauth.mfa.base import views
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as passkey_views
from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.views.generic import FormView

from accounts import forms
from accounts.auth import one_time_links
from accounts.models import User
from accounts.security import passkeys, second_factor
from accounts.signals import rescued
from accounts.views.auth import CountedForm, LinkView
from microblog.web.ratelimit import TooManyError


class SecondStepView(views.AuthenticateView):
    """A code, or one of the user's passkeys."""

    template_name = "account/second_step.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except TooManyError as error:
            headers = {"Retry-After": str(error.retry_after)}
            self.auth_form = forms.CodeForm(user=self.stage.login.user)
            context = self.get_context_data(refusal=str(error))
            return self.render_to_response(context, status=429, headers=headers)

    def form_invalid(self, form: Form) -> HttpResponse:
        if form is not self.webauthn_form:
            return self.render_to_response(self.get_context_data(), status=422)
        return self.render_to_response(self.get_context_data(refusal=forms.NO_ANSWER), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.stage.login.user
        context = {"form": self.auth_form, **kwargs}
        if Authenticator.Type.WEBAUTHN in second_factor.of(user):
            context["options"] = passkeys.request_options(user)
        return context


class FirstPasskeyView(CountedForm, passkey_views.SignupWebAuthnView):
    """The passkey of who signed up without a password; or a password after all."""

    template_name = "account/first_passkey.html"

    @property
    def user(self) -> User:
        return cast("User", self._login_stage.login.user)

    def get_form_class(self) -> type[Form]:
        wants_password = "password1" in self.request.POST
        return forms.SetPasswordForm if wants_password else forms.NewPasskeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or self.get_form()
        is_password = isinstance(form, forms.SetPasswordForm)
        context = {
            "form": forms.NewPasskeyForm(user=self.user) if is_password else form,
            "password_form": form if is_password else forms.SetPasswordForm(user=self.user),
            "passkeys_are_possible": passkeys.are_possible(self.request),
            "options": passkeys.creation_options(self.user),
        }
        return context | kwargs

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        if isinstance(form, forms.SetPasswordForm):
            form.save()
        else:
            passkeys.add(self.user, form.cleaned_data["name"], form.cleaned_data["credential"])
        response: HttpResponse = self._login_stage.exit()
        return response


class RescueView(LinkView, CountedForm, FormView):  # type: ignore[type-arg]  # only the stubs know of an argument
    """A new password instead of all ways in, by a link that who keeps the server has made."""

    form_class = forms.SetPasswordForm
    template_name = "accounts/pages/rescue.html"
    expired = "It was valid for an hour. Make another with manage.py rescue."

    def read(self, token: str) -> None:
        self.user = one_time_links.rescued_by(token)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(rescued=self.user, **kwargs)

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        self.user = User.objects.select_for_update().get(pk=self.user.pk)
        one_time_links.rescued_by(self.kwargs["token"])  # a second click has waited here
        form.user = self.user
        form.save()
        self.user.end_sessions()
        Authenticator.objects.filter(user=self.user).delete()
        rescued.send(User, user=self.user, what="signed in by a link that was made on the server")
        get_adapter().send_notification_mail("accounts/mail/rescued", self.user)
        messages.success(self.request, "You have a new password, and no second factor any more.")
        response: HttpResponse = perform_login(self.request, self.user)
        return response


second_step = SecondStepView.as_view()
first_passkey = FirstPasskeyView.as_view()
rescue = RescueView.as_view()
