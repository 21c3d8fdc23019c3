"""How a post comes and goes, and what is counted around it."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import IntegrityError, models, transaction
from django.db.models import Case, F, When
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts.models import Account
from microblog.db.counters import clamped_delta
from microblog.db.locks import lock_rows
from microblog.db.prepared import Param, Statement, prepared
from microblog.db.writing import insert_row
from timeline import ids
from timeline.signals import (
    count_doubted,
    deleted_post_checked,
    post_deleted,
    post_standing_changed,
)

KEPT_AT_MOST = timedelta(days=90)  # what is deleted, while somebody has still to read it


class Held(NamedTuple):
    """What is known of a post that nobody can change until the transaction ends."""

    stands: bool
    is_seen: bool  # by a visitor: then its original stands as well
    is_uncounted: bool  # a task has still to count around it, its original, or one of the authors


SEEN = Held(stands=True, is_seen=True, is_uncounted=False)


class PostStanding:
    """For Post: its coming and going."""

    __slots__ = ()

    quote_of: Any  # a column of Post

    def insert(self: Any, moment: datetime | None = None) -> None:
        """Save as a new row, posted at `moment` (now).

        Raises IntegrityError for what the database will not have.
        """
        for _ in range(4):
            self.pk = ids.id_at(moment or timezone.now())
            if insert_row(self):
                return
        raise IntegrityError("Each id that was tried is taken.")

    @transaction.atomic(savepoint=False)
    def update_counters(self: Any, step: int) -> bool:
        """Add `step` to every count that this post is part of: 1 after it was inserted, -1 before
        it goes, in the same transaction.

        Returns whether a visitor sees it. What nobody sees is not counted; nor does a retweet count
        for its author while its original is not seen.
        """
        if step > 0 and self._count_for_author():
            held = SEEN
        else:
            held = self._hold_standing(is_new=step > 0)
            self._add_to_author(step, held)
        self._add_to_targets(step, held)
        return held.is_seen

    def _count_for_author(self: Any) -> bool:
        """Count a new post that stands for itself; return whether it is seen.

        One statement: it holds the account, which nobody can hide until the transaction ends.
        """
        if self.retweet_of_id or self.hidden_at or self.deleted_at:
            return False
        return bool(_count_post(author=self.author_id, post=self.pk, media=self.media_count))

    def _add_to_author(self: Any, step: int, held: Held) -> None:
        changes: dict[str, Any] = {}
        if held.is_seen:
            changes = {
                "posts_count": clamped_delta("posts_count", step),
                "media_count": clamped_delta("media_count", step * self.media_count),
            }
        if step > 0:
            changes["last_post_id"] = Greatest("last_post_id", self.pk)
        if changes:
            Account.objects.filter(pk=self.author_id).update(**changes)

    def _add_to_targets(self: Any, step: int, held: Held) -> None:
        own_replies = Case(
            When(author=self.author_id, then=clamped_delta("own_replies_count", step)),
            default=F("own_replies_count"),
            output_field=models.IntegerField(),
        )
        for column, target, more in (
            ("replies_count", self.reply_to_id, {"own_replies_count": own_replies}),
            ("quotes_count", self.quote_of_id, {}),
            ("retweets_count", None if self.is_imported_retweet else self.retweet_of_id, {}),
        ):
            if held.stands and target:
                changed = {column: clamped_delta(column, step), **more}
                type(self).objects.filter(pk=target).update(**changed)

    def _hold_standing(self: Any, *, is_new: bool = False) -> Held:
        """Whether this post stands and is seen.

        Nobody can change that until the transaction ends: whoever hides one waits, and then
        counts what was done here. What is new nobody else can see yet, so that it need not be held.
        """
        chain = [self, self.retweet_of] if self.retweet_of else [self]
        asked = {post.pk for post in chain if post.pk and not (is_new and post is self)}
        authors = lock_rows(
            Account.objects.filter(pk__in=[post.author_id for post in chain]),
            "uncounted_at",
            "absent_at",
        )
        posts = (
            lock_rows(
                type(self).objects.filter(pk__in=asked), "uncounted_at", "hidden_at", "deleted_at"
            )
            if asked
            else {}
        )
        if is_new and self.pk:
            posts[self.pk] = (None, self.hidden_at, self.deleted_at)
        standing = [
            authors.get(post.author_id, ())[1:] == (None,)
            and (post.pk is None or posts.get(post.pk, ())[1:] == (None, None))
            for post in chain
        ]
        return Held(
            standing[0],
            all(standing),
            any(held[0] for held in (*authors.values(), *posts.values())),
        )

    @transaction.atomic
    def remove(self: Any) -> None:
        """Delete for good: hidden at once; a task takes away its rows and files, unless somebody
        has still to read it.
        """
        self.update_counters(-1)
        now = timezone.now()
        type(self).objects.filter(pk=self.pk, deleted_at=None).update(
            deleted_at=now, uncounted_at=now
        )
        post_deleted.send(type(self), post=self)

    @property
    def is_kept(self: Any) -> bool:
        """Whether it stays here, seen by moderators alone, though it is deleted."""
        return bool(
            self.deleted_at
            and self.deleted_at > timezone.now() - KEPT_AT_MOST
            and any(kept for _, kept in deleted_post_checked.send(type(self), post=self))
        )

    @transaction.atomic
    def detach(self: Any) -> None:
        """Quote no longer what it quotes, as if that were gone: at the wish of whoever was quoted.

        Its kind stays.
        """
        target = self.quote_of_id
        held = self._hold_standing()
        quotes = type(self).objects.filter(pk=self.pk, quote_of=target).exclude(quote_of=None)
        if target and quotes.update(quote_of=None, quote_handle="", quote_url=""):
            if held.stands:
                type(self).objects.filter(pk=target).update(
                    quotes_count=clamped_delta("quotes_count", -1)
                )
            if held.is_uncounted:
                count_doubted.send(type(self), post_ids=[target])
        self.quote_of, self.quote_handle, self.quote_url = None, "", ""

    def hide(self: Any) -> None:
        """Gone from every surface until it is unhidden."""
        self._set_hidden(timezone.now())

    def unhide(self: Any) -> None:
        self._set_hidden(None)

    @transaction.atomic
    def _set_hidden(self: Any, hidden_at: datetime | None) -> None:
        changed = type(self).objects.filter(pk=self.pk).exclude(hidden_at__isnull=hidden_at is None)
        if changed.update(hidden_at=hidden_at, uncounted_at=timezone.now()):
            self.hidden_at = hidden_at
            post_standing_changed.send(type(self), post=self)


@prepared
def _count_post(author: Param, post: Param, media: Param) -> Statement:
    """Count a new post for its author, unless they are absent."""
    return Statement.of_update(
        Account.objects.filter(pk=author, absent_at=None),
        posts_count=F("posts_count") + 1,
        media_count=F("media_count") + media,
        last_post_id=Greatest("last_post_id", post),
    )
