"""Who may do what to whom. A role is a Django group; what counts is the permission, not the group's name."""

from enum import IntEnum
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Account, User

MODERATORS, ADMINISTRATORS = "Moderators", "Administrators"
WORK = "moderation.work_queue"
ADMINISTER = "moderation.change_rule"


class Rank(IntEnum):
    PERSON = 0
    MODERATOR = 1
    ADMINISTRATOR = 2
    KEEPER = 3  # a superuser: who has the server


class RankError(Exception):
    """Nobody acts on themselves, or on somebody of their own or a higher rank. The message is for the moderator."""


def rank_of(user: Any) -> Rank:
    """Of nobody, of somebody who is no staff, and of a closed user: PERSON. Staff are moderators at least, whatever they may do."""
    if user is None or not user.is_active or not (user.is_staff or user.is_superuser):
        return Rank.PERSON
    if user.is_superuser:
        return Rank.KEEPER
    if user.has_perm(ADMINISTER):
        return Rank.ADMINISTRATOR
    return Rank.MODERATOR


def check_rank(moderator: User, account: Account) -> None:
    """Raises RankError where `moderator` may not act on `account`."""
    if account.user_id is None:
        return
    if account.user_id == moderator.pk:
        raise RankError(f"{account} is your own account. Let a colleague decide.")
    if rank_of(account.user) >= rank_of(moderator):
        raise RankError(f"{account} belongs to somebody of your own rank or above. Only somebody above them may decide.")


def moderators() -> "QuerySet[User]":
    """All who may work the queue."""
    app, _, codename = WORK.partition(".")
    permission = {"content_type__app_label": app, "codename": codename}
    by_group = Q(**{f"groups__permissions__{key}": value for key, value in permission.items()})
    by_hand = Q(**{f"user_permissions__{key}": value for key, value in permission.items()})
    return User.objects.filter(Q(is_superuser=True) | by_group | by_hand, is_active=True, is_staff=True).distinct()
