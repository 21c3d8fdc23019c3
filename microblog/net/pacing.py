"""How often, and how many at a time, the site calls on one owner of hosts, over all processes."""

from datetime import datetime, timedelta
from typing import Self

from django.utils import timezone

from microblog.net import hosts
from microblog.web import ratelimit
from microblog.web.ratelimit import Limit, TooManyError

AT_A_TIME = 2
PACE = Limit("calls on an owner", 10, timedelta(minutes=1), "Too many calls on one owner.")
# ends by itself after a killed worker
LINE = Limit("calls that are for a free line", 1, timedelta(seconds=30), "This line is taken.")
SPACE = timedelta(seconds=5)  # between a window of PACE and who waits for the next one

# How many wait behind PACE, and behind LINE: whoever comes later is told a later time, so that each
# asks again about once.
_BEHIND_PACE = Limit("waiting for the pace", 1, PACE.within, "")
_BEHIND_LINE = Limit("waiting for a line", 1, timedelta(seconds=15), "")


class NotNowError(Exception):
    """This owner is called on enough for now; ask again at `retry_at`."""

    def __init__(self, retry_at: datetime) -> None:
        super().__init__(f"not before {retry_at}")
        self.retry_at = retry_at


class Calls:
    """The calls of one visit: to each owner it counts once, however many pages and pictures are
    asked for. Leave it with `end`.
    """

    def __init__(self) -> None:
        self._lines: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for line in self._lines.values():
            ratelimit.forget(LINE, line)

    def begin(self, host: str) -> None:
        """Count a call on `host` (a number, or a name of hosts.to_ascii), before it is made.

        Raises NotNowError.
        """
        owner = hosts.owner(host)
        if owner in self._lines:
            return
        self._lines[owner] = _line(owner)
        try:
            ratelimit.spend(PACE, owner)
        except TooManyError as full:
            windows = _place(_BEHIND_PACE, owner) // PACE.most
            wait = timedelta(seconds=full.retry_after) + windows * (PACE.within + SPACE)
            raise NotNowError(timezone.now() + wait) from full


def _line(owner: str) -> str:
    """Return a free line to `owner`, taken."""
    for number in range(AT_A_TIME):
        line = f"{owner} {number}"
        try:
            ratelimit.spend(LINE, line)
        except TooManyError:
            continue
        return line
    seconds = 1 + _place(_BEHIND_LINE, owner) // AT_A_TIME
    raise NotNowError(timezone.now() + timedelta(seconds=seconds))


def _place(queue: Limit, owner: str) -> int:
    """Return how many came to wait before, in the time of `queue`."""
    ratelimit.record(queue, owner)
    return ratelimit.spent(queue, owner) - 1
