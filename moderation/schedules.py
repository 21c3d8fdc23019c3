"""What moderation does by the clock (settings.TASKS). Each may run twice."""

from django.tasks import task

from moderation.enforcement import scheduled


@task()
def enforce_due() -> None:
    """End and carry out what is due: every minute."""
    scheduled.lift_expired()
    scheduled.carry_out_overdue()


@task()
def forget_unconfirmed() -> None:
    scheduled.forget_unconfirmed()


@task()
def remind_moderators() -> None:
    scheduled.remind_moderators()
