# mypy: allow-subclassing-any, no-warn-return-any
"""Ask who wants to come in, in each of the ways that the site is open."""

from datetime import timedelta
from typing import Any, cast, override

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from accounts.auth import antispam, registration, unsolicited_mail
from accounts.auth.adapter import confirms_addresses
from accounts.auth.email_policy import AddressRefusedError, check_address
from accounts.auth.one_time_links import UsedError
from accounts.forms.fields import MAX_EMAIL_LENGTH, HandleField, name_field
from accounts.forms.passwords import PlainForm
from accounts.models import Account, Application, BlockedRange, Invitation, SignupPolicy, User
from accounts.models.account_queryset import TAKEN
from accounts.models.registration import MAX_REASON
from microblog import text
from microblog.web.forms import TextField

UNSEEN_FILLED = (
    "A field was filled in that is not for people to see, perhaps by your browser. It is empty "
    "again: please send once more."
)
TOO_OLD = (
    "This form had been open for long, or came in part. It is a new one now: please send it once "
    "more."
)
TOO_FAST = "That was faster than this site can follow. Please send it once more."
NETWORK_BLOCKED = "Nobody can sign up from your network for now. From another one you can."
WRONG_ANSWER = "That is not the answer that we look for. Is there another way to write it?"
WAITING_SIGNUP = "waiting_signup"  # the session's key for the sign-up that began in this browser


