"""The form that says what a picture shows."""

from django import forms

from accounts.models import RefusedError
from microblog import text
from microblog.db import full_disk
from microblog.web.converters import parse_id
from microblog.web.forms import TextField
from timeline.models import Media
from timeline.posting.attachments import MAX_ALT
from timeline.posting.describe import describe


class DescriptionForm(forms.Form):
    """The description of a picture: what it shows, in words."""

    alt = TextField(
        text.clean,
        MAX_ALT,
        label="What does it show?",
        error_messages={"required": "Please say what the picture shows, or skip it."},
        widget=forms.Textarea({"rows": 3, "dir": "auto", "autofocus": True}),
    )

    @property
    def media_id(self) -> int | None:
        """Return the id of the picture that is meant; None for what is no id."""
        return parse_id(self.data.get("media"))

    def describe(self, media: Media) -> bool:
        """Give `media` these words; False, and an error, where a rule of the site refuses them."""
        try:
            with full_disk.told():
                describe(media, self.cleaned_data["alt"])
        except RefusedError as error:
            self.add_error("alt", str(error))
            return False
        return True
