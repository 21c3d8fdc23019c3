"""What moderation does while nobody waits. Each may run twice.

What the clock starts is in moderation.schedules.
"""

from uuid import UUID

from django.tasks import task

from accounts.models import Account, RemovedHandle
from moderation.enforcement import mails
from moderation.statistics import daily_stats
from timeline.posting import erase_account as erasing


@task()
def tell_senders(batch: str) -> None:
    mails.tell_senders(UUID(batch))


@task()
def erase_account(account_id: int) -> None:
    """Delete a suspended account with all that it put here; its handle never comes back."""
    account = Account.objects.filter(pk=account_id).exclude(suspended_at=None).first()
    if account:
        RemovedHandle.objects.add_name(account.full_handle)
        erasing.erase(account, at_once=True)


@task()
def count_days() -> None:
    """Count the days that are over: every night, and when somebody asks for it."""
    if daily_stats.count_missing():
        count_days.enqueue()
    else:
        daily_stats.measure_storage()
