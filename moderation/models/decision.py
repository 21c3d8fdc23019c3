"""The record: what was decided, by whom and why.

It is only ever added to; manage.py verify_decisions proves it.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID, uuid4

from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Cast
from django.db.models.lookups import Contains
from django.utils import timezone

ROOT = "0" * 64  # what the first decision follows on
_LOCK = 7_203_651_108  # PostgreSQL: who appends waits for who is appending


class Action(models.TextChoices):
    """What a decision does: the words that are stored. See moderation.enforcement.actions."""

    NONE = "none", "No action"
    WARN = "warn", "Warn"
    SENSITIVE = "sensitive", "Mark the posts as sensitive"
    HIDE = "hide", "Hide the posts"
    DELETE = "delete", "Delete the posts"
    LIMIT = "limit", "Limit the account"
    FREEZE = "freeze", "Freeze the account"
    SUSPEND = "suspend", "Suspend the account"
    REMOVE = "remove", "Remove the account and its handle"
    BAN = "ban", "Ban the e-mail address"
    LIFT = "lift", "Lifted"  # something that was in force ends before its time, or at it
    UNDO = "undo", "Undone"  # within the ten minutes
    UPHOLD = "uphold", "Upheld on appeal"
    OVERTURN = "overturn", "Overturned on appeal"
    STAFF = "staff", "Done in the admin"


UNDO_WITHIN = timedelta(minutes=10)
MOST_RECENT = 200  # that are looked at for an undo


def names(post_id: int) -> Contains:
    """Return the condition that a row has this post among its `post_ids`.

    Ask it of one account's rows, for no index has them. The lists are JSON, in which SQLite and
    PostgreSQL look differently, and as text alike. An id has 17 to 19 digits: that one stands in
    another is next to impossible, and would keep a post for longer, no more.
    """
    return Contains(Cast("post_ids", models.TextField()), str(post_id))


class DecisionQuerySet(models.QuerySet["Decision"]):
    def about(self, account_number: int) -> Self:
        return self.filter(account_number=account_number).order_by("-pk")

    def naming(self, post_id: int) -> Self:
        return self.filter(names(post_id))

    def of_batch(self, batch: UUID) -> Self:
        return self.filter(batch=batch).order_by("pk")

    def of_batches(self, batches: Iterable[UUID]) -> dict[UUID, list["Decision"]]:
        """Return the decisions of each, in their order: one query."""
        found: dict[UUID, list[Decision]] = defaultdict(list)
        for decision in self.filter(batch__in=list(batches)).order_by("pk"):
            found[decision.batch].append(decision)
        return found

    def recent_by(self, moderator_number: int | None) -> Self:
        """Return what `moderator_number` may still undo, the last first: MOST_RECENT at most."""
        recent = self.filter(moderator_number=moderator_number)
        return recent.since(timezone.now() - UNDO_WITHIN).order_by("-pk")[:MOST_RECENT]

    def since(self, moment: datetime) -> Self:
        return self.filter(made_at__gte=moment)

    def append(self, **fields: Any) -> "Decision":
        """Add one to the record, chained to the one before, in the transaction that does it."""
        assert connection.in_atomic_block  # noqa: S101  (a record without its deed, or the other way round, must not be)
        if connection.vendor == "postgresql":  # SQLite has one writer at a time anyway
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        decision = self.model(**fields)
        decision.previous = self.order_by("-pk").values_list("digest", flat=True).first() or ROOT
        decision.digest = decision.right_digest()
        decision.save(force_insert=True)
        return decision

    def chain(self, size: int = 1000) -> Iterator["Decision"]:
        """Yield every decision in its order, a batch at a time."""
        last = 0
        while batch := list(self.filter(pk__gt=last).order_by("pk")[:size]):
            yield from batch
            last = batch[-1].pk


class Decision(models.Model):
    """One thing that was decided and done.

    Plain numbers instead of keys: it outlives what it is about, and names nothing of it.

    `batch` is one for all that was decided with one press of a button. `moderator_number` is the
    User's id; NULL is the clock.
    """

    made_at = models.DateTimeField("made", default=timezone.now, editable=False)
    batch = models.UUIDField(default=uuid4, editable=False)
    action = models.CharField(max_length=9, choices=Action, editable=False)
    moderator_number = models.BigIntegerField("moderator", null=True, editable=False)
    account_number = models.BigIntegerField("account", null=True, editable=False)
    post_ids = models.JSONField("posts", default=list, editable=False)
    # "report 12", "removalrequest 3"
    filings = models.JSONField("decides", default=list, editable=False)
    # its title on that day
    rule = models.CharField(max_length=200, blank=True, default="", editable=False)
    statement = models.TextField("reasons", blank=True, default="", editable=False)
    until = models.DateTimeField(null=True, editable=False)
    # what it lifts, undoes, upholds or overturns
    about = models.BigIntegerField("about decision", null=True, editable=False)
    previous = models.CharField(max_length=64, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["account_number", "-id"], name="decision_account"),
            models.Index(fields=["batch"], name="decision_batch"),
            models.Index(fields=["made_at"], name="decision_made"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(action__in=Action.values), name="decision_action")
        ]

    def __str__(self) -> str:
        return f"Decision {self.pk}: {self.get_action_display()}"

    @property
    def answers_report(self) -> bool:
        return any(name.startswith("report ") for name in self.filings)

    def right_digest(self) -> str:
        """Return the SHA-256 of all that it says and of the digest before it, in hexadecimal."""
        values = {field: getattr(self, field) for field in _DIGESTED}
        return hashlib.sha256(
            json.dumps(values, default=_plain, sort_keys=True, ensure_ascii=False).encode()
        ).hexdigest()


_DIGESTED = (
    *("previous", "made_at", "batch", "action", "moderator_number", "account_number"),
    *("post_ids", "filings", "rule", "statement", "until", "about"),
)


def _plain(value: Any) -> str:
    is_time = isinstance(value, datetime)
    return value.astimezone(UTC).isoformat(timespec="microseconds") if is_time else str(value)
