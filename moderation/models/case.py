"""What the queue shows: all that is open about one account."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Account, User
from accounts.ranks import RankError, check_reads
from microblog.db.locks import lock_rows
from moderation.models.case_queryset import CaseQuerySet

if TYPE_CHECKING:
    from moderation.models.ticket import Ticket


class Severity(models.IntegerChoices):
    """How bad it may be, by what is said of it; the queue begins with the worst."""

    NUISANCE = 0
    BREACH = 1
    HARM = 2
    DANGER = 3

    @property
    def meaning(self) -> str:
        return _MEANINGS[self]


_MEANINGS = {
    Severity.NUISANCE: "spam",
    Severity.BREACH: "a rule of this site, or something else",
    Severity.HARM: "hate, harassment, somebody else's name; a removal request, an appeal",
    Severity.DANGER: "something illegal, self-harm; a removal request under the law",
}


class TakenError(Exception):
    """A colleague works on this case. The message says who, and since when."""


class Case(models.Model):
    """All that is open about one account, and which moderator has it in hand."""

    account = models.ForeignKey(
        Account, models.SET_NULL, null=True, blank=True, related_name="cases", editable=False
    )
    account_number = models.BigIntegerField("id of the account", editable=False)
    severity = models.SmallIntegerField(choices=Severity, default=Severity.NUISANCE, editable=False)
    reports_count = models.PositiveIntegerField(default=0, editable=False)
    removals_count = models.PositiveIntegerField(default=0, editable=False)
    appeals_count = models.PositiveIntegerField(default=0, editable=False)
    people_count = models.PositiveIntegerField(default=0, editable=False)
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    assignee = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="cases", editable=False
    )
    assigned_at = models.DateTimeField(null=True, blank=True, editable=False)
    snoozed_until = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account_number"], name="case_open_once", condition=Q(closed_at=None)
            )
        ]
        indexes = [
            models.Index(
                F("severity").desc(),
                "opened_at",
                "id",
                name="case_queue",
                condition=Q(closed_at=None),
            ),
            models.Index(fields=["account_number", "-id"], name="case_account"),
        ]
        permissions = [("work_queue", "Can work through the queue of reports and removal requests")]

    def __str__(self) -> str:
        return f"Case {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def title(self) -> str:
        """Name whom it is about."""
        return (
            f"{self.account.shown_name} {self.account}"
            if self.account
            else "An account that is gone"
        )

    def check_read_by(self, reader: User) -> None:
        """Raise RankError where `reader` may not read it."""
        check_reads(reader, self.account)
        if Case.objects.with_ids([self.pk]).reported_by(reader).exists():
            raise RankError("You reported this yourself, so somebody else decides it.")

    def has_sender(self, ticket: "Ticket") -> bool:
        """Return whether something else that is open here has the same sender as `ticket`."""
        if ticket.reporter_id:
            same = Q(reporter=ticket.reporter_id)
        else:
            same = Q(email=ticket.email) if ticket.email else Q(pk=None)
        return self.tickets.open().filter(same).exclude(pk=ticket.pk).exists()

    @transaction.atomic
    def recalculate(self) -> None:
        """Count anew what is open; close where nothing is, and open where something is."""
        lock_rows(Case.objects.filter(pk=self.pk))
        left = list(self.tickets.open())
        counts = dict.fromkeys(("reports_count", "removals_count", "appeals_count"), 0)
        for ticket in left:
            counts[f"{ticket.kind}s_count"] += 1
        self.people_count = len({ticket.sender for ticket in left})
        self.severity = max((ticket.severity for ticket in left), default=Severity.NUISANCE)
        self.closed_at = None if left else self.closed_at or timezone.now()
        for column, number in counts.items():
            setattr(self, column, number)
        self.save(update_fields=[*counts, "people_count", "severity", "closed_at"])

    # --- Who has it in hand ---

    @transaction.atomic
    def assign(self, user: User, *, take_over: bool = False) -> bool:
        """Let `user` have it in hand; return whether they had not. Raises TakenError."""
        locked = lock_rows(Case.objects.filter(pk=self.pk), "assignee", "assigned_at")
        self.assignee_id, self.assigned_at = locked[self.pk]
        if self.assignee_id == user.pk:
            return False
        if self.assignee and not take_over:
            raise TakenError(
                f"{name_of(self.assignee)} took this case on {self.assigned_at:%-d %b, %H:%M} UTC."
            )
        self.assignee, self.assigned_at = user, timezone.now()
        self.save(update_fields=["assignee", "assigned_at"])
        return True

    def release(self) -> None:
        self.assignee = self.assigned_at = None
        self.save(update_fields=["assignee", "assigned_at"])

    def snooze(self, days: int) -> None:
        """Put it off for so many days (0: back in the queue)."""
        self.snoozed_until = timezone.now() + timedelta(days=days) if days else None
        self.save(update_fields=["snoozed_until"])


def name_of(user: Any) -> str:
    """Name a moderator as colleagues do."""
    account = getattr(user, "account", None)
    return str(account) if account else user.email
