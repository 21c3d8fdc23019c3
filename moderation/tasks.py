"""What moderation does while nobody waits, and by the clock. Each may run twice."""

from django.tasks import task

from moderation.enforcement import scheduled
from moderation.statistics import daily_stats


@task()
def tell_senders(batch: str) -> None:
    scheduled.tell_senders(batch)


@task()
def erase_account(account_id: int) -> None:
    scheduled.erase(account_id)


@task()
def keep_time() -> None:
    """Every minute."""
    scheduled.lift_expired()
    scheduled.carry_out_overdue()


@task()
def remind() -> None:
    """Every morning."""
    scheduled.forget_unconfirmed()
    scheduled.remind_moderators()


@task()
def count_days() -> None:
    """Every night."""
    if daily_stats.count_missing():
        count_days.enqueue()
    else:
        daily_stats.measure_storage()
