"""Whose e-mail address may not come back."""

from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models.blocked_domain import domain_of

_SALT = "accounts.banned_email"


def digest_of(email: str) -> str:
    """What is kept of `email`: by it one can be recognised, not found.

    Neither case nor what follows a + makes another address.
    """
    name = email.strip().lower().rpartition("@")[0].partition("+")[0]
    return salted_hmac(_SALT, f"{name}@{domain_of(email)}", algorithm="sha256").hexdigest()


class BannedEmailQuerySet(models.QuerySet["BannedEmail"]):
    def of(self, email: str) -> "BannedEmailQuerySet":
        return self.filter(digest=digest_of(email))

    def ban(self, email: str) -> bool:
        """Nobody signs up with `email` from now on, or changes to it.

        Whoever has it keeps it. Whether that is new.
        """
        return self.get_or_create(digest=digest_of(email))[1]

    def lift(self, email: str) -> None:
        self.of(email).delete()

    def is_banned(self, email: str) -> bool:
        return self.of(email).exists()


class BannedEmail(models.Model):
    """An e-mail address that is not taken here. The address itself is not kept."""

    # HMAC-SHA256 under a key made of SECRET_KEY
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("banned", default=timezone.now, editable=False)

    objects = BannedEmailQuerySet.as_manager()

    class Meta:
        verbose_name = "banned e-mail address"
        verbose_name_plural = "banned e-mail addresses"

    def __str__(self) -> str:
        return f"{self.digest[:8]}…"
