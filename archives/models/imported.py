"""What was imported is remembered by id, so that nothing comes in twice and nothing that was
deleted comes back.
"""

from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower

from accounts.models import Account, FormerHandle
from timeline.models import Post

BATCH = 500
X = "x"
X_HOST = "x.com"  # of the external accounts that X's archives name


class ImportedAccount(models.Model):
    """The account `source_id` of `source` ("x"), there called `handle`, is `account` here alone."""

    source = models.CharField(max_length=20)
    source_id = models.CharField(max_length=100)
    handle = models.CharField(max_length=30)
    # there, in lower case, each between two spaces
    former_handles = models.TextField(blank=True, default="")
    account = models.ForeignKey(Account, models.CASCADE, related_name="imported_accounts")
    # the newest archive's, whose numbers are carried over
    made_at = models.DateTimeField("archive made", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "source_id"], name="imported_account_once")
        ]
        indexes = [models.Index(Lower("handle"), "source", name="imported_account_handle")]

    def __str__(self) -> str:
        return f"@{self.handle} of {self.source} is {self.account}"


class ImportedIdQuerySet(models.QuerySet["ImportedId"]):
    def of(self, source_account: str, ids: Iterable[int]) -> Self:
        """Return those of X's `ids` that the account's archive brought; of "": retweets."""
        return self.filter(
            source=X, source_account=source_account, source_id__in=[str(id_) for id_ in ids]
        )

    def forget_deletions(self, source_account: str) -> None:
        """Forget what was deleted of an account that is gone, as its archive comes anew."""
        self.filter(source=X, source_account=source_account, post=None).delete()

    def forget_those_of(self, account: Account) -> None:
        """Forget what the archives of `account`, which goes, brought here: a batch at a time."""
        archives = ImportedAccount.objects.filter(account=account)
        ids, last = self.filter(source=X, source_account__in=archives.values("source_id")), 0
        while batch := list(ids.filter(pk__gt=last).order_by("pk").values_list("pk")[:BATCH]):
            last = batch[-1][0]
            self.filter(pk__in=[pk for (pk,) in batch]).delete()
        archives.delete()

    def at(self, handle: str, number: int) -> Self:
        """Return what X shows, or showed, at /`handle`/status/`number`: the handle is or was X's,
        or the account has or had it here.
        """
        former = FormerHandle.objects.filter(
            handle__lower=handle.lower(), account=OuterRef("account")
        )
        accounts = ImportedAccount.objects.filter(
            Q(handle__lower=handle.lower())
            | Q(former_handles__contains=f" {handle.lower()} ")
            | Q(account__handle__lower=handle.lower(), account__host="")
            | Exists(former),
            source=X,
            source_id=OuterRef("source_account"),
        )
        own = Q(Exists(accounts))
        external = Q(
            source_account="", post__author__handle__lower=handle.lower(), post__author__host=X_HOST
        )
        return self.filter(own | external, source=X, source_id=str(number)).order_by(
            "-source_account"
        )

    def posts(self) -> "models.QuerySet[Any, int]":
        """Return what they became: the ids of posts alone."""
        return self.exclude(post=None).values_list("post_id", flat=True)


class ImportedId(models.Model):
    """What `source_id` became here: `post`, or NULL where its owner deleted it.

    It outlives the post, and keeps it deleted.

    `source_account` is the archive account's id; "" for an original that only a retweet of it
    brought here.
    """

    source = models.CharField(max_length=20)
    source_account = models.CharField(max_length=100, blank=True)
    source_id = models.CharField(max_length=100)
    post = models.ForeignKey(
        Post, models.SET_NULL, null=True, blank=True, related_name="imported_ids"
    )

    objects = ImportedIdQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_id", "source_account", "source"], name="imported_id_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.source_id}"
