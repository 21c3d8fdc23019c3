"""What reports and removal requests have in common: somebody asks, and is told what became of it."""

import secrets
from datetime import timedelta
from typing import Any, Self, TypeVar

from django.conf import settings
from django.core import signing
from django.db import models
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account, User

UNCONFIRMED_FOR = timedelta(days=7)  # then what nobody confirmed is deleted
MAX_TEXT = 5000
_CONFIRM = "moderation.confirm"

C = TypeVar("C", bound="Case")


def new_reference() -> str:
    """192 bits that nobody guesses, fit for an address."""
    return secrets.token_urlsafe(24)


def reference_in(token: str) -> str:
    """The reference of what the confirming link with `token` confirms. Raises signing.SignatureExpired and signing.BadSignature."""
    return str(signing.loads(token, salt=_CONFIRM, max_age=UNCONFIRMED_FOR))


class CaseQuerySet(models.QuerySet[C]):
    def seen(self) -> Self:
        """Those that somebody stands behind. Every list and page starts here; what waits to be confirmed is seen by nobody."""
        return self.exclude(confirmed_at=None)

    def unconfirmed(self) -> Self:
        return self.filter(confirmed_at=None)

    def referred_to(self, reference: str) -> Self:
        return self.filter(reference=reference)

    def open(self) -> Self:
        return self.seen().filter(closed_at=None)

    def stale(self) -> Self:
        """What nobody confirmed in time."""
        return self.unconfirmed().filter(created_at__lt=timezone.now() - UNCONFIRMED_FOR)


class Case(models.Model):
    """What somebody wants a moderator to look at. `reference` is its secret address; whoever knows it follows what becomes of it."""

    reference = models.CharField(max_length=32, unique=True, default=new_reference, editable=False)
    account = models.ForeignKey(Account, models.SET_NULL, null=True, blank=True, related_name="%(class)ss", editable=False)
    account_number = models.BigIntegerField("id of the account", null=True, editable=False)  # outlives it, as the handle does
    handle = models.CharField(max_length=131, blank=True, default="", editable=False)  # "ada" or "ada@x.com"
    post_ids = models.JSONField("posts", default=list, blank=True, editable=False)
    text = models.TextField(blank=True, default="", editable=False)
    email = models.EmailField("e-mail address", max_length=254, blank=True, default="", editable=False)
    created_at = models.DateTimeField("sent", default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField("confirmed", null=True, blank=True, editable=False)  # since when moderators see it
    closed_at = models.DateTimeField("closed", null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False)
    statement = models.TextField("reasons", blank=True, default="", editable=False)  # what the sender reads of the decision

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        """Where its sender follows it."""
        return reverse("tracker", args=[self.reference])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def shown_handle(self) -> str:
        return f"@{self.handle}" if self.handle else ""

    @property
    def tracker_url(self) -> str:
        return f"{settings.SITE_URL}{self.get_absolute_url()}"

    @property
    def confirm_url(self) -> str:
        """The link by which its sender proves that the e-mail address is theirs. Valid for UNCONFIRMED_FOR."""
        token = signing.dumps(self.reference, salt=_CONFIRM)
        return f"{settings.SITE_URL}{reverse('confirm_case', args=[token])}"

    def concern(self, account: Account | None, post_ids: Any = ()) -> None:
        """Let it be about `account` and these posts."""
        self.account = account
        if account:
            self.account_number, self.handle = account.pk, account.full_handle
        self.post_ids = sorted(post_ids)
