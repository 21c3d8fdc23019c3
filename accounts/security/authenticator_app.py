"""Codes of an authenticator app (TOTP, RFC 6238), and recovery codes for who has lost it."""

import base64
from typing import Any, NamedTuple

from allauth.account.adapter import get_adapter
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction

from accounts.models import RefusedError, User
from accounts.security import second_factor


class Setup(NamedTuple):
    """What an app is told: by a picture, or typed."""

    qr_code: str  # an address of data
    secret: str  # in groups of four


def of(user: User) -> Authenticator | None:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()


def setup_of(user: User, secret: str) -> Setup:
    adapter = get_mfa_adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(user, secret))
    data = base64.b64encode(svg.encode()).decode()
    groups = (secret[at : at + 4] for at in range(0, len(secret), 4))
    return Setup(f"data:image/svg+xml;base64,{data}", " ".join(groups))


@transaction.atomic
def add(user: User, secret: str) -> None:
    """Ask `user` for a code of their app at each sign-in from now on; twice is once."""
    User.objects.select_for_update().get(pk=user.pk)
    if of(user) is None:
        TOTP.activate(user, secret)
        keep_codes(user)
        get_adapter().send_notification_mail("mfa/email/totp_activated", user)


def check_removable(app: Authenticator) -> None:
    """Raise RefusedError where its owner needs it."""
    if second_factor.would_lack(app.user, app):
        raise RefusedError(second_factor.KEEPS_ONE)


@transaction.atomic
def remove(app: Authenticator) -> None:
    """Remove it, and the recovery codes where nothing asks for them any more; twice is once."""
    user = User.objects.select_for_update().get(pk=app.user_id)
    if of(user) is None:
        return
    check_removable(app)
    app.delete()
    if not second_factor.is_asked_of(user):
        _codes(user).delete()
    get_adapter().send_notification_mail("mfa/email/totp_deactivated", user)


def codes_of(user: User) -> list[str]:
    """Return the recovery codes of `user` that are left."""
    row = _codes(user).first()
    return RecoveryCodes(row).get_unused_codes() if row else []


@transaction.atomic
def make_codes_anew(user: User) -> None:
    """Let new recovery codes take the place of those that `user` has."""
    User.objects.select_for_update().get(pk=user.pk)
    _codes(user).delete()
    keep_codes(user)
    get_adapter().send_notification_mail("mfa/email/recovery_codes_generated", user)


def keep_codes(user: User) -> None:
    """Give `user` recovery codes, where they have none."""
    RecoveryCodes.activate(user)


def _codes(user: User) -> Any:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES)
