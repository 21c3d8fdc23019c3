"""What people do with posts that are there: like them, retweet them, keep them, pin them."""

from typing import TYPE_CHECKING, Any, Self

from django.db import connection, models, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Account, AccountQuerySet
from microblog.db.counters import clamped_delta
from microblog.db.locks import lock_rows
from microblog.db.writing import run, run_together
from timeline.models.notification import Notification, tell_author
from timeline.models.permission import Verb
from timeline.posting import limits
from timeline.signals import count_doubted

if TYPE_CHECKING:
    from timeline.models.post import Post


class LikeQuerySet(models.QuerySet["Like"]):
    def by(self, account: Account) -> Self:
        return self.filter(account=account)

    def people(self, seen: AccountQuerySet, post: "Post") -> AccountQuerySet:
        """Those of `seen` who like `post`, who liked it last first."""
        return seen.filter(likes__post=post).annotate(cursor=F("likes__pk")).order_by("-cursor")

    def add(self, post: "Post", account: Account) -> bool:
        """Let `account` like `post`, unless it does already or is absent; whether a row was
        made.

        One statement: it holds the account, which nobody can hide until the transaction ends.
        """
        hold = "FOR NO KEY UPDATE" if connection.features.has_select_for_no_key_update else ""
        sql = f"""INSERT INTO timeline_like (account_id, post_id, created_at)
            SELECT id, %s, %s FROM accounts_account WHERE id = %s AND absent_at IS NULL {hold}
            ON CONFLICT (post_id, account_id) DO NOTHING"""  # noqa: S608  (our own words)
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        return bool(run(sql, [post.pk, now, account.pk]))

    def remove(self, post: "Post", account: Account) -> tuple[bool, bool]:
        """The reverse, likewise; and whether a task may have still to count around the account."""
        standing = Account.objects.filter(pk=account.pk, absent_at=None).select_for_update(
            no_key=True
        )
        for accounts, is_uncounted in (
            (standing.filter(uncounted_at=None), False),
            (standing, True),
        ):
            if self.filter(post=post, account__in=accounts.values("pk")).delete()[0]:
                return True, is_uncounted
        return False, False


class Like(models.Model):
    """`account` likes `post`. Made and ended by Post.like and .unlike."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="likes")
    # no index of its own: by it, PostgreSQL reads and sorts all likes of a post for the newest
    post = models.ForeignKey(
        "timeline.Post", models.CASCADE, related_name="liked_by", db_index=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = LikeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "account"], name="like_once")]
        indexes = [
            models.Index(fields=["account", "id"], name="like_account"),
            models.Index(fields=["post", "id"], name="like_post"),
        ]

    def __str__(self) -> str:
        return f"{self.account} likes {self.post_id}"


class BookmarkQuerySet(models.QuerySet["Bookmark"]):
    def by(self, account: Account) -> Self:
        return self.filter(account=account)


class Bookmark(models.Model):
    """`account` keeps `post`; nobody else knows, and nothing counts it.

    Made and ended by Post.bookmark and .unbookmark.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="bookmarks")
    post = models.ForeignKey("timeline.Post", models.CASCADE, related_name="bookmarked_by")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = BookmarkQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "account"], name="bookmark_once")]
        indexes = [models.Index(fields=["account", "id"], name="bookmark_account")]

    def __str__(self) -> str:
        return f"{self.account} keeps {self.post_id}"


class Pin(models.Model):
    """`account` shows `post`, which is its own, above its other posts.

    One at most. Made and ended by Post.pin and .unpin.
    """

    account = models.OneToOneField(Account, models.CASCADE, related_name="pin")
    post = models.OneToOneField("timeline.Post", models.CASCADE, related_name="pinned_by")

    def __str__(self) -> str:
        return f"{self.account} pinned {self.post_id}"


