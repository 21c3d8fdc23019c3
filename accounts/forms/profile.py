# mypy: allow-subclassing-any, no-warn-return-any
"""Ask what a profile says and shows, and how it is called."""

from typing import Any, Literal

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import limits
from accounts.forms.fields import (
    HandleField,
    PictureField,
    WebsiteField,
    name_field,
    position_field,
)
from accounts.models import Account, RefusedError
from accounts.models.account_queryset import TAKEN
from accounts.profile_pictures import AVATAR_SIZES, BANNER_SIZES
from microblog import text
from microblog.db import full_disk
from microblog.media import images, uploads
from microblog.media.isolation import UNMETERED, BusyError, Meter
from microblog.web.forms import TextField
from microblog.web.ratelimit import TooManyError, spend

PICTURES: dict[Literal["avatar", "banner"], dict[str, tuple[int, int]]] = {
    "avatar": AVATAR_SIZES,
    "banner": BANNER_SIZES,
}


class ProfileForm(forms.Form):
    """What an account says of itself."""

    words: tuple[str, ...] = ("name", "bio", "location", "website")
    name = name_field()
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
    avatar_position = position_field("avatar")
    avatar_remove = forms.BooleanField(label="Remove the avatar", required=False)
    banner = PictureField(
        label="New banner",
        required=False,
        help_text="Three times as wide as high: 1500 by 500 pixels look best.",
    )
    banner_position = position_field("banner")
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
        """Tell whether files came that this form, being refused, cannot show again."""
        return bool(self.files and self.errors)

    def clean(self) -> None:
        """Open no picture before all words are right."""
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
        """Raise RefusedError, also where another tab took the room, TooManyError, and FullError."""
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


class ProfilePartForm(ProfileForm):
    """One part of it: the fields whose names begin with `part` ("avatar", "bio")."""

    def __init__(self, *args: Any, part: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {name: field for name, field in self.fields.items() if name.startswith(part)}
        self.words = tuple(word for word in self.words if word in self.fields)


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
