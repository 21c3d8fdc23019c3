"""Somebody changes the site all the time: `python -m testing.bench.changes POST` commits a change
to a post that stands on no measured page, a thousand times a second, until it is told to end.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

RATE = 1000  # changes a second, at most


class Changer:
    """A connection of its own. Its commits wait for no disk: they are seen all the same."""

    def __init__(self, post: int) -> None:
        self.post, self.done = post, 0
        self.connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
        self.connection.execute("SET synchronous_commit = off")
        self.pid = self.connection.info.backend_pid

    def change(self) -> None:
        """Commit a change: the count of likes goes up, and down again with the next one."""
        self.done += 1
        step = 1 if self.done % 2 else -1
        self.connection.execute(
            "UPDATE timeline_post SET likes_count = likes_count + %s WHERE id = %s",
            (step, self.post),
        )

    def close(self) -> None:
        """Leave the count as it was."""
        if self.done % 2:
            self.change()
        self.connection.close()


@dataclass
class Rate:
    """How many changes a second were committed; known when they have ended."""

    changes: float = 0.0


@contextmanager
def all_the_time(post: int) -> Iterator[Rate]:
    """Let another process commit changes while the block runs."""
    rate = Rate()
    process = subprocess.Popen(
        [sys.executable, "-m", __name__, str(post)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    try:
        process.stdout.readline()  # it has begun
        yield rate
    finally:
        process.terminate()
        told = process.communicate()[0]
    rate.changes = json.loads(told)


def main(post: int) -> None:
    """Change `post` until SIGTERM comes; then print how many changes a second that were."""
    changer, ended = Changer(post), threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    print("begun", flush=True)
    began = time.monotonic()
    while not ended.wait(max(0, changer.done / RATE - (time.monotonic() - began))):
        changer.change()
    print(json.dumps(changer.done / (time.monotonic() - began)))
    changer.close()


if __name__ == "__main__":
    main(int(sys.argv[1]))
