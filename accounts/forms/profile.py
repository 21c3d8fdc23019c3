# mypy: allow-subclassing-any, no-warn-return-any
"""Ask what a profile says and shows, and how it is called."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import BoundField

from accounts import kept_pictures, limits
from accounts.forms.fields import (
    CropField,
    HandleField,
    PictureField,
    WebsiteField,
    name_field,
    position_field,
)
from accounts.models import Account, RefusedError
from accounts.models.account_queryset import TAKEN
from accounts.profile_pictures import PICTURES, Field
from microblog import text
from microblog.db import full_disk
from microblog.media import images, uploads
from microblog.media.isolation import UNMETERED, BusyError, Meter
from microblog.web.forms import TextField
from microblog.web.ratelimit import TooManyError, spend

KEPT_NO_LONGER = "The picture that you chose was kept for an hour. Please choose it again."


@dataclass(frozen=True)
class PicturePart:
    """What a form asks about an avatar or a banner, and what it kept of one already."""

    name: Field
    file: BoundField
    crop: BoundField
    position: BoundField
    remove: BoundField | None
    token: str
    shown: str  # its picture, as an address that holds it

    @property
    def errors(self) -> list[str]:
        """Return what is wrong with the file, and with what shall stay of it."""
        return [*self.file.errors, *self.crop.errors]


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
    avatar_crop = CropField(required=False)
    avatar_position = position_field("avatar")
    avatar_remove = forms.BooleanField(label="Remove the avatar", required=False)
    banner = PictureField(
        label="New banner",
        required=False,
        help_text="Three times as wide as high: 1500 by 500 pixels look best.",
    )
    banner_crop = CropField(required=False)
    banner_position = position_field("banner")
    banner_remove = forms.BooleanField(label="Remove the banner", required=False)

    refused: TooManyError | BusyError | None = None  # tells when it may be sent, if that is not now

    def __init__(
        self,
        *args: Any,
        account: Account,
        meter: Meter = UNMETERED,
        keeps_files: bool = False,
        **kwargs: Any,
    ) -> None:
        """`keeps_files`: where it is refused, its pictures are kept for the next one."""
        self.account, self.meter, self.keeps_files = account, meter, keeps_files
        self.made: dict[Field, Mapping[str, bytes]] = {}
        self.tokens: dict[Field, str] = {}
        super().__init__(
            *args, **{"initial": {field: getattr(account, field) for field in self.words}, **kwargs}
        )
        for field in PICTURES:
            if not getattr(account, field):
                del self.fields[f"{field}_remove"]

    @property
    def texts(self) -> list[BoundField]:
        return [self[name] for name in self.words]

    @property
    def pictures(self) -> list[PicturePart]:
        return [self._part(field) for field in self._asked()]

    def _asked(self) -> list[Field]:
        """Return the pictures that it asks for: a part of it may ask for less."""
        return [field for field in PICTURES if field in self.fields]

    def _part(self, field: Field) -> PicturePart:
        token = self.tokens.get(field, "")
        small = base64.b64encode(self.made[field]["small.webp"]).decode() if token else ""
        return PicturePart(
            name=field,
            file=self[field],
            crop=self[f"{field}_crop"],
            position=self[f"{field}_position"],
            remove=self[f"{field}_remove"] if f"{field}_remove" in self.fields else None,
            token=token,
            shown=f"data:image/webp;base64,{small}",
        )

    @property
    def lost_files(self) -> bool:
        """Tell whether files came that this form, being refused, has not kept."""
        return bool(self.errors and self.files.keys() - self.tokens.keys())

    def clean(self) -> None:
        """Open no picture before all words are right, unless it shall be kept."""
        for field in self._asked():
            self._find_kept(field, self.data.get(f"{field}_kept", ""))
        if self.refused:
            self.add_error(None, str(self.refused))
            return
        if self.made or any(self.cleaned_data.get(field) for field in PICTURES):
            try:  # of words, the verb says so
                self.account.check_may_write()
                self.account.check_room()
            except RefusedError as error:
                self.add_error(None, str(error))
                return
        if self.keeps_files or not self.errors:
            self._open_pictures()
        if self.errors and self.keeps_files:
            self._keep_pictures()

    def _find_kept(self, field: Field, token: str) -> None:
        """Take what the form before this one kept, unless another file was chosen since."""
        if not token or self.cleaned_data.get(field):
            return
        if files := kept_pictures.find(self.account, field, token):
            self.made[field], self.tokens[field] = files, token
        else:
            self.add_error(field, KEPT_NO_LONGER)

    def _open_pictures(self) -> None:
        for field, sizes in PICTURES.items():
            file, keep, box = (
                self.cleaned_data.get(name)
                for name in (field, f"{field}_position", f"{field}_crop")
            )
            if not (file and keep and box):  # none was chosen, or something is wrong with it
                continue
            try:
                with full_disk.told():
                    self.made[field] = images.crop(file, sizes, keep, self.meter, box=box).files
            except images.ImageError as error:
                self.add_error(field, str(error))
            except (TooManyError, BusyError) as error:
                self.refused = error
                self.add_error(None, str(error))
                return

    def _keep_pictures(self) -> None:
        """Keep what was made ready for the form that comes after this one."""
        try:
            with full_disk.told():
                for field in self.made.keys() - self.tokens.keys():
                    token = kept_pictures.keep(self.account, field, self.made[field])
                    self.tokens[field] = token
        except BusyError as error:
            self.refused = error
            self.add_error(None, str(error))

    def save(self) -> None:
        """Raise RefusedError, also where another tab took the room, TooManyError, and FullError."""
        before = {field: getattr(self.account, field) for field in PICTURES}
        try:
            with full_disk.told():
                spend(limits.PROFILES, self.account.pk)
                self._save()
        except BaseException as error:
            for field, key in before.items():
                if (new := getattr(self.account, field)) not in {key, ""}:
                    uploads.discard(new)
                setattr(self.account, field, key)
            if self.keeps_files and isinstance(error, RefusedError | TooManyError):
                self._keep_pictures()
            raise
        for field in PICTURES:
            if self.data.get(f"{field}_kept"):
                kept_pictures.forget(self.account, field)

    @transaction.atomic
    def _save(self) -> None:
        self.account.edit(**{field: self.cleaned_data[field] for field in self.words})
        for field in PICTURES:
            if made := self.made.get(field):
                self.account.set_picture(field, made)
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
