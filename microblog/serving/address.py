"""Where the site runs: `serve` notes it in VAR_DIR, so that the links which other commands print
lead there. Needs no settings.
"""

import fcntl
import re
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

_NOTE = re.compile(r"(\d{1,5}) (http://\S+)\n")


class Place(NamedTuple):
    """The port of a site on 127.0.0.1, and its SITE_URL."""

    port: int
    url: str


def note(var: Path, place: Place) -> IO[str]:
    """Note that the site of `var` is at `place`, for as long as the returned file is open."""
    file = _file(var).open("a+")
    if _locked(file):  # else another copy runs beside this one: the first one's note stands
        file.truncate(0)
        file.write(f"{place.port} {place.url}\n")
        file.flush()
    return file


def _locked(file: IO[str]) -> bool:
    """Tell whether the lock is ours: who only looks, in `place`, has it for a moment."""
    for _ in range(10):
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        time.sleep(0.05)
    return False


def place(var: Path) -> Place:
    """Return where the site of the folder `var` runs; where it would by default, if it does not."""
    default = Place(8000, "")
    try:
        with _file(var).open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return default  # nobody holds it: what it says is of another time
    except FileNotFoundError:
        return default
    except BlockingIOError:
        found = _NOTE.fullmatch(_file(var).read_text())
        return Place(int(found[1]), found[2]) if found else default


def _file(var: Path) -> Path:
    return var / "running"
