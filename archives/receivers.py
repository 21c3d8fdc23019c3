"""What archives do when an app below them tells (connected in archives.apps)."""

from typing import Any

from accounts.models import Account
from archives.models import Export, ImportedId


def forget_archives(account: Account, **_: Any) -> None:
    ImportedId.objects.forget_those_of(account)
    forget_export(account)


def forget_export(account: Account, **_: Any) -> None:
    """Take away the archive of who is gone, at once."""
    Export.objects.filter(account=account).discard()
