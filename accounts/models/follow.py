"""Who reads whom, and who asked to; and who is shown to whoever reads nobody yet."""

from collections.abc import Collection
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

    def without_retweets(self, follower: "Account") -> "FollowQuerySet":
        """Return those of `follower`, who has no retweets of whom they name at home."""
        return self.filter(follower=follower, shows_retweets=False)

    def among_followers(self, account: "Account", ids: Collection[int]) -> set[int]:
        """Return those of `ids` that follow `account`."""
        found = self.filter(followed=account, follower__in=ids)
        return set(found.values_list("follower", flat=True))


class Follow(models.Model):
    """`follower` has the posts of `followed` on their home timeline.

    Made and ended by Account.follow and .unfollow.
    """

    follower = models.ForeignKey("accounts.Account", models.CASCADE, related_name="follows")
    followed = models.ForeignKey("accounts.Account", models.CASCADE, related_name="followed_by")
    created_at = models.DateTimeField(auto_now_add=True)
    shows_retweets = models.BooleanField(default=True)  # of theirs, on that timeline
    was_asked_for = models.BooleanField(default=False)  # and `followed` accepted

    objects = FollowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follower", "followed"], name="follow_once"),
            models.CheckConstraint(condition=~Q(follower=F("followed")), name="follow_others"),
        ]
        indexes = [
            models.Index(fields=["followed", "id"], name="follow_followed"),
            models.Index(fields=["follower", "id"], name="follow_follower"),
            # of a day: who followed, and who accepted
            models.Index(fields=["followed", "created_at"], name="follow_day"),
            models.Index(
                fields=["follower", "created_at"],
                name="follow_accepted_day",
                condition=Q(was_asked_for=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.follower} follows {self.followed}"


class FollowRequest(models.Model):
    """`follower` asks to follow `followed`, who is protected; it means nothing yet.

    Made by Account.follow; ended by .accept, .refuse, .unfollow and .block.
    """

    follower = models.ForeignKey(
        "accounts.Account", models.CASCADE, related_name="follow_requests_made"
    )
    followed = models.ForeignKey("accounts.Account", models.CASCADE, related_name="follow_requests")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follower", "followed"], name="follow_request_once"),
            models.CheckConstraint(
                condition=~Q(follower=F("followed")), name="follow_request_others"
            ),
        ]
        indexes = [models.Index(fields=["followed", "id"], name="follow_request_followed")]

    def __str__(self) -> str:
        return f"{self.follower} asks to follow {self.followed}"


class LivelyAccount(models.Model):
    """`account` is one of those that a visitor or a newcomer may like to read.

    Chosen by the clock (timeline.feeds.beside).
    """

    account = models.OneToOneField("accounts.Account", models.CASCADE, related_name="lively")
    place = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place"], name="lively_place_once")]

    def __str__(self) -> str:
        return f"{self.place}. {self.account}"
