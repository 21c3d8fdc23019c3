"""Who may do what to whom. A role is a Django group; what counts is the permission, not the group's name."""

from enum import IntEnum
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import Account, User

WORK = "moderation.work_queue"
ADMINISTER = "moderation.change_rule"


class Rank(IntEnum):
    PERSON = 0
    MODERATOR = 1
    ADMINISTRATOR = 2
    KEEPER = 3  # a superuser: who has the server


ROLES = {"Moderators": Rank.MODERATOR, "Administrators": Rank.ADMINISTRATOR}  # the groups, made by a migration


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


def role_of(user: Any) -> str:
    """The name of the highest role of `user`; "" for none."""
    names = {group.name for group in user.groups.all()}
    return next((name for name in reversed(ROLES) if name in names), "")


def staff() -> "QuerySet[User]":
    """All who may enter the admin, those with the highest rank first."""
    people = User.objects.filter(Q(is_staff=True) | Q(is_superuser=True)).select_related("account").prefetch_related("groups")
    return people.order_by("-is_superuser", "pk")


@transaction.atomic
def give_role(giver: User, user: User, role: str) -> None:
    """Let `user` have `role` ("" for none) and no other. Who has none may not enter the admin. Raises RankError."""
    from moderation.models import Action, Decision

    own = rank_of(giver)
    if user.pk == giver.pk:
        raise RankError("This is yourself. Let a colleague do it.")
    if own < Rank.ADMINISTRATOR or rank_of(user) >= own or ROLES.get(role, Rank.PERSON) >= own:
        raise RankError("Only somebody of a higher rank gives this role, or takes it.")
    user.groups.remove(*Group.objects.filter(name__in=ROLES))
    if role:
        user.groups.add(Group.objects.get(name=role))
    User.objects.filter(pk=user.pk).update(is_staff=bool(role))
    account = getattr(user, "account", None)
    Decision.objects.append(
        action=Action.STAFF,
        moderator_number=giver.pk,
        account_number=account.pk if account else None,
        statement=f"user {user.pk}: {f'now of the {role}' if role else 'no role any more'}",
    )
