"""A clock that stands still, and a chance that falls alike each time: what a page shows depends on
nothing but the code.
"""

import hashlib
import os
import random
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import time_machine

NOW = datetime(2026, 3, 18, 11, 30, tzinfo=UTC)  # a Wednesday, when the demo community comes


class Clock:
    """Stands at a moment until it is told to go on."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self._traveller = traveller

    def go_on(self, seconds: float = 1) -> None:
        self._traveller.shift(timedelta(seconds=seconds))

    def move_to(self, moment: datetime) -> None:
        self._traveller.move_to(moment, tick=False)


class _Chance:
    """Bytes that look random, and are the same in each run."""

    def __init__(self) -> None:
        self._lock, self._drawn = threading.Lock(), 0

    def bytes(self, size: int) -> bytes:
        with self._lock:
            self._drawn += 1
            number = self._drawn
        return hashlib.shake_256(b"%d" % number).digest(size)


@contextmanager
def standing_still(at: datetime) -> Iterator[Clock]:
    """Let the clock of this process stand at `at`, and every random value be a foreseeable one.

    Comes before the site is imported: some modules take the functions themselves.
    """
    chance = _Chance()
    os.urandom = chance.bytes
    random._urandom = chance.bytes  # type: ignore[attr-defined]
    uuid.uuid4 = lambda: uuid.UUID(bytes=chance.bytes(16), version=4)
    random.seed(1)
    with time_machine.travel(at, tick=False) as traveller:
        yield Clock(traveller)
