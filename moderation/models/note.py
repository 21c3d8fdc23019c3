"""What moderators tell each other."""

from django.db import models
from django.utils import timezone

from accounts.models import User
from moderation.models.case import Case


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
