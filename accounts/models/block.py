"""Who wants nothing to do with whom."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from accounts.models.account import Account


class BlockQuerySet(models.QuerySet["Block"]):
    def between(self, one: "Account", other: "Account") -> Self:
        """Return the blocks of one of the two by the other: two at most."""
        return self.filter(Q(blocker=one, blocked=other) | Q(blocker=other, blocked=one))


class Block(models.Model):
    """Neither of `blocker` and `blocked` sees what the other posts, or does anything with it.

    Made and ended by Account.block and .unblock.
    """

    blocker = models.ForeignKey("accounts.Account", models.CASCADE, related_name="blocks")
    blocked = models.ForeignKey("accounts.Account", models.CASCADE, related_name="blocked_by")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = BlockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="block_once"),
            models.CheckConstraint(condition=~Q(blocker=F("blocked")), name="block_others"),
        ]
        indexes = [models.Index(fields=["blocker", "id"], name="block_blocker")]

    def __str__(self) -> str:
        return f"{self.blocker} blocks {self.blocked}"


def blocked_with(viewer: Any) -> "models.QuerySet[Any, Any]":
    """Return the ids of all whom `viewer` blocks and of all who block them, for `__in`."""
    blocked = Block.objects.filter(blocker=viewer).values("blocked")
    return blocked.union(Block.objects.filter(blocked=viewer).values("blocker"), all=True)
