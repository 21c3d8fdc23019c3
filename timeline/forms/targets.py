"""The fields that say which post a form answers or quotes."""

from typing import Any

from django import forms

from accounts.models import Account
from timeline.models import Post

GONE = "That post is gone. What you wrote is still here: copy it, and send it as a post of its own."


class TargetField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A post that the reader of the form may see, by its id; of a retweet its original."""

    widget = forms.HiddenInput
    default_error_messages = {"invalid_choice": GONE}
    viewer: Account  # set by the form

    def to_python(self, value: Any) -> Post | None:
        """Ask for the post; most forms name none."""
        if value in self.empty_values:
            return None
        self.queryset = Post.objects.visible_to(self.viewer).with_original()
        post: Post | None = super().to_python(value)
        return post.original if post else None


class TargetsForm(forms.Form):
    """The post that a form answers or quotes, as `viewer` may see it, and its idempotency key."""

    reply_to = TargetField(queryset=Post.objects.none(), required=False)
    quote = TargetField(queryset=Post.objects.none(), required=False)
    idempotency_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, viewer: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        for name in ("reply_to", "quote"):
            self.fields[name].viewer = viewer  # type: ignore[attr-defined]
