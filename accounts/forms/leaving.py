"""Leave: a form for a while, and one for good."""

from typing import Any

from django import forms

from accounts.forms.passwords import OwnPasswordForm
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


class DeletionForm(DeactivationForm, OwnPasswordForm):
    """The password, where there is one, and a tick."""

    sure = forms.BooleanField(
        label="Delete my account, with all that I put here. This cannot be undone.",
        error_messages={"required": "Please tick this if you are sure."},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, account=user.account, user=user, auto_id="deletion_%s", **kwargs)
