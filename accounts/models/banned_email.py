from django.db import models

from accounts.models.removed_handle import digest_of


class BannedEmailQuerySet(models.QuerySet["BannedEmail"]):
    def ban(self, email: str) -> None:
        self.get_or_create(digest=digest_of(email))

    def lift(self, email: str) -> None:
        self.filter(digest=digest_of(email)).delete()


class BannedEmail(models.Model):
    digest = models.CharField(max_length=64, unique=True, editable=False)
    objects = BannedEmailQuerySet.as_manager()

    def __str__(self) -> str:
        return self.digest[:8]
