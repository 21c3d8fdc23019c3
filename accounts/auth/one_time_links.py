"""Links by which an imported account gets its owner, an empty site its first administrator, and
who lost every way in a new one.
"""

from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from accounts.models import Account, User

VALID_FOR = 7 * 24 * 60 * 60  # seconds
RESCUE_VALID_FOR = 60 * 60
_CLAIM = "accounts.claim"
_FIRST = "accounts.first"
_RESCUE = "accounts.rescue"


class UsedError(Exception):
    """This link did its work already."""


class ExpiredError(Exception):
    """This link is too old."""


class ForgedError(Exception):
    """This is no link of ours, or not the whole of it."""


def claim_url(account: Account) -> str:
    """Return the link by which the owner of `account`, which has no user yet, comes in."""
    token = signing.dumps(account.pk, salt=_CLAIM)
    return f"{settings.SITE_URL}{reverse('account_claim', args=[token])}"


def first_administrator_url() -> str:
    """Return the link by which the first administrator of a site that has none signs up."""
    return f"{settings.SITE_URL}{reverse('account_first', args=[signing.dumps(0, salt=_FIRST)])}"


def rescue_url(user: User) -> str:
    """Return the link by which `user` sets a new password and is rid of lost second factors."""
    token = signing.dumps([user.pk, user.get_session_auth_hash()], salt=_RESCUE)
    return f"{settings.SITE_URL}{reverse('account_rescue', args=[token])}"


def rescued_by(token: str) -> User:
    """Return whom the link with `token` lets in. It ends with any session of theirs that ends.

    Raises ForgedError, ExpiredError, UsedError.
    """
    pk, digest = _read(token, _RESCUE, RESCUE_VALID_FOR)
    user = User.objects.filter(pk=pk).first()
    if user is None:
        raise ForgedError
    if not constant_time_compare(digest, user.get_session_auth_hash()):
        raise UsedError
    return user


def claimed_by(token: str) -> Account:
    """Return the account that the link with `token` hands over; none that is suspended.

    Raises ForgedError, ExpiredError, UsedError.
    """
    account = Account.objects.visible_to(None).local().filter(pk=_read(token, _CLAIM)).first()
    if account is None:
        raise ForgedError
    if account.user_id:
        raise UsedError
    return account


def check_first(token: str) -> None:
    """Raise ForgedError, ExpiredError, or UsedError where there is an administrator."""
    _read(token, _FIRST)
    if User.objects.has_administrator():
        raise UsedError


def _read(token: str, salt: str, valid_for: int = VALID_FOR) -> Any:
    try:
        return signing.loads(token, salt=salt, max_age=valid_for)
    except signing.SignatureExpired as error:
        raise ExpiredError from error
    except signing.BadSignature as error:
        raise ForgedError from error
