"""A post's id is its time: Unix milliseconds << 16, and 16 bits that tell apart what was posted in
one millisecond.
"""

import secrets
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_X_EPOCH = 1288834974657  # milliseconds; X's ids have carried their time since November 2010
_X_FIRST = 29_700_000_000  # the ids before were a plain sequence


def id_at(moment: datetime) -> int:
    """Return an id for something posted at `moment` (aware); its low bits are random."""
    return first_id_at(moment) | secrets.randbits(16)


def first_id_at(moment: datetime) -> int:
    """Return the lowest id for something posted at `moment` or later."""
    return (moment - _EPOCH) // timedelta(milliseconds=1) << 16


def time_of(post_id: int) -> datetime:
    """Return when the post with this id was posted, to the millisecond."""
    return _EPOCH + timedelta(milliseconds=post_id >> 16)


def x_time(tweet_id: int) -> datetime | None:
    """Return when X made this id, to the millisecond; None for early ones, which do not tell."""
    return (
        _EPOCH + timedelta(milliseconds=(tweet_id >> 22) + _X_EPOCH)
        if tweet_id > _X_FIRST
        else None
    )


def id_of_tweet(tweet_id: int, moment: datetime) -> int:
    """Return the id that a tweet of `moment` (to the second) gets here: to the millisecond where
    X's id agrees, and in X's order within it.
    """
    exact = x_time(tweet_id)
    # an early id, or one that somebody made up
    if exact is None or abs(exact - moment) > timedelta(seconds=2):
        return (moment - _EPOCH) // timedelta(milliseconds=1) << 16 | tweet_id & 0xFFFF
    return (exact - _EPOCH) // timedelta(milliseconds=1) << 16 | (tweet_id & (1 << 22) - 1) >> 6
