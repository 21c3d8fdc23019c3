"""What accounts does while nobody waits."""

from django.core.mail import EmailMessage
from django.tasks import task

from accounts.models import AddressChange, WaitingSignup


@task
def send_mail(subject: str, body: str, to: str) -> None:
    EmailMessage(subject, body, to=[to]).send()


@task
def forget_waiting() -> None:
    """Delete sign-ups and changes of address that nobody confirmed in time, and what takes a change
    back once that is over.
    """
    WaitingSignup.objects.forget_old()
    AddressChange.objects.forget_old()
