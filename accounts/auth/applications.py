"""Decide applications to join."""

from django.db import transaction

from accounts.auth.adapter import Adapter
from accounts.models import Account, Application, User


@transaction.atomic
def approve(application: Application) -> bool:
    """Let them in, with the handle that they wanted where it is free, and tell them.

    Return whether they were waiting.
    """
    if not _close(application):
        return False
    application.user.activate()
    _tell(application, "approved")
    return True


@transaction.atomic
def refuse(application: Application) -> bool:
    """Delete what they sent, and tell them; return whether they were waiting."""
    if not _close(application):
        return False
    _tell(application, "refused")
    User.objects.filter(pk=application.user_id).delete()
    return True


def _close(application: Application) -> bool:
    """Delete the application; return whether it was there, and nobody else decided it.

    Who comes second waits, and finds nothing.
    """
    User.objects.select_for_update().filter(pk=application.user_id).first()
    closed, _ = Application.objects.seen().filter(pk=application.pk).delete()
    return bool(closed)


def _tell(application: Application, decision: str) -> None:
    context = {"user": application.user, "account": Account.objects.of(application.user)}
    Adapter().send_mail(f"accounts/mail/application_{decision}", application.user.email, context)
