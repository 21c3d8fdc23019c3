# mypy: allow-subclassing-any, no-warn-return-any
"""Ask how pages shall look, in this browser; and of who is signed in, what they want to be reminded
of, in every browser.
"""

from collections.abc import Mapping
from typing import Any

from django import forms

from accounts.models import Account
from microblog.display import Display


def _one_of(
    choices: list[tuple[str, str]], *, label: str, help_text: str = ""
) -> forms.ChoiceField:
    """Return a field of radio buttons, of which "" is what holds where nobody chose."""
    return forms.ChoiceField(
        label=label,
        choices=choices,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose one of these."},
        help_text=help_text,
    )


class AppearanceForm(forms.Form):
    """How `display` is, to be changed; with the reminder of `account`, where there is one."""

    theme = _one_of(
        [("", "As the system says"), ("light", "Light"), ("dark", "Dark")], label="Colours"
    )
    text = _one_of(
        [("small", "Small"), ("", "Normal"), ("large", "Large"), ("larger", "Larger")],
        label="Text size",
    )
    motion = _one_of(
        [("", "As the system says"), ("calm", "Always reduced")],
        label="Motion",
        help_text="Reduced, nothing moves by itself: neither pictures nor what you press.",
    )
    autoplay = forms.BooleanField(
        label="Moving pictures wait until you play them",
        required=False,
        help_text="Videos always do.",
    )
    alt = forms.BooleanField(
        label="Show the descriptions of pictures below them",
        required=False,
        help_text="Otherwise ALT on a picture opens its description.",
    )
    reminds_of_alt = forms.BooleanField(
        label="Remind me before I post pictures without a description",
        required=False,
        help_text="This belongs to your account, the rest to this browser.",
    )

    def __init__(
        self, data: Mapping[str, Any] | None, display: Display, account: Account | None
    ) -> None:
        self.account = account
        initial = {
            **display._asdict(),
            "autoplay": bool(display.autoplay),
            "alt": bool(display.alt),
            "reminds_of_alt": account and account.reminds_of_alt,
        }
        super().__init__(data, initial=initial)
        if account is None:
            del self.fields["reminds_of_alt"]

    def save(self) -> Display:
        """Keep what belongs to the account; return what belongs to the browser."""
        if self.account:
            self.account.set_alt_reminder(on=self.cleaned_data["reminds_of_alt"])
        chosen = self.cleaned_data
        return Display(
            chosen["theme"],
            chosen["text"],
            chosen["motion"],
            "paused" if chosen["autoplay"] else "",
            "shown" if chosen["alt"] else "",
        )
