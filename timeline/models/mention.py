"""Who is named in a post."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Self

from django.db import models

from accounts.models import Account
from timeline.models.post import Post

if TYPE_CHECKING:
    from accounts.models import AccountQuerySet


class MentionQuerySet(models.QuerySet["Mention"]):
    def in_post(self, post: Post, seen: "AccountQuerySet") -> Self:
        """Who of those `seen` is named in `post`, or addressed by it, in order."""
        return self.filter(post=post, account__in=seen).select_related("account").order_by("pk")

    def addressing(self, posts: Collection[int], seen: "AccountQuerySet") -> Self:
        """To whom of those `seen` the replies with these ids are written: of each reply, in order."""
        return (
            self.filter(post__in=posts, is_addressee=True, account__in=seen)
            .select_related("account")
            .order_by("pk")
        )


class Mention(models.Model):
    """`post`, written here, names the local `account`, or is a reply to it (`is_addressee`) that
    need not name it again.
    """

    post = models.ForeignKey(Post, models.CASCADE, related_name="mentions")
    account = models.ForeignKey(Account, models.CASCADE, related_name="mentioned_in")

    is_addressee = models.BooleanField(default=False)

    objects = MentionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "post"], name="mention_once")]

    def __str__(self) -> str:
        return f"{self.post_id} mentions {self.account}"
