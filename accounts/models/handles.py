"""Handles that are not to be had: former, removed and reserved ones."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts import handles

_SALT = "accounts.removed_handle"


def digest_of_handle(name: str) -> str:
    """Return what is kept of the handle `name` ("ada@x.com", or "ada" of an account here)."""
    return salted_hmac(_SALT, name.lower(), algorithm="sha256").hexdigest()


class RemovedHandleQuerySet(models.QuerySet["RemovedHandle"]):
    def add_name(self, name: str, until: datetime | None = None) -> None:
        """Keep `name` from everybody until then (None: for good), or longer where it was kept so
        before.
        """
        kept, is_new = self.get_or_create(digest=digest_of_handle(name), defaults={"until": until})
        if not is_new and kept.until and (until is None or until > kept.until):
            self.filter(pk=kept.pk).update(until=until)

    def among(self, names: Iterable[str]) -> set[str]:
        """Return which of `names` ("ada@x.com", or "ada" here; in lower case) may not come back."""
        digests = {digest_of_handle(name): name for name in names}
        removed = self.exclude(self._over()).filter(digest__in=list(digests))
        return {digests[digest] for digest in removed.values_list("digest", flat=True)}

    def forget_old(self) -> None:
        """Delete those that everybody may have again."""
        self.filter(self._over()).delete()

    def _over(self) -> Q:
        return Q(until__isnull=False, until__lte=timezone.now())


class RemovedHandle(models.Model):
    """The handle of somebody who is gone: an external one, which no import brings, or a local one,
    which nobody takes over, until `until` (NULL: ever). The handle itself is not kept.
    """

    # HMAC-SHA256 under a key made of SECRET_KEY
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    until = models.DateTimeField(null=True, blank=True, editable=False)

    objects = RemovedHandleQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.digest[:8]}…"


class FormerHandleQuerySet(models.QuerySet["FormerHandle"]):
    def kept(self) -> "FormerHandleQuerySet":
        return self.filter(until__gt=timezone.now())

    def named(self, handle: str) -> "FormerHandleQuerySet":
        return self.filter(handle__lower=handle.lower())


class FormerHandle(models.Model):
    """A handle that `account` gave up: until `until` it redirects, and nobody else can take it."""

    handle = models.CharField(max_length=30)
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="former_handles")
    until = models.DateTimeField()

    objects = FormerHandleQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("handle"), name="former_handle_unique")]

    def __str__(self) -> str:
        return f"@{self.handle}, once {self.account}"


class ReservedHandleQuerySet(models.QuerySet["ReservedHandle"]):
    def named(self, handle: str) -> "ReservedHandleQuerySet":
        return self.filter(handle__lower=handle.lower())


class ReservedHandle(models.Model):
    """Nobody takes `handle`, in any case. Who has it already keeps it."""

    handle = models.CharField(max_length=15, help_text="Without the @.")
    note = models.CharField(
        max_length=200, blank=True, default="", help_text="Why. Only staff read this."
    )

    objects = ReservedHandleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("handle"),
                name="reserved_handle_unique",
                violation_error_message="This handle is reserved already.",
            )
        ]

    def __str__(self) -> str:
        return f"@{self.handle}"

    def clean_fields(self, exclude: object = None) -> None:
        self.handle = self.handle.strip().removeprefix("@")
        super().clean_fields(exclude)  # type: ignore[arg-type]
        if not handles.LOCAL.fullmatch(self.handle):
            raise ValidationError({"handle": handles.RULE})
        if handles.is_reserved(self.handle):
            raise ValidationError({"handle": "The site reserves this handle already."})
