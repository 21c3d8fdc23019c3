"""How long ago something was, in the words that a page shows. Pure: the caller brings the time."""

from datetime import datetime
from typing import NamedTuple

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


class Age(NamedTuple):
    """What a `<time>` says: `words` in short, the date `whole`, and for a `machine`."""

    machine: str
    whole: str
    words: str


def age_at(moment: datetime, now: datetime) -> Age:
    """Return the age that `moment` (UTC) has at `now`."""
    machine = f"{moment.isoformat(timespec='seconds')[:19]}Z"
    whole = f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}, {machine[11:16]} UTC"
    return Age(machine, whole, short_age(moment, now))


def short_age(moment: datetime, now: datetime) -> str:
    """Return how long before `now` the `moment` (UTC) was, in one unit; from a year on its date.

    As on X: now, 5m, 3h, 6d, 2mo, Mar 21, 2006.
    """
    seconds = max(0, int((now - moment).total_seconds()))
    days = seconds // 86400
    if seconds < 60:
        return "now"
    if days < 1:
        return f"{seconds // 60}m" if seconds < 3600 else f"{seconds // 3600}h"
    if days < 365:
        return f"{days}d" if days < 30 else f"{min(days // 30, 11)}mo"
    return f"{MONTHS[moment.month - 1]} {moment.day}, {moment.year}"
