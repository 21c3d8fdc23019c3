"""What one fills in to say something."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.forms.utils import ErrorDict

from accounts.models import Account, RefusedError
from microblog import text
from microblog.media import images, video
from microblog.media.isolation import UNMETERED, BusyError, Meter
from microblog.media.video import VideoError
from microblog.web import full_disk
from microblog.web.converters import parse_id
from microblog.web.forms import TextField
from microblog.web.ratelimit import TooManyError
from timeline.models import Draft, Media, Post
from timeline.posting import limits
from timeline.posting.addressees import addressees
from timeline.posting.publish import (
    MAX_ALT,
    MAX_PICTURES,
    MAX_THREAD,
    PICTURE_SIZES,
    Attachment,
    Content,
    GoneError,
    check_words,
    publish_thread,
)

MAX_DRAFT = 10_000  # characters of each post
TOO_LATE = (
    "The time for editing is over: what others answered, liked and shared stays what it was. You "
    "can delete it and write anew."
)
WAITS = (
    "It waits for a moderator, and is seen as soon as one has looked at it. You need not send it "
    "again."
)
GONE = "That post is gone. What you wrote is still here: copy it, and send it as a post of its own."


class PicturesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        found: list[Any] = files.getlist(name) if hasattr(files, "getlist") else files.get(name, [])
        return found


class PicturesField(forms.FileField):
    """One to four pictures and videos.

    Cleans to the files as they came, none of them opened yet: `made` does that.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=PicturesInput({"accept": f"{images.ACCEPT},video/mp4,video/webm"}), **kwargs
        )

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files: list[Any] = data or []
        if len(files) > MAX_PICTURES:
            raise forms.ValidationError(
                f"A post holds up to {MAX_PICTURES} pictures; you chose {len(files)}."
            )
        return [super(PicturesField, self).clean(file) for file in files]


def made(file: Any, meter: Meter) -> images.Picture | video.Video:
    """The picture in `file`, made anew in the sizes that pages use, or the video, cleared of what a
    camera wrote beside it.

    What a file is, its content says. Raises ValidationError, BusyError, and what `meter` raises.
    """
    is_video = video.is_video(file)
    most = video.MAX_BYTES if is_video else images.MAX_BYTES
    if (file.size or 0) > most:
        raise forms.ValidationError(f"{file.name} is too large: at most {most // 1024**2} MB fit.")
    try:
        return (
            video.Video.cleared(file.file, meter)
            if is_video
            else images.fit(file, PICTURE_SIZES, meter)
        )
    except (images.ImageError, VideoError) as error:
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
    def media_id(self) -> int | None:
        """The picture that is meant; None for what is no id."""
        return parse_id(self.data.get("media"))

    def describe(self, media: Media) -> bool:
        """Give `media` these words; whether a rule of the site lets that be, else an error says so."""
        try:
            with full_disk.told():
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

    text = forms.CharField(
        required=False,
        strip=False,
        max_length=text.MAX_TYPED,  # asked first: what is longer is neither cleaned nor taken apart
        error_messages={
            "max_length": "This is far too long: %(show_value)d characters. A post has at most "
            f"{text.MAX_LENGTH}."
        },
        widget=forms.Textarea,
    )

    def clean_text(self) -> str:
        value = text.clean(self.cleaned_data["text"])
        length = text.parse(value).length
        if length > text.MAX_LENGTH:
            raise forms.ValidationError(
                f"This is too long: {length} of {text.MAX_LENGTH} characters. Take out "
                f"{length - text.MAX_LENGTH}."
            )
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


