"""Delete for good what a suspended account put here."""

from accounts.models import Account, RemovedHandle
from timeline.posting.erase_account import erase as erase_rows


def erase(account_id: int) -> None:
    """Delete a suspended account with all that it put here; its handle never comes back."""
    account = Account.objects.filter(pk=account_id).exclude(suspended_at=None).first()
    if account:
        RemovedHandle.objects.add_name(account.full_handle)
        erase_rows(account)