class PostEngagement:
    """For Post: the verbs of whoever likes, retweets, keeps or pins it."""

    __slots__ = ()

    # --- Liking and retweeting ---
    # Each acts once, however often it is asked, and not at all when a party to it is gone.

    def like(self: Any, account: Account) -> bool:
        """Let `account` like it; return whether it does by now: it may be gone.

        Raises RefusedError and TooManyError.
        """
        account.check_may_write()
        limits.count(limits.LIKES, account)
        return bool(self._like(account))

    @transaction.atomic
    def _like(self: Any, account: Account) -> bool:
        post = self.original
        if not Like.objects.add(post, account):
            return True
        told = tell_author(post, Notification.Kind.LIKE, account)
        if run_together((_COUNT_LIKE, [post.pk]), told)[0]:
            post.likes_count += 1
            return True
        post.liked_by.filter(account=account).delete()
        return False

    @transaction.atomic
    def unlike(self: Any, account: Account) -> None:
        post = self.original
        was_liked, is_uncounted = Like.objects.remove(post, account)
        if was_liked:
            type(self).objects.filter(pk=post.pk).update(
                likes_count=clamped_delta("likes_count", -1)
            )
            post.likes_count = max(0, post.likes_count - 1)
            if is_uncounted:
                count_doubted.send(type(self), post_ids=[post.pk])

    def retweet(self: Any, account: Account) -> "Post | None":
        """The one retweet of the original by `account`, made now where there is none; None when one
        of the two is gone.

        Raises TooManyError and RefusedError.
        """
        found: Post | None = type(self).objects.by(account).filter(retweet_of=self.original).first()
        if found:
            return found
        self.original.check_may(account, Verb.RETWEET)
        limits.count_posts(account, 1, 0)
        retweet: Post | None = self._retweet(account)
        return retweet

    @transaction.atomic
    def _retweet(self: Any, account: Account) -> "Post | None":
        kind = type(self).Kind.RETWEET
        retweet: Post = type(self)(author=account, kind=kind, retweet_of=self.original)
        held = retweet._hold_standing()  # noqa: SLF001  (its own)
        if not held.is_seen:
            return None
        found: Post | None = type(self).objects.by(account).filter(retweet_of=self.original).first()
        if found:
            return found
        retweet.insert()
        retweet._add_to_author(1, held)  # noqa: SLF001
        retweet._add_to_targets(1, held)  # noqa: SLF001
        run(*tell_author(self.original, Notification.Kind.RETWEET, account))
        return retweet

    def unretweet(self: Any, account: Account) -> bool:
        """Delete the retweet of the original by `account`, unless that is not seen; return whether
        there is none by now.
        """
        found = type(self).objects.by(account).filter(retweet_of=self.original).first()
        return found is None or bool(found.delete_retweet())

    @transaction.atomic
    def delete_retweet(self: Any) -> bool:
        """Delete this retweet, unless it is not seen; return whether it went."""
        held = self._hold_standing()
        if held.is_seen:
            self._add_to_author(-1, held)
            self._add_to_targets(-1, held)
            type(self).objects.filter(pk=self.pk).delete()
            if held.is_uncounted:
                count_doubted.send(
                    type(self), account_ids=[self.author_id], post_ids=[self.original.pk]
                )
        return bool(held.is_seen)

    # --- Keeping, and showing first ---

    def bookmark(self: Any, account: Account) -> bool:
        """Let `account` keep it; return whether it does by now: it may be gone.

        Raises TooManyError.
        """
        limits.count(limits.BOOKMARKS, account)
        return bool(self._bookmark(account))

    @transaction.atomic
    def _bookmark(self: Any, account: Account) -> bool:
        post = self.original
        is_here = lock_rows(type(self).objects.filter(pk=post.pk), "deleted_at") == {
            post.pk: (None,)
        }
        if is_here:
            post.bookmarked_by.get_or_create(account=account)
        return is_here

    def unbookmark(self: Any, account: Account) -> None:
        self.original.bookmarked_by.filter(account=account).delete()

    @transaction.atomic
    def pin(self: Any) -> None:
        """Show it first on its author's profile, in the place of what was pinned there.

        Raises RefusedError.
        """
        self.author.check_may_write()
        if self.author.hold_standing() and lock_rows(
            type(self).objects.filter(pk=self.pk), "deleted_at"
        ) == {self.pk: (None,)}:
            Pin.objects.update_or_create(account=self.author, defaults={"post": self})

    def unpin(self: Any) -> None:
        Pin.objects.filter(post=self).delete()


_COUNT_LIKE = """UPDATE timeline_post SET likes_count = likes_count + 1
    WHERE id = %s AND deleted_at IS NULL"""
