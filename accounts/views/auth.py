# mypy: allow-subclassing-any, no-warn-return-any
"""Signing up and in, and the addresses and passwords of those who did: allauth's views, which
answer 422 to a form that is not right.

Each is a door: it counts who tries. A test walks them all (test_doors).
"""

from datetime import timedelta
from typing import Any, cast

from allauth.account import views
from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.utils import perform_login
from allauth.mfa.webauthn import views as passkey_views
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView

from accounts import forms, leaving
from accounts.auth import email_changes, known_browsers, one_time_links
from accounts.auth.adapter import confirms_addresses
from accounts.auth.unsolicited_mail import count_mail
from accounts.models import HandleTakenError, Invitation, SignupPolicy, User
from accounts.security import passkeys, sessions
from microblog.web.errors import error_page
from microblog.web.ratelimit import Limit, TooManyError, client_network, spend

# at one door, by one person or one network, right or wrong
TRIES = Limit("door", 20, timedelta(minutes=10), "Too many attempts.")
# by one network: to be told what to have signed by a passkey, and to bring it
PASSKEYS = Limit("passkeys", 60, timedelta(minutes=10), "Too many attempts.")
SIGNUPS = Limit(
    "signup",
    20,
    timedelta(hours=1),
    "Too many attempts: many people signed up from your network within the hour.",
)


class CountedForm:
    """Answers 422 to a form that is not right, and 429 to who tries too often.

    What was typed stays, but for passwords.
    """

    request: HttpRequest
    counts_tries = True  # whether each try counts, also a right one

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if self.counts_tries:
                user = request.user
                who = f"user {user.pk}" if user.is_authenticated else client_network(request)
                spend(TRIES, f"{type(self).__name__}\0{who}")
            response: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]
        except TooManyError as error:
            return self._too_many(error)
        return response

    def form_invalid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = 422
        return response

    def _too_many(self, error: TooManyError) -> HttpResponse:
        """Show the form once more, not looked at, with what was typed, and when to try again."""
        typed = {
            **self.get_form_kwargs(),  # type: ignore[attr-defined]
            "data": None,
            "files": None,
            "initial": self.request.POST.dict(),
        }
        form = self.get_form_class()(**typed)  # type: ignore[attr-defined]
        context = self.get_context_data(form=form, refusal=str(error))  # type: ignore[attr-defined]
        headers = {"Retry-After": str(error.retry_after)}
        response: HttpResponse = self.render_to_response(context, status=429, headers=headers)  # type: ignore[attr-defined]
        return response


class LoginView(CountedForm, views.LoginView):
    """By password, or by a passkey: then the browser asks first what to have signed (`options`)."""

    counts_tries = False  # a wrong password does, a right one does not

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "options" in request.POST:
            spend(PASSKEYS, client_network(request))
            return JsonResponse(passkeys.request_options())
        if "credential" in request.POST and "login" not in request.POST:
            return self._sign_in_by_passkey()
        return super().post(request, *args, **kwargs)

    def _sign_in_by_passkey(self) -> HttpResponse:
        spend(PASSKEYS, client_network(self.request))
        form = forms.PasskeyLoginForm(self.request.POST)
        if form.is_valid():
            form.save()
            user = form.cleaned_data["credential"].user
            response: HttpResponse = perform_login(self.request, user)
            return response
        context = self.get_context_data(
            form=self.get_form_class()(request=self.request), refusal=forms.NO_ANSWER
        )
        return self.render_to_response(context, status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            confirms_addresses=confirms_addresses(),
            passkeys_are_possible=passkeys.are_possible(self.request),
            **kwargs,
        )


class _SignupView(CountedForm, views.SignupView):
    """What every way to sign up has in common."""

    def is_open(self) -> bool:
        """Let in by a link of one's own, in every mode."""
        return True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        possible = passkeys.are_possible(self.request)
        return super().get_context_data(passkeys_are_possible=possible, **kwargs)

    def form_valid(self, form: forms.SignupForm) -> HttpResponse:
        spend(SIGNUPS, client_network(self.request))
        try:
            return super().form_valid(form)
        except HandleTakenError as error:  # somebody took the handle since it was checked
            form.add_error("handle", str(error))
        except IntegrityError:  # likewise the address
            form.full_clean()
        return self.form_invalid(form)