class ContentForm(TextForm):
    """What one post says and shows.

    Of the second post of a thread the fields are called `text_2`, `images_2`, `alt_1_2` and so on.
    """

    images = PicturesField(required=False)
    sensitive = forms.BooleanField(required=False, label="These pictures are sensitive")

    def __init__(self, *args: Any, number: int = 1, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.number = number
        for n in range(1, MAX_PICTURES + 1):
            self.fields[f"alt_{n}"] = forms.CharField(
                required=False, max_length=MAX_ALT, label=f"Description of picture {n}"
            )

    def add_prefix(self, field_name: str) -> str:
        return field_name if self.number == 1 else f"{field_name}_{self.number}"

    def alts(self) -> list[forms.BoundField]:
        return [self[f"alt_{n}"] for n in range(1, MAX_PICTURES + 1)]

    def typed(self) -> dict[str, Any]:
        """What was filled in, but for the pictures, which no page can give back to a browser."""
        return {
            name: self[name].value()
            for name in ("text", "sensitive", *(f"alt_{n}" for n in range(1, MAX_PICTURES + 1)))
        }

    @property
    def uploads(self) -> int:
        return len(self.files.getlist(self.add_prefix("images"))) if self.is_bound else 0

    def open_pictures(self, meter: Meter) -> None:
        """Make the pictures and videos ready; an error says of the first that cannot be.

        The words must be right.
        """
        try:
            self.cleaned_data["images"] = [
                made(file, meter) for file in self.cleaned_data["images"]
            ]
        except forms.ValidationError as error:
            self.add_error("images", error)

    @cached_property
    def is_blank(self) -> bool:
        """Whether nothing was filled in of which a post could be made."""
        typed = self["text"].value() or ""
        return not self.uploads and len(typed) <= text.MAX_TYPED and not text.clean(typed)

    def content(self) -> Content:
        data = self.cleaned_data
        pictures = [
            Attachment(picture, text.clean(data[f"alt_{n}"]))
            for n, picture in enumerate(data["images"], 1)
        ]
        return Content(data["text"], pictures, data["sensitive"])


class TargetsForm(forms.Form):
    """What a form is about: the post that it answers or quotes, as `viewer` may see it; and the
    number of the form itself.
    """

    reply_to = TargetField(queryset=Post.objects.none(), required=False)
    quote = TargetField(queryset=Post.objects.none(), required=False)
    submission = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, viewer: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        for name in ("reply_to", "quote"):
            self.fields[name].queryset = Post.objects.visible_to(viewer).with_original()  # type: ignore[attr-defined]


class ComposeForm(TargetsForm, ContentForm):
    """A post, a reply or a quote, or a thread that begins with one; its `parts` are a ContentForm
    for each post, itself the first.

    `viewer` is who writes, `texts` what it begins with, `meter` who pays for the pictures.
    `refused` tells when they may post, if that is not now.
    """

    refused: TooManyError | BusyError | None = None
    draft: Draft | None = None  # that it goes on with

    def __init__(
        self,
        *args: Any,
        viewer: Account,
        reply_to: Post | None = None,
        quote: Post | None = None,
        texts: Sequence[str] = (),
        meter: Meter = UNMETERED,
        **kwargs: Any,
    ) -> None:
        given = {
            "reply_to": reply_to,
            "quote": quote,
            "submission": uuid4(),
            "text": texts[0] if texts else "",
        }
        super().__init__(
            *args, viewer=viewer, **{**kwargs, "initial": {**given, **kwargs.get("initial", {})}}
        )
        self.target, self.quoted, self.meter = reply_to, quote, meter
        numbers = [n for n in range(2, MAX_THREAD + 1) if f"text_{n}" in self.data]
        self.further = [ContentForm(self.data, self.files, number=n) for n in numbers]
        self.further += [
            ContentForm(number=n, initial={"text": said})
            for n, said in enumerate(texts[1:MAX_THREAD], 2)
        ]

    @classmethod
    def of_draft(cls, draft: Draft, viewer: Account) -> "ComposeForm":
        """To go on with `draft`, as the form in which it was begun.

        What it answers or quotes may be gone.
        """
        seen = (
            Post.objects.visible_to(viewer)
            .with_original()
            .in_bulk([pk for pk in (draft.reply_to_id, draft.quote_of_id) if pk])
        )
        reply_to, quote = seen.get(draft.reply_to_id or 0), seen.get(draft.quote_of_id or 0)
        form = cls(
            viewer=viewer,
            reply_to=reply_to,
            quote=quote,
            texts=draft.texts,
            initial={"submission": draft.submission},
        )
        form.draft, draft.target = draft, seen.get(draft.target_id or 0)
        return form

    def with_one_more(self) -> "ComposeForm":
        """The same form as it was filled in, but not sent, with room for one more post."""
        reply_to, quote = self._target("reply_to"), self._target("quote")
        form = ComposeForm(
            viewer=self.viewer,
            reply_to=reply_to,
            quote=quote,
            initial={**self.typed(), "submission": self.key},
        )
        form.further = [
            ContentForm(number=n, initial=part.typed()) for n, part in enumerate(self.further, 2)
        ]
        if form.has_room:
            form.further.append(ContentForm(number=len(form.further) + 2))
        form.lost_pictures = self.lost_pictures
        return form

    def _target(self, name: str) -> Post | None:
        try:
            return self.fields[name].clean(self[name].value())  # type: ignore[no-any-return]
        except forms.ValidationError:
            return None

    @cached_property
    def key(self) -> UUID:
        """The number of the form; a new one where what came is none."""
        try:
            return self.fields["submission"].clean(self["submission"].value()) or uuid4()
        except forms.ValidationError:
            return uuid4()

    @cached_property
    def reply(self) -> Post | None:
        """The answer that it would publish, with whom that is written to; None where it answers
        nothing, or addresses nobody.
        """
        if self.target is None:
            return None
        reply = Post(author=self.viewer, reply_to=self.target, kind=Post.Kind.REPLY)
        reply.parent, reply.addressees = self.target, addressees(reply)
        return reply if reply.addressees else None

    @property
    def parts(self) -> list[ContentForm]:
        return [self, *self.further]

    @property
    def has_room(self) -> bool:
        """Whether the thread may grow by one more post."""
        return len(self.further) + 1 < MAX_THREAD

    @cached_property
    def lost_pictures(self) -> bool:
        """Whether pictures were sent that must be chosen anew."""
        return any(part.uploads for part in self.parts)

    def full_clean(self) -> None:
        """Who may not post for now is told so before any picture is looked at; of words alone, the
        verb says so.
        """
        try:
            if self.is_bound and any(part.uploads for part in self.parts):
                posts = 1 + sum(not part.is_blank for part in self.further)
                limits.check(self.viewer, sum(part.uploads for part in self.parts), posts)
        except TooManyError as error:
            self.refuse(error)
        except RefusedError as error:
            self._errors, self.cleaned_data = ErrorDict(), {}
            self.add_error(None, str(error))
        else:
            super().full_clean()

    def is_valid(self) -> bool:
        """Every post is looked at, so that each says at once what is wrong with it; no picture of
        any, before all their words are right.
        """
        if self._are_right() and any(part.uploads for part in self.parts):
            self._open_pictures()
        return self._are_right()

    def _are_right(self) -> bool:
        """Whether nothing is wrong with any post; each is asked, so that each says what is."""
        return self.is_bound and not [part for part in self.parts if part.errors]

    def _open_pictures(self) -> None:
        contents = [Content(part.cleaned_data["text"]) for part in self.parts]
        alts = [text.clean(alt.value() or "") for part in self.parts for alt in part.alts()]
        try:
            with full_disk.told():
                check_words(self.viewer, contents, alts, quote_of=self.cleaned_data["quote"])
                for part in self.parts:
                    part.open_pictures(self.meter)
                    if part.errors:
                        break
        except (TooManyError, BusyError) as error:
            self.refuse(error)
        except RefusedError as error:
            self.add_error("text", str(error))

    def refuse(self, error: TooManyError | BusyError) -> None:
        """Say so alone; no further post is looked at any more."""
        self.refused = error
        self.lost_pictures = any(part.uploads for part in self.parts)
        self.further = [
            ContentForm(number=part.number, initial=part.typed()) for part in self.further
        ]
        self._errors, self.cleaned_data = ErrorDict(), {}
        self.add_error(None, str(error))

    def clean_reply_to(self) -> Post | None:
        target: Post | None = self.cleaned_data["reply_to"]
        if target and target.is_external:
            raise forms.ValidationError(
                "Its author is not here and would not see your reply. You can quote it instead."
            )
        self.target = target
        return target

    def clean_quote(self) -> Post | None:
        self.quoted = self.cleaned_data["quote"]
        return self.quoted

    def clean(self) -> dict[str, Any]:
        if not self.errors and self.is_blank:
            self.add_error("text", "Write something, or add a picture.")
        if f"text_{MAX_THREAD + 1}" in self.data:
            self.add_error(None, f"A thread has at most {MAX_THREAD} posts.")
        return self.cleaned_data

    def publish(self, author: Account) -> Post | None:
        """Publish what was filled in; the form sent twice publishes once.

        None, and an error, where that cannot be by now.

        A further post in which nothing was filled in is none.
        """
        data = self.cleaned_data
        contents = [self.content(), *(part.content() for part in self.further if not part.is_blank)]
        try:
            with full_disk.told():
                return publish_thread(
                    author,
                    contents,
                    reply_to=data["reply_to"],
                    quote_of=data["quote"],
                    submission=data["submission"],
                )
        except (TooManyError, BusyError) as error:  # another tab was faster, or the disk is full
            self.refuse(error)
            return None
        except RefusedError as error:
            self.add_error("text", str(error))
            return None
        except GoneError:
            self.target = self.quoted = None
            self.add_error(None, GONE)
            return None


class DraftForm(TargetsForm):
    """The composer's form as it stands, to be kept.

    What it answers or quotes may be gone; what it says need not fit.
    """

    def clean(self) -> dict[str, Any]:
        names = [
            "text",
            *(f"text_{n}" for n in range(2, MAX_THREAD + 1) if f"text_{n}" in self.data),
        ]
        self.texts = [self.data.get(name, "").replace("\0", "") for name in names]
        if max(map(len, self.texts)) > MAX_DRAFT:
            self.add_error(
                None,
                f"This is too long to be kept: a post of a draft has at most {MAX_DRAFT:,} "
                "characters.",
            )
        elif sum(map(len, self.texts)) > limits.MAX_DRAFT:
            self.add_error(
                None,
                f"This is too long to be kept: a draft has at most {limits.MAX_DRAFT:,} "
                "characters in all.",
            )
        return self.cleaned_data

    @property
    def fits(self) -> bool:
        return not self.non_field_errors()

    def keep(self) -> Draft | None:
        """Keep it as a draft; None where nothing is written. Only where it fits."""
        data = self.cleaned_data
        targets = {"reply_to": data.get("reply_to"), "quote_of": data.get("quote")}
        kind = (
            Post.Kind.REPLY
            if self.data.get("reply_to")
            else Post.Kind.QUOTE
            if self.data.get("quote")
            else Post.Kind.POST
        )
        return Draft.objects.keep(
            self.viewer, data.get("submission") or uuid4(), kind, self.texts, targets
        )
