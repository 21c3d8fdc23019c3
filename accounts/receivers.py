"""What accounts do when an app below them tells or asks (connected in accounts.apps)."""

from collections.abc import Collection
from typing import Any

from accounts.models import Account


def name_uploads(keys: Collection[str], **_: Any) -> Collection[str]:
    return Account.objects.picture_keys(keys)
