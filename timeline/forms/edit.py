"""The form that changes what a post says."""

from typing import Any

from timeline.forms.content import TextForm
from timeline.models import Post

TOO_LATE = (
    "The time for editing is over: what others answered, liked and shared stays what it was. You "
    "can delete it and write anew."
)


class EditForm(TextForm):
    """The text that `post` shall have from now on."""

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"text": post.text}, **kwargs})
        self.post = post

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.cleaned_data["text"] and not self.post.media_count:
            self.add_error("text", "Write something, or delete the post.")
        return self.cleaned_data
