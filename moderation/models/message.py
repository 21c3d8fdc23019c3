"""What is written about cases: messages to and from who sent something in, notes for colleagues,
and that moderators were reminded of what waits.
"""

from collections.abc import Iterable
from datetime import date
from typing import Self
from uuid import UUID, uuid4

from django.db import models
from django.utils import timezone

from accounts.models import User
from moderation.models.case import Case
from moderation.models.ticket import Ticket


class MessageQuerySet(models.QuerySet["Message"]):
    def about(self, tickets: Iterable[Ticket]) -> Self:
        return self.filter(reference__in=[ticket.reference for ticket in tickets]).order_by("pk")

    def say(
        self,
        ticket: Ticket,
        text: str,
        idempotency_key: UUID | None,
        moderator: User | None = None,
    ) -> bool:
        """Say `text`, as `moderator` or as the sender (None); return whether it is new."""
        sender = {"moderator": moderator, "from_moderator": moderator is not None}
        fields = {"reference": ticket.reference, "text": text, **sender}
        return self.get_or_create(idempotency_key=idempotency_key or uuid4(), defaults=fields)[1]


class Message(models.Model):
    """One message between the sender of the ticket with this `reference` and the moderators."""

    reference = models.CharField(max_length=32, db_index=True, editable=False)
    # of the form: sent twice, it is said once
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    from_moderator = models.BooleanField(default=False, editable=False)
    # not told to the sender
    moderator = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    text = models.TextField(editable=False)
    created_at = models.DateTimeField("sent", default=timezone.now, editable=False)

    objects = MessageQuerySet.as_manager()

    def __str__(self) -> str:
        return self.text[:60]


class Note(models.Model):
    """A note on `case` for colleagues; nobody else reads it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="notes", editable=False)
    moderator = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    text = models.TextField(editable=False)
    created_at = models.DateTimeField("written", default=timezone.now, editable=False)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.text[:60]


class ReminderManager(models.Manager["Reminder"]):
    def is_first(self, day: date) -> bool:
        """Return whether nobody was reminded on `day` yet, in the transaction that reminds."""
        return self.get_or_create(day=day)[1]


class Reminder(models.Model):
    """On `day`, everybody who works the queue got a mail: one, however often the task runs."""

    day = models.DateField(unique=True, editable=False)

    objects = ReminderManager()

    def __str__(self) -> str:
        return f"Reminder of {self.day:%-d %b %Y}"
