"""The composer's form: a post, a reply or a quote, or a thread that begins with one."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.forms import BoundField
from django.forms.utils import ErrorDict

from accounts.models import Account, RefusedError
from microblog import text
from microblog.db import full_disk
from microblog.media.isolation import UNMETERED, BusyError, Meter
from microblog.web.ratelimit import TooManyError
from timeline.feeds.hydrate import name_addressees
from timeline.feeds.row import Addressees
from timeline.forms.audience import AudienceForm
from timeline.forms.content import ContentForm
from timeline.forms.targets import GONE, TargetsForm
from timeline.models import Draft, Post
from timeline.models.permission import Audience, Verb
from timeline.posting import limits
from timeline.posting.addressees import addressees
from timeline.posting.publish import MAX_THREAD, GoneError, PostInput, check_words, publish_thread

PICTURES_LOST = (
    "Your pictures did not come along: please choose them again. The button below your words sends "
    "those alone."
)


class ComposeForm(TargetsForm, AudienceForm, ContentForm):
    """A post, a reply or a quote, or a thread that begins with one; its `parts` are a ContentForm
    for each post, itself the first.

    `viewer` is who writes, `texts` what it begins with, `meter` who pays for the pictures.
    `refused` tells when they may post, if that is not now.
    """

    undescribed = forms.BooleanField(required=False)  # they were reminded, and post all the same

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
            "idempotency_key": uuid4(),
            "text": texts[0] if texts else "",
        }
        super().__init__(
            *args, viewer=viewer, **{**kwargs, "initial": {**given, **kwargs.get("initial", {})}}
        )
        self.target, self.quoted, self.meter = reply_to, quote, meter
        numbers = [n for n in range(2, MAX_THREAD + 1) if f"text_{n}" in self.data]
        self.further = [ContentForm(self.data, self.files, number=n) for n in numbers]
        self.further += [
            ContentForm(number=n, initial={"text": typed})
            for n, typed in enumerate(texts[1:MAX_THREAD], 2)
        ]

    @classmethod
    def of_draft(cls, draft: Draft, viewer: Account) -> "ComposeForm":
        """Return the form in which `draft` was begun, to go on with it.

        What it answers or quotes may be gone.
        """
        visible = (
            Post.objects.visible_to(viewer)
            .with_original()
            .in_bulk([pk for pk in (draft.reply_to_id, draft.quote_of_id) if pk])
        )
        reply_to, quote = visible.get(draft.reply_to_id or 0), visible.get(draft.quote_of_id or 0)
        form = cls(
            viewer=viewer,
            reply_to=reply_to,
            quote=quote,
            texts=draft.texts,
            initial={
                "idempotency_key": draft.idempotency_key,
                "may_reply": draft.may_reply,
                "may_quote": draft.may_quote,
            },
        )
        form.draft, draft.target = draft, visible.get(draft.target_id or 0)
        return form

    def with_one_more(self) -> "ComposeForm":
        """Return the same form as it was filled in, not yet sent, with room for one more post."""
        reply_to, quote = self._target("reply_to"), self._target("quote")
        form = ComposeForm(
            viewer=self.viewer,
            reply_to=reply_to,
            quote=quote,
            initial={**self.typed(), "idempotency_key": self.key},
        )
        form.further = [
            ContentForm(number=n, initial=part.typed()) for n, part in enumerate(self.further, 2)
        ]
        if form.has_room:
            form.further.append(ContentForm(number=len(form.further) + 2))
        form.lost_pictures = self.lost_pictures
        return form

    def typed(self) -> dict[str, Any]:
        audience = {name: self[name].value() for name in ("may_reply", "may_quote")}
        return {**super().typed(), **audience}

    def _target(self, name: str) -> Post | None:
        try:
            return self.fields[name].clean(self[name].value())  # type: ignore[no-any-return]
        except forms.ValidationError:
            return None

    @cached_property
    def key(self) -> UUID:
        """Return the idempotency key of the form; a new one where what came is none."""
        try:
            return self.fields["idempotency_key"].clean(self["idempotency_key"].value()) or uuid4()
        except forms.ValidationError:
            return uuid4()

    @cached_property
    def addressees(self) -> Addressees | None:
        """Return whom the answer that it would publish is written to; None for nobody."""
        if self.target is None:
            return None
        reply = Post(author=self.viewer, reply_to=self.target, kind=Post.Kind.REPLY)
        people = addressees(reply)
        return name_addressees(list(map(str, people))) if people else None

    @property
    def audience(self) -> list[BoundField]:
        """Return the fields that say who may answer and quote it; who may answer an answer, the
        first post of the conversation says.
        """
        names = ["may_quote"] if self.target else ["may_reply", "may_quote"]
        return [self[name] for name in names]

    @property
    def is_narrowed(self) -> bool:
        """Tell whether something else than everyone was chosen."""
        return any(field.value() not in (None, Audience.EVERYONE) for field in self.audience)

    @property
    def parts(self) -> list[ContentForm]:
        return [self, *self.further]

    @property
    def has_room(self) -> bool:
        """Tell whether the thread may grow by one more post."""
        return len(self.further) + 1 < MAX_THREAD

    @cached_property
    def lost_pictures(self) -> bool:
        """Tell whether pictures were sent that must be chosen anew."""
        return any(part.uploads for part in self.parts)

    def full_clean(self) -> None:
        """Refuse who may not post for now before any picture is looked at; where there are words
        alone, publishing says so.
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
        """Look at every post, so that each says at once what is wrong with it; at no picture,
        before the words of all are right.
        """
        if self._are_right() and any(part.uploads for part in self.parts):
            if self._reminds():
                return False
            self._open_pictures()
        return self._are_right()

    def _reminds(self) -> bool:
        """Tell whether its writer wants to be reminded of descriptions that are missing."""
        if self.viewer.reminds_of_alt and not self.cleaned_data["undescribed"]:
            for part in self.parts:
                part.reminds = part.misses_descriptions()
        return any(part.reminds for part in self.parts)

    def _are_right(self) -> bool:
        """Tell whether all posts are right; each is asked, so that each says what is wrong."""
        return self.is_bound and not [part for part in self.parts if part.errors]

    def _open_pictures(self) -> None:
        contents = [PostInput(part.cleaned_data["text"]) for part in self.parts]
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
        """Say nothing but `error`; no further post is looked at any more."""
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
        self._check_may(target, Verb.REPLY)
        return target

    def clean_quote(self) -> Post | None:
        self.quoted = self.cleaned_data["quote"]
        self._check_may(self.quoted, Verb.QUOTE)
        return self.quoted

    def _check_may(self, post: Post | None, verb: Verb) -> None:
        """Say, before anything is looked at, that its author let fewer people do this meanwhile."""
        if post and (why := post.why_not(self.viewer, verb)):
            raise forms.ValidationError(why)

    def clean(self) -> dict[str, Any]:
        if not self.errors and self.is_blank:
            self.add_error("text", "Write something, or add a picture.")
        if self.cleaned_data.get("undescribed") and not any(part.uploads for part in self.parts):
            self.add_error("images", PICTURES_LOST)
        if f"text_{MAX_THREAD + 1}" in self.data:
            self.add_error(None, f"A thread has at most {MAX_THREAD} posts.")
        return self.cleaned_data

    def publish(self, author: Account) -> Post | None:
        """Publish what was filled in and return the post; None, and an error of the form, where
        that cannot be by now.

        The form sent twice publishes once. A further post in which nothing was filled in is none.
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
                    idempotency_key=data["idempotency_key"],
                    may_reply=data["may_reply"],
                    may_quote=data["may_quote"],
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
