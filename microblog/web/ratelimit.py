"""Counting what people and addresses do, before it is done, over all processes; and refusing what
is too much.

A count is a row that ends by the clock and by nothing else: no other counter, however many there
are, pushes it out. A window begins with the first thing that is counted in it.
"""

import hashlib
import hmac
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db import connection
from django.db.models import F
from django.db.models.functions import Greatest
from django.http import HttpRequest
from django.utils import timezone

from microblog.db.writing import run
from microblog.models import Spending

_NEW_WINDOW = "microblog_spending.ends_at <= excluded.last_at"
_COUNT = f"""
    INSERT INTO microblog_spending (key, amount, last_at, ends_at) VALUES (%s, %s, %s, %s)
    ON CONFLICT (key) DO UPDATE SET
        amount = CASE WHEN {_NEW_WINDOW} THEN excluded.amount
            ELSE microblog_spending.amount + excluded.amount END,
        ends_at = CASE WHEN {_NEW_WINDOW} THEN excluded.ends_at ELSE microblog_spending.ends_at END,
        last_at = excluded.last_at
    WHERE {_NEW_WINDOW} OR microblog_spending.amount + excluded.amount <= %s
"""  # noqa: S608  (the parts are ours)
_BATCH = 1000


class TooManyError(Exception):
    """Somebody did more of something than they may for now; they may again at `retry_at`.

    The message is for the person who asked.
    """

    def __init__(self, said: str, retry_at: datetime) -> None:
        # in seconds
        self.retry_after = max(1, math.ceil((retry_at - timezone.now()).total_seconds()))
        super().__init__(f"{said} Please try again in {_in_words(self.retry_after)}.")


def _in_words(seconds: int) -> str:
    size, unit = (
        (1, "second") if seconds < 60 else (60, "minute") if seconds <= 2 * 3600 else (3600, "hour")
    )
    number = math.ceil(seconds / size)
    return f"{number} {unit}{'' if number == 1 else 's'}"


@dataclass(frozen=True)
class Limit:
    """At most `most` of `name` (its units are the caller's) by one subject `within` a time;
    `refusal` is what is said beyond.

    `name` tells the counter apart from all others: two limits of one name count together.
    """

    name: str
    most: int
    within: timedelta
    refusal: str


@dataclass(frozen=True)
class Pace:
    """The first `free` of `name` by one subject `within` a time come as they like.

    Before the next, `first` has to pass since the last; then twice as long each time, up to
    `longest`. Nobody is refused for good.
    """

    name: str
    free: int
    first: timedelta
    longest: timedelta
    within: timedelta
    refusal: str

    def wait(self, amount: int) -> timedelta:
        """How long after the last of `amount` the next has to wait."""
        over = amount - self.free
        return min(self.longest, self.first * 2 ** min(over, 30)) if over >= 0 else timedelta()


def spend(limit: Limit, subject: object, amount: int = 1) -> None:
    """Count `amount` for `subject`, before it is done.

    Raises TooManyError where that is more than `limit` allows: then nothing is counted.

    Call it outside of a transaction: what is rolled back was not counted.
    """
    now = timezone.now()
    if amount > limit.most or not _count(limit, subject, amount, now, limit.most):
        raise TooManyError(limit.refusal, ends_at(limit, subject) or now + limit.within)


def keep_pace(pace: Pace, subject: object) -> int:
    """Count one more for `subject`, before it is done; how many that makes.

    Raises TooManyError where it is too soon: then nothing is counted. Of two that come at once, one
    finds the other counted.
    """
    while True:
        now = timezone.now()
        row = standing(pace, subject)
        if row is None:
            if _count(pace, subject, 1, now, 1):
                return 1
            continue
        retry_at = min(row.last_at + pace.wait(row.amount), row.ends_at)
        if retry_at > now:
            raise TooManyError(pace.refusal, retry_at)
        same = Spending.objects.filter(pk=row.pk, amount=row.amount, last_at=row.last_at)
        if same.update(amount=row.amount + 1, last_at=now):
            return row.amount + 1


def give_back(limit: Limit | Pace, subject: object, amount: int = 1) -> None:
    """Take back `amount` of what was counted for `subject` in the window that runs now: it turned
    out to be none.
    """
    running = Spending.objects.filter(pk=_key(limit.name, subject), ends_at__gt=timezone.now())
    running.update(amount=Greatest(F("amount") - amount, 0))


def record(limit: Limit, subject: object, amount: int = 1) -> None:
    """Count `amount` for `subject`, however much that becomes: for what has happened already, such
    as a wrong password.
    """
    _count(limit, subject, amount, timezone.now(), 2**62)


def check(limit: Limit, subject: object, amount: int = 1) -> None:
    """Raises TooManyError where `spend` would; counts nothing."""
    if spent(limit, subject) + amount > limit.most:
        raise TooManyError(limit.refusal, ends_at(limit, subject) or timezone.now() + limit.within)


def spent(limit: Limit | Pace, subject: object) -> int:
    """How much is counted for `subject` in the window that runs now; 0 where none does."""
    row = standing(limit, subject)
    return row.amount if row else 0


def ends_at(limit: Limit | Pace, subject: object) -> datetime | None:
    """When the window of `subject` that runs now ends."""
    row = standing(limit, subject)
    return row.ends_at if row else None


def standing(limit: Limit | Pace, subject: object) -> Spending | None:
    """What is counted for `subject` in the window that runs now."""
    return Spending.objects.filter(pk=_key(limit.name, subject), ends_at__gt=timezone.now()).first()


def forget(limit: Limit | Pace, subject: object) -> None:
    """Let `subject` begin anew."""
    Spending.objects.filter(pk=_key(limit.name, subject)).delete()


def sweep() -> None:
    """Delete the counts whose window is over."""
    over = Spending.objects.filter(ends_at__lte=timezone.now())
    while keys := list(over.order_by("ends_at").values_list("pk", flat=True)[:_BATCH]):
        over.filter(pk__in=keys).delete()


def client_address(request: HttpRequest) -> str:
    """The network address of who asks, as the nearest proxy that we trust tells it."""
    address: str = get_adapter().get_client_ip(request)
    return address


def client_network(request: HttpRequest) -> str:
    """What the limits by address count: the address, of version 6 the network of 64 bits, which one
    household has as a whole.
    """
    address = client_address(request)
    return (
        str(ip_network(f"{address}/64", strict=False))
        if ip_address(address).version == 6
        else address
    )


def _count(limit: Limit | Pace, subject: object, amount: int, now: datetime, most: int) -> bool:
    """Whether the count, with `amount`, is no more than `most`; only then it is kept."""
    seen, ends = (
        connection.ops.adapt_datetimefield_value(moment) for moment in (now, now + limit.within)
    )
    return bool(run(_COUNT, [_key(limit.name, subject), amount, seen, ends, most]))


def _key(name: str, subject: object) -> str:
    message = f"{name}\0{subject}".encode(errors="surrogatepass")
    return hmac.digest(settings.SECRET_KEY.encode(), message, hashlib.sha256).hex()
