"""What moderation does when an app below it tells or asks (connected in moderation.apps)."""

from datetime import datetime
from typing import Any

from django.db import models
from django.http import HttpRequest

from accounts.models import Account, User
from moderation import demo
from moderation.enforcement import automatic, retained
from moderation.models import Action, Case, Decision, Notice
from timeline.models import KeywordRule, Post


def report_keyword_match(post: Post, rule: KeywordRule, **_: Any) -> None:
    automatic.report_caught(post, rule)


def keep_deleted_post(post: Post, **_: Any) -> bool:
    return retained.is_kept(post)


def find_suspension_reasons(account: Account, **_: Any) -> str:
    return Notice.objects.address_of_last(account)


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


def _account_number(row: models.Model) -> int | None:
    """Return the account that an act is about: None for the work on a case, so that it is not among
    what was decided about somebody.
    """
    if isinstance(row, User):
        return Account.objects.filter(user=row).values_list("pk", flat=True).first()
    if isinstance(row, Case):
        return None
    return row.pk if isinstance(row, Account) else getattr(row, "account_id", None)
