"""What somebody takes along of moderation: what they reported, and what was decided about them. As
they read it on the pages about it, and nothing more.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import Account
from moderation.enforcement.explanations import explained
from moderation.models import Message, Notice, Ticket

BATCH = 100


def records_of(account: Account) -> dict[str, Iterator[dict[str, Any]]]:
    """Return the lists of their archive, by the name of the file."""
    return {"reports": _reports(account), "decisions": _notices(account)}


def _reports(account: Account) -> Iterator[dict[str, Any]]:
    reports = Ticket.objects.reports().sent_by(account).select_related("account", "rule")
    for batch in _batches(reports):
        for report in batch:
            yield {"about": report.about, "category": report.title, **_ticket(report)}


def _ticket(ticket: Ticket) -> dict[str, Any]:
    """Return what its sender sees of it. Which moderator wrote is told to nobody."""
    return {
        "sent_at": _when(ticket.created_at),
        "posts": [str(pk) for pk in ticket.post_ids],
        "rule": ticket.rule.title if ticket.rule else "",
        "text": ticket.text,
        "state": ticket.outcome,
        "decided_at": _when(ticket.closed_at),
        "statement": ticket.statement,
        "messages": [
            {
                "from": "moderators" if message.from_moderator else "you",
                "at": _when(message.created_at),
                "text": message.text,
            }
            for message in Message.objects.about([ticket])
        ],
    }


def _notices(account: Account) -> Iterator[dict[str, Any]]:
    for batch in _batches(Notice.objects.to(account).select_related("account", "appeal")):
        yield from map(_notice, batch)


def _notice(notice: Notice) -> dict[str, Any]:
    said = explained(notice)
    decisions = said["decisions"]
    appeal: Ticket | None = getattr(notice, "appeal", None)
    return {
        "decided_at": _when(notice.created_at),
        "taken_back_at": _when(notice.undone_at),
        "decisions": said["sentences"],
        "rule": decisions[0].rule if decisions else "",
        "statement": decisions[0].statement if decisions else "",
        "posts": sorted({str(pk) for decision in decisions for pk in decision.post_ids}),
        "appeal": _ticket(appeal) if appeal else None,
    }


def _batches[Row: (Ticket, Notice)](rows: "QuerySet[Row]") -> Iterator[list[Row]]:
    rows, last = rows.order_by("pk"), 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1].pk


def _when(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None
