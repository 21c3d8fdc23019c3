"""What somebody answers to a decision about them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from moderation.models.case import Severity
from moderation.models.notice import Notice
from moderation.models.ticket import Filing, FilingQuerySet


class AppealQuerySet(FilingQuerySet["Appeal"]):
    pass


class Appeal(Filing):
    """Who was told of a decision by `notice` asks for another look at it: once, and by another
    moderator where there is one.
    """

    class State(models.TextChoices):
        OPEN = "open", "open"
        OVERTURNED = "overturned", "overturned"
        UPHELD = "upheld", "upheld"
        WITHDRAWN = "withdrawn", "withdrawn"

    kind: ClassVar[str] = "appeal"
    noun: ClassVar[str] = "appeal"
    granted: ClassVar[str] = State.OVERTURNED.value
    refused: ClassVar[str] = State.UPHELD.value

    notice = models.OneToOneField(Notice, models.CASCADE, related_name="appeal", editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN, editable=False)

    objects = AppealQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "overturned", "upheld", "withdrawn"]),
                name="appeal_state",
            ),
            models.CheckConstraint(
                condition=Q(state="open") ^ Q(closed_at__isnull=False), name="appeal_closed"
            ),
        ]
        indexes = [models.Index(fields=["created_at"], name="appeal_created")]

    def __str__(self) -> str:
        return f"Appeal of {self.created_at:%-d %b %Y}"

    @property
    def title(self) -> str:
        return "Appeal"

    @property
    def said_by(self) -> str:
        return "the account itself"

    @property
    def severity(self) -> Severity:
        return Severity.HARM
