"""Links by which an imported account gets its owner, an empty site its first administrator."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.models import Account, User

VALID_FOR = 7 * 24 * 60 * 60  # seconds
_CLAIM = "accounts.claim"
_FIRST = "accounts.first"


class UsedError(Exception):
    """This link did its work already."""


class ExpiredError(Exception):
    """This link is older than a week."""


class ForgedError(Exception):
    """This is no link of ours, or not the whole of it."""


def claim_url(account: Account) -> str:
    """Return the link by which the owner of `account`, which has no user yet, comes in."""
    token = signing.dumps(account.pk, salt=_CLAIM)
    return f"{settings.SITE_URL}{reverse('account_claim', args=[token])}"


def first_administrator_url() -> str:
    """Return the link by which the first administrator of a site that has none signs up."""
    return f"{settings.SITE_URL}{reverse('account_first', args=[signing.dumps(0, salt=_FIRST)])}"


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


def _read(token: str, salt: str) -> int:
    try:
        return int(signing.loads(token, salt=salt, max_age=VALID_FOR))
    except signing.SignatureExpired as error:
        raise ExpiredError from error
    except signing.BadSignature as error:
        raise ForgedError from error
