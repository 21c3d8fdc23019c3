"""Programs that look at what strangers sent, each in a process of its own: one at a time for the
whole site, and paid for before it runs.

What such a program may take of memory and time, it bounds itself (RLIMIT). Knows no database.
"""

import errno
import fcntl
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from django.conf import settings

NO_ROOM = 28  # how such a program ends where there was no room for what it made


class BusyError(Exception):
    """So many pictures and videos come that there is no room for this one now, but there will be in
    `retry_after` seconds.
    """

    retry_after = 5

    def __init__(self) -> None:
        super().__init__(
            "Many people are sending pictures right now. Please try again in a few seconds."
        )


class Meter(Protocol):
    """Who pays for the processor time of a program."""

    @property
    def patience(self) -> float:
        """Return for how many seconds they wait for their turn."""

    def reserve(self, milliseconds: int) -> None:
        """Count what the program may cost, before it runs.

        May raise what the caller of `run` then gets.
        """

    def settle(self, reserved: int, spent: int) -> None:
        """Count what it did cost instead."""


class Unmetered:
    """For what no stranger sends just as they like: an import, the demo, the picture of a link
    card. It waits for its turn.
    """

    patience = 600.0

    def reserve(self, milliseconds: int) -> None:
        """Count nothing."""

    def settle(self, reserved: int, spent: int) -> None:
        """Count nothing."""


UNMETERED = Unmetered()


def run(
    program: Path,
    arguments: Sequence[str],
    source: IO[bytes],
    target: IO[bytes],
    *,
    seconds: int,
    meter: Meter,
) -> str:
    """Run a Python `program` that reads `source` and writes `target` (open files), and takes at
    most `seconds` of a processor.

    Returns when it has ended, whatever happened to it: what it wrote to standard error, at most
    1,000 characters; "" where it did not end well. It keeps the turn while it lives, also without
    this process. Raises BusyError, and OSError where the disk is full.
    """
    command = [sys.executable, "-I", str(program), *arguments]
    spent = 0.0
    meter.reserve(1000 * seconds)
    try:
        with _turn(meter.patience) as turn, tempfile.TemporaryFile() as errors:
            before = _childrens_seconds()
            try:
                subprocess.run(  # noqa: S603
                    command,
                    stdin=source,
                    stdout=target,
                    stderr=errors,
                    env={"MALLOC_ARENA_MAX": "1"},
                    pass_fds=[turn],
                    timeout=3 * seconds,
                    check=True,
                )
            except subprocess.CalledProcessError as error:  # it crashed
                if error.returncode == NO_ROOM:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
                return ""
            except subprocess.SubprocessError:  # it stood still
                return ""
            finally:
                spent = _childrens_seconds() - before
            errors.seek(0)
            return errors.read(1000).decode(errors="replace").strip()
    finally:
        meter.settle(1000 * seconds, round(1000 * spent))


@contextmanager
def _turn(patience: float) -> Iterator[int]:
    """Wait until no other program runs on the whole site, then be the one, as long as somebody has
    this open. Raises BusyError.

    Who comes next holds the first lock while it waits for the second, so that an import does not
    take every turn.
    """
    until = time.monotonic() + patience
    with (
        (settings.VAR / "next-turn.lock").open("a") as following,
        (settings.VAR / "turn.lock").open("a") as current,
    ):
        _take(following, until)
        _take(current, until)
        fcntl.flock(following, fcntl.LOCK_UN)
        yield current.fileno()


def _take(lock: IO[str], until: float) -> None:
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise BusyError from None
            time.sleep(0.02)
        else:
            return


def _childrens_seconds() -> float:
    """Return the processor time of our processes that have ended; in our turn, of one alone."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
