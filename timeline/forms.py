"""What one fills in to say something."""

from typing import Any
from uuid import uuid4

from django import forms
from django.forms.utils import ErrorDict

from accounts.forms import TextField
from accounts.models import Account
from microblog import images, text, video
from microblog.blanking import VideoError
from microblog.limits import TooManyError
from timeline import limits
from timeline.limits import RefusedError
from timeline.models import Media, Post
from timeline.publishing import MAX_ALT, MAX_PICTURES, PICTURE_WIDTHS, Attachment, GoneError, publish

MAX_TYPED = 10_000  # a link counts 23, however long it is; this is where it ends
TOO_LATE = "The time for editing is over: what others answered, liked and shared stays what it was. You can delete it and write anew."
WAITS = "It waits for a moderator, and is seen as soon as one has looked at it. You need not send it again."
GONE = "That post is gone. What you wrote is still here: copy it, and send it as a post of its own."


class PicturesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        found: list[Any] = files.getlist(name) if hasattr(files, "getlist") else files.get(name, [])
        return found


class PicturesField(forms.FileField):
    """One to four pictures, each made anew in the sizes that pages use, and videos, cleared of what a camera wrote beside them.

    Cleans to a list of images.Picture and video.Video. What a file is, its content says.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=PicturesInput(), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[images.Picture | video.Video]:
        files: list[Any] = data or []
        if len(files) > MAX_PICTURES:
            raise forms.ValidationError(f"A post holds up to {MAX_PICTURES} pictures; you chose {len(files)}.")
        return [self._picture(super(PicturesField, self).clean(file)) for file in files]

    def _picture(self, file: Any) -> images.Picture | video.Video:
        if video.is_video(file):
            return self._video(file)
        if (file.size or 0) > images.MAX_BYTES:
            raise forms.ValidationError(f"{file.name} is too large: at most {images.MAX_BYTES // 1024**2} MB fit.")
        try:
            return images.fit(file, PICTURE_WIDTHS)
        except images.ImageError as error:
            raise forms.ValidationError(f"{file.name}: {error}") from error

    def _video(self, file: Any) -> video.Video:
        if file.size > video.MAX_BYTES:
            raise forms.ValidationError(f"{file.name} is too large: at most {video.MAX_BYTES // 1024**2} MB fit.")
        try:
            return video.Video.cleared(file.file)
        except VideoError as error:
            raise forms.ValidationError(f"{file.name}: {error}") from error


class DescriptionForm(forms.Form):
    """What a picture shows, in words."""

    alt = TextField(
        text.clean,
        MAX_ALT,
        label="What does it show?",
        error_messages={"required": "Please say what the picture shows, or skip it."},
        widget=forms.Textarea({"rows": 3, "dir": "auto", "autofocus": True}),
    )

    @property
    def media_id(self) -> int:
        """The picture that is meant; 0 for what is no id."""
        value = self.data.get("media", "")
        return int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else 0

    def describe(self, media: Media) -> bool:
        """Give `media` these words; whether a rule of the site lets that be, else an error says so."""
        try:
            media.describe(self.cleaned_data["alt"])
        except RefusedError as error:
            self.add_error("alt", str(error))
            return False
        return True


class TargetField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A post that the reader of the form may see, by its id; of a retweet its original."""

    widget = forms.HiddenInput
    default_error_messages = {"invalid_choice": GONE}

    def clean(self, value: Any) -> Post | None:
        post: Post | None = super().clean(value)
        return post.original if post else None


class TextForm(forms.Form):
    """What a post says."""

    text = forms.CharField(required=False, strip=False, max_length=MAX_TYPED, widget=forms.Textarea)

    def clean_text(self) -> str:
        value = text.clean(self.cleaned_data["text"])
        length = text.parse(value).length
        if length > text.MAX_LENGTH:
            raise forms.ValidationError(f"This is too long: {length} of {text.MAX_LENGTH} characters. Take out {length - text.MAX_LENGTH}.")
        return value


class EditForm(TextForm):
    """What `post` shall say from now on."""

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"text": post.text}, **kwargs})
        self.post = post

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.cleaned_data["text"] and not self.post.media_count:
            self.add_error("text", "Write something, or delete the post.")
        return self.cleaned_data


class ComposeForm(TextForm):
    """A post, a reply or a quote. `viewer` is who writes. `too_many` tells when they may, if that is not now."""

    too_many: TooManyError | None = None

    images = PicturesField(required=False)
    sensitive = forms.BooleanField(required=False, label="These pictures are sensitive")
    reply_to = TargetField(queryset=Post.objects.none(), required=False)
    quote = TargetField(queryset=Post.objects.none(), required=False)
    submission = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, viewer: Account, reply_to: Post | None = None, quote: Post | None = None, **kwargs: Any) -> None:
        given = {"reply_to": reply_to, "quote": quote, "submission": uuid4()}
        super().__init__(*args, **{**kwargs, "initial": {**given, **kwargs.get("initial", {})}})
        self.viewer = viewer
        self.target, self.quoted = reply_to, quote
        for name in ("reply_to", "quote"):
            self.fields[name].queryset = Post.objects.visible_to(viewer).with_original()  # type: ignore[attr-defined]
        for n in range(1, MAX_PICTURES + 1):
            self.fields[f"alt_{n}"] = forms.CharField(required=False, max_length=MAX_ALT, label=f"Description of picture {n}")

    def full_clean(self) -> None:
        """Who may not post for now is told so before any picture is looked at."""
        try:
            if self.is_bound:
                limits.check(self.viewer, len(self.files.getlist("images")))
        except TooManyError as error:
            self.refuse(error)
        except RefusedError as error:
            self._errors, self.cleaned_data = ErrorDict(), {}
            self.add_error(None, str(error))
        else:
            super().full_clean()

    def refuse(self, error: TooManyError) -> None:
        self.too_many = error
        self._errors, self.cleaned_data = ErrorDict(), {}
        self.add_error(None, str(error))

    def alts(self) -> list[forms.BoundField]:
        return [self[f"alt_{n}"] for n in range(1, MAX_PICTURES + 1)]

    def clean_reply_to(self) -> Post | None:
        target: Post | None = self.cleaned_data["reply_to"]
        if target and target.is_external:
            raise forms.ValidationError("Its author is not here and would not see your reply. You can quote it instead.")
        self.target = target
        return target

    def clean_quote(self) -> Post | None:
        self.quoted = self.cleaned_data["quote"]
        return self.quoted

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.cleaned_data["text"] and not self.cleaned_data["images"]:
            self.add_error("text", "Write something, or add a picture.")
        return self.cleaned_data

    def publish(self, author: Account) -> Post | None:
        """Publish what was filled in; the form sent twice publishes once. None, and an error, where that cannot be by now."""
        data = self.cleaned_data
        try:
            return publish(
                author,
                data["text"],
                reply_to=data["reply_to"],
                quote_of=data["quote"],
                attachments=[Attachment(picture, text.clean(data[f"alt_{n}"])) for n, picture in enumerate(data["images"], 1)],
                sensitive=data["sensitive"],
                submission=data["submission"],
            )
        except TooManyError as error:  # another tab was faster
            self.refuse(error)
            return None
        except RefusedError as error:
            self.add_error("text", str(error))
            return None
        except GoneError:
            self.target = self.quoted = None
            self.add_error(None, GONE)
            return None
