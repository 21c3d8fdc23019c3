"""Leave: a form for a while, and one for good."""

from typing import Any

from django import forms
from django.http import HttpRequest

from accounts.auth import login_attempts
from accounts.forms.passwords import PasswordForm
from accounts.leaving import token_of
from accounts.models import Account, User
from microblog.web.ratelimit import TooManyError


class DeactivationForm(forms.Form):
    """Says whose account it is about, for when it is sent twice. Its words are in the page."""

    account = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)

    refused: TooManyError | None = None

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "deactivation_%s")
        super().__init__(*args, **kwargs)
        self.initial["account"] = token_of(account)


class DeletionForm(DeactivationForm, PasswordForm):
    """The password, where there is one, and a tick."""

    sure = forms.BooleanField(
        label="Delete my account, with all that I put here. This cannot be undone.",
        error_messages={"required": "Please tick this if you are sure."},
    )

    def __init__(self, *args: Any, user: User, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, account=user.account, auto_id="deletion_%s", **kwargs)
        self.user, self.request = user, request
        if not user.has_usable_password():
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
