"""What is said about a report or a removal request, both ways."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from moderation.models.removal_request import RemovalRequest
from moderation.models.report import Report


class Message(models.Model):
    """One message between the sender of a report or a removal request and the moderators."""

    removal_request = models.ForeignKey(RemovalRequest, models.CASCADE, null=True, blank=True, related_name="messages", editable=False)
    report = models.ForeignKey(Report, models.CASCADE, null=True, blank=True, related_name="messages", editable=False)
    from_moderator = models.BooleanField(default=False, editable=False)
    moderator = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False)  # not told to the sender
    text = models.TextField(editable=False)
    created_at = models.DateTimeField("sent", default=timezone.now, editable=False)

    class Meta:
        ordering = ("pk",)
        constraints = [models.CheckConstraint(condition=Q(removal_request=None) ^ Q(report=None), name="message_belongs_to_one")]

    def __str__(self) -> str:
        return self.text[:60]
