"""What accounts does while nobody waits."""

from django.core.mail import EmailMessage
from django.tasks import task

from accounts import leaving
from accounts.models import AddressChange, WaitingSignup


@task
def send_mail(subject: str, body: str, to: str) -> None:
    EmailMessage(subject, body, to=[to]).send()


@task
def finish_leaving() -> None:
    """Delete whom nobody signed in to for too long after it was deactivated; let handles be free
    again.
    """
    leaving.delete_overdue()
    leaving.release_handles()


@task
def forget_waiting() -> None:
    """Delete sign-ups and changes of address that nobody confirmed in time, and what takes a change
    back once that is over.
    """
    WaitingSignup.objects.forget_old()
    AddressChange.objects.forget_old()
