"""The form that says of what one is told, and when by mail."""

from typing import Any

from django import forms
from django.db import transaction

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


MAILS = [
    (NotificationSettings.Mail.NONE.name.lower(), "None"),
    (NotificationSettings.Mail.AT_ONCE.name.lower(), "At once"),
    (NotificationSettings.Mail.DAILY.name.lower(), "Once a day, likes and retweets too"),
]
MAIL_HELP = (
    "“At once” is some minutes later, so that you have none of what you have seen here already; "
    "never more than four an hour. Each mail has a link that ends them."
)


class NotificationsForm(forms.Form):
    """Whether `account` has mails; of each kind, whether it is told, and of whom."""

    mail = forms.ChoiceField(
        label="Mail",
        choices=MAILS,
        widget=forms.RadioSelect,
        required=False,  # of a page that was opened before it had that
        help_text=MAIL_HELP,
        error_messages={"invalid_choice": "Choose one of these for mail."},
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        kept = NotificationSettings.objects.of(account)
        self.fields["mail"].initial = NotificationSettings.Mail(kept.mail).name.lower()
        for kind, label in LABELS.items():
            wrong = f"Choose one of these for {label.lower()}."
            self.fields[kind.name.lower()] = forms.ChoiceField(
                label=label,
                choices=ON_OR_OFF if kind == Kind.APPROVAL else CHOICES,
                initial=chosen(kept, kind),
                error_messages={"required": wrong, "invalid_choice": wrong},
            )

    def kinds(self) -> list[forms.BoundField]:
        """Return the fields that say of which kinds one is told."""
        return [self[kind.name.lower()] for kind in LABELS]

    @transaction.atomic
    def save(self) -> None:
        if mail := self.cleaned_data["mail"]:
            NotificationSettings.objects.choose_mail(
                self.account, NotificationSettings.Mail[mail.upper()]
            )
        chosen = {kind: self.cleaned_data[kind.name.lower()] for kind in LABELS}
        NotificationSettings.objects.choose(
            self.account,
            off=[kind for kind, who in chosen.items() if who == NOBODY],
            limited=[kind for kind, who in chosen.items() if who == FOLLOWED],
        )


def chosen(kept: NotificationSettings, kind: Notification.Kind) -> str:
    """Return of whom one is told that."""
    if kept.is_off(kind):
        return NOBODY
    return FOLLOWED if kept.is_limited(kind) else EVERYONE
