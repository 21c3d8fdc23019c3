"""The way out for who is shown here."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from moderation.models.case import Severity
from moderation.models.ticket import Filing, FilingQuerySet


class RemovalRequestQuerySet(FilingQuerySet["RemovalRequest"]):
    pass


class RemovalRequest(Filing):
    """Somebody who is shown here, with or without an account, asks not to be."""

    class Reason(models.TextChoices):
        ME = "me", "It is me"
        PICTURE = "picture", "It is my picture"
        RIGHTS = "rights", "My rights: a text or a picture that I made"
        LAW = "law", "The law"

    class State(models.TextChoices):
        OPEN = "open", "open"
        GRANTED = "granted", "granted"
        REFUSED = "refused", "refused"
        WITHDRAWN = "withdrawn", "withdrawn"

    kind: ClassVar[str] = "request"
    noun: ClassVar[str] = "request"
    granted: ClassVar[str] = State.GRANTED.value
    refused: ClassVar[str] = State.REFUSED.value

    reason = models.CharField(max_length=7, choices=Reason, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN, editable=False)

    objects = RemovalRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "granted", "refused", "withdrawn"]),
                name="removal_request_state",
            ),
            models.CheckConstraint(
                condition=Q(state="open") ^ Q(closed_at__isnull=False),
                name="removal_request_closed",
            ),
        ]
        indexes = [
            models.Index(fields=["email", "created_at"], name="removal_request_email"),
            models.Index(fields=["created_at"], name="removal_request_created"),
        ]

    def __str__(self) -> str:
        return f"Removal, asked {self.created_at:%-d %b %Y}"

    @property
    def title(self) -> str:
        return f"Removal: {self.get_reason_display()}"

    @property
    def severity(self) -> Severity:
        return Severity.DANGER if self.reason == self.Reason.LAW else Severity.HARM
