# mypy: allow-subclassing-any, no-warn-return-any
"""Ask what words somebody would rather not read."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Account, RefusedError
from accounts.models.mute import MAX_FOLDED_WORD, MAX_MUTED_WORD
from microblog import text
from microblog.web.forms import TextField

MUTED_FOR = {
    "": None,
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "month": timedelta(days=30),
}


class MutedWordForm(forms.Form):
    """A word, a phrase or a tag; for how long, and of whom it counts."""

    word = TextField(
        text.clean_line,
        MAX_MUTED_WORD,
        label="A word, a phrase or a #tag",
        help_text="Whole words alone; capitals do not matter. A word mutes its tag as well.",
        error_messages={"required": "Type a word, a phrase or a tag."},
        widget=forms.TextInput({"dir": "auto", "autocomplete": "off"}),
    )
    lasting = forms.ChoiceField(
        label="For how long?",
        choices=[
            ("", "For ever"),
            ("day", "For a day"),
            ("week", "For a week"),
            ("month", "For 30 days"),
        ],
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose a day, a week, 30 days, or for ever."},
    )
    hides_followed = forms.BooleanField(
        label="From people I follow too", required=False, initial=True
    )

    def clean_word(self) -> str:
        word: str = self.cleaned_data["word"]
        folded = text.fold(word)
        if not folded:
            raise ValidationError("There is nothing to be seen in this. Type a word.")
        if len(folded) > MAX_FOLDED_WORD:
            raise ValidationError("Written out, this is too long. Use fewer characters.")
        return word

    def mute_for(self, account: Account) -> bool:
        """Mute the word for `account`; False, and an error, where it is muted already or there are
        too many. Raises TooManyError.
        """
        length = MUTED_FOR[self.cleaned_data["lasting"]]
        try:
            is_new = account.mute_word(
                self.cleaned_data["word"],
                hides_followed=self.cleaned_data["hides_followed"],
                until=timezone.now() + length if length else None,
            )
        except RefusedError as error:
            self.add_error("word", str(error))
            return False
        if not is_new:
            self.add_error("word", "You have muted this already. To change how, remove it first.")
        return is_new
