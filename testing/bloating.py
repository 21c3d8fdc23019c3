"""gunicorn's settings of `serve`, for tests: a process has "grown" whenever a file says so, or
always.
"""

import os
from pathlib import Path

from microblog.serving import worker
from microblog.serving.worker import *  # noqa: F403


def _memory() -> int:
    """Return too much, once for each time that the file GROWN is put there; always where it is not
    named.
    """
    if "GROWN" not in os.environ:
        return worker.BLOATED + 1
    grown = Path(os.environ["GROWN"])
    if not grown.exists():
        return 0
    grown.unlink()
    return worker.BLOATED + 1


worker.memory = _memory
worker.WATCH = 0
