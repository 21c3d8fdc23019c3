"""How somebody's e-mail address becomes another, and how its old owner stops that.

An address counts as soon as it is User.email, and not before. What waits to be confirmed is an
AddressChange, which neither signing in nor a new password looks at; allauth's own table holds what
counts alone.
"""

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.auth import unsolicited_mail
from accounts.auth.email_policy import AddressRefusedError, check_address
from accounts.models import AddressChange, BannedEmail, User


class GoneError(Exception):
    """It was confirmed, stopped or replaced already."""


class AddressTakenError(Exception):
    """Somebody else has this address by now."""


def pending(user: User) -> AddressChange | None:
    """Return the change of the address of `user` that waits to be confirmed."""
    return AddressChange.objects.of(user).waiting().first()


@transaction.atomic
def change(user: User, email: str) -> EmailAddress:
    """Make `email` the address of `user` at once, and for good: what waited is forgotten, no link
    takes it back.

    Raises IntegrityError where somebody has it.
    """
    AddressChange.objects.of(user).delete()
    return _set(user, email)


def change_now(user: User, email: str) -> None:
    """Make `email` the address of `user`; a link to the old one takes it back.

    Raises IntegrityError where somebody has it.
    """
    with transaction.atomic():
        _lock(user)
        AddressChange.objects.of(user).filter(changed_at=None).delete()
        change = AddressChange.objects.create(
            user=user, before=user.email, email=email, changed_at=timezone.now()
        )
        _set(user, email)
        _tell_old_address(change)


def ask(request: HttpRequest, user: User, email: str) -> None:
    """Send a link to `email`, and tell the old address.

    What was waiting before is forgotten. Raises TooManyError.
    """
    unsolicited_mail.count_mail(request, email)
    with transaction.atomic():
        _lock(user)
        AddressChange.objects.of(user).filter(changed_at=None).delete()
        change = AddressChange.objects.create(user=user, before=user.email, email=email)
        _send_link(change)
        get_adapter().send_notification_mail(
            "accounts/mail/email_change_asked", user, {"change": change}, change.before
        )


def ask_again(request: HttpRequest, change: AddressChange) -> None:
    """Send the link of `change` once more. Raises TooManyError."""
    unsolicited_mail.count_mail(request, change.email)
    _send_link(change)


def confirm(change: AddressChange) -> None:
    """Make the change that waited. Raises GoneError, AddressTakenError, AddressRefusedError."""
    if not check_address(change.email):
        raise AddressRefusedError(change.email)
    try:
        with transaction.atomic():
            user = _lock(change.user)
            change.before, change.changed_at = user.email, timezone.now()
            waits = AddressChange.objects.filter(pk=change.pk, changed_at=None)
            if not waits.update(before=change.before, changed_at=change.changed_at):
                raise GoneError
            _set(user, change.email)
            _tell_old_address(change)
    except IntegrityError as error:
        raise AddressTakenError from error


@transaction.atomic
def stop(change: AddressChange) -> bool:
    """Forget `change` where it waits; where it was made, take it back: the old address counts
    again, no password works, all sessions end.

    Whether it was made. Raises GoneError, AddressTakenError.
    """
    user = _lock(change.user)
    current = AddressChange.objects.filter(pk=change.pk).first()
    if current is None:
        raise GoneError
    if current.changed_at is None:
        current.delete()
        return False
    # and what followed from it
    AddressChange.objects.of(user).exclude(pk__lt=current.pk, changed_at__isnull=False).delete()
    try:
        with transaction.atomic():
            _set(user, current.before)
    except IntegrityError as error:
        raise AddressTakenError from error
    user.set_unusable_password()
    user.save(update_fields=["password"])
    change.user = user
    return True


def _lock(user: User) -> User:
    """Hold `user`: a second click waits here."""
    return User.objects.select_for_update().get(pk=user.pk)


def _set(user: User, email: str) -> EmailAddress:
    User.objects.filter(pk=user.pk).update(email=email)
    EmailAddress.objects.filter(user=user).delete()
    address = EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    user.email = email
    return address


def _send_link(change: AddressChange) -> None:
    if BannedEmail.objects.is_banned(change.email):
        get_adapter().send_mail("accounts/mail/address_refused", change.email, {})
    else:
        get_adapter().send_mail(
            "account/email/email_confirmation", change.email, {"change": change}
        )


def _tell_old_address(change: AddressChange) -> None:
    context = {"from_email": change.before, "to_email": change.email, "change": change}
    get_adapter().send_notification_mail(
        "account/email/email_changed", change.user, context, change.before
    )
