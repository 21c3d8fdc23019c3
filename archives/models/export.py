"""The archive with which somebody takes their account along."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from typing import Self

from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Q, Sum
from django.utils import timezone

from accounts.models import Account
from microblog.db.locks import lock_rows

KEPT_FOR = timedelta(days=7)
GIVEN_UP_AFTER = timedelta(days=1)
FOLDER = "exports"  # of the storage
BROKEN = "Something went wrong while your archive was made. Please ask for it again."


class ExportError(Exception):
    """An archive cannot be made. The message is for whoever asked for it."""


class ExportQuerySet(models.QuerySet["Export"]):
    def of(self, account: Account) -> "Export | None":
        return self.filter(account=account).first()

    def due(self) -> Self:
        """Return those that are being made, or wait for it."""
        return self.filter(is_due=True)

    def with_account(self) -> Self:
        return self.select_related("account__user")

    @transaction.atomic
    def forget_old(self) -> None:
        """Take away the files that were kept for long enough."""
        old = self.exclude(key="").filter(made_at__lte=timezone.now() - KEPT_FOR)
        files = lock_rows(old, "key")
        for (key,) in files.values():
            discard_file_later(key)
        rows = self.filter(pk__in=files)
        rows.update(key="", bytes=0, made_at=None)
        rows.filter(is_due=False).delete()

    def give_up(self) -> None:
        """Say that those cannot be made whose tasks all died on them."""
        old = self.due().filter(asked_at__lte=timezone.now() - GIVEN_UP_AFTER)
        old.update(is_due=False, failure=BROKEN)

    def stored_bytes(self) -> int:
        """Return how much room all files take."""
        return self.aggregate(sum=Sum("bytes"))["sum"] or 0

    def keys(self, keys: Collection[str]) -> set[str]:
        """Return those of `keys` that are a file's."""
        return set(self.filter(key__in=keys).values_list("key", flat=True))

    @transaction.atomic
    def begin(self, account: Account) -> "Export | None":
        """Let an archive of `account` be made; None where one is being made, or the account is
        gone. What was made before can be downloaded until then.
        """
        # a second click waits here, and so does a deletion
        held = lock_rows(Account.objects.filter(pk=account.pk), "deleted_at")
        if held != {account.pk: (None,)} or self.due().filter(account=account).exists():
            return None
        begun = {"asked_at": timezone.now(), "is_due": True, "failure": ""}
        return self.update_or_create(account=account, defaults=begun)[0]

    @transaction.atomic
    def discard(self) -> None:
        """Take them away at once, files and all."""
        for (key,) in lock_rows(self, "key").values():
            discard_file_later(key)
        self.filter().delete()


class Export(models.Model):
    """The archive of `account`: one at most, made by a task, kept for a week.

    While `is_due` a task is at it, or is to be; `failure` says why there is none.
    """

    account = models.OneToOneField(Account, models.CASCADE, related_name="export")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    is_due = models.BooleanField(default=True, editable=False)
    failure = models.TextField(blank=True, default="", editable=False)
    # of the file that can be downloaded; "" for none
    key = models.CharField(max_length=32, blank=True, default="", editable=False)
    bytes = models.PositiveBigIntegerField(default=0, editable=False)
    made_at = models.DateTimeField(null=True, editable=False)

    objects = ExportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(key="") ^ Q(made_at__isnull=False), name="export_file_is_dated"
            )
        ]
        indexes = [
            models.Index(fields=["made_at"], name="export_made", condition=~Q(key="")),
            models.Index(fields=["key"], name="export_key", condition=~Q(key="")),
        ]

    def __str__(self) -> str:
        return f"Archive of {self.account}"

    @property
    def is_ready(self) -> bool:
        return bool(self.key) and timezone.now() < (self.until or timezone.now())

    @property
    def until(self) -> datetime | None:
        """Return until when it can be downloaded."""
        return self.made_at and self.made_at + KEPT_FOR

    @property
    def path(self) -> str:
        """Return where its file lies in the storage."""
        return path_of(self.key)

    @property
    def file_name(self) -> str:
        """Return what the file is called where it is saved: only signs that handles have."""
        return f"microblog-{self.account.handle}-{self.made_at:%Y-%m-%d}.zip"

    @transaction.atomic
    def keep(self, key: str, size: int, made_at: datetime) -> bool:
        """Offer the file `key`, of `size` bytes, instead of what was there before; return whether
        it is wanted still: the account may be gone.
        """
        mine = Export.objects.filter(pk=self.pk)
        is_due, before = lock_rows(mine, "is_due", "key").get(self.pk, (False, ""))
        if not is_due:
            return False
        mine.update(is_due=False, failure="", key=key, bytes=size, made_at=made_at)
        discard_file_later(before)
        self.refresh_from_db()
        return True

    def fail(self, failure: str) -> None:
        """Say that none could be made, and why; what was made before stays."""
        Export.objects.due().filter(pk=self.pk).update(is_due=False, failure=failure)


def new_key() -> str:
    """Return 128 bits that nobody guesses."""
    return secrets.token_hex(16)


def path_of(key: str) -> str:
    return f"{FOLDER}/{key}.zip"


def discard_file_later(key: str) -> None:
    """Delete the file `key` ("" for none) once the transaction is done."""
    if key:
        transaction.on_commit(partial(default_storage.delete, path_of(key)))
