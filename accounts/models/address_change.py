"""How somebody's e-mail address becomes another."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models.user import User

_CONFIRM, _STOP = "accounts.address_change.confirm", "accounts.address_change.stop"
VALID_FOR = timedelta(days=3)  # the link to the new address
UNDONE_WITHIN = timedelta(days=7)  # the link to the old one


def _id(token: str, salt: str) -> int:
    """Return the row that `token` names; 0 for what is no token of ours, which names none."""
    try:
        return int(signing.loads(token, salt=salt))
    except signing.BadSignature:
        return 0


def _waits() -> Q:
    return Q(changed_at=None, asked_at__gt=timezone.now() - VALID_FOR)


def _can_be_undone() -> Q:
    return Q(changed_at__gt=timezone.now() - UNDONE_WITHIN)


class AddressChangeQuerySet(models.QuerySet["AddressChange"]):
    def waiting(self) -> Self:
        return self.filter(_waits())

    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def to_confirm(self, token: str) -> "AddressChange | None":
        """Return the one that the link with `token` confirms, while it waits."""
        return self.waiting().with_user().filter(pk=_id(token, _CONFIRM)).first()

    def to_stop(self, token: str) -> "AddressChange | None":
        """Return the one that the link with `token` stops, or takes back."""
        stoppable = self.filter(_waits() | _can_be_undone(), pk=_id(token, _STOP))
        return stoppable.with_user().first()

    def with_user(self) -> Self:
        return self.select_related("user__account")

    def forget_old(self) -> None:
        """Delete those whose links do not work any more, and with them the old addresses."""
        self.exclude(_waits() | _can_be_undone()).delete()


class AddressChange(models.Model):
    """`user` asked to have `email` instead of `before`.

    While it waits (`changed_at` is empty) it means nothing, and others may wait for the same
    address. Once it was changed, the row is what takes it back, for a while.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="address_changes")
    before = models.EmailField(max_length=254)
    email = models.EmailField(max_length=254)
    asked_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(null=True)

    objects = AddressChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(changed_at=None), name="address_change_one_waits"
            )
        ]
        indexes = [models.Index(fields=["asked_at"], name="address_change_asked")]

    def __str__(self) -> str:
        return f"{self.before} to {self.email}"

    @property
    def confirm_url(self) -> str:
        """Return the link that is sent to the new address."""
        return self._url("account_email_confirm", _CONFIRM)

    @property
    def stop_url(self) -> str:
        """Return the link that is sent to the old address."""
        return self._url("account_email_stop", _STOP)

    def _url(self, name: str, salt: str) -> str:
        return f"{settings.SITE_URL}{reverse(name, args=[signing.dumps(self.pk, salt=salt)])}"
