# mypy: allow-subclassing-any, no-warn-return-any
"""Ask who somebody is."""

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms

from accounts.forms.fields import MAX_EMAIL_LENGTH, NAME_ATTRIBUTES
from accounts.forms.passwords import PlainForm
from accounts.models import Account


class LoginForm(PlainForm, allauth_forms.LoginForm):
    """By handle or e-mail address. A handle stands for its owner's address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget = forms.TextInput(NAME_ATTRIBUTES)
        self.fields["login"] = forms.CharField(
            label="Handle or e-mail", max_length=MAX_EMAIL_LENGTH, widget=widget
        )
        self.order_fields(["login", "password"])

    def user_credentials(self) -> dict[str, str]:
        credentials = super().user_credentials()
        name = credentials["email"].removeprefix("@")
        if "@" not in name:
            # An unknown handle goes the same way as an unknown address: its attempts are counted, a
            # password is hashed in vain.
            credentials["email"] = Account.objects.email_behind(name) or f"@{name}"
        return credentials
