"""Who signed up, and has yet to show that the e-mail address is theirs."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.core import signing
from django.db import models
from django.urls import reverse
from django.utils import timezone

from accounts.models.account import Account

_SALT = "accounts.waiting_signup"
VALID_FOR = timedelta(days=3)


class WaitingSignupQuerySet(models.QuerySet["WaitingSignup"]):
    def waiting(self) -> Self:
        return self.filter(created_at__gt=timezone.now() - VALID_FOR)

    def with_token(self, token: str) -> "WaitingSignup | None":
        """The one whose link has `token`, while it waits."""
        try:
            return self.waiting().filter(pk=signing.loads(token, salt=_SALT)).first()
        except signing.BadSignature:
            return None

    def forget_old(self) -> None:
        """Delete those whose link does not work any more."""
        self.filter(created_at__lte=timezone.now() - VALID_FOR).delete()


class WaitingSignup(models.Model):
    """What somebody typed who signed up as `email`, while that has to be confirmed.

    It means nothing yet: there is no user, the handle and the address are anybody's, and others may
    wait for the same. Who confirms first has them.
    """

    email = models.EmailField(max_length=254)
    password = models.CharField(max_length=128)  # a hash
    handle = models.CharField(max_length=15, blank=True, default="")
    # the account that is here already
    claims = models.ForeignKey(Account, models.CASCADE, null=True, related_name="+")
    applies = models.BooleanField(default=False)  # whether a moderator has to let them in
    reason = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now)

    objects = WaitingSignupQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["email"], name="waiting_signup_email"),
            models.Index(fields=["created_at"], name="waiting_signup_created"),
        ]

    def __str__(self) -> str:
        return f"{self.email}, who signed up"

    @property
    def wanted(self) -> str:
        """What they signed up for, as pages and mails call it."""
        return str(self.claims) if self.claims else f"@{self.handle}"

    @property
    def url(self) -> str:
        """The link that is sent to the address."""
        return f"{settings.SITE_URL}{reverse('account_confirm_email', args=[signing.dumps(self.pk, salt=_SALT)])}"
