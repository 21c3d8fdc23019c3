"""What accounts does while nobody waits."""

from django.core.mail import EmailMessage
from django.tasks import task


@task
def send_mail(subject: str, body: str, to: str) -> None:
    EmailMessage(subject, body, to=[to]).send()
