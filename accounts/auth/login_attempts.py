"""Tries of a password: every place that asks for one counts them here, before it looks whether the
password is right.

Three counters: of an account and a network address together, of the address alone, of the account
over all addresses. Nothing locks an owner out: the account's counter slows down and never refuses
for good, and does not count for a browser in which they signed in before.
"""

from collections.abc import Callable
from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.db import transaction
from django.http import HttpRequest

from accounts.auth import known_browsers
from accounts.models import User
from microblog.web.ratelimit import (
    Limit,
    Pace,
    TooManyError,
    client_network,
    forget,
    give_back,
    keep_pace,
    spend,
    spent,
)

_SECOND, _MINUTE, _HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
REFUSAL = "Too many attempts."

# of one account from one address
PAIR = Pace("password.pair", 5, _MINUTE, 15 * _MINUTE, _HOUR, REFUSAL)
ADDRESS = Limit("password.address", 10, _MINUTE, REFUSAL)  # of all accounts from one address
# of one account from all addresses
ACCOUNT = Pace("password.account", 20, 2 * _SECOND, 60 * _SECOND, _HOUR, REFUSAL)
# of one account by a browser that is known to it
KNOWN = Pace("password.known", 5, _MINUTE, 15 * _MINUTE, _HOUR, REFUSAL)
# of one user's second factor: whoever tries knows the password
CODES = Pace("code.user", 9, _MINUTE, 15 * _MINUTE, _HOUR, REFUSAL)
CODE_USED = Limit("code.used", 1, 5 * _MINUTE, REFUSAL)  # of one user
CODES_TOLD = Limit("code.told", 1, timedelta(days=1), REFUSAL)
# the owner, of what the account's counter found
TOLD = Limit("password.told", 1, timedelta(days=1), REFUSAL)


class Attempt:
    """One try, which counts as a wrong password until it is known to be right."""

    def __init__(self, request: HttpRequest, user: User | None, name: str = "") -> None:
        """Count a try of the password of `user`; where there is none, of what was typed as `name`,
        which is answered alike.

        Raises TooManyError where it comes too soon: then it is not counted, and no password may be
        looked at.
        """
        self.request, self.user = request, user
        self.subject = f"user {user.pk}" if user else f"name {name.lower()}"
        self.network = client_network(request)
        self.pair = f"{self.subject}\0{self.network}"
        self.browser = known_browsers.known_to(request, user) if user else None
        counted: list[tuple[Limit | Pace, str]] = []
        steps: list[tuple[Callable[..., object], Limit | Pace, str]] = [
            (keep_pace, PAIR, self.pair),
            (spend, ADDRESS, self.network),
        ]
        steps.append((keep_pace, *self._of_account))
        try:
            for count, limit, subject in steps:
                count(limit, subject)
                counted.append((limit, subject))
        except TooManyError:
            for limit, subject in counted:
                give_back(limit, subject)
            raise

    @property
    def _of_account(self) -> tuple[Pace, str]:
        return (
            (KNOWN, f"{self.subject}\0{self.browser}") if self.browser else (ACCOUNT, self.subject)
        )

    def succeeded(self) -> None:
        """Count it nowhere: the password was right."""
        forget(PAIR, self.pair)
        # one: whoever knows one password does not begin anew with those of others
        give_back(ADDRESS, self.network)
        give_back(*self._of_account)

    def failed(self) -> None:
        """Tell the owner once a day that somebody tries and tries: the password was wrong."""
        if not self.user or self.browser or spent(ACCOUNT, self.subject) < ACCOUNT.free:
            return
        _tell_once(TOLD, self.user, "accounts/mail/many_attempts")


class CodeAttempt:
    """One try of a code after a right password, which counts as wrong until it is known."""

    def __init__(self, user: User) -> None:
        """Count it. Raises TooManyError where it comes too soon: then no code may be looked at."""
        self.user = user
        self.number = keep_pace(CODES, user.pk)

    def is_new(self, code: str) -> bool:
        """Tell whether `code`, which is right, comes for the first time; of two, one is told so."""
        try:
            spend(CODE_USED, f"{self.user.pk} {code.strip()}")
        except TooManyError:
            return False
        return True

    def succeeded(self) -> None:
        forget(CODES, self.user.pk)

    def failed(self) -> None:
        """Tell the owner once a day: somebody who knows the password tries and tries."""
        if self.number >= CODES.free:
            _tell_once(CODES_TOLD, self.user, "accounts/mail/many_codes")


def _tell_once(limit: Limit, user: User, mail: str) -> None:
    try:
        with transaction.atomic():  # counted as told, and the mail: both or neither
            spend(limit, f"user {user.pk}")
            get_adapter().send_mail(mail, user.email, {"user": user})
    except TooManyError:
        return


def were_many(user: User) -> bool:
    """Tell whether somebody tried many wrong passwords for `user` within the day."""
    return spent(TOLD, f"user {user.pk}") > 0


def check_password(request: HttpRequest, user: User, password: str) -> bool:
    """Tell whether `password` is that of `user`. Raises TooManyError."""
    attempt = Attempt(request, user)
    right = user.check_password(password)
    attempt.succeeded() if right else attempt.failed()
    return right
