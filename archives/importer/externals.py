"""The accounts of X that retweets name: known from archives only."""

from collections.abc import Iterable

from accounts.models import Account
from archives.models import X_HOST
from archives.x.tweet import Target


def external_accounts(targets: Iterable[Target]) -> dict[str, Account]:
    """Return the external accounts of `targets` by their handles in lower case; make them where
    there are none.
    """
    wanted = {target.handle.lower(): target for target in targets}
    existing = _by_handle(wanted)
    new = [
        Account(handle=t.handle, host=X_HOST, name=t.name)
        for key, t in sorted(wanted.items())
        if key not in existing
    ]
    if new:
        Account.objects.bulk_create(new, ignore_conflicts=True)
        existing = _by_handle(wanted)
    return existing


def _by_handle(handles: Iterable[str]) -> dict[str, Account]:
    return {
        account.handle.lower(): account
        for account in Account.objects.filter(host=X_HOST, handle__lower__in=list(handles))
    }
