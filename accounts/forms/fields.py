# mypy: allow-subclassing-any, no-warn-return-any
"""Fields of forms about people: handles, websites, pictures."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator

from accounts import handles
from microblog import text
from microblog.media import images
from microblog.web.forms import TextField

MAX_EMAIL_LENGTH = 254  # of User.email
POSITIONS = [("start", "Left or top"), ("middle", "Middle"), ("end", "Right or bottom")]
MEGABYTE = 1024 * 1024


# of a field that names who signs in
NAME_ATTRIBUTES = {
    "autocomplete": "username",
    "autocapitalize": "none",
    "autocorrect": "off",
    "spellcheck": "false",
}


class HandleField(forms.CharField):
    """A local handle, with or without its @."""

    default_validators = [RegexValidator(rf"\A(?:{handles.LOCAL.pattern})\Z", handles.RULE)]
    widget = forms.TextInput(NAME_ATTRIBUTES)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{"label": "Handle", "help_text": "1 to 15 letters, digits and underscores.", **kwargs}
        )

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").removeprefix("@")


def name_field() -> TextField:
    return TextField(
        text.clean_line,
        50,
        error_messages={"required": "Please type a name."},
        widget=forms.TextInput({"autocomplete": "name"}),
    )


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


class CropField(forms.Field):
    """Which part of a picture is kept, as four numbers with commas: where it begins from the left
    and from above, how wide and how high it is, as parts of the picture's width and height.

    Cleans to a Box, and nothing to the whole picture. A browser's numbers are rounded.
    """

    widget = forms.HiddenInput
    default_error_messages = {
        "outside": "The part that you chose lies outside of the picture. Please choose it again."
    }
    longest, slack = 100, 0.001

    def to_python(self, value: Any) -> images.Box:
        if not value:
            return images.WHOLE
        try:
            left, top, width, height = map(float, value[: self.longest].split(","))
        except ValueError:
            raise ValidationError(self.error_messages["outside"]) from None
        inside = 1 + self.slack
        fits = 0 <= left <= left + width <= inside and 0 <= top <= top + height <= inside
        if not (fits and min(width, height) >= self.slack):
            raise ValidationError(self.error_messages["outside"])
        return left, top, width, height


def position_field(of: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=f"Where the {of} is cut, keep its",
        help_text=f"For a new {of} that is too long or too high for its place.",
        choices=POSITIONS,
        initial="middle",
        widget=forms.RadioSelect,
    )
