"""What is said about a report, a removal request or an appeal, both ways."""

from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import models
from django.utils import timezone

from accounts.models import User

if TYPE_CHECKING:
    from moderation.models.ticket import Filing


class MessageQuerySet(models.QuerySet["Message"]):
    def about(self, *filings: "Filing") -> Self:
        return self.filter(reference__in=[filing.reference for filing in filings]).order_by("pk")

    def from_sender(self) -> Self:
        return self.filter(from_moderator=False)

    def say(
        self,
        filing: "Filing",
        text: str,
        idempotency_key: UUID | None,
        moderator: User | None = None,
    ) -> bool:
        """Say `text` about `filing`, as a `moderator` or as its sender (None); whether that form
        was not sent before.
        """
        said = {
            "reference": filing.reference,
            "text": text,
            "from_moderator": moderator is not None,
            "moderator": moderator,
        }
        if idempotency_key is None:
            self.create(**said)
            return True
        return self.get_or_create(idempotency_key=idempotency_key, defaults=said)[1]

    def sent_since(self, moment: object) -> Self:
        return self.filter(created_at__gte=moment)


class Message(models.Model):
    """One message between the sender of what `reference` names (a report, a removal request or an
    appeal) and the moderators.
    """

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
