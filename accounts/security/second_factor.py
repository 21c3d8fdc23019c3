# mypy: allow-subclassing-any, no-warn-return-any
"""Who has, who needs and who is asked for more than a password."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.webauthn.stages import PasskeySignupStage
from django.conf import settings
from django.http import HttpResponseRedirect
from django.urls import reverse

FACTORS = (Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP)
NEEDED = (
    "You have rights here that others do not, so a password is not enough: add a passkey or an "
    "authenticator app. Then the admin opens."
)
KEEPS_ONE = (
    "Whoever has the rights that you have here needs a passkey or an authenticator app. Add "
    "another first, and then remove this one."
)


def of(user: Any) -> set[str]:
    """Return the kinds of factors that `user` has besides a password."""
    factors = Authenticator.objects.filter(user=user, type__in=FACTORS)
    return set(factors.values_list("type", flat=True))


def is_required_of(user: Any) -> bool:
    return bool(settings.STAFF_SECOND_FACTOR and user.is_authenticated and user.is_staff)


def is_lacking(user: Any) -> bool:
    """Tell whether `user` may do nothing of what staff may, until they have a second factor."""
    return is_required_of(user) and not of(user)


def would_lack(user: Any, factor: Authenticator) -> bool:
    """Tell whether `user` needs `factor`, which is their only one."""
    others = Authenticator.objects.filter(user=user, type__in=FACTORS).exclude(pk=factor.pk)
    return is_required_of(user) and not others.exists()


def is_asked_of(user: Any) -> bool:
    """Tell whether a right password is not enough to let `user` in.

    Who has an authenticator app asked for that. A passkey is a way in of its own: it makes the
    password no weaker, and is asked for besides it of staff alone.
    """
    factors = of(user)
    return Authenticator.Type.TOTP in factors or bool(factors and is_required_of(user))


class SecondFactorStage(AuthenticateStage):
    """Asks for a code or a passkey after the password, of whom it `is_asked_of`."""

    def handle(self) -> tuple[Any, bool]:
        return super().handle() if is_asked_of(self.login.user) else (None, True)


class FirstPasskeyStage(PasskeySignupStage):
    """Leads who signed up without a password to their first passkey, on every path there."""

    def handle(self) -> tuple[Any, bool]:
        user = self.login.user
        if user.has_usable_password() or of(user):
            return None, True
        return HttpResponseRedirect(reverse("mfa_signup_webauthn")), True
