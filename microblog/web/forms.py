"""How a form looks, and the field of what people write."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.forms.renderers import TemplatesSetting

from microblog import text


class Renderer(TemplatesSetting):
    """Forms and their fields are rendered by our own templates."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"


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
