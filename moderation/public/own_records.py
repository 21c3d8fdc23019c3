"""What somebody takes along of moderation: what they reported, and what was decided about them. As
they read it on the pages about it, and nothing more.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import Account
from moderation.enforcement.actions import told
from moderation.models import Decision, Message, Notice, Ticket

BATCH = 100


def records_of(account: Account) -> dict[str, Iterator[dict[str, Any]]]:
    """Return the lists of their archive, by the name of the file."""
    return {"reports": _reports(account), "decisions": _notices(account)}


def _reports(account: Account) -> Iterator[dict[str, Any]]:
    reports = Ticket.objects.reports().sent_by(account).select_related("account", "rule")
    for batch in _batches(reports):
        said = _said_about(batch)
        for report in batch:
            words = _ticket(report, said[report.reference])
            yield {"about": report.about, "category": report.title, **words}


def _notices(account: Account) -> Iterator[dict[str, Any]]:
    for batch in _batches(Notice.objects.to(account).select_related("appeal__rule")):
        decisions = Decision.objects.of_batches(notice.batch for notice in batch)
        appeals = {notice.pk: getattr(notice, "appeal", None) for notice in batch}
        said = _said_about(filter(None, appeals.values()))
        for notice in batch:
            appeal = appeals[notice.pk]
            words = _ticket(appeal, said[appeal.reference]) if appeal else None
            yield {**_notice(notice, decisions[notice.batch]), "appeal": words}


def _ticket(ticket: Ticket, said: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what its sender sees of it."""
    return {
        "sent_at": _when(ticket.created_at),
        "posts": [str(pk) for pk in ticket.post_ids],
        "rule": ticket.rule.title if ticket.rule else "",
        "text": ticket.text,
        "state": ticket.outcome,
        "decided_at": _when(ticket.closed_at),
        "statement": ticket.statement,
        "messages": said,
    }


def _said_about(tickets: Iterable[Ticket]) -> dict[str, list[dict[str, Any]]]:
    """Return the messages about each, by its reference. Which moderator wrote nobody is told."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for message in Message.objects.about(tickets):
        sender = "moderators" if message.from_moderator else "you"
        said = {"from": sender, "at": _when(message.created_at), "text": message.text}
        found[message.reference].append(said)
    return found


def _notice(notice: Notice, decisions: list[Decision]) -> dict[str, Any]:
    return {
        "decided_at": _when(notice.created_at),
        "taken_back_at": _when(notice.undone_at),
        "decisions": [told(decision) for decision in decisions],
        "rule": decisions[0].rule if decisions else "",
        "statement": decisions[0].statement if decisions else "",
        "posts": sorted({str(pk) for decision in decisions for pk in decision.post_ids}),
    }


def _batches[Row: (Ticket, Notice)](rows: "QuerySet[Row]") -> Iterator[list[Row]]:
    rows, last = rows.order_by("pk"), 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1].pk


def _when(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None