class SignupForm(PlainForm, allauth_forms.SignupForm):
    """Name, handle, e-mail address, password: what every way to sign up has in common.

    Whoever presses the button "passkey" types no password: they make their passkey as soon as they
    are somebody (accounts.security.second_factor.FirstPasskeyStage).
    """

    name = name_field()
    handle = HandleField()
    field_order = ["name", "handle", "email", "password1"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].validators.append(MaxLengthValidator(MAX_EMAIL_LENGTH))
        if "passkey" in self.data:
            self.fields["password1"].required = False

    def clean_handle(self) -> str:
        handle: str = self.cleaned_data["handle"]
        if not Account.objects.handle_is_free(handle):
            raise ValidationError(TAKEN.format(handle=handle))
        return handle

    def clean_password1(self) -> str:
        """Forget what was typed where a passkey is wanted: nobody knows of it later."""
        return "" if "passkey" in self.data else self.cleaned_data["password1"]

    @property
    def confirms(self) -> bool:
        """Tell whether the address has to be confirmed before there is a user."""
        return confirms_addresses()

    def validate_unique_email(self, value: str) -> str:
        """Answer a taken or banned address as any other, where a mail server keeps it secret."""
        self.account_already_exists = User.objects.with_email(value) is not None
        if self.account_already_exists and not self.confirms:
            raise get_adapter().validation_error("email_taken")
        try:
            self.account_already_exists |= not check_address(value)
        except AddressRefusedError as error:
            raise ValidationError(str(error)) from error
        return value

    @transaction.atomic
    def save(self, request: HttpRequest) -> User:
        """Raise HandleTakenError, or IntegrityError for the address; then nothing is kept."""
        return super().save(request)

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Return the new user; or where the address waits to be confirmed, a page."""
        if not self.confirms:
            return super().try_save(request)
        unsolicited_mail.count_mail(request, self.cleaned_data["email"])
        request.session[WAITING_SIGNUP] = self._wait()
        return None, get_adapter().respond_email_verification_sent(request, None)

    @transaction.atomic
    def _wait(self) -> int:
        """Return the id of what waits; 0 where the address is taken, told to its owner alone."""
        email, password = self.cleaned_data["email"], self.cleaned_data["password1"] or None
        self.use_invitation()
        if self.account_already_exists:
            User().set_password(password)  # takes as long as for an address that is not known
            get_adapter().send_account_already_exists_mail(email)
            return 0
        return registration.wait(email, password, **self.kept_fields()).pk

    def use_invitation(self) -> None:
        """Count it, whatever the address. Raises UsedError where somebody came by it just now."""

    def kept_fields(self) -> dict[str, Any]:
        """Return what is kept beside address and password until the address is confirmed."""
        return {name: self.cleaned_data[name] for name in ("name", "handle")}


class JoinForm(SignupForm):
    """What they fill in who come by themselves, or by an `invitation`, from the network address
    `address`.

    The handle is theirs at once; or as soon as the address is confirmed, where it must be, and a
    moderator let them in, where one has to.
    """

    subject = forms.CharField(  # type: ignore[call-arg]  # the stubs do not know template_name
        label="Leave this field empty",
        required=False,
        widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"}),
        template_name="accounts/forms/unseen_field.html",
    )
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        signup_policy: SignupPolicy,
        address: str,
        invitation: Invitation | None = None,
        **kwargs: Any,
    ) -> None:
        self.signup_policy, self.address, self.invitation = signup_policy, address, invitation
        super().__init__(*args, **kwargs)
        self.initial["opened"] = antispam.opened()
        if self.applies:
            self.fields["reason"] = TextField(
                text.clean,
                MAX_REASON,
                label="Why would you like to join?",
                widget=forms.Textarea({"rows": 3}),
            )
        if signup_policy.question:
            self.fields["answer"] = forms.CharField(
                label=signup_policy.question,
                max_length=200,
                widget=forms.TextInput({"autocomplete": "off"}),
            )

    @property
    def applies(self) -> bool:
        """Tell whether a moderator has to let them in."""
        return self.signup_policy.mode == SignupPolicy.Mode.APPROVAL and not self.invitation

    def clean_answer(self) -> str:
        answer: str = self.cleaned_data["answer"]
        if not self.signup_policy.is_right(answer):
            raise ValidationError(WRONG_ANSWER)
        return answer

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if BlockedRange.objects.covers(self.address):
            self.add_error(None, NETWORK_BLOCKED)
        if cleaned.get("subject"):
            self._set_anew("subject", "")
            self.add_error(None, UNSEEN_FILLED)
        if self.signup_policy.fill_seconds:
            self._check_time(cleaned.get("opened", ""))
        return cleaned

    def _check_time(self, token: str) -> None:
        opened_at = antispam.opened_at(token)
        if opened_at is None:
            self._set_anew("opened", antispam.opened())
            self.add_error(None, TOO_OLD)
        elif timezone.now() - opened_at < timedelta(seconds=self.signup_policy.fill_seconds):
            self.add_error(None, TOO_FAST)

    def _set_anew(self, field: str, value: str) -> None:
        """Let the form come back with `value` there, and all else as it was typed."""
        data = cast("QueryDict", self.data).copy()
        data[field] = value
        self.data = data

    @override
    def signup(self, request: HttpRequest, user: User) -> None:
        self.use_invitation()
        user.wanted_name = self.cleaned_data["name"]
        user.wanted_handle = self.cleaned_data["handle"]
        user.save()
        if self.applies:
            Application.objects.create(user=user, reason=self.cleaned_data["reason"])
            user.activate()
        else:
            user.take_account(user.wanted_handle)

    @override
    def kept_fields(self) -> dict[str, Any]:
        reason = self.cleaned_data.get("reason", "")
        return {**super().kept_fields(), "applies": self.applies, "reason": reason}

    @override
    def use_invitation(self) -> None:
        if self.invitation and not self.invitation.use():
            raise UsedError


class ClaimForm(SignupForm):
    """E-mail address and password, for an account that is here already."""

    name = handle = None  # type: ignore[assignment]

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        self.account = account
        super().__init__(*args, **kwargs)

    @override
    def signup(self, request: HttpRequest, user: User) -> None:
        if not self.account.assign_owner(user):
            raise UsedError

    @override
    def kept_fields(self) -> dict[str, Any]:
        return {"claims": self.account}


class FirstAdministratorForm(SignupForm):
    """Name, handle, e-mail address, password of the first administrator, whose address counts as
    confirmed: they keep the server.
    """

    confirms = False

    @transaction.atomic
    def save(self, request: HttpRequest) -> User:
        """Raise UsedError where there is an administrator by now."""
        if connection.vendor == "postgresql":  # SQLite has one writer at a time anyway
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE accounts_user IN SHARE ROW EXCLUSIVE MODE")
        if User.objects.has_administrator():
            raise UsedError
        return super().save(request)

    @override
    def signup(self, request: HttpRequest, user: User) -> None:
        user.wanted_name = self.cleaned_data["name"]
        user.is_staff = user.is_superuser = True
        user.save()
        user.take_account(self.cleaned_data["handle"])
