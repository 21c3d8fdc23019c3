"""How long ago something was, in the words that a page shows: the caller brings the time; and until
when they are right.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

MINUTE, HOUR, DAY = 60, 3600, 86400
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


class Age(NamedTuple):
    """What a `<time>` says: `words` in short, the date `whole`, and for a `machine`."""

    machine: str
    whole: str
    words: str


@dataclass
class Watch:
    """When the first of the ages that were told will have other words; None: never."""

    ends_at: datetime | None = None

    def note(self, moment: datetime) -> None:
        if self.ends_at is None or moment < self.ends_at:
            self.ends_at = moment


_WATCH: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextmanager
def watched() -> Iterator[Watch]:
    """Watch every age that is told within."""
    watch = Watch()
    token = _WATCH.set(watch)
    try:
        yield watch
    finally:
        _WATCH.reset(token)


def age_at(moment: datetime, now: datetime) -> Age:
    """Return the age that `moment` (UTC) has at `now`."""
    return Age(*_date(moment), short_age(moment, now))


@lru_cache(4096)
def _date(moment: datetime) -> tuple[str, str]:
    """Return the date for a machine, and for people; it is the same on each page that shows it."""
    machine = f"{moment.isoformat(timespec='seconds')[:19]}Z"
    return machine, f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}, {machine[11:16]} UTC"


def short_age(moment: datetime, now: datetime) -> str:
    """Return how long before `now` the `moment` (UTC) was, in one unit; from a year on its date.

    As on X: now, 5m, 3h, 6d, 2mo, Mar 21, 2006.
    """
    seconds = max(0, int((now - moment).total_seconds()))
    words, ends = _in_one_unit(seconds)
    watch = _WATCH.get()
    if watch and ends:
        watch.note(moment + timedelta(seconds=ends))
    return words or f"{MONTHS[moment.month - 1]} {moment.day}, {moment.year}"


def _in_one_unit(seconds: int) -> tuple[str, int]:
    """Return the words for an age, and at what age they end; none from a year on."""
    days = seconds // DAY
    if seconds < MINUTE:
        return "now", MINUTE
    if seconds < HOUR:
        return f"{seconds // MINUTE}m", (seconds // MINUTE + 1) * MINUTE
    if days < 1:
        return f"{seconds // HOUR}h", (seconds // HOUR + 1) * HOUR
    if days < 30:
        return f"{days}d", (days + 1) * DAY
    months = min(days // 30, 11)
    if days < 365:
        return f"{months}mo", ((months + 1) * 30 if months < 11 else 365) * DAY
    return "", 0
