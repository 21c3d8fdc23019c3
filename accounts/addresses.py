"""How somebody's e-mail address becomes another: the user's own, and allauth's rows of what was confirmed."""

from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.models import EmailAddress
from django.db import transaction
from django.http import HttpRequest

from accounts.models import User


def pending(user: User) -> EmailAddress | None:
    """The address that `user` is changing to, while it waits to be confirmed."""
    return EmailAddress.objects.filter(user=user).exclude(email=user.email).order_by("pk").last()


@transaction.atomic
def change(user: User, email: str) -> EmailAddress:
    """Make `email` the address of `user` at once. Raises IntegrityError where somebody has it."""
    User.objects.filter(pk=user.pk).update(email=email)
    EmailAddress.objects.filter(user=user).delete()
    address = EmailAddress.objects.create(user=user, email=email, primary=True)
    user.email = email
    return address


def change_once_confirmed(request: HttpRequest, user: User, email: str) -> EmailAddress:
    """Send a link to `email`; it becomes the address of `user` when they open it. One that was waiting before is forgotten."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # a second click waits here
        EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
        address = EmailAddress.objects.create(user=user, email=email)
    send_verification_email_to_address(request, address)
    return address
