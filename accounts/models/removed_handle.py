"""Who is not here and asked not to be shown."""

from collections.abc import Iterable

from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

_SALT = "accounts.removed_handle"


def digest_of(name: str) -> str:
    """What is kept of the handle `name` ("ada@x.com", or "ada" of an account here; in any case): by
    it one can be recognised, not found.
    """
    return salted_hmac(_SALT, name.lower(), algorithm="sha256").hexdigest()


class RemovedHandleQuerySet(models.QuerySet["RemovedHandle"]):
    def add_name(self, name: str) -> None:
        self.get_or_create(digest=digest_of(name))

    def among(self, names: Iterable[str]) -> set[str]:
        """Which of `names` ("ada@x.com", or "ada" for one here; in lower case) are not to come
        back.
        """
        digests = {digest_of(name): name for name in names}
        return {
            digests[digest]
            for digest in self.filter(digest__in=list(digests)).values_list("digest", flat=True)
        }


class RemovedHandle(models.Model):
    """The handle of somebody who is gone and is not to come back: an external one, which no import
    brings, or a local one, which

    nobody takes over. The handle itself is not kept.
    """

    # HMAC-SHA256 under a key made of SECRET_KEY
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = RemovedHandleQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.digest[:8]}…"
