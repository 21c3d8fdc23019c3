"""Days that are over, with what came to the moderators and what they decided."""

from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from django.contrib.auth.models import Permission

from accounts.models import Account, User
from conftest import make_account
from moderation.enforcement.decide import Ruling, decide
from moderation.models import Case, Ticket

NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)  # a Wednesday: what the tests call today
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def moderator(handle: str = "mod") -> User:
    """Return somebody who may work the queue, and nothing else."""
    user: User = make_account(handle).user
    user.is_staff = True
    user.save()
    user.user_permissions.set(Permission.objects.filter(codename="work_queue"))
    return user


def at(moment: datetime) -> Any:
    return time_machine.travel(moment, tick=False)


def report(account: Account, when: datetime, category: str = "spam", **more: Any) -> Ticket:
    """Return a report that somebody sent, and confirmed, at `when`."""
    return _file(
        Ticket(kind="report", category=category, email="zoe@example.com", **more), account, when
    )


def ask_removal(account: Account, when: datetime, reason: str = "me") -> Ticket:
    return _file(Ticket(kind="removal", reason=reason, email="zoe@example.com"), account, when)


def _file(filing: Any, account: Account, when: datetime) -> Any:
    with at(when):
        filing.created_at = when
        filing.concern(account)
        filing.save()
        filing.confirm()
    return filing


def decide_about(filing: Ticket, who: User, when: datetime, *actions: str) -> Any:
    """Decide all that is open about the same account, with these actions; return the batch."""
    with at(when):
        return decide(
            who, filing.account, Ruling(actions=actions), Case.objects.get(pk=filing.case_id)
        )
