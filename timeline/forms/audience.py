"""The fields that say who may answer a post, and who may quote it."""

from typing import Any

from django import forms
from django.forms import BoundField

from timeline.models import Post
from timeline.models.permission import Audience

LABELS = [
    (Audience.EVERYONE, "Everyone"),
    (Audience.FOLLOWED, "People I follow or mention"),
    (Audience.MENTIONED, "People I mention"),
]


class AudienceField(forms.TypedChoiceField):
    """Who may do `verb`; everyone, where nothing was chosen."""

    def __init__(self, verb: str) -> None:
        wrong = (
            f"Choose who can {verb}: everyone, people you follow or mention, or people you mention."
        )
        super().__init__(
            choices=LABELS,
            coerce=Audience,
            empty_value=Audience.EVERYONE,
            initial=Audience.EVERYONE,
            required=False,
            label=f"Who can {verb}",
            error_messages={"required": wrong, "invalid_choice": wrong},
        )


class AudienceForm(forms.Form):
    """Who may answer and quote what is written."""

    may_reply = AudienceField("reply")
    may_quote = AudienceField("quote")


class ChangeAudienceForm(AudienceForm):
    """Who may answer and quote `post` from now on; of a reply, the first post of its conversation
    says who may answer.
    """

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        initial = {"may_reply": post.may_reply, "may_quote": post.may_quote}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.post = post
        if post.kind == Post.Kind.REPLY:
            del self.fields["may_reply"]
        for field in self.fields.values():
            field.required = True

    @property
    def audience(self) -> list[BoundField]:
        return list(self)

    def save(self) -> None:
        """Raises RefusedError."""
        data = self.cleaned_data
        self.post.set_audience(data.get("may_reply", self.post.may_reply), data["may_quote"])
