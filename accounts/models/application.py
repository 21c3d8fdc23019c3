"""Who waits to be let in."""

from typing import Any, Self

from django.db import models, transaction
from django.utils import timezone

from accounts.models.user import User

MAX_REASON = 500


class ApplicationQuerySet(models.QuerySet["Application"]):
    def seen(self) -> Self:
        """Those that a moderator decides: their address is confirmed, where it must be."""
        return self.exclude(confirmed_at=None)

    def by(self, user: Any) -> Self:
        return self.filter(user=user)


class Application(models.Model):
    """`user` signed up while that needs approval, and waits: has no account, and cannot sign in.

    The row goes when it is decided.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="application", editable=False)
    reason = models.TextField("reason to join", editable=False)
    created_at = models.DateTimeField("asked", default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField("address confirmed", null=True, blank=True, editable=False)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = "application to join"
        verbose_name_plural = "applications to join"

    def __str__(self) -> str:
        return f"{self.user}, who would like to be @{self.user.wanted_handle}"

    def confirm(self) -> None:
        """The address is theirs: from now on moderators see it."""
        Application.objects.filter(pk=self.pk, confirmed_at=None).update(
            confirmed_at=timezone.now()
        )

    @transaction.atomic
    def approve(self) -> bool:
        """Let them in, with the handle that they wanted where it is still free, and tell them;
        whether they were waiting.
        """
        if not self._close():
            return False
        self.user.settle()
        self._tell("approved")
        return True

    @transaction.atomic
    def refuse(self) -> bool:
        """Do not let them in: what they sent goes, and they are told; whether they were waiting."""
        if not self._close():
            return False
        self._tell("refused")
        User.objects.filter(pk=self.user_id).delete()
        return True

    def _close(self) -> bool:
        """Whether it was there, and nobody else decided it: who comes second waits, and finds
        nothing.
        """
        User.objects.select_for_update().filter(pk=self.user_id).first()
        closed, _ = Application.objects.seen().filter(pk=self.pk).delete()
        return bool(closed)

    def _tell(self, what: str) -> None:
        from accounts.auth.adapter import Adapter
        from accounts.models.account import Account

        context = {"user": self.user, "account": Account.objects.of(self.user)}
        Adapter().send_mail(f"accounts/mail/application_{what}", self.user.email, context)
