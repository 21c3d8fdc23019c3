"""Where people are signed in."""

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F
from django.utils import timezone

if TYPE_CHECKING:
    from accounts.models.user import User

MOST_SESSIONS = 50  # of one user: whoever signs in once more ends the oldest
NOTED_EVERY = timedelta(hours=1)


class SessionQuerySet(models.QuerySet["Session"]):
    def of(self, user: "User") -> Self:
        """Return those in which `user` signed in, the last used first; over or not."""
        return self.filter(user=user).order_by("-seen_at", "pk")

    def standing(self) -> Self:
        return self.filter(expire_date__gt=timezone.now())

    def end_oldest(self, user: "User") -> None:
        """Leave `user`, who signs in once more, as many that it makes MOST_SESSIONS."""
        newest_first = (F("signed_in_at").desc(nulls_last=True), "pk")
        oldest = self.filter(user=user).order_by(*newest_first)[MOST_SESSIONS - 1 :]
        keys = list(oldest.values_list("pk", flat=True))
        if keys:
            self.filter(pk__in=keys).delete()


class Session(AbstractBaseSession):
    """Django's session with columns for what its owner is shown of it.

    `user` is None for a visitor's. All but `seen_at` is also in its data (see
    accounts.security.sessions), so that Django can write the row anew at any time.
    """

    # Without a constraint: a request that outlives its user writes the row once more, and must not
    # fail.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        db_constraint=False,
        related_name="sessions",
    )
    user_agent = models.CharField(max_length=200, default="")
    address = models.CharField(max_length=45, default="")
    signed_in_at = models.DateTimeField(null=True)
    # right to within NOTED_EVERY
    seen_at = models.DateTimeField(default=timezone.now)

    objects = SessionQuerySet.as_manager()  # type: ignore[misc,assignment]  # not Django's manager

    def __str__(self) -> str:
        return f"Session of {self.user_id or 'a visitor'}"
