"""What something costs, by the time that processors worked on it: a promise about that holds on a busy machine, too."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager


def spent() -> float:
    """Seconds of processor time that this process, with all threads of its decoders, and its ended children took so far."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


@contextmanager
def takes_less_than(seconds: float) -> Iterator[None]:
    began = spent()
    yield
    took = spent() - began
    assert took < seconds, f"took {took:.2f} seconds of processor time"
