"""Every field that takes free text says how much it takes, and asks that before it does anything
else with it.
"""

from collections.abc import Iterator

import pytest
from django import forms

# so that all forms are known
import accounts.forms  # noqa: F401
import timeline.forms.compose
import timeline.forms.describe
import timeline.forms.drafts
import timeline.forms.edit  # noqa: F401
from microblog import text
from microblog.web.forms import TextField

OURS = ("accounts.", "archives.", "moderation.", "timeline.")
# What a pattern of one pass asks for, what is only hashed or compared, what allauth's forms take
# out, and an answer of a passkey, which is measured before it is read.
BOUNDED_OTHERWISE = {
    "handle",
    "username",
    "opened",
    "credential",
    "subject",
    "password",
    "password1",
    "password2",
    "oldpassword",
}


def our_forms(of: type[forms.BaseForm] = forms.BaseForm) -> Iterator[type[forms.BaseForm]]:
    for form in of.__subclasses__():
        yield from our_forms(form)
        if form.__module__.startswith(OURS):
            yield form


def test_every_field_of_text_has_a_bound() -> None:
    fields = [
        (form, name, field)
        for form in our_forms()
        for name, field in getattr(form, "base_fields", {}).items()
    ]
    texts = [
        (form, name, field)
        for form, name, field in fields
        if isinstance(field, forms.CharField) and name not in BOUNDED_OTHERWISE
    ]
    texts = [
        (form, name, field) for form, name, field in texts if not isinstance(field, forms.UUIDField)
    ]
    assert len(texts) > 15
    unbounded = [
        f"{form.__qualname__}.{name}"
        for form, name, field in texts
        if not isinstance(field, TextField)
        and not (field.max_length and field.max_length <= text.MAX_TYPED)
    ]
    assert not unbounded


def test_what_is_far_too_long_is_not_even_cleaned() -> None:
    cleaned: list[str] = []
    field = TextField(lambda value: cleaned.append(value) or value, 160)
    with pytest.raises(
        forms.ValidationError, match=r"This is far too long: 50001 characters. At most 160 fit\."
    ):
        field.clean("x" * 50_001)
    assert not cleaned
    with pytest.raises(
        forms.ValidationError, match=r"At most 160 characters fit; this has 50000\."
    ):
        field.clean("x" * 50_000)
    assert cleaned
