"""Undo: all that was decided with one press of a button is taken back, within ten minutes."""

from collections.abc import Iterable
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from accounts.models import Account, User
from accounts.ranks import RankError, rank_of
from microblog.db.locks import lock_rows
from moderation.enforcement import mails
from moderation.enforcement.actions import ACTIONS, Subject, is_by_choice
from moderation.enforcement.decide import DecidedError
from moderation.enforcement.lift import stop
from moderation.models import Action, Case, Decision, Notice, Sanction, Ticket
from moderation.models.decision import UNDO_WITHIN
from timeline.models import Post


def undoable_by(moderator: User) -> dict[UUID, list[Decision]]:
    """Return what `moderator` can still undo, by batch, the last first."""
    recent = list(Decision.objects.recent_by(moderator.pk))
    undone = {decision.about for decision in recent if decision.action == Action.UNDO}
    found: dict[UUID, list[Decision]] = {}
    for decision in recent:
        if is_by_choice(decision) and decision.pk not in undone:
            found.setdefault(decision.batch, []).append(decision)
    return found


@transaction.atomic
def undo(moderator: User, batch: UUID) -> None:
    """Take back all that was decided in `batch`, and open again what it decided.

    Raises RankError and DecidedError.
    """
    decisions = list(Decision.objects.of_batch(batch))
    if not decisions:
        raise DecidedError("There is no such decision.")
    first = decisions[0]
    lock_rows(Account.objects.filter(pk=first.account_number or 0))
    numbers = [decision.pk for decision in decisions]
    _check(moderator, first, numbers)
    sanctions = Sanction.objects.with_account()
    stop(sanctions.decided_with(numbers))
    _resume(sanctions.ended_by(numbers))
    fields = {
        "batch": uuid4(),
        "moderator_number": moderator.pk,
        "account_number": first.account_number,
    }
    for number in numbers:
        Decision.objects.append(action=Action.UNDO, about=number, **fields)
    _reopen(numbers)
    notices = Notice.objects.filter(batch=batch, undone_at=None).select_related("account__user")
    if notice := notices.first():
        notice.undone_at = timezone.now()
        notice.save(update_fields=["undone_at"])
        mails.tell_of_undo(notice)


def _check(moderator: User, first: Decision, numbers: list[int]) -> None:
    """Raise RankError or DecidedError where `moderator` cannot undo the decisions `numbers`."""
    if first.moderator_number != moderator.pk:
        maker = User.objects.filter(pk=first.moderator_number or 0).first()
        if rank_of(maker) >= rank_of(moderator):
            raise RankError("Only who decided, or somebody above them, can undo this.")
    if timezone.now() > first.made_at + UNDO_WITHIN:
        raise DecidedError("The ten minutes for an undo are over. Lift what is in force instead.")
    if Decision.objects.filter(action=Action.UNDO, about__in=numbers).exists():
        raise DecidedError("This is undone already.")


def _resume(sanctions: Iterable[Sanction]) -> None:
    """Let be in force again what was ended by a decision that is undone."""
    for sanction in sanctions:
        Sanction.objects.filter(pk=sanction.pk).update(ended_at=None, ended_by=None)
        if sanction.account:
            posts = list(Post.objects.filter(pk__in=sanction.post_ids, deleted_at=None))
            start = ACTIONS[Action(sanction.decision.action)].start
            start(Subject(sanction.account, posts, sanction.until))


def _reopen(decisions: list[int]) -> None:
    """Open again the tickets that `decisions` decided, and their cases."""
    decided = Ticket.objects.decided_by(decisions)
    cases = set(decided.exclude(case=None).values_list("case", flat=True))
    for ticket in decided.filter(case=None):
        ticket.case = Case.objects.gather(ticket)
        ticket.save(update_fields=["case"])
    decided.reopen()
    for case in Case.objects.with_ids(cases):
        _join(case)


def _join(case: Case) -> None:
    """Open `case` again; or let one that was opened meanwhile about the same account have it."""
    others = Case.objects.open().filter(account_number=case.account_number).exclude(pk=case.pk)
    if other := others.first():
        case.tickets.open().update(case=other)
        other.recalculate()
    case.recalculate()
