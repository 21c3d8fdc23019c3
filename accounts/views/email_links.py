"""What the links in mails about addresses lead to: a page with a button.

Opening a link changes nothing.
"""

from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import perform_login, user_pk_to_url_str
from django.contrib import messages
from django.contrib.auth.hashers import check_password, is_password_usable
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.generic import View

from accounts.auth import email_changes, login_attempts, registration
from accounts.auth.email_policy import AddressRefusedError
from accounts.forms import WAITING_SIGNUP, PasswordForm
from accounts.models import AddressChange, WaitingSignup
from accounts.views.auth import TRIES
from microblog.web.ratelimit import client_network, spend


class _LinkView(View):
    """The page of one link of one mail."""

    template_name: str
    row: Any  # what the link is about

    def find(self, token: str) -> Any:
        raise NotImplementedError

    def act(self) -> HttpResponse:
        """Do what the button says. Raises GoneError, AddressTakenError, AddressRefusedError."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.row = self.find(kwargs["token"])
        return super().dispatch(request, *args, **kwargs) if self.row else self.page(404, gone=True)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        spend(TRIES, f"{type(self).__name__}\0{client_network(request)}")
        return self.try_to_act()

    def try_to_act(self) -> HttpResponse:
        try:
            return self.act()
        except email_changes.GoneError:
            return self.page(404, gone=True)
        except (email_changes.AddressTakenError, AddressRefusedError):
            return self.page(409, taken=True)

    def page(self, status: int = 200, **context: Any) -> HttpResponse:
        return render(self.request, self.template_name, {"row": self.row, **context}, status=status)


class _ConfirmView(_LinkView):
    """A link that makes an address somebody's: of whoever asked, and knows the password, not of
    whoever happens to read the mail.

    It is a button in the browser where it was asked for. Elsewhere, the password is typed as well:
    so nobody makes an account theirs with another's address and a password of their own, by the
    hand of who opens links.
    """

    template_name = "account/email_confirm.html"

    @property
    def knows_browser(self) -> bool:
        raise NotImplementedError

    def is_right(self, password: str) -> bool:
        """Tell whether it is theirs. Raises TooManyError."""
        raise NotImplementedError

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.page(form=None if self.knows_browser else PasswordForm())

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if self.knows_browser:
            return super().post(request, token)
        form = PasswordForm(request.POST)
        if form.is_valid() and not self.is_right(form.cleaned_data["password"]):
            form.add_error("password", "This is not the password.")
        return super().post(request, token) if form.is_valid() else self.page(422, form=form)


class SignupView(_ConfirmView):
    row: WaitingSignup

    def find(self, token: str) -> WaitingSignup | None:
        return WaitingSignup.objects.with_token(token)

    @property
    def knows_browser(self) -> bool:
        """Tell whether no password is asked for; where none was chosen, who opens the link makes
        the passkey.
        """
        chose_password = is_password_usable(self.row.password)
        return self.request.session.get(WAITING_SIGNUP) == self.row.pk or not chose_password

    def is_right(self, password: str) -> bool:
        attempt = login_attempts.Attempt(self.request, None, f"sign-up {self.row.pk}")
        right = check_password(password, self.row.password)
        attempt.succeeded() if right else attempt.failed()
        return right

    def act(self) -> HttpResponse:
        user = registration.confirm(self.row)
        messages.success(self.request, f"{user.email} is confirmed.")
        response: HttpResponse = perform_login(self.request, user, signup=True)
        return response


class ChangeView(_ConfirmView):
    row: AddressChange

    def find(self, token: str) -> AddressChange | None:
        return AddressChange.objects.to_confirm(token)

    @property
    def knows_browser(self) -> bool:
        return self.request.user == self.row.user

    def is_right(self, password: str) -> bool:
        return login_attempts.check_password(self.request, self.row.user, password)

    def act(self) -> HttpResponse:
        email_changes.confirm(self.row)
        messages.success(self.request, f"{self.row.email} is your e-mail address now.")
        return redirect("account_email")


class StopView(_LinkView):
    """The link that the old address gets: it forgets a change, or takes it back once made."""

    template_name = "accounts/pages/email_stop.html"
    row: AddressChange

    def find(self, token: str) -> AddressChange | None:
        return AddressChange.objects.to_stop(token)

    def act(self) -> HttpResponse:
        """Lead to a new password after a change was undone: whoever made it knows the old one."""
        if not email_changes.stop(self.row):
            return self.page(stopped=True)
        user = self.row.user
        return redirect(
            "account_reset_password_from_key",
            user_pk_to_url_str(user),
            default_token_generator.make_token(user),
        )


signup = never_cache(SignupView.as_view())
change = never_cache(ChangeView.as_view())
stop = never_cache(StopView.as_view())
