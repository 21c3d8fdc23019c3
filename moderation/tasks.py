"""What moderation does while nobody waits. Each may run twice.

What the clock starts is in moderation.schedules.
"""

from uuid import UUID

from django.tasks import task

from moderation.enforcement import erasure, mails
from moderation.statistics import daily_stats


@task()
def tell_senders(batch: str) -> None:
    mails.tell_senders(UUID(batch))


@task()
def erase_account(account_id: int) -> None:
    erasure.erase(account_id)


@task()
def count_days() -> None:
    """Count the days that are over: every night, and when somebody asks for it."""
    if daily_stats.count_missing():
        count_days.enqueue()
    else:
        daily_stats.measure_storage()
