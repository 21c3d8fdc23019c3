"""What one post says and shows, as it is filled in."""

from functools import cached_property
from typing import Any

from django import forms

from microblog import text
from microblog.media.isolation import Meter
from timeline.forms.pictures import PicturesField, open_file
from timeline.posting.attachments import MAX_ALT, MAX_PICTURES, Attachment
from timeline.posting.publish import PostInput

WAITS = (
    "It waits for a moderator, and is seen as soon as one has looked at it. You need not send it "
    "again."
)


class TextForm(forms.Form):
    """The text of a post."""

    text = forms.CharField(
        required=False,
        strip=False,
        max_length=text.MAX_TYPED,  # asked first: what is longer is neither cleaned nor taken apart
        error_messages={
            "max_length": "This is far too long: %(show_value)d characters. A post has at most "
            f"{text.MAX_LENGTH}."
        },
        widget=forms.Textarea,
    )

    def clean_text(self) -> str:
        value = text.clean(self.cleaned_data["text"])
        length = text.parse(value).length
        if length > text.MAX_LENGTH:
            raise forms.ValidationError(
                f"This is too long: {length} of {text.MAX_LENGTH} characters. Take out "
                f"{length - text.MAX_LENGTH}."
            )
        return value


class ContentForm(TextForm):
    """The text and the pictures of one post.

    Of the second post of a thread the fields are called `text_2`, `images_2`, `alt_1_2` and so on.
    """

    images = PicturesField(required=False)
    sensitive = forms.BooleanField(required=False, label="These pictures are sensitive")

    # the form came back to remind its writer of descriptions
    reminds = False

    def __init__(self, *args: Any, number: int = 1, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.number = number
        for n in range(1, MAX_PICTURES + 1):
            self.fields[f"alt_{n}"] = forms.CharField(
                required=False, max_length=MAX_ALT, label=f"Description of picture {n}"
            )

    def add_prefix(self, field_name: str) -> str:
        return field_name if self.number == 1 else f"{field_name}_{self.number}"

    def alts(self) -> list[forms.BoundField]:
        return [self[f"alt_{n}"] for n in range(1, MAX_PICTURES + 1)]

    def typed(self) -> dict[str, Any]:
        """Return what was filled in, but for the files: no page can give them back to a browser."""
        return {
            name: self[name].value()
            for name in ("text", "sensitive", *(f"alt_{n}" for n in range(1, MAX_PICTURES + 1)))
        }

    @property
    def uploads(self) -> int:
        return len(self.files.getlist(self.add_prefix("images"))) if self.is_bound else 0

    def misses_descriptions(self) -> bool:
        """Tell whether a picture that was sent has none; the words must be right."""
        described = [text.clean(self.cleaned_data[f"alt_{n}"]) for n in range(1, self.uploads + 1)]
        return not all(described)

    def open_pictures(self, meter: Meter) -> None:
        """Make the pictures and videos ready to publish; an error says why the first one cannot be.

        The words must be right.
        """
        try:
            self.cleaned_data["images"] = [
                open_file(file, meter) for file in self.cleaned_data["images"]
            ]
        except forms.ValidationError as error:
            self.add_error("images", error)

    @cached_property
    def is_blank(self) -> bool:
        """Tell whether nothing was filled in of which a post could be made."""
        typed = self["text"].value() or ""
        return not self.uploads and len(typed) <= text.MAX_TYPED and not text.clean(typed)

    def content(self) -> PostInput:
        data = self.cleaned_data
        pictures = [
            Attachment(picture, text.clean(data[f"alt_{n}"]))
            for n, picture in enumerate(data["images"], 1)
        ]
        return PostInput(data["text"], pictures, data["sensitive"])
