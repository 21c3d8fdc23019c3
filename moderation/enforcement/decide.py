"""Deciding: what a moderator orders is done, recorded, and told to everybody whom it touches, in
one transaction.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from accounts.models import Account, User
from accounts.ranks import RankError, check_rank, rank_of
from microblog.db.locks import lock_rows
from moderation.enforcement.actions import EFFECTS, Target
from moderation.enforcement.automatic import measures_holding
from moderation.models import (
    Action,
    Appeal,
    Case,
    Decision,
    Filing,
    Measure,
    Notice,
    RemovalRequest,
    Report,
    Rule,
)
from moderation.models.decision import UNDO_WITHIN
from moderation.roles import moderators
from timeline.models import Post

# what answers a removal request with yes
GRANTING = {Action.HIDE, Action.DELETE, Action.SUSPEND, Action.REMOVE}
QUIET = {Action.NONE}  # nobody needs to be told
MODELS: tuple[type[Filing], ...] = (Report, RemovalRequest, Appeal)


class DecidedError(Exception):
    """There is nothing left to decide: somebody was faster, or it is gone.

    The message is for the moderator.
    """


@dataclass(frozen=True)
class Order:
    """What a moderator wants.

    `statement` is for whom it concerns, `answer` for who reported or asked.

    `appeal` is None (leave it open), Action.UPHOLD or Action.OVERTURN. `seen` is when the moderator
    saw what there was to decide: what came in later stays open, and so does what is in `leave`, by
    name ("report 12").
    """

    actions: tuple[Action, ...] = ()
    post_ids: tuple[int, ...] = ()
    rule: Rule | None = None
    statement: str = ""
    answer: str = ""
    until: datetime | None = None
    appeal: Action | None = None
    seen: datetime | None = None
    leave: frozenset[str] = frozenset()
    batch: UUID = field(default_factory=uuid4)  # the same order again is refused


def _target(account: Account, order: Order) -> Target:
    """What `order` is about: of the chosen posts those that `account` wrote and that are here, be
    it only for moderators.
    """
    posts = list(Post.objects.by(account).with_ids(order.post_ids)) if order.post_ids else []
    return Target(account, posts, order.until)


@transaction.atomic
def decide(moderator: User, account: Account, order: Order, case: Case | None = None) -> UUID:
    """Do what `order` says to `account`, and decide what is open in `case`.

    Returns the batch of its decisions.

    Raises RankError, and DecidedError; then nothing is changed.
    """
    lock_rows(Account.objects.filter(pk=account.pk))
    account = Account.objects.select_related("user").get(pk=account.pk)
    check_rank(moderator, account)
    batch = order.batch
    if Decision.objects.of_batch(batch).exists():
        raise DecidedError("This was decided already. Nothing was changed.")
    if case:
        case.check_read_by(moderator)
    filings = _filings(case, order) if case else []
    target = _target(account, order)
    said: dict[str, Any] = {
        "batch": batch,
        "moderator_number": moderator.pk,
        "account_number": account.pk,
        "statement": order.statement,
    }
    said |= {
        "rule": order.rule.title if order.rule else "",
        "filings": [filing.name for filing in filings],
    }
    made = [_act(Action(action), target, said) for action in order.actions]
    if Action.NONE in order.actions:
        lift(measures_holding(filings), moderator, batch=batch)
    if order.appeal:
        made += _answer_appeals(
            moderator, order, [filing for filing in filings if isinstance(filing, Appeal)], said
        )
    _close(filings, order, made)
    if case:
        case.settle()
    if set(order.actions) - QUIET or order.appeal:
        _tell(account, batch)
    if filings:
        from moderation.tasks import tell_senders

        tell_senders.enqueue(str(batch))
    return batch


def _filings(case: Case, order: Order) -> list[Filing]:
    """What the order decides. Nobody else decides it meanwhile."""
    lock_rows(Case.objects.filter(pk=case.pk))
    found = [
        filing
        for filing in case.filings()
        if filing.is_open
        and filing.name not in order.leave
        and (order.seen is None or (filing.confirmed_at or order.seen) <= order.seen)
    ]
    kinds: set[type[Filing]] = ({Report, RemovalRequest} if order.actions else set()) | (
        {Appeal} if order.appeal else set()
    )
    chosen = [filing for filing in found if type(filing) in kinds]
    if not chosen:
        raise DecidedError("This was decided already, or taken back. Nothing was changed.")
    return chosen


def _act(action: Action, target: Target, said: dict[str, Any]) -> Decision:
    effect = EFFECTS[action]
    changed = effect.start(target)
    until = target.until if effect.lasts else None
    decision = Decision.objects.append(
        action=action, post_ids=[post.pk for post in target.posts], until=until, **said
    )
    if effect.stop and changed is not None:
        due = timezone.now() + effect.due_after if effect.due_after and not until else None
        Measure.objects.create(
            decision=decision, account=target.account, post_ids=changed, until=until, due_at=due
        )
    return decision


def _close(filings: list[Filing], order: Order, made: list[Decision]) -> None:
    acted, granted = bool(set(order.actions) - QUIET), bool(set(order.actions) & GRANTING)
    outcomes = {Report: acted, RemovalRequest: granted, Appeal: order.appeal == Action.OVERTURN}
    for model in MODELS:
        chosen = [filing.pk for filing in filings if isinstance(filing, model)]
        if chosen:
            state = model.granted if outcomes[model] else model.refused
            model.objects.filter(pk__in=chosen).close(state, order.answer, made[0].pk)


def _tell(account: Account, batch: UUID) -> None:
    from moderation.enforcement import mails

    if account.user:
        mails.tell_of_decision(Notice.send(account, batch))


# --- Taking back ---


def _answer_appeals(
    moderator: User, order: Order, appeals: list[Appeal], said: dict[str, Any]
) -> list[Decision]:
    made = []
    for appeal in appeals:
        decided = list(appeal.notice.decisions())
        if (
            any(decision.moderator_number == moderator.pk for decision in decided)
            and moderators().exclude(pk=moderator.pk).exists()
        ):
            raise RankError(
                "You made the decision that this appeal is about. A colleague has to look at it."
            )
        answer = Decision.objects.append(
            action=order.appeal, about=decided[0].pk if decided else None, **said
        )
        if order.appeal == Action.OVERTURN:
            _stop(
                Measure.objects.decided_with([one.pk for one in decided]).select_related(
                    "decision", "account__user"
                ),
                answer,
            )
        made.append(answer)
    return made


def _stop(measures: Iterable[Measure], by: Decision | None = None) -> None:
    """Take back what is in force of `measures`."""
    for measure in measures:
        if measure.end():
            _take_back(measure, by)


def _take_back(measure: Measure, by: Decision | None) -> None:
    stop = EFFECTS[measure.decision.action].stop
    if stop:
        stop(measure)
    if by:
        Measure.objects.filter(pk=measure.pk).update(ended_by=by.pk)


def _resume(measures: Iterable[Measure]) -> None:
    """Let be in force again what was ended by a decision that is undone."""
    for measure in measures:
        Measure.objects.filter(pk=measure.pk).update(ended_at=None, ended_by=None)
        if measure.account:
            posts = list(Post.objects.filter(pk__in=measure.post_ids, deleted_at=None))
            EFFECTS[measure.decision.action].start(Target(measure.account, posts, measure.until))


@transaction.atomic
def undo(moderator: User, batch: UUID) -> None:
    """Take back all that was decided with one press of a button, and open again what it decided.

    Raises RankError and DecidedError.
    """
    decisions = list(Decision.objects.of_batch(batch))
    if not decisions:
        raise DecidedError("There is no such decision.")
    first = decisions[0]
    lock_rows(Account.objects.filter(pk=first.account_number or 0))
    if first.moderator_number != moderator.pk:
        maker = User.objects.filter(pk=first.moderator_number or 0).first()
        if rank_of(maker) >= rank_of(moderator):
            raise RankError("Only who decided, or somebody above them, can undo this.")
    if timezone.now() > first.made_at + UNDO_WITHIN:
        raise DecidedError("The ten minutes for an undo are over. Lift what is in force instead.")
    numbers = [decision.pk for decision in decisions]
    if Decision.objects.filter(action=Action.UNDO, about__in=numbers).exists():
        raise DecidedError("This is undone already.")
    of = Measure.objects.select_related("decision", "account__user")
    _stop(of.decided_with(numbers))
    _resume(of.ended_by(numbers))
    said = {
        "batch": uuid4(),
        "moderator_number": moderator.pk,
        "account_number": first.account_number,
    }
    for number in numbers:
        Decision.objects.append(action=Action.UNDO, about=number, **said)
    _reopen(numbers)
    notice = (
        Notice.objects.filter(batch=batch, undone_at=None).select_related("account__user").first()
    )
    if notice:
        from moderation.enforcement import mails

        notice.undone_at = timezone.now()
        notice.save(update_fields=["undone_at"])
        mails.tell_of_undo(notice)


def _reopen(decisions: list[int]) -> None:
    cases: set[int] = set()
    for model in MODELS:
        decided = model.objects.decided_by(decisions)
        cases.update(pk for pk in decided.values_list("case", flat=True) if pk)
        for filing in decided.filter(case=None):
            filing.case = Case.objects.gather(filing)
            filing.save(update_fields=["case"])
        decided.reopen()
    for case in Case.objects.filter(pk__in=cases):
        _join(case)


def _join(case: Case) -> None:
    """Open `case` again; or, where another one about the same account was opened meanwhile, let
    that one have what is open here.
    """
    other = (
        Case.objects.open().filter(account_number=case.account_number).exclude(pk=case.pk).first()
    )
    if other:
        for model in MODELS:
            model.objects.open().filter(case=case).update(case=other)
        other.settle()
    case.settle()


@transaction.atomic
def lift(
    measures: Collection[Measure],
    moderator: User | None,
    statement: str = "",
    batch: UUID | None = None,
) -> int:
    """End what is in force, before its time by `moderator` or at its time by the clock (None); how
    many that were.

    The person is told, unless it is part of the `batch` of another decision. Raises RankError.
    """
    number = 0
    for measure in measures:
        account_number = measure.decision.account_number
        lock_rows(Account.objects.filter(pk=account_number or 0))
        if moderator and measure.account:
            check_rank(moderator, measure.account)
        if not measure.end():
            continue
        number += 1
        said = {
            "moderator_number": moderator and moderator.pk,
            "account_number": account_number,
            "statement": statement,
        }
        decision = Decision.objects.append(
            action=Action.LIFT,
            about=measure.decision_id,
            post_ids=measure.post_ids,
            batch=batch or uuid4(),
            **said,
        )
        _take_back(measure, decision)
        if measure.account and not batch:
            _tell(measure.account, decision.batch)
    return number


@transaction.atomic
def end_all(
    moderator: User,
    account: Account,
    actions: set[Action],
    otherwise: Callable[[Account], object],
    post_id: int | None = None,
) -> None:
    """End all that is in force of `actions` against `account`, or of one of its posts; where
    nothing is, `otherwise` does it.

    Raises RankError.
    """
    lock_rows(Account.objects.filter(pk=account.pk))
    check_rank(moderator, account)
    found = list(
        Measure.objects.in_force()
        .against(account.pk)
        .filter(decision__action__in=actions)
        .select_related("decision", "account")
    )
    if post_id is None:
        if not lift(found, moderator):
            otherwise(account)
            Decision.objects.append(
                action=Action.LIFT, moderator_number=moderator.pk, account_number=account.pk
            )
        return
    covering = [measure for measure in found if post_id in measure.post_ids]
    for measure in covering:  # the other posts stay as they are
        Measure.objects.filter(pk=measure.pk).update(
            post_ids=[pk for pk in measure.post_ids if pk != post_id]
        )
    otherwise(account)
    about = covering[0].decision_id if covering else None
    Decision.objects.append(
        action=Action.LIFT,
        about=about,
        post_ids=[post_id],
        moderator_number=moderator.pk,
        account_number=account.pk,
    )
