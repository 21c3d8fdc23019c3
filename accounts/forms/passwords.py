# mypy: allow-subclassing-any, no-warn-return-any
"""Ask for a password, and for a new one: allauth's forms in our words."""

from typing import Any, override

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from django import forms
from django.http import HttpRequest

from accounts.auth import login_attempts
from accounts.models import User
from microblog.web.ratelimit import TooManyError

PASSWORD_HINT = "At least 8 characters. A few unrelated words make a good one."  # noqa: S105


class PlainForm(forms.Form):
    """Labels say what a field is; placeholders that repeat them go.

    A password is typed once: managers know it, and a reset is easy.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if "password" in name:
                field.help_text = PASSWORD_HINT if name == "password1" else ""
            elif name == "email":
                field.label = "E-mail"


class ChangePasswordForm(PlainForm, allauth_forms.ChangePasswordForm):
    """The current password and the next.

    Cleaning it raises TooManyError, like each place that asks for a password.
    """

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.fields["oldpassword"].label = "Current password"
        self.fields["password1"].label = "New password"

    @override
    def clean_oldpassword(self) -> str:
        password: str = self.cleaned_data["oldpassword"]
        if not login_attempts.check_password(self.request, self.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return password


class SetPasswordForm(PlainForm, allauth_forms.SetPasswordForm): ...


class ResetPasswordForm(PlainForm, allauth_forms.ResetPasswordForm):
    @override
    def clean_email(self) -> str:
        """Find who has it: only an address that counts leads to somebody."""
        email: str = self.cleaned_data["email"].lower()
        user = User.objects.with_email(email)
        self.users = [user] if user and user.is_active else []
        return email


class ResetPasswordKeyForm(PlainForm, allauth_forms.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = "New password"


class ReauthenticateForm(PlainForm, allauth_forms.ReauthenticateForm): ...


class PasswordForm(forms.Form):
    """A password that proves who confirms."""

    password = forms.CharField(
        label="Password",
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


class OwnPasswordForm(PasswordForm):
    """The password of `user`, who confirms something; nothing where they have none, or unless it
    `asks`.

    `refused` is why it was not looked at.
    """

    refused: TooManyError | None = None

    def __init__(
        self, *args: Any, user: User, request: HttpRequest, asks: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.request = user, request
        if not (asks and user.has_usable_password()):
            del self.fields["password"]

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        try:
            right = login_attempts.check_password(self.request, self.user, password)
        except TooManyError as error:
            self.refused = error
            raise forms.ValidationError(str(error)) from error
        if not right:
            raise forms.ValidationError("This is not your password.")
        return password
