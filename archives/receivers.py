"""What archives do when an app below them tells (connected in archives.apps)."""

from typing import Any

from accounts.models import Account
from archives.models import ImportedId


def forget_archives(account: Account, **_: Any) -> None:
    ImportedId.objects.forget_those_of(account)
