"""The form that says of what one is told."""

from typing import Any

from django import forms

from accounts.models import Account
from timeline.models import Notification, NotificationSettings

Kind = Notification.Kind
EVERYONE, FOLLOWED, NOBODY = "everyone", "followed", "nobody"
CHOICES = [
    (EVERYONE, "From everyone"),
    (FOLLOWED, "From people you follow"),
    (NOBODY, "Off"),
]
ON_OR_OFF = [(EVERYONE, "On"), (NOBODY, "Off")]
LABELS = {
    Kind.REPLY: "Replies",
    Kind.MENTION: "Mentions",
    Kind.QUOTE: "Quotes",
    Kind.RETWEET: "Retweets",
    Kind.LIKE: "Likes",
    Kind.FOLLOW: "New followers",
    Kind.REQUEST: "Requests to follow you",
    Kind.APPROVAL: "Requests of yours that were accepted",
    Kind.EDIT: "Edits of posts that you retweeted",
}


class NotificationsForm(forms.Form):
    """Of each kind, whether `account` is told, and of whom."""

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        kept = NotificationSettings.objects.of(account)
        for kind, label in LABELS.items():
            wrong = f"Choose one of these for {label.lower()}."
            self.fields[kind.name.lower()] = forms.ChoiceField(
                label=label,
                choices=ON_OR_OFF if kind == Kind.APPROVAL else CHOICES,
                initial=_chosen(kept, kind),
                error_messages={"required": wrong, "invalid_choice": wrong},
            )

    def save(self) -> None:
        chosen = {kind: self.cleaned_data[kind.name.lower()] for kind in LABELS}
        NotificationSettings.objects.choose(
            self.account,
            off=[kind for kind, who in chosen.items() if who == NOBODY],
            limited=[kind for kind, who in chosen.items() if who == FOLLOWED],
        )


def _chosen(kept: NotificationSettings, kind: Notification.Kind) -> str:
    if kept.is_off(kind):
        return NOBODY
    return FOLLOWED if kept.is_limited(kind) else EVERYONE