class SignupView(_SignupView):
    """For who comes by themselves."""

    form_class = forms.JoinForm
    template_name_signup_closed = "account/signup_closed.html"

    @cached_property
    def signup_policy(self) -> SignupPolicy:
        return SignupPolicy.objects.current()

    def is_open(self) -> bool:
        return self.signup_policy.is_open

    def closed(self) -> HttpResponse:
        """Say so, and refuse a form that was open before."""
        status = 403 if self.request.method == "POST" else 200
        context = {"signup_policy": self.signup_policy}
        return render(self.request, self.template_name_signup_closed, context, status=status)

    def get_form_kwargs(self) -> dict[str, Any]:
        address = get_adapter().get_client_ip(self.request)
        more = {"signup_policy": self.signup_policy, "address": address}
        return super().get_form_kwargs() | more


class LinkView:
    """A page behind a link that works a number of times, and for a while; stands before the view
    whose page it is.
    """

    expired = "It was valid for 7 days. Ask whoever runs this site for a new one."
    used = "It works once. If it was you, sign in as usual."

    def read(self, token: str) -> None:
        """Raise what `one_time_links` raises."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            self.read(kwargs["token"])
            if request.user.is_authenticated:
                message = "This link is for somebody who is not. Sign out, and open it again."
                return error_page(request, 403, "You are signed in", message)
            response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        except one_time_links.ForgedError:
            message = "Part of it may be missing. Copy the whole link, and try again."
            return error_page(request, 404, "This link leads nowhere", message)
        except one_time_links.ExpiredError:
            return error_page(request, 410, "This link has expired", self.expired)
        except one_time_links.UsedError:
            return error_page(request, 410, "This link was used already", self.used)
        return response


class ClaimView(LinkView, _SignupView):
    form_class = forms.ClaimForm
    template_name = "accounts/pages/claim.html"

    def read(self, token: str) -> None:
        self.account = one_time_links.claimed_by(token)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "account": self.account}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(account=self.account, **kwargs)


class FirstView(LinkView, _SignupView):
    form_class = forms.FirstAdministratorForm
    template_name = "accounts/pages/first_administrator.html"

    def read(self, token: str) -> None:
        one_time_links.check_first(token)


class InvitationView(LinkView, SignupView):
    expired = "It was valid until a certain day. Ask who sent it to you for a new one."
    used = (
        "As many people as it was made for have come by it. If you are one of them, sign in as "
        "usual."
    )

    def is_open(self) -> bool:
        return self.signup_policy.takes_invitations

    def read(self, token: str) -> None:
        invitation = Invitation.objects.with_token(token)
        if invitation is None:
            raise one_time_links.ForgedError
        if invitation.is_used_up:
            raise one_time_links.UsedError
        if invitation.is_over:
            raise one_time_links.ExpiredError
        self.invitation = invitation

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "invitation": self.invitation}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(invitation=self.invitation, **kwargs)


class WaitingView(TemplateView):
    """What they see who signed up and wait for a moderator."""

    template_name = "accounts/pages/waiting.html"
    extra_context = {"sends_mail": bool(settings.EMAIL_URL)}


class EmailView(CountedForm, FormView):  # type: ignore[type-arg]  # only the stubs know of an argument
    """One's own address: the form that changes it, and what waits to be confirmed."""

    template_name = "account/email_change.html"
    form_class = forms.EmailForm
    success_url = reverse_lazy("account_email")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Obey the two buttons about what waits: send its link again, or let it be."""
        sends = "action_send" in request.POST
        if not sends and "action_remove" not in request.POST:
            return super().post(request, *args, **kwargs)
        pending = email_changes.pending(cast("User", request.user))
        if pending and pending.email == request.POST.get("email", "").lower():
            if sends:
                email_changes.ask_again(request, pending)
                messages.info(request, f"We sent a link to {pending.email}.")
            else:
                email_changes.stop(pending)
                messages.success(request, "Your address stays as it was.")
        return redirect("account_email")

    def form_valid(self, form: forms.EmailForm) -> HttpResponse:
        ask_for_password(self.request)
        try:
            form.save(self.request)
        except IntegrityError:  # somebody took the address since it was checked
            form.full_clean()
            return self.form_invalid(form)
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pending = email_changes.pending(cast("User", self.request.user))
        return super().get_context_data(
            confirms_addresses=confirms_addresses(), pending=pending, **kwargs
        )


class _CountedPasswordForm(CountedForm):
    """Sets the password, ends all other sessions and enqueues the mail that tells of it: all or
    nothing.

    The browser is known then: whoever tries others meanwhile does not slow down the owner.
    """

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        if self.request.user.is_authenticated:
            sessions.end_others(self.request)
        else:
            form.user.end_sessions()
        known_browsers.remember(self.request, response, form.user)
        return response


class PasswordChangeView(_CountedPasswordForm, views.PasswordChangeView):
    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}


class PasswordSetView(_CountedPasswordForm, views.PasswordSetView): ...


class PasswordResetFromKeyView(_CountedPasswordForm, views.PasswordResetFromKeyView): ...


class PasswordResetView(CountedForm, views.PasswordResetView):
    def form_valid(self, form: forms.ResetPasswordForm) -> HttpResponse:
        count_mail(self.request, form.cleaned_data["email"])
        return super().form_valid(form)


class _WhoIsIt(CountedForm):
    """Asks for the password, or a passkey, whichever the user has."""

    template_name = "account/reauthenticate.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs) | kwargs  # type: ignore[misc]
        user = cast("User", self.request.user)
        if user.has_usable_password():
            typed = context["form"]
            is_password = isinstance(typed, forms.ReauthenticateForm)
            context["password_form"] = typed if is_password else forms.ReauthenticateForm(user=user)
        if passkeys.of(user) and passkeys.are_possible(self.request):
            context["options"] = passkeys.request_options(user)
        return context


class ReauthenticateView(_WhoIsIt, views.ReauthenticateView):
    counts_tries = False  # a wrong password does


class PasskeyReauthenticateView(_WhoIsIt, passkey_views.ReauthenticateWebAuthnView):
    def form_invalid(self, form: Form) -> HttpResponse:
        context = self.get_context_data(form=form, refusal=forms.NO_ANSWER)
        return self.render_to_response(context, status=422)


class InactiveView(TemplateView):
    """What they see who may not sign in, and of whom nothing was decided that they could read."""

    template_name = "account/account_inactive.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_delete=bool(leaving.admitted(self.request)), **kwargs)


@reauthentication_required(app="allauth.account")  # type: ignore[untyped-decorator]
def ask_for_password(request: HttpRequest) -> None:
    """Lead to where the password is asked for, and back, where it was not typed a moment ago."""


login = LoginView.as_view()
signup = SignupView.as_view()
claim = ClaimView.as_view()
invitation = InvitationView.as_view()
waiting = WaitingView.as_view()
inactive = InactiveView.as_view()
verification_sent = TemplateView.as_view(template_name="account/verification_sent.html")
first = FirstView.as_view()
email = login_required(EmailView.as_view())
password_change = PasswordChangeView.as_view()
password_set = PasswordSetView.as_view()
password_reset = PasswordResetView.as_view()
password_reset_done = views.PasswordResetDoneView.as_view(
    extra_context={"sends_mail": bool(settings.EMAIL_URL)}
)
password_reset_from_key = PasswordResetFromKeyView.as_view()
reauthenticate = ReauthenticateView.as_view()
reauthenticate_by_passkey = PasskeyReauthenticateView.as_view()
