"""What is in force: the part of a decision that ends, or that is still to be done."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Account
from moderation.models.decision import Action, Decision
from moderation.models.ticket import Ticket
from timeline.models.post_standing import KEPT_AT_MOST


class SanctionQuerySet(models.QuerySet["Sanction"]):
    def in_force(self) -> Self:
        return self.filter(ended_at=None)

    def ended_by(self, decisions: list[int]) -> Self:
        return self.filter(ended_by__in=decisions)

    def against(self, account_number: int, actions: Iterable[str]) -> Self:
        """Return what of `actions` is in force against the account."""
        decided = {"decision__account_number": account_number, "decision__action__in": actions}
        return self.in_force().filter(**decided)

    def decided_with(self, decisions: list[int]) -> Self:
        return self.filter(decision__in=decisions)

    def expired(self) -> Self:
        """Return those whose time is over."""
        return self.in_force().filter(until__lte=timezone.now()).with_account()

    def holding_back(self, tickets: Iterable[Ticket]) -> list["Sanction"]:
        """Return what still holds back the posts that the site itself reported in `tickets`."""
        reports = [ticket for ticket in tickets if ticket.keyword]
        posts = {pk for report in reports for pk in report.post_ids}
        found = self.in_force().filter(
            decision__action=Action.HIDE,
            decision__moderator_number=None,
            decision__account_number__in={report.account_number for report in reports},
        )
        return [one for one in found.with_account() if posts & set(one.post_ids)] if posts else []

    def with_account(self) -> Self:
        """Fetch with each its decision, and whom it is against."""
        return self.select_related("decision", "account__user")

    def overdue(self) -> Self:
        """Return those that are to be carried out for good by now. A suspended account waits while
        an appeal is open, and while a report of it is, until 90 days are over.
        """
        now = timezone.now()
        about_account = Ticket.objects.open().filter(account=OuterRef("account"))
        is_suspension = Q(decision__action=Action.SUSPEND)
        is_recent = Q(decision__made_at__gt=now - KEPT_AT_MOST)
        return (
            self.in_force()
            .filter(due_at__lte=now, done_at=None)
            .exclude(Exists(about_account.appeals()) & is_suspension)
            .exclude(Exists(about_account.reports()) & is_suspension & is_recent)
            .with_account()
        )


class Sanction(models.Model):
    """What `decision` set in force and what ends again: at `until`, by an undo, or by an appeal.

    `post_ids` are those that it changed, and that it changes back. At `due_at` it is carried out
    for good: what it hid is deleted.
    """

    decision = models.OneToOneField(
        Decision, models.PROTECT, related_name="sanction", editable=False
    )
    account = models.ForeignKey(
        Account, models.SET_NULL, null=True, related_name="sanctions", editable=False
    )
    post_ids = models.JSONField(default=list, editable=False)
    until = models.DateTimeField(null=True, editable=False)
    due_at = models.DateTimeField(null=True, editable=False)
    done_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    # the number of the decision that ended it before its time
    ended_by = models.BigIntegerField(null=True, editable=False)

    objects = SanctionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["until"],
                name="sanction_until",
                condition=Q(ended_at=None, until__isnull=False),
            ),
            models.Index(
                fields=["due_at"],
                name="sanction_due",
                condition=Q(ended_at=None, done_at=None, due_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{Action(self.decision.action).label}, decision {self.decision_id}"

    def end(self) -> bool:
        """Let it be no longer in force, and return whether it was until now."""
        self.ended_at = timezone.now()
        return self._note(ended_at=self.ended_at)

    def mark_done(self) -> bool:
        """Note that it is carried out for good, and return whether that was still to be done."""
        return self._note(done_at=timezone.now())

    def _note(self, **fields: object) -> bool:
        waiting = Sanction.objects.in_force().filter(pk=self.pk, done_at=None)
        return bool(waiting.update(**fields))
