# mypy: allow-subclassing-any, no-warn-return-any
"""Ask for another e-mail address."""

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts.auth import email_changes
from accounts.auth.adapter import confirms_addresses
from accounts.auth.email_policy import AddressRefusedError, check_address
from accounts.forms.fields import MAX_EMAIL_LENGTH
from accounts.models import User


class EmailForm(forms.Form):
    """Another e-mail address: at once, or as soon as it is confirmed, where it must be."""

    email = forms.EmailField(
        label="New e-mail address",
        max_length=MAX_EMAIL_LENGTH,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if email == self.user.email:
            raise get_adapter().validation_error("duplicate_email")
        if not confirms_addresses() and User.objects.with_email(email):
            raise get_adapter().validation_error("email_taken")
        try:
            check_address(email)
        except AddressRefusedError as error:
            raise ValidationError(str(error)) from error
        return email

    def save(self, request: HttpRequest) -> None:
        """Change the address, or send a link. Raises IntegrityError or TooManyError."""
        email = self.cleaned_data["email"]
        if confirms_addresses():
            email_changes.ask(request, self.user, email)
        else:
            email_changes.change_now(self.user, email)
