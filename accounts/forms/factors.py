# mypy: allow-subclassing-any, no-warn-return-any
"""Ask for a code, and for what a device answers when it is asked for a passkey."""

import struct
from typing import Any, override

from allauth.mfa.base import forms as code_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as passkey_forms
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django import forms
from django.core.exceptions import ValidationError

from accounts.auth import login_attempts
from accounts.security import passkeys
from microblog import text
from microblog.web.forms import TextField

LONGEST_ANSWER = 20_000  # characters: a device answers with some hundreds
NO_ANSWER = (
    "This passkey is not one of yours here, or the page had been open for long. Nothing was "
    "changed. Please try once more."
)
WRONG_CODE = (
    "This code is not right, or was used already. Your app shows a new one every 30 seconds; a "
    "recovery code works once."
)
# What allauth and fido2 raise for answers that no device gives.
_NOT_UNDERSTOOD = (
    *(ArithmeticError, AttributeError, InvalidSignature, LookupError, NotImplementedError),
    *(RecursionError, TypeError, UnsupportedAlgorithm, ValidationError, ValueError, struct.error),
)


class _CodeField(forms.CharField):
    def __init__(self, label: str) -> None:
        # no placeholder, no spelling, and a keyboard of digits where there is one
        attributes = {
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "spellcheck": "false",
        }
        super().__init__(label=label, max_length=40, widget=forms.TextInput(attributes))


class CodeForm(code_forms.AuthenticateForm):
    """A code of the app, or a recovery code. Each works once. Cleaning it raises TooManyError."""

    code = _CodeField("Code")

    @override
    def clean_code(self) -> str:
        attempt = login_attempts.CodeAttempt(self.user)
        try:
            code: str = super().clean_code()
        except (Authenticator.DoesNotExist, ValidationError) as error:  # or new ones were made
            attempt.failed()
            raise ValidationError(WRONG_CODE) from error
        if self.authenticator.type == Authenticator.Type.TOTP and not attempt.is_new(code):
            raise ValidationError(WRONG_CODE)
        attempt.succeeded()
        return code


class AuthenticatorAppForm(totp_forms.ActivateTOTPForm):
    """The first code of a new app."""

    code = _CodeField("The code that the app shows")

    @override
    def clean_code(self) -> str:
        try:
            return super().clean_code()
        except ValidationError as error:
            message = "This is not the code that the app shows now. Does its clock go right?"
            raise ValidationError(message) from error


class _AnswerField(forms.JSONField):
    def __init__(self) -> None:
        super().__init__(
            widget=forms.HiddenInput,
            error_messages=dict.fromkeys(("required", "invalid"), NO_ANSWER),
        )

    def to_python(self, value: Any) -> Any:
        if len(value or "") > LONGEST_ANSWER:
            raise ValidationError(NO_ANSWER)
        try:
            answer = super().to_python(value)
        except (RecursionError, ValueError) as error:  # nested too deeply; a number too long
            raise ValidationError(NO_ANSWER) from error
        if not isinstance(answer, dict):
            raise ValidationError(NO_ANSWER)
        return answer

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Show it on no page: the device is asked again."""
        return initial


class NewPasskeyForm(passkey_forms.SignupWebAuthnForm):
    """A passkey that a device has just made, and what its owner calls it."""

    name = TextField(text.clean_line, 50, required=False, help_text="So that you tell it apart.")
    credential = _AnswerField()

    @override
    def clean(self) -> dict[str, Any]:
        if len(passkeys.of(self.user)) >= passkeys.MOST_PASSKEYS:
            raise ValidationError(
                f"You have {passkeys.MOST_PASSKEYS} passkeys; more do not fit. Remove one first."
            )
        try:
            return super().clean()
        except _NOT_UNDERSTOOD as error:
            raise ValidationError(NO_ANSWER) from error


class PasskeyAnswerForm(passkey_forms.AuthenticateWebAuthnForm):
    """The answer of one of the user's passkeys."""

    credential = _AnswerField()

    @override
    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except _NOT_UNDERSTOOD as error:
            raise ValidationError(NO_ANSWER) from error


class PasskeyLoginForm(PasskeyAnswerForm):
    """The answer of anybody's passkey: it says who signs in."""

    passwordless = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=None, **kwargs)


class PasskeyReauthenticateForm(PasskeyAnswerForm):
    reauthenticated = True


class PasskeyNameForm(forms.Form):
    name = TextField(
        text.clean_line, 50, error_messages={"required": "Please type what you call it."}
    )
