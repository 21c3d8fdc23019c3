"""What moderation does when an app below it tells or asks (connected in moderation.apps)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Account, User
from moderation import demo
from moderation.models import (
    Action,
    Case,
    Decision,
    Notice,
    ReportCategory,
    Sanction,
    Ticket,
    TicketKind,
)
from moderation.models.decision import UNDO_WITHIN
from moderation.public.own_records import records_of
from timeline.models import KeywordRule, Post


def report_keyword_match(post: Post, rule: KeywordRule, **_: Any) -> None:
    """Report `post`, which `rule` caught, in the transaction that publishes or edits it.

    What is held back is a decision of the site's, which can be lifted.
    """
    report = Ticket(kind=TicketKind.REPORT, category=ReportCategory.RULE, keyword=str(rule)[:200])
    report.concern(post.author, [post.pk])
    report.save()
    report.confirm()
    if post.hidden_at:
        reasons = f"Held back by the rule about words {rule.pk}."
        about = {"account_number": post.author_id, "post_ids": [post.pk]}
        decision = Decision.objects.append(action=Action.HIDE, statement=reasons, **about)
        Sanction.objects.create(decision=decision, account=post.author, post_ids=[post.pk])


def keep_deleted_post(post: Post, **_: Any) -> bool:
    """Tell whether a report of `post` is open, or a decision on one can still be appealed against.

    A granted removal ends that.
    """
    tickets = Ticket.objects.concerning(post.author_id).naming(post.pk)
    if tickets.removals().granted_before(timezone.now() - UNDO_WITHIN).exists():
        return False
    if tickets.of_kind("report", "appeal").pending().exists():
        return True
    decisions = Decision.objects.about(post.author_id).naming(post.pk)
    batches = {decision.batch for decision in decisions if decision.answers_report}
    return any(notice.is_pending for notice in Notice.objects.of_batches(batches))


def keep_deleted_account(account: Account, **_: Any) -> bool:
    """Tell whether a report of `account` itself, not of its posts, is open, or an appeal.

    A granted removal ends that.
    """
    tickets = Ticket.objects.concerning(account.pk).about_no_post()
    if tickets.removals().granted_before(timezone.now() - UNDO_WITHIN).exists():
        return False
    return tickets.of_kind("report", "appeal").pending().exists()


def find_suspension_reasons(account: Account, **_: Any) -> str:
    return Notice.objects.address_of_last(account)


def hand_over_records(account: Account, **_: Any) -> dict[str, Iterator[dict[str, Any]]]:
    return records_of(account)


def create_demo_work(now: datetime, **_: Any) -> None:
    demo.move_in(now)


def remove_demo_work(account_ids: list[int], **_: Any) -> None:
    demo.move_out(account_ids)


def record_staff_act(request: HttpRequest, verb: str, row: models.Model, **_: Any) -> None:
    """Append what staff did outside of the queue to the record."""
    Decision.objects.append(
        action=Action.STAFF,
        moderator_number=request.user.pk,
        account_number=_account_number(row),
        post_ids=[row.pk] if isinstance(row, Post) else [],
        statement=f"{row._meta.verbose_name} {row.pk}: {verb}",  # noqa: SLF001  (documented)
    )


def record_rescue(user: User, what: str, **_: Any) -> None:
    """Append that who keeps the server let `user` in anew."""
    Decision.objects.append(
        action=Action.STAFF,
        account_number=_account_number(user),
        statement=f"user {user.pk}: {what}",
    )


def _account_number(row: models.Model) -> int | None:
    """Return the account that an act is about; None for work on a case, which is about nobody."""
    if isinstance(row, User):
        return Account.objects.filter(user=row).values_list("pk", flat=True).first()
    if isinstance(row, Case):
        return None
    return row.pk if isinstance(row, Account) else getattr(row, "account_id", None)
