"""Decide: what a moderator rules is done, recorded, and told to everybody whom it touches, in one
transaction.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from accounts.models import Account, User
from accounts.ranks import RankError, check_rank
from microblog.db.locks import lock_rows
from moderation import tasks
from moderation.enforcement import mails
from moderation.enforcement.actions import ACTIONS, ActionSpec, Subject
from moderation.enforcement.lift import lift, stop
from moderation.models import Action, Case, Decision, Rule, Sanction, Ticket, TicketKind
from moderation.roles import moderators
from timeline.models import Post


class DecidedError(Exception):
    """There is nothing left to decide: somebody was faster, or it is gone.

    The message is for the moderator.
    """


@dataclass(frozen=True)
class Ruling:
    """What a moderator wants.

    `statement` is for whom it concerns, `answer` for who reported or asked.

    `appeal` is None (leave it open), Action.UPHOLD or Action.OVERTURN. `read_at` is when the
    moderator read what there was to decide: what came in later stays open, and so does what is in
    `leave`, by name ("report 12").
    """

    actions: tuple[Action, ...] = ()
    post_ids: tuple[int, ...] = ()
    rule: Rule | None = None
    statement: str = ""
    answer: str = ""
    until: datetime | None = None
    appeal: Action | None = None
    read_at: datetime | None = None
    leave: frozenset[str] = frozenset()
    batch: UUID = field(default_factory=uuid4)  # the same ruling again is refused

    @property
    def specs(self) -> list[ActionSpec]:
        return [ACTIONS[Action(action)] for action in self.actions]

    @property
    def does_something(self) -> bool:
        return any(not spec.is_quiet for spec in self.specs)

    @property
    def changes_posts(self) -> bool:
        return any(spec.on_posts for spec in self.specs)

    @property
    def grants_removal(self) -> bool:
        return any(spec.grants_removal for spec in self.specs)


@transaction.atomic
def decide(moderator: User, account: Account, ruling: Ruling, case: Case | None = None) -> UUID:
    """Do what `ruling` says to `account`, decide what is open in `case`, and return the batch of
    the decisions.

    Raises RankError and DecidedError; then nothing is changed.
    """
    lock_rows(Account.objects.filter(pk=account.pk))
    account = Account.objects.select_related("user").get(pk=account.pk)
    check_rank(moderator, account)
    if Decision.objects.of_batch(ruling.batch).exists():
        raise DecidedError("This was decided already. Nothing was changed.")
    if case:
        case.check_read_by(moderator)
    tickets = _lock_tickets(case, ruling) if case else []
    fields: dict[str, Any] = {
        "batch": ruling.batch,
        "moderator_number": moderator.pk,
        "account_number": account.pk,
        "statement": ruling.statement,
        "rule": ruling.rule.title if ruling.rule else "",
        "filings": [ticket.name for ticket in tickets],
    }
    # of the chosen posts those that it wrote and that are here, be it only for moderators
    posts = Post.objects.by(account).with_ids(ruling.post_ids) if ruling.post_ids else []
    subject = Subject(account, list(posts), ruling.until)
    made = [_act(Action(action), subject, fields) for action in ruling.actions]
    if Action.NONE in ruling.actions:
        lift(Sanction.objects.holding_back(tickets), moderator, batch=ruling.batch)
    if ruling.appeal:
        appeals = [ticket for ticket in tickets if ticket.kind == TicketKind.APPEAL]
        made += [_answer_appeal(moderator, ruling.appeal, appeal, fields) for appeal in appeals]
    _close(tickets, ruling, made)
    if case:
        case.recalculate()
    if ruling.does_something or ruling.appeal:
        mails.notify(account, ruling.batch)
    if tickets:
        tasks.tell_senders.enqueue(str(ruling.batch))
    return ruling.batch


def _lock_tickets(case: Case, ruling: Ruling) -> list[Ticket]:
    """Return the tickets that the ruling decides. Nobody else decides them meanwhile."""
    lock_rows(Case.objects.filter(pk=case.pk))
    kinds = [TicketKind.REPORT, TicketKind.REMOVAL] if ruling.actions else []
    kinds += [TicketKind.APPEAL] if ruling.appeal else []
    chosen = [
        ticket
        for ticket in Ticket.objects.of_cases([case]).open().of_kind(*kinds).with_people()
        if ticket.name not in ruling.leave
        and (ruling.read_at is None or (ticket.confirmed_at or ruling.read_at) <= ruling.read_at)
    ]
    if not chosen:
        raise DecidedError("This was decided already, or taken back. Nothing was changed.")
    return chosen


def _act(action: Action, subject: Subject, fields: dict[str, Any]) -> Decision:
    """Do `action` to `subject`, and record it."""
    spec = ACTIONS[action]
    changed = spec.start(subject)
    until = subject.until if spec.lasts else None
    decision = Decision.objects.append(
        action=action, post_ids=[post.pk for post in subject.posts], until=until, **fields
    )
    if spec.stop and changed is not None:
        due = timezone.now() + spec.due_after if spec.due_after and not until else None
        Sanction.objects.create(
            decision=decision, account=subject.account, post_ids=changed, until=until, due_at=due
        )
    return decision


def _answer_appeal(
    moderator: User, answer: Action, appeal: Ticket, fields: dict[str, Any]
) -> Decision:
    """Record the answer to `appeal`; where it overturns, take back what it is against.

    Raises RankError for who decided that, where there is a colleague.
    """
    assert appeal.notice  # noqa: S101  (a constraint: an appeal has one)
    decided = list(appeal.notice.decisions())
    is_own = any(decision.moderator_number == moderator.pk for decision in decided)
    if is_own and moderators().exclude(pk=moderator.pk).exists():
        raise RankError(
            "You made the decision that this appeal is about. A colleague has to look at it."
        )
    decision = Decision.objects.append(
        action=answer, about=decided[0].pk if decided else None, **fields
    )
    if answer == Action.OVERTURN:
        sanctions = Sanction.objects.decided_with([one.pk for one in decided])
        stop(sanctions.with_account(), by=decision)
    return decision


def _close(tickets: list[Ticket], ruling: Ruling, made: list[Decision]) -> None:
    """Let `tickets` be decided: granted or refused, each kind by what the ruling does."""
    is_granted = {
        TicketKind.REPORT: ruling.does_something,
        TicketKind.REMOVAL: ruling.grants_removal,
        TicketKind.APPEAL: ruling.appeal == Action.OVERTURN,
    }
    for kind, granted in is_granted.items():
        chosen = [ticket.pk for ticket in tickets if ticket.kind == kind]
        if chosen:
            state = kind.spec.granted if granted else kind.spec.refused
            Ticket.objects.filter(pk__in=chosen).close(state, ruling.answer, made[0].pk)
