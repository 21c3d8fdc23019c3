"""Who may do what to whom.

A role is a Django group; what counts is the permission, not the group's name.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from accounts.ranks import Rank, RankError, holders, people_from, rank_of
from moderation.models import Action, Decision

WORK: str = settings.MODERATE_PERMISSION
# the groups, made by a migration
ROLES = {"Moderators": Rank.MODERATOR, "Administrators": Rank.ADMINISTRATOR}


def moderators() -> "QuerySet[User]":
    """Return all who may work the queue, and are here."""
    return holders(WORK).filter(is_active=True, account__absent_at=None)


def role_of(user: Any) -> str:
    """Return the name of the highest role of `user`; "" for none."""
    names = {group.name for group in user.groups.all()}
    return next((name for name in reversed(ROLES) if name in names), "")


def staff() -> "QuerySet[User]":
    """Return all who may enter the admin, those with the highest rank first."""
    people = people_from(Rank.MODERATOR).select_related("account").prefetch_related("groups")
    return people.order_by("-is_superuser", "pk")


@transaction.atomic
def give_role(giver: User, user: User, role: str) -> None:
    """Let `user` have `role` ("" for none) and no other.

    Who has none may not enter the admin; who loses rank is signed out everywhere.

    Raises RankError.
    """
    own, before = rank_of(giver), rank_of(user)
    if user.pk == giver.pk:
        raise RankError("This is yourself. Let a colleague do it.")
    if own < Rank.ADMINISTRATOR or before >= own or ROLES.get(role, Rank.PERSON) >= own:
        raise RankError("Only somebody of a higher rank gives this role, or takes it.")
    user.groups.remove(*Group.objects.filter(name__in=ROLES))
    if role:
        user.groups.add(Group.objects.get(name=role))
    User.objects.filter(pk=user.pk).update(is_staff=bool(role))
    after = rank_of(User.objects.get(pk=user.pk))
    if after >= own:  # by permissions that they have beside their role
        raise RankError("Only somebody of a higher rank gives this role, or takes it.")
    if after < before:
        user.end_sessions()
    account = getattr(user, "account", None)
    Decision.objects.append(
        action=Action.STAFF,
        moderator_number=giver.pk,
        account_number=account.pk if account else None,
        statement=f"user {user.pk}: {f'now of the {role}' if role else 'no role any more'}",
    )
