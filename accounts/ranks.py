"""Who may act on whom, and read what was said about whom: one rule, wherever it is done."""

from enum import IntEnum
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from accounts.models import Account, User

ADMINISTER: str = settings.ADMINISTER_PERMISSION


class Rank(IntEnum):
    PERSON = 0
    MODERATOR = 1
    ADMINISTRATOR = 2
    KEEPER = 3  # a superuser: who has the server


class RankError(PermissionDenied):
    """Nobody acts on themselves, or on somebody of their own or a higher rank.

    The message is for the moderator.
    """


def holders(permission: str) -> "QuerySet[User]":
    """Return who has `permission` ("app.codename") by group or by hand, and keepers; closed too."""
    app, _, codename = permission.partition(".")
    lookups = {"content_type__app_label": app, "codename": codename}
    by_group = Q(**{f"groups__permissions__{key}": value for key, value in lookups.items()})
    by_hand = Q(**{f"user_permissions__{key}": value for key, value in lookups.items()})
    return User.objects.filter(
        Q(is_superuser=True) | (by_group | by_hand) & Q(is_staff=True)
    ).distinct()


def people_from(rank: Rank) -> "QuerySet[User]":
    """Return all whose rank is `rank` or higher; closed users among them."""
    if rank == Rank.PERSON:
        return User.objects.all()
    if rank == Rank.MODERATOR:
        return User.objects.filter(Q(is_staff=True) | Q(is_superuser=True))
    if rank == Rank.ADMINISTRATOR:
        return holders(ADMINISTER)
    return User.objects.filter(is_superuser=True)


def rank_of(user: Any) -> Rank:
    """Return the rank of `user`; PERSON of nobody. Staff are moderators, whatever they may do.

    Who is closed keeps it: else an equal could open their door, and go through it.
    """
    if user is None or not (user.is_staff or user.is_superuser):
        return Rank.PERSON
    if user.is_superuser:
        return Rank.KEEPER
    if user.is_active:
        administers = user.has_perm(ADMINISTER)
    else:
        administers = holders(ADMINISTER).filter(pk=user.pk).exists()
    return Rank.ADMINISTRATOR if administers else Rank.MODERATOR


def check_above(moderator: User, user: User | None, called: object) -> None:
    """Raise RankError where `moderator` may not act on `user`, who is `called` so."""
    if user is None:
        return
    if user.pk == moderator.pk:
        raise RankError(f"{called} is your own account. Let a colleague decide.")
    if rank_of(user) >= rank_of(moderator):
        raise RankError(
            f"{called} belongs to somebody of your own rank or above. Only somebody above them "
            "may decide."
        )


def check_rank(moderator: User, account: Account) -> None:
    """Raise RankError where `moderator` may not act on `account`."""
    check_above(moderator, account.user if account.user_id else None, account)


def why_not(moderator: User, account: Account | None) -> str:
    """Say why `moderator` may not act on `account`; "" where they may, or where it is gone."""
    try:
        if account:
            check_rank(moderator, account)
    except RankError as error:
        return str(error)
    return ""


# --- Reading ---


def out_of_reach(reader: User) -> "QuerySet[User]":
    """Return those about whom `reader` reads nothing that was said or decided: oneself and, but for
    keepers, one's equals and those above.
    """
    rank = rank_of(reader)
    if rank == Rank.KEEPER:
        return User.objects.filter(pk=reader.pk)
    return User.objects.filter(Q(pk=reader.pk) | Q(pk__in=people_from(rank).values("pk")))


def check_reads(reader: User, account: Account | None) -> None:
    """Raise RankError where `reader` may not read what was said of `account` (None: one gone)."""
    user = account.user if account and account.user_id else None
    if user is None:
        return
    if user.pk == reader.pk:
        raise RankError(
            "This is about you. Somebody else looks at it, and you are told what they decide."
        )
    if rank_of(reader) < Rank.KEEPER and rank_of(user) >= rank_of(reader):
        raise RankError(
            "This is about somebody of your own rank or above. Only somebody above them looks "
            "at it."
        )
