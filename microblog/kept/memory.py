"""A memory of the process: bounded in bytes, and what was not used for longest goes first."""

from collections import OrderedDict
from collections.abc import Hashable, Iterable
from sys import getsizeof
from threading import Lock
from typing import Any

from django.conf import settings

ENTRY = 250  # bytes that the table takes for an entry, besides its key and its value
LARGEST = 8  # an entry may take one of so many parts of the memory


class Memory:
    """Keeps values that nothing changes, as many as KEPT_BYTES hold. Threads may share it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._entries: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self.size = 0  # in bytes

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Hashable) -> Any:
        """Return what is kept as `key`; None for nothing."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            return entry[0]

    def put(self, key: Hashable, value: Any) -> None:
        """Keep `value` as `key`, in the place of what was there and of what is used least."""
        size = ENTRY + bytes_of(key) + bytes_of(value)
        if size > settings.KEPT_BYTES // LARGEST:
            return
        with self._lock:
            self._forget(self._entries.pop(key, None))
            self._entries[key] = value, size
            self.size += size
            while self.size > settings.KEPT_BYTES:
                self._forget(self._entries.popitem(last=False)[1])

    def renew(self, key: Hashable, value: Any) -> None:
        """Keep `value` in the place of what is kept as `key`, where it takes as much room."""
        with self._lock:
            if key in self._entries:
                self._entries[key] = value, self._entries[key][1]

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self.size = 0

    def _forget(self, entry: tuple[Any, int] | None) -> None:
        if entry:
            self.size -= entry[1]


def bytes_of(value: object) -> int:
    """Return how many bytes `value` takes, with all that is in it."""
    inner: Iterable[object] = value if isinstance(value, tuple) else ()
    return getsizeof(value) + sum(map(bytes_of, inner))


MEMORY = Memory()
