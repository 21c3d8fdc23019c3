# mypy: allow-subclassing-any, no-warn-return-any
"""How allauth behaves here."""

from typing import Any, override

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts import leaving, tasks
from accounts.auth import known_browsers, login_attempts
from accounts.models import Account, BannedEmail, User
from accounts.security import second_factor
from accounts.signals import suspension_reasons_requested
from accounts.welcome import first_step
from microblog.web.responses import is_our_page, next_page

AFTER_SIGNUP = "after_signup"  # the session's key


def confirms_addresses() -> bool:
    """Return whether an e-mail address counts only once confirmed: where mails are sent."""
    return settings.ACCOUNT_EMAIL_VERIFICATION == "mandatory"


class Adapter(DefaultAccountAdapter):
    """Mails are sent by a task, which is enqueued with what it tells of, and link to SITE_URL,
    whatever host the request named.
    """

    is_first_time = False  # that this user signs in

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The name or the password is wrong.",
        "email_taken": "Somebody has signed up with this e-mail address already.",
        "enter_current_password": "This is not your current password.",
        "incorrect_password": "This is not your password.",
        "duplicate_email": "This is your e-mail address already.",
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        names = ("SITE_NAME", "SITE_URL", "EXPLORE_URL")
        context = {name.lower(): getattr(settings, name) for name in names} | context
        message = self.render_mail(template_prefix, email, {"email": email, **context})
        tasks.send_mail.enqueue(message.subject, message.body, email)

    def is_safe_url(self, url: str | None) -> bool:
        """Tell whether `url` is a page of ours, by the rule of all other forms; None is none."""
        return is_our_page(self.request, url or "")

    def format_email_subject(self, subject: str) -> str:
        return f"{settings.SITE_NAME}: {subject}"

    def get_reset_password_from_key_url(self, key: str) -> str:
        return settings.SITE_URL + reverse(
            "account_reset_password_from_key", args=key.split("-", 1)
        )

    @override
    def login(self, request: HttpRequest, user: User) -> None:
        """Let in who has shown who they are: every way in ends here.

        Who deactivated their account has it back. Who is suspended reads why, and may take their
        archive and delete it.
        """
        account = getattr(user, "account", None)
        if account is None and user.is_waiting:
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_waiting")))
        if account and account.suspended_at:
            leaving.admit(request, user)
            raise ImmediateHttpResponse(HttpResponseRedirect(self._page_of_suspended(account)))
        is_back = account and account.deactivated_at and account.reactivate()
        self.is_first_time = user.last_login is None
        super().login(request, user)
        if is_back:
            messages.success(request, f"Welcome back: {account} is active again, with all of it.")

    def _page_of_suspended(self, account: Account) -> str:
        """Return where the owner of `account` goes on: where they came from, if that is open to
        them, or to the reasons.
        """
        wanted = self.request.POST.get("next")
        for name in settings.SUSPENDED_URLS:
            if wanted == reverse(name):
                return reverse(name)
        return _reasons_url(account) or reverse("account_inactive")

    @override
    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Remember the browser, tell who comes back whether others tried, and lead who needs a
        second factor to where they get one.
        """
        # or a moderator let them in since they signed up
        if kwargs["signup"] or (self.is_first_time and user.wanted_handle):
            kwargs["redirect_url"] = self._first_day(request, kwargs["redirect_url"])
        response = super().post_login(request, user, **kwargs)
        if second_factor.is_lacking(user):
            messages.warning(request, second_factor.NEEDED)
            response = HttpResponseRedirect(reverse("settings_security"))
        known_browsers.remember(request, response, user)
        if login_attempts.were_many(user):
            self.add_message(request, messages.WARNING, "accounts/messages/many_attempts.txt")
        return response

    @override
    def get_login_stages(self) -> list[str]:
        """Ask nobody to confirm an address on the way in: one that waits is nobody's yet."""
        return [
            "accounts.security.second_factor.SecondFactorStage",
            "accounts.security.second_factor.FirstPasskeyStage",
        ]

    @override
    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[Any]:
        """Ask for the password or a passkey; a code alone proves too little."""
        if not isinstance(user, User):
            return []
        ways = {"account_reauthenticate": user.has_usable_password()}
        ways["mfa_reauthenticate_webauthn"] = Authenticator.Type.WEBAUTHN in second_factor.of(user)
        return [
            {"id": name, "description": "", "url": reverse(name)}
            for name, has in ways.items()
            if has
        ]

    @override
    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Return who has this address and this password. Raises TooManyError."""
        name = credentials.get("email", "")
        attempt = login_attempts.Attempt(request, User.objects.with_email(name), name)
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        attempt.succeeded() if user else attempt.failed()
        return user

    @override
    def send_account_already_exists_mail(self, email: str) -> None:
        """Send it instead of the link; to a banned address the truth, told to its reader alone."""
        if BannedEmail.objects.is_banned(email):
            self.send_mail("accounts/mail/address_refused", email, {})
        else:
            super().send_account_already_exists_mail(email)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        user = request.user
        # somebody else was faster
        if user.is_authenticated and user.wanted_handle and not hasattr(user, "account"):
            return reverse("settings_start")
        return super().get_login_redirect_url(request)

    def _first_day(self, request: HttpRequest, to: str | None) -> str:
        """Lead through the steps of a first day, and then to where they wanted to go."""
        account = Account.objects.of(request.user)
        if not account:
            return self.get_login_redirect_url(request)
        return first_step(account, to or request.session.pop(AFTER_SIGNUP, ""))

    @override
    def respond_email_verification_sent(
        self, request: HttpRequest, user: AbstractBaseUser | None
    ) -> HttpResponse:
        """Remember where they wanted to go, for when the address is confirmed in this browser."""
        request.session[AFTER_SIGNUP] = next_page(request, "")
        response: HttpResponse = super().respond_email_verification_sent(request, user)
        return response

    @override
    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("settings_security")


def _reasons_url(account: Account) -> str:
    """Return where the owner of the suspended `account` reads why, or ""."""
    answers = suspension_reasons_requested.send(Account, account=account)
    return next((url for _, url in answers if url), "")
