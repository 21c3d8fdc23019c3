"""What one account does about another: follow it, let it follow, block it, mute it."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts import limits
from accounts.models.block import Block
from accounts.models.follow import Follow, FollowRequest
from accounts.models.mute import MOST_MUTED_WORDS, Mute, MutedWord
from accounts.signals import (
    follow_asked,
    follow_begun,
    follows_accepted,
    uncounted_follow_ended,
)
from microblog.db.counters import clamped_delta
from microblog.db.locks import lock_rows
from microblog.text import fold
from microblog.web.ratelimit import spend

if TYPE_CHECKING:
    from accounts.models.account import Account

WAITING_COUNTED = 1000
ACCEPTED_AT_ONCE = 200  # requests in one transaction, when an account opens


class RefusedError(PermissionDenied):
    """This is not done, or not as it stands. The message is for who wanted it."""


class Held(NamedTuple):
    """What is known of accounts that nobody can change until the transaction ends: their ids."""

    asked: set[int]
    standing: set[int]  # here, and not absent
    protected: set[int]
    is_uncounted: bool  # a task has still to count around one of them

    @property
    def stand(self) -> bool:
        return self.standing == self.asked


class AccountRelations:
    """The verbs of an Account about another one: each acts once, however often it is asked."""

    __slots__ = ()

    # --- Following ---

    def follow(self: Any, other: "Account") -> bool:
        """Follow `other`, or ask a protected one to let it; return whether that changed anything.

        Raises ValueError for oneself and for external accounts, RefusedError, and TooManyError.
        """
        self.check_may_write()
        if other.pk == self.pk or other.is_external:
            raise ValueError("One can follow other people, and only those who are here.")
        spend(limits.FOLLOWS, self.pk)
        return bool(self._follow(other))

    @transaction.atomic
    def _follow(self: Any, other: "Account") -> bool:
        held = self._hold(other)
        if not held.stand:
            return False
        self.check_not_blocked(other)
        if other.pk in held.protected and not self._follows(other):
            asked = {"follower": self, "followed": other}
            is_new = FollowRequest.objects.get_or_create(**asked)[1]
            if is_new:
                follow_asked.send(type(self), account_id=other.pk)
            return is_new
        return bool(self._begin_follow(other))

    def _follows(self: Any, other: "Account") -> bool:
        return Follow.objects.filter(follower=self, followed=other).exists()

    def _begin_follow(self: Any, other: "Account") -> bool:
        """Follow `other`; what was asked for before is then no longer asked for."""
        between = {"follower": self, "followed": other}
        FollowRequest.objects.filter(**between).delete()
        created = Follow.objects.get_or_create(**between)[1]
        if created:
            self._count_follow(other, 1)
            follow_begun.send(type(self), account_id=other.pk)
        return created

    @transaction.atomic
    def unfollow(self: Any, other: "Account") -> bool:
        """Follow `other` no longer, nor ask to; return whether that changed anything."""
        held = self._hold(other)
        return bool(held.stand and self._end_follow(other, held))

    def _end_follow(self: Any, other: "Account", held: Held) -> bool:
        ended = {"follower": self, "followed": other}
        asked = FollowRequest.objects.filter(**ended).delete()[0]
        followed = Follow.objects.filter(**ended).delete()[0]
        if followed and held.stand:
            self._count_follow(other, -1)
        if followed and held.is_uncounted:
            uncounted_follow_ended.send(type(self), account_ids=[self.pk, other.pk])
        return bool(asked or followed)

    def _count_follow(self: Any, other: "Account", step: int) -> None:
        """Change both rows in the order of their ids, so that nobody waits in a circle."""
        for pk, column in sorted([(self.pk, "following_count"), (other.pk, "followers_count")]):
            rows = type(other).objects.filter(pk=pk)
            rows.update(**{column: clamped_delta(column, step)})

    def remove_follower(self: Any, other: "Account") -> bool:
        """Let `other` follow it no longer, who is not told; return whether they did, or asked."""
        return other.unfollow(self)

    def set_shows_retweets(self: Any, other: "Account", shows: bool) -> bool:  # noqa: FBT001
        """Have the retweets of `other`, whom it follows, at home or not; return whether it follows
        them.
        """
        follow = Follow.objects.filter(follower=self, followed=other)
        return bool(follow.update(shows_retweets=shows))

    # --- Letting others follow ---

    def accept(self: Any, other: "Account") -> bool:
        """Let `other` follow it, who asked; return whether the request was still there.

        Raises RefusedError.
        """
        self.check_may_write()
        return bool(self._accept([other]))

    def count_waiting(self: Any) -> int:
        """Return how many ask to follow it, WAITING_COUNTED at most."""
        if not self.protected_at:
            return 0
        waiting = type(self).objects.standing().asking_to_follow(self)
        return int(waiting[:WAITING_COUNTED].count())

    @transaction.atomic
    def _accept(self: Any, others: "Collection[Account]") -> int:
        """Let all of `others` follow it that asked, and are here; return how many."""
        standing = self._hold(*others).standing
        asked = FollowRequest.objects.filter(followed=self, follower__in=standing - {self.pk})
        asking = set(asked.values_list("follower", flat=True)) if self.pk in standing else set()
        asked.filter(follower__in=asking).delete()
        new = asking.difference(Follow.objects.among_followers(self, asking))
        Follow.objects.bulk_create(
            Follow(follower_id=pk, followed=self, was_asked_for=True) for pk in sorted(new)
        )
        accounts = type(self).objects
        accounts.filter(pk=self.pk).update(
            followers_count=clamped_delta("followers_count", len(new))
        )
        accounts.filter(pk__in=new).update(following_count=clamped_delta("following_count", 1))
        follows_accepted.send(type(self), account_ids=sorted(new))
        return len(asking)

    def refuse(self: Any, other: "Account") -> bool:
        """Let `other` not follow it, who asked and is not told; return whether they still did."""
        asked = FollowRequest.objects.filter(follower=other, followed=self)
        return bool(asked.delete()[0])

    def protect(self: Any) -> None:
        """Be read by its followers alone, whom it chooses from now on."""
        self._set_protected(timezone.now())

    def open(self: Any) -> int:
        """Be read by everybody; let all follow it who asked, and return how many did.

        Raises RefusedError.
        """
        self.check_may_write()
        self._set_protected(None)
        accepted = 0
        while more := self._accept(self._first_asking()):
            accepted += more
        return accepted

    def _first_asking(self: Any) -> "list[Account]":
        """Return who asked first, of those whom it may let follow."""
        standing = type(self).objects.standing().filter(follow_requests_made__followed=self)
        return list(standing.order_by("follow_requests_made__pk")[:ACCEPTED_AT_ONCE])

    def _set_protected(self: Any, protected_at: datetime | None) -> None:
        changed = (
            type(self)
            .objects.filter(pk=self.pk)
            .filter(protected_at__isnull=protected_at is not None)
        )
        if changed.update(protected_at=protected_at):
            self.protected_at = protected_at

    # --- Blocking and muting ---

    def block(self: Any, other: "Account") -> bool:
        """Have nothing to do with `other`, and they not with it; return whether that is new.

        Follows and requests between the two end. Raises ValueError for oneself, and TooManyError.
        """
        if other.pk == self.pk:
            raise ValueError("You cannot block yourself.")
        spend(limits.BLOCKS, self.pk)
        return bool(self._block(other))

    @transaction.atomic
    def _block(self: Any, other: "Account") -> bool:
        held = self._hold(other)
        created = Block.objects.get_or_create(blocker=self, blocked=other)[1]
        self._end_follow(other, held)
        other._end_follow(self, held)  # noqa: SLF001  (its own)
        return created

    def unblock(self: Any, other: "Account") -> bool:
        """Block `other` no longer; return whether it did. What ended then does not come back."""
        return bool(Block.objects.filter(blocker=self, blocked=other).delete()[0])

    def check_not_blocked(self: Any, other: "Account") -> None:
        """Raise RefusedError where one of the two blocks the other."""
        for block in Block.objects.between(self, other):
            if block.blocker_id == other.pk:
                raise RefusedError(f"{other} blocked you.")
            raise RefusedError(f"You blocked {other}. Unblock them first.")

    def mute(self: Any, other: "Account", until: datetime | None = None) -> None:
        """Not come across `other` any more, `until` then (None: for ever). Nobody else knows.

        Raises ValueError for oneself, and TooManyError.
        """
        if other.pk == self.pk:
            raise ValueError("You cannot mute yourself.")
        spend(limits.MUTES, self.pk)
        Mute.objects.update_or_create(muter=self, muted=other, defaults={"until": until})

    def unmute(self: Any, other: "Account") -> bool:
        """Come across `other` again; return whether it muted them."""
        return bool(Mute.objects.filter(muter=self, muted=other).delete()[0])

    def mute_word(
        self: Any,
        text: str,
        *,
        hides_followed: bool = True,
        until: datetime | None = None,
    ) -> bool:
        """Not come across posts that say `text`, a word, a phrase or a tag, `until` then (None: for
        ever); of those whom it follows only if it `hides_followed`. Return whether that is new.

        Raises RefusedError where there are too many, and TooManyError.
        """
        spend(limits.MUTES, self.pk)
        words = MutedWord.objects.by(self)
        words.run_out().delete()
        if words.count() >= MOST_MUTED_WORDS:
            raise RefusedError(f"You have muted {MOST_MUTED_WORDS} words. Remove one first.")
        muted = {"text": text, "hides_followed": hides_followed, "until": until}
        return bool(words.get_or_create(account=self, folded=fold(text), defaults=muted)[1])

    def unmute_word(self: Any, pk: int) -> bool:
        """Come across posts again that say the muted word `pk`; return whether it muted it."""
        return bool(MutedWord.objects.by(self).filter(pk=pk).delete()[0])

    # --- Standing ---

    def hold_standing(self: Any, *others: "Account") -> bool:
        """Tell whether all are here and not absent, until the transaction ends."""
        return bool(self._hold(*others).stand)

    def _hold(self: Any, *others: "Account") -> Held:
        """Do likewise, and tell what else others may not change meanwhile."""
        ids = {self.pk, *(other.pk for other in others)}
        columns = ("absent_at", "uncounted_at", "protected_at")
        held = lock_rows(type(self).objects.filter(pk__in=ids), *columns)
        return Held(
            asked=ids,
            standing={pk for pk, row in held.items() if not row[0]},
            protected={pk for pk, row in held.items() if row[2]},
            is_uncounted=any(row[1] for row in held.values()),
        )
