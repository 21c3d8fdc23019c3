"""Ask what may take long, and break it off."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

STEPS = 10_000  # of SQLite's machine, between two looks at the clock
INTERRUPTED = "SQLITE_INTERRUPT"
QUERY_CANCELED = "57014"  # PostgreSQL's code


class TooSlowError(Exception):
    """The time was over before the database had an answer."""


@contextmanager
def time_limit(milliseconds: int) -> Iterator[None]:
    """Let each query within take so long at most. Raises TooSlowError."""
    within = _on_postgresql if connection.vendor == "postgresql" else _on_sqlite
    try:
        with within(milliseconds):
            yield
    except OperationalError as error:
        cause = error.__cause__
        if (
            getattr(cause, "sqlstate", None) == QUERY_CANCELED
            or getattr(cause, "sqlite_errorname", None) == INTERRUPTED
        ):
            raise TooSlowError from error
        raise


@contextmanager
def _on_postgresql(milliseconds: int) -> Iterator[None]:
    is_outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = {int(milliseconds)}")
        yield
        if not is_outermost:  # what comes after within the same transaction has its time
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")


@contextmanager
def _on_sqlite(milliseconds: int) -> Iterator[None]:
    end = time.monotonic() + milliseconds / 1000
    connection.ensure_connection()
    connection.connection.set_progress_handler(lambda: time.monotonic() > end, STEPS)
    try:
        yield
    finally:
        connection.connection.set_progress_handler(None, STEPS)
