"""What moderation does by the clock (settings.TASKS). Each may run twice."""

from django.tasks import task

from moderation.enforcement import scheduled
from moderation.models import Ticket


@task()
def enforce_due() -> None:
    """End and carry out what is due: every minute."""
    scheduled.lift_expired()
    scheduled.carry_out_overdue()


@task()
def forget_unconfirmed() -> None:
    """Delete what nobody confirmed in time."""
    Ticket.objects.stale().delete()


@task()
def remind_moderators() -> None:
    scheduled.remind_moderators()
