"""What something costs, by the time that processors worked on it: a promise about that holds on a
busy machine, too.
"""

import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


def spent() -> float:
    """Return the processor seconds of this process, its decoders and its ended children so far."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


@contextmanager
def takes_less_than(seconds: float) -> Iterator[None]:
    began = spent()
    yield
    took = spent() - began
    assert took < seconds, f"took {took:.2f} seconds of processor time"


_MEASURE = """
import runpy, sys
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(peak.split()[1], file=sys.stderr)
"""


def peak_of(program: Path, *arguments: str, source: IO[bytes], target: IO[bytes]) -> int:
    """Return the most memory (Linux, bytes) of a Python `program` from `source` to `target`."""
    command = [sys.executable, "-I", "-c", _MEASURE, str(program), *arguments]
    ran = subprocess.run(command, stdin=source, stdout=target, stderr=subprocess.PIPE, check=True)
    return int(ran.stderr.splitlines()[-1]) * 1024
