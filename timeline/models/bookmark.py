"""What somebody keeps to read again."""

from collections.abc import Collection
from typing import Any, Self

from django.db import models

from accounts.models import Account
from timeline.models.post import Post


class BookmarkQuerySet(models.QuerySet["Bookmark"]):
    def by(self, account: Account) -> Self:
        return self.filter(account=account)

    def of_posts(self, ids: Collection[int]) -> "models.QuerySet[Any, int]":
        """Which of the posts with these ids are bookmarked: the ids alone."""
        return self.filter(post__in=ids).values_list("post", flat=True)


class Bookmark(models.Model):
    """`account` keeps `post`; nobody else knows, and nothing counts it.

    Made and ended by Post.bookmark and .unbookmark.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="bookmarks")
    post = models.ForeignKey(Post, models.CASCADE, related_name="bookmarked_by")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = BookmarkQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "account"], name="bookmark_once")]
        indexes = [models.Index(fields=["account", "id"], name="bookmark_account")]

    def __str__(self) -> str:
        return f"{self.account} keeps {self.post_id}"
