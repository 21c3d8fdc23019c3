"""End what is in force before its time, or at it."""

from collections.abc import Callable, Collection, Iterable
from uuid import UUID, uuid4

from django.db import transaction

from accounts.models import Account, User
from accounts.ranks import check_rank
from microblog.db.locks import lock_rows
from moderation.enforcement import mails
from moderation.enforcement.actions import ACTIONS
from moderation.models import Action, Decision, Sanction


def stop(sanctions: Iterable[Sanction], by: Decision | None = None) -> None:
    """Take back what is in force of `sanctions`."""
    for sanction in sanctions:
        if sanction.end():
            _take_back(sanction, by)


def _take_back(sanction: Sanction, by: Decision | None) -> None:
    if take_back := ACTIONS[Action(sanction.decision.action)].stop:
        take_back(sanction)
    if by:
        Sanction.objects.filter(pk=sanction.pk).update(ended_by=by.pk)


@transaction.atomic
def lift(
    sanctions: Iterable[Sanction],
    moderator: User | None,
    statement: str = "",
    batch: UUID | None = None,
) -> int:
    """End what is in force of `sanctions`, by `moderator` or by the clock (None); return how many.

    The person is told, unless it is part of another decision's `batch`. Raises RankError.
    """
    number = 0
    for sanction in sanctions:
        account_number = sanction.decision.account_number
        lock_rows(Account.objects.filter(pk=account_number or 0))
        if moderator and sanction.account:
            check_rank(moderator, sanction.account)
        if not sanction.end():
            continue
        number += 1
        decision = Decision.objects.append(
            action=Action.LIFT,
            moderator_number=moderator and moderator.pk,
            account_number=account_number,
            statement=statement,
            about=sanction.decision_id,
            post_ids=sanction.post_ids,
            batch=batch or uuid4(),
        )
        _take_back(sanction, decision)
        if sanction.account and not batch:
            mails.notify(sanction.account, decision.batch)
    return number


@transaction.atomic
def restore_account(
    moderator: User,
    account: Account,
    actions: Collection[Action],
    otherwise: Callable[[Account], object],
) -> None:
    """End what of `actions` is in force, or do `otherwise` and record it. Raises RankError."""
    lock_rows(Account.objects.filter(pk=account.pk))
    check_rank(moderator, account)
    if not lift(Sanction.objects.against(account.pk, actions).with_account(), moderator):
        otherwise(account)
        Decision.objects.append(
            action=Action.LIFT, moderator_number=moderator.pk, account_number=account.pk
        )


@transaction.atomic
def restore_post(
    moderator: User,
    account: Account,
    post_id: int,
    actions: Collection[Action],
    do: Callable[[], object],
) -> None:
    """Take one post out of what of `actions` is in force, and `do` what brings it back.

    Raises RankError.
    """
    lock_rows(Account.objects.filter(pk=account.pk))
    check_rank(moderator, account)
    in_force = Sanction.objects.against(account.pk, actions)
    covering = [sanction for sanction in in_force if post_id in sanction.post_ids]
    for sanction in covering:
        others = [pk for pk in sanction.post_ids if pk != post_id]
        Sanction.objects.filter(pk=sanction.pk).update(post_ids=others)
    do()
    Decision.objects.append(
        action=Action.LIFT,
        about=covering[0].decision_id if covering else None,
        post_ids=[post_id],
        moderator_number=moderator.pk,
        account_number=account.pk,
    )
