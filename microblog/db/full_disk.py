"""A full disk, of this machine or of the database's: how one knows it, and what is said of it."""

import errno
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from microblog.media.isolation import BusyError

SAYS_SO = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_WRITE}
DISK_FULL = "53100"  # PostgreSQL's code


class FullError(BusyError):
    """Nothing can be kept until somebody makes room."""

    retry_after = 60

    def __init__(self) -> None:
        Exception.__init__(
            self, "There is no room left on this site to keep anything new. Please try again later."
        )


def is_full(error: BaseException | None) -> bool:
    """Tell whether `error`, or what it came from, is that a disk has no room left."""
    while error:
        if isinstance(error, FullError) or (
            isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
        ):
            return True
        if (
            getattr(error, "sqlite_errorcode", None) in SAYS_SO
            or getattr(error, "sqlstate", None) == DISK_FULL
        ):
            return True
        error = error.__cause__ or error.__context__
    return False


class WithoutTraceback(logging.Filter):
    """Lets pass no traceback of a full disk: `limits.no_room` says it in a line."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.exc_info and is_full(record.exc_info[1]))


@contextmanager
def told() -> Iterator[None]:
    """Make a FullError, which a form handles as any BusyError, of what says that a disk is full."""
    try:
        yield
    except Exception as error:
        if is_full(error):
            raise FullError from error
        raise
