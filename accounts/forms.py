# mypy: allow-subclassing-any, no-warn-return-any
"""What people fill in about themselves: sign-up, sign-in, the profile, the handle."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Literal, cast, override
from urllib.parse import urlsplit

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, RegexValidator, URLValidator
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from accounts import handles, limits
from accounts.auth import antispam, email_changes, login_attempts, registration, unsolicited_mail
from accounts.auth.adapter import confirms_addresses
from accounts.auth.email_policy import AddressRefusedError, check_address
from accounts.auth.one_time_links import UsedError
from accounts.models import (
    Account,
    Application,
    BlockedRange,
    Invitation,
    RefusedError,
    SignupPolicy,
    User,
)
from accounts.models.account import TAKEN
from accounts.models.application import MAX_REASON
from accounts.profile_pictures import AVATAR_SIZES, BANNER_SIZES
from microblog import text
from microblog.media import images, uploads
from microblog.media.isolation import UNMETERED, BusyError, Meter
from microblog.web import full_disk
from microblog.web.ratelimit import TooManyError, spend

PASSWORD_HINT = "At least 8 characters. A few unrelated words make a good one."  # noqa: S105
MAX_EMAIL_LENGTH = 254  # of User.email
WAITING_SIGNUP = "waiting_signup"  # the session's key for the sign-up that began in this browser


class HandleField(forms.CharField):
    """A local handle, with or without its @."""

    default_validators = [
        RegexValidator(
            rf"\A(?:{handles.LOCAL.pattern})\Z",
            "A handle has 1 to 15 characters: letters from A to Z, digits and underscores.",
        )
    ]
    widget = forms.TextInput(
        attrs={
            "autocapitalize": "none",
            "autocorrect": "off",
            "spellcheck": "false",
            "autocomplete": "username",
        }
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{"label": "Handle", "help_text": "1 to 15 letters, digits and underscores.", **kwargs}
        )

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").removeprefix("@")


# --- allauth's own, in our words ---


class _PlainForm(forms.Form):
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


class ChangePasswordForm(_PlainForm, allauth_forms.ChangePasswordForm):
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


class SetPasswordForm(_PlainForm, allauth_forms.SetPasswordForm): ...


class ResetPasswordForm(_PlainForm, allauth_forms.ResetPasswordForm):
    @override
    def clean_email(self) -> str:
        """Only an address that counts leads to somebody."""
        email: str = self.cleaned_data["email"].lower()
        user = User.objects.with_email(email)
        self.users = [user] if user and user.is_active else []
        return email


class ResetPasswordKeyForm(_PlainForm, allauth_forms.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = "New password"


class ReauthenticateForm(_PlainForm, allauth_forms.ReauthenticateForm): ...


# --- Signing in and up ---


class LoginForm(_PlainForm, allauth_forms.LoginForm):
    """By handle or e-mail address. A handle stands for its owner's address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attributes = {
            "autocomplete": "username",
            "autocapitalize": "none",
            "autocorrect": "off",
            "spellcheck": "false",
        }
        self.fields["login"] = forms.CharField(
            label="Handle or e-mail",
            max_length=MAX_EMAIL_LENGTH,
            widget=forms.TextInput(attributes),
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


class SignupForm(_PlainForm, allauth_forms.SignupForm):
    """Handle, e-mail address, password: what every way to sign up has in common."""

    handle = HandleField()
    field_order = ["handle", "email", "password1"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].validators.append(MaxLengthValidator(MAX_EMAIL_LENGTH))

    def clean_handle(self) -> str:
        handle: str = self.cleaned_data["handle"]
        if not Account.objects.handle_is_free(handle):
            raise ValidationError(TAKEN.format(handle=handle))
        return handle

    @property
    def confirms(self) -> bool:
        """Whether the address has to be confirmed before there is a user."""
        return confirms_addresses()

    def validate_unique_email(self, value: str) -> str:
        """A taken address, or a banned one, is answered as any other, where a mail server lets that
        be a secret.
        """
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
        """Raises HandleTakenError, or IntegrityError for the address, when somebody was faster;
        then nothing is kept.
        """
        return super().save(request)

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """The new user; or where the address has to be confirmed first, none, and the page that
        says so. Raises TooManyError.
        """
        if not self.confirms:
            return super().try_save(request)
        unsolicited_mail.count_mail(request, self.cleaned_data["email"])
        request.session[WAITING_SIGNUP] = self._wait()
        return None, get_adapter().respond_email_verification_sent(request, None)

    @transaction.atomic
    def _wait(self) -> int:
        """The id of what waits now; 0 where the address is taken, which its owner alone is told."""
        email, password = self.cleaned_data["email"], self.cleaned_data["password1"]
        self._wait_for()
        if self.account_already_exists:
            User().set_password(password)  # takes as long as for an address that is not known
            get_adapter().send_account_already_exists_mail(email)
            return 0
        return registration.wait(email, password, **self.wish()).pk

    def _wait_for(self) -> None:
        """What happens for every address alike."""

    def wish(self) -> dict[str, Any]:
        """What is kept beside address and password until the address is confirmed."""
        return {"handle": self.cleaned_data["handle"]}


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
        """Whether a moderator has to let them in."""
        return self.signup_policy.mode == SignupPolicy.Mode.APPROVAL and not self.invitation

    def clean_answer(self) -> str:
        answer: str = self.cleaned_data["answer"]
        if not self.signup_policy.is_right(answer):
            raise ValidationError(
                "That is not the answer that we look for. Is there another way to write it?"
            )
        return answer

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if BlockedRange.objects.covers(self.address):
            self.add_error(
                None, "Nobody can sign up from your network for now. From another one you can."
            )
        if cleaned.get("subject"):
            self._set_anew("subject", "")
            self.add_error(
                None,
                "A field was filled in that is not for people to see, perhaps by your browser. "
                "It is empty again: please send once more.",
            )
        if self.signup_policy.fill_seconds:
            self._check_time(cleaned.get("opened", ""))
        return cleaned

    def _check_time(self, token: str) -> None:
        opened_at = antispam.opened_at(token)
        if opened_at is None:
            self._set_anew("opened", antispam.opened())
            self.add_error(
                None,
                "This form had been open for long, or came in part. It is a new one now: "
                "please send it once more.",
            )
        elif timezone.now() - opened_at < timedelta(seconds=self.signup_policy.fill_seconds):
            self.add_error(
                None, "That was faster than this site can follow. Please send it once more."
            )

    def _set_anew(self, field: str, value: str) -> None:
        """Let the form come back with `value` there, and all else as it was typed."""
        data = cast("QueryDict", self.data).copy()
        data[field] = value
        self.data = data

    @override
    def signup(self, request: HttpRequest, user: User) -> None:
        self._use_invitation()
        user.wanted_handle = self.cleaned_data["handle"]
        user.save()
        if self.applies:
            Application.objects.create(user=user, reason=self.cleaned_data["reason"])
            user.settle()
        else:
            user.take_account(user.wanted_handle)

    @override
    def _wait_for(self) -> None:
        self._use_invitation()

    @override
    def wish(self) -> dict[str, Any]:
        return {
            **super().wish(),
            "applies": self.applies,
            "reason": self.cleaned_data.get("reason", ""),
        }

    def _use_invitation(self) -> None:
        """Raises UsedError where somebody else came by it a moment ago."""
        if self.invitation and not self.invitation.use():
            raise UsedError


class ClaimForm(SignupForm):
    """E-mail address and password, for an account that is here already."""

    handle = None  # type: ignore[assignment]

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        self.account = account
        super().__init__(*args, **kwargs)

    @override
    def signup(self, request: HttpRequest, user: User) -> None:
        if not self.account.assign_owner(user):
            raise UsedError

    @override
    def wish(self) -> dict[str, Any]:
        return {"claims": self.account}


class FirstAdministratorForm(SignupForm):
    """Handle, e-mail address, password of the first administrator, whose address counts as
    confirmed: they keep the server.
    """

    confirms = False

    @transaction.atomic
    def save(self, request: HttpRequest) -> User:
        """Raises UsedError where there is an administrator by now."""
        if connection.vendor == "postgresql":  # SQLite has one writer at a time anyway
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE accounts_user IN SHARE ROW EXCLUSIVE MODE")
        if User.objects.has_administrator():
            raise UsedError
        return super().save(request)

    @override
    def signup(self, request: HttpRequest, user: User) -> None:
        user.is_staff = user.is_superuser = True
        user.save()
        user.take_account(self.cleaned_data["handle"])


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
        """Raises IntegrityError when somebody took the address since it was checked, or
        TooManyError.
        """
        email = self.cleaned_data["email"]
        if confirms_addresses():
            email_changes.ask(request, self.user, email)
        else:
            email_changes.change_now(self.user, email)


class PasswordForm(forms.Form):
    """A password that proves who confirms."""

    password = forms.CharField(
        label="Password",
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


# --- The profile ---

PICTURES: dict[Literal["avatar", "banner"], dict[str, tuple[int, int]]] = {
    "avatar": AVATAR_SIZES,
    "banner": BANNER_SIZES,
}
POSITIONS = [("start", "Left or top"), ("middle", "Middle"), ("end", "Right or bottom")]
MEGABYTE = 1024 * 1024


class TextField(forms.CharField):
    """A text as it will be kept: cleaned first, then measured.

    What is longer than any text here (text.MAX_TYPED) is not even cleaned.
    """

    def __init__(self, clean: Callable[[str], str], longest: int, **kwargs: Any) -> None:
        self.clean_text, self.longest = clean, longest
        too_long = MaxLengthValidator(
            longest, f"At most {longest} characters fit; this has %(show_value)d."
        )
        super().__init__(
            help_text=kwargs.pop("help_text", f"At most {longest} characters."),
            validators=[too_long],
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        typed: str = super().to_python(value) or ""
        if len(typed) > text.MAX_TYPED:
            raise ValidationError(
                f"This is far too long: {len(typed)} characters. At most {self.longest} fit."
            )
        return self.clean_text(typed)


class WebsiteField(TextField):
    """An http or https address; typed without that, it means https."""

    default_error_messages = {
        "no_address": "This is no web address that we know. One looks like https://example.com."
    }
    is_address = URLValidator(schemes=["http", "https"])

    def to_python(self, value: Any) -> str:
        url = super().to_python(value)
        return url if not url or "://" in url else f"https://{url}"

    def validate(self, value: str) -> None:
        super().validate(value)
        try:
            if value:
                self.is_address(value)
            # https://bank.example@elsewhere.example reads as what it is not
            misleads = "@" in urlsplit(value).netloc
        except (ValueError, ValidationError):
            misleads = True
        if misleads:
            raise ValidationError(self.error_messages["no_address"])


class PictureField(forms.FileField):
    widget = forms.FileInput({"accept": images.ACCEPT})

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and value.size > images.MAX_BYTES:
            raise ValidationError(
                f"This file is too large. At most {images.MAX_BYTES // MEGABYTE} MB fit."
            )


def _position_field(of: str) -> forms.ChoiceField:
    label, hint = (
        f"Where the {of} is cut, keep its",
        f"For a new {of} that is too long or too high for its place.",
    )
    return forms.ChoiceField(
        label=label, help_text=hint, choices=POSITIONS, initial="middle", widget=forms.RadioSelect
    )


class ProfileForm(forms.Form):
    """What an account says of itself."""

    words = ("name", "bio", "location", "website")
    name = TextField(
        text.clean_line,
        50,
        error_messages={"required": "Please type a name."},
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    bio = TextField(text.clean, 160, required=False, widget=forms.Textarea({"rows": 3}))
    location = TextField(text.clean_line, 30, required=False)
    website = WebsiteField(
        text.clean_line,
        200,
        required=False,
        help_text="",
        widget=forms.TextInput({"inputmode": "url", "autocomplete": "url"}),
    )
    avatar = PictureField(
        label="New avatar", required=False, help_text="Square: 400 by 400 pixels or more look best."
    )
    avatar_position = _position_field("avatar")
    avatar_remove = forms.BooleanField(label="Remove the avatar", required=False)
    banner = PictureField(
        label="New banner",
        required=False,
        help_text="Three times as wide as high: 1500 by 500 pixels look best.",
    )
    banner_position = _position_field("banner")
    banner_remove = forms.BooleanField(label="Remove the banner", required=False)

    refused: TooManyError | BusyError | None = None  # tells when it may be sent, if that is not now

    def __init__(
        self, *args: Any, account: Account, meter: Meter = UNMETERED, **kwargs: Any
    ) -> None:
        self.account, self.meter = account, meter
        self.made: dict[str, images.Picture] = {}
        super().__init__(
            *args, **{"initial": {field: getattr(account, field) for field in self.words}, **kwargs}
        )
        for field in PICTURES:
            if not getattr(account, field):
                del self.fields[f"{field}_remove"]

    @property
    def lost_files(self) -> bool:
        """Whether files came that this form, being refused, cannot show again."""
        return bool(self.files and self.errors)

    def clean(self) -> None:
        """No picture is opened before all words are right."""
        if self.refused:
            self.add_error(None, str(self.refused))
        elif any(self.cleaned_data.get(field) for field in PICTURES):
            try:  # of words, the verb says so
                self.account.check_may_write()
                self.account.check_room()
            except RefusedError as error:
                self.add_error(None, str(error))
        for field, sizes in PICTURES.items() if not self.errors else ():
            if file := self.cleaned_data.get(field):
                try:
                    with full_disk.told():
                        self.made[field] = images.crop(
                            file, sizes, self.cleaned_data[f"{field}_position"], self.meter
                        )
                except images.ImageError as error:
                    self.add_error(field, str(error))
                except (TooManyError, BusyError) as error:
                    self.refused = error
                    self.add_error(None, str(error))
                    return

    def save(self) -> None:
        """Raises RefusedError, also where another tab took the room, TooManyError, and FullError
        where the disk is full.
        """
        before = {field: getattr(self.account, field) for field in PICTURES}
        try:
            with full_disk.told():
                spend(limits.PROFILES, self.account.pk)
                self._save()
        except BaseException:
            for field, key in before.items():
                if (new := getattr(self.account, field)) not in {key, ""}:
                    uploads.discard(new)
                setattr(self.account, field, key)
            raise

    @transaction.atomic
    def _save(self) -> None:
        self.account.edit(**{field: self.cleaned_data[field] for field in self.words})
        for field in PICTURES:
            if made := self.made.get(field):
                self.account.set_picture(field, made.files)
            elif self.cleaned_data.get(f"{field}_remove"):
                self.account.set_picture(field, None)


class HandleForm(forms.Form):
    """The handle of `account`, or of somebody who has none yet."""

    handle = HandleField(label="New handle")

    def __init__(self, *args: Any, account: Account | None = None, **kwargs: Any) -> None:
        self.account = account
        super().__init__(*args, **kwargs)

    def clean_handle(self) -> str:
        handle: str = self.cleaned_data["handle"]
        if not Account.objects.handle_is_free(handle, self.account):
            raise ValidationError(TAKEN.format(handle=handle))
        return handle
