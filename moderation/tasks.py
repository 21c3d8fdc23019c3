"""What moderation does while nobody waits, and by the clock. Each may run twice."""

from django.tasks import task

from moderation import counting, keeping


@task()
def tell_senders(batch: str) -> None:
    keeping.tell_senders(batch)


@task()
def erase_account(account_id: int) -> None:
    keeping.erase(account_id)


@task()
def keep_time() -> None:
    """Every minute."""
    keeping.lift_expired()
    keeping.carry_out_overdue()


@task()
def remind() -> None:
    """Every morning."""
    keeping.forget_unconfirmed()
    keeping.remind_moderators()


@task()
def count_days() -> None:
    """Every night."""
    if counting.count_missing():
        count_days.enqueue()
    else:
        counting.measure_storage()
