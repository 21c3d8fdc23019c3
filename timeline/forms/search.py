# mypy: allow-subclassing-any, no-warn-return-any
"""More ways to search: a form that writes the operators for who does not know them."""

from collections.abc import Iterator

from django import forms

from microblog import text
from microblog.web.forms import TextField
from timeline.search.query import MOST_LIKES

MOST = 200  # characters of one field
DATE = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
TEXT = forms.TextInput({"dir": "auto", "autocomplete": "off"})
HANDLE = forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"})


def _text(label: str, widget: forms.Widget = TEXT, help_text: str = "") -> TextField:
    return TextField(
        text.clean_line, MOST, label=label, required=False, widget=widget, help_text=help_text
    )


class MoreWaysForm(forms.Form):
    """What a query can say; `query` says it."""

    words = _text("All of these words")
    phrase = _text("These words, just as they stand here")
    choices = _text("One of these words at least")
    without = _text("None of these words")
    author = _text("From", HANDLE, "A handle, such as ada.")
    addressee = _text("In reply to", HANDLE, "A handle.")
    since = forms.DateField(
        label="From this day on",
        required=False,
        widget=DATE,
        error_messages={"invalid": "This is no date. Write it as 2024-01-31."},
    )
    until = forms.DateField(
        label="Before this day",
        required=False,
        widget=DATE,
        error_messages={"invalid": "This is no date. Write it as 2024-01-31."},
    )
    has = forms.ChoiceField(
        label="With",
        choices=[
            ("", "Anything"),
            ("media", "Pictures or videos"),
            ("images", "Pictures"),
            ("video", "Videos"),
            ("link", "Links"),
            ("alt", "Descriptions of pictures"),
        ],
        required=False,
        error_messages={"invalid_choice": "Choose one of the list."},
    )
    place = forms.ChoiceField(
        label="Where",
        choices=[("", "Everywhere"), ("bookmarks", "Your bookmarks"), ("likes", "Your likes")],
        required=False,
        error_messages={"invalid_choice": "Choose one of the list."},
    )
    min_likes = forms.IntegerField(
        label="Likes, at least",
        min_value=0,
        max_value=MOST_LIKES,
        required=False,
        error_messages={"invalid": "This is no number."},
    )

    def query(self) -> str:
        """Return what one would have typed."""
        return " ".join(filter(None, self._parts()))

    def _parts(self) -> Iterator[str]:
        said = self.cleaned_data
        yield from said["words"].split()
        if phrase := said["phrase"].replace('"', " ").strip():
            yield f'"{phrase}"'
        yield " OR ".join(said["choices"].split())
        yield from (f"-{word.lstrip('-')}" for word in said["without"].split())
        yield " OR ".join(f"from:{handle}" for handle in said["author"].split())
        yield " OR ".join(f"to:{handle}" for handle in said["addressee"].split())
        for name in ("since", "until", "has", "min_likes"):
            if said[name]:
                yield f"{name}:{said[name]}"
        if said["place"]:
            yield f"in:{said['place']}"
