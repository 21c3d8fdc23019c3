"""Links by which staff let people in."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models.user import User

VALID_FOR = timedelta(days=7)


def new_token() -> str:
    """192 bits that nobody guesses, fit for an address."""
    return secrets.token_urlsafe(24)


def in_a_week() -> datetime:
    return timezone.now() + VALID_FOR


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def with_token(self, token: str) -> "Invitation | None":
        # PostgreSQL has no such text
        return self.filter(token=token).first() if "\0" not in token else None


class Invitation(models.Model):
    """A link by which `uses` people sign up until `until`, without being approved."""

    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    note = models.CharField(
        max_length=200, blank=True, default="", help_text="For whom it is. Only staff read this."
    )
    uses = models.PositiveIntegerField(
        "for how many people", default=1, validators=[MinValueValidator(1)]
    )
    used = models.PositiveIntegerField("came by it", default=0, editable=False)
    until = models.DateTimeField("valid until", default=in_a_week)
    made_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(used__lte=F("uses")), name="invitation_used_within_uses"
            )
        ]

    def __str__(self) -> str:
        return self.note or f"invitation {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("account_invitation", args=[self.token])

    @property
    def url(self) -> str:
        """What one sends to whom one invites."""
        return f"{settings.SITE_URL}{self.get_absolute_url()}"

    @property
    def is_over(self) -> bool:
        return self.until <= timezone.now()

    @property
    def is_used_up(self) -> bool:
        return self.used >= self.uses

    def use(self) -> bool:
        """Let one more person in by it; whether there was room.

        Two who come at once do not get the same place.
        """
        room = Invitation.objects.filter(pk=self.pk, used__lt=F("uses"), until__gt=timezone.now())
        return bool(room.update(used=F("used") + 1))
