"""Who reads whom."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from accounts.models.account import Account


class FollowQuerySet(models.QuerySet["Follow"]):
    def newest_first(self) -> "FollowQuerySet":
        return self.order_by("-pk")

    def newest_of(self, follower: "Account", limit: int) -> "models.QuerySet[Follow, int]":
        """Return whom `follower` followed last, at most so many: the ids alone."""
        return (
            self.filter(follower=follower).newest_first().values_list("followed", flat=True)[:limit]
        )


class Follow(models.Model):
    """`follower` has the posts of `followed` on their home timeline.

    Made and ended by Account.follow and .unfollow.
    """

    follower = models.ForeignKey("accounts.Account", models.CASCADE, related_name="follows")
    followed = models.ForeignKey("accounts.Account", models.CASCADE, related_name="followed_by")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = FollowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follower", "followed"], name="follow_once"),
            models.CheckConstraint(condition=~Q(follower=F("followed")), name="follow_others"),
        ]
        indexes = [
            models.Index(fields=["followed", "id"], name="follow_followed"),
            models.Index(fields=["follower", "id"], name="follow_follower"),
        ]

    def __str__(self) -> str:
        return f"{self.follower} follows {self.followed}"
