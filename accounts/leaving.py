"""Leave: deactivate an account for a while, or delete it for good; and what the clock does then."""

import time
from contextlib import suppress

from allauth.account.adapter import get_adapter
from django.core import signing
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from accounts import limits
from accounts.models import Account, RefusedError, RemovedHandle, User
from microblog.db.locks import lock_rows
from microblog.web.ratelimit import spend

ADMITTED_FOR = 3600  # seconds
_ADMITTED = "may_delete"
_SALT = "accounts.leaving"
LAST = (
    "You are the only administrator with all rights: without you, nobody could keep this site. "
    "Make another first, on its server: manage.py createsuperuser."
)


def deactivate(account: Account) -> None:
    """Deactivate `account` at the wish of its owner, whom a mail tells; of one that was deleted
    meanwhile, `deactivated_at` stays None.

    Raises RefusedError for the last administrator, and TooManyError.
    """
    spend(limits.LEAVING, account.pk)
    with transaction.atomic():
        _check_not_last(account)
        if account.deactivate():
            _send(account.user, account, "deactivated")
        else:  # another click was first
            since = Account.objects.deactivated().filter(pk=account.pk)
            account.deactivated_at = since.values_list("deactivated_at", flat=True).first()


@transaction.atomic
def delete(account: Account) -> None:
    """Delete `account` for good at the wish of its owner, whom a mail tells.

    Raises RefusedError for the last administrator.
    """
    user = account.user
    _check_not_last(account)
    if account.remove():
        _send(user, account, "deleted")


def _check_not_last(account: Account) -> None:
    lock_rows(Account.objects.filter(pk=account.pk))  # before users, as whoever suspends it
    if account.user and account.user.is_last_administrator():
        raise RefusedError(LAST)


def _send(user: User | None, account: Account, mail: str) -> None:
    """Enqueue the mail, in the transaction that does what it tells of."""
    if user:
        get_adapter().send_mail(f"accounts/mail/{mail}", user.email, {"account": account})


# --- Who is suspended, and has shown who they are: open to them is settings.SUSPENDED_URLS ---


def admit(request: HttpRequest, user: User) -> None:
    """Let the session of `request` know for a while that `user` may delete their account, and take
    their archive.
    """
    request.session.cycle_key()
    request.session[_ADMITTED] = [user.pk, user.get_session_auth_hash(), int(time.time())]


def admitted(request: HttpRequest) -> User | None:
    """Return who was admitted a while ago, and is suspended still; it ends as sessions do."""
    pk, digest, moment = request.session.get(_ADMITTED) or (0, "", 0)
    if moment < time.time() - ADMITTED_FOR:
        return None
    user = User.objects.filter(pk=pk, is_active=True, account__suspended_at__isnull=False).first()
    same = user and constant_time_compare(digest, user.get_session_auth_hash())
    return user if same else None


# --- A form that is sent twice ---
# The first ends the session of the second, which says all the same whose it was.


def token_of(account: Account) -> str:
    return signing.dumps(account.pk, salt=_SALT)


def deactivated_by(token: str) -> Account | None:
    """Return the account that the form with `token` was for, where it is deactivated by now."""
    return Account.objects.deactivated().filter(pk=_read(token)).first()


def is_deleted_by(token: str) -> bool:
    """Tell whether the account that the form with `token` was for is deleted by now."""
    pk = _read(token)
    return bool(pk) and not Account.objects.undeleted().filter(pk=pk).exists()


def _read(token: str) -> int:
    """Return the id in `token`; 0, which nobody has, for what is no token of ours."""
    try:
        return int(signing.loads(token, salt=_SALT))
    except signing.BadSignature:
        return 0


# --- By the clock ---


def delete_overdue() -> None:
    """Delete for good whoever did not come back in time, but not the last administrator."""
    for account in Account.objects.not_come_back().with_user():
        user = account.user
        with suppress(RefusedError), transaction.atomic():
            _check_not_last(account)
            if account.remove(Account.objects.not_come_back()):
                _send(user, account, "not_come_back")


def release_handles() -> None:
    """Let handles be free again that were kept from others for long enough, also where the row of
    who had one is still here.
    """
    Account.objects.removed().give_up_handles()
    RemovedHandle.objects.forget_old()
