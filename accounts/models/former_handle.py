"""Handles that somebody had a short while ago."""

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models.account import Account


class FormerHandleQuerySet(models.QuerySet["FormerHandle"]):
    def kept(self) -> "FormerHandleQuerySet":
        return self.filter(until__gt=timezone.now())

    def named(self, handle: str) -> "FormerHandleQuerySet":
        return self.filter(handle__lower=handle.lower())


class FormerHandle(models.Model):
    """A handle that `account` gave up: until `until` its address redirects, and nobody else can
    take it.
    """

    handle = models.CharField(max_length=30)
    account = models.ForeignKey(Account, models.CASCADE, related_name="former_handles")
    until = models.DateTimeField()

    objects = FormerHandleQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("handle"), name="former_handle_unique")]

    def __str__(self) -> str:
        return f"@{self.handle}, once {self.account}"
