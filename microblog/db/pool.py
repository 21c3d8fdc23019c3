"""Whether a connection that the pool kept is one still."""

import select
import time
from typing import Any

from psycopg_pool import ConnectionPool

ASKED_AFTER = 5  # seconds, in which no network and no machine comes back


def check(connection: Any) -> None:
    """Raise OperationalError where `connection` is none any more, so that the pool makes another.

    A server that ends says so, and a connection that nobody uses is told nothing else: only then,
    and where it was not used for a while, is the server asked. To ask each time costs as much as a
    page that is kept.
    """
    now, seen = time.monotonic(), getattr(connection, "seen_at", 0.0)
    if now - seen > ASKED_AFTER or _is_told_something(connection):
        ConnectionPool.check_connection(connection)
    connection.seen_at = now


def _is_told_something(connection: Any) -> bool:
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))
