"""What people do with posts that are there: like them, keep them, pin them."""

from typing import TYPE_CHECKING, Self

from django.db import connection, models
from django.db.models import F
from django.utils import timezone

from accounts.models import Account, AccountQuerySet
from microblog.db.writing import run

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
