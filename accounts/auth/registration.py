"""Make users of those who signed up, once their e-mail address is confirmed."""

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from accounts.auth.email_changes import AddressTakenError, GoneError
from accounts.auth.email_policy import AddressRefusedError, check_address
from accounts.models import Application, User, WaitingSignup


@transaction.atomic
def wait(email: str, password: str | None, **fields: object) -> WaitingSignup:
    """Keep what somebody signed up with, and send a link to `email` that confirms it."""
    signup = WaitingSignup.objects.create(email=email, password=make_password(password), **fields)
    get_adapter().send_mail("account/email/email_confirmation_signup", email, {"signup": signup})
    return signup


def confirm(signup: WaitingSignup) -> User:
    """Make the user who signed up, and hand over what they signed up for where it is still to be
    had.

    Who else waits for the address is forgotten. Raises GoneError, AddressTakenError,
    AddressRefusedError.
    """
    if not check_address(signup.email):  # since the link was sent
        raise AddressRefusedError(signup.email)
    try:
        with transaction.atomic():
            # a second click waits here
            if not WaitingSignup.objects.filter(pk=signup.pk).delete()[0]:
                raise GoneError
            user = User.objects.create(
                email=signup.email,
                password=signup.password,
                wanted_name=signup.name,
                wanted_handle=signup.handle,
            )
            EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
            if signup.applies:
                Application.objects.create(user=user, reason=signup.reason)
            if signup.claims:
                signup.claims.assign_owner(user)
            else:
                user.activate()
            WaitingSignup.objects.filter(email=signup.email).delete()
    except IntegrityError as error:
        raise AddressTakenError from error
    return user
