"""Values on their way, in a file that has no name and goes with the process: memory holds their
places only.
"""

import pickle
import tempfile
from typing import Any


class Spool[T]:
    def __init__(self) -> None:
        self._file: Any = tempfile.TemporaryFile()  # noqa: SIM115  (close() closes it)
        self._end = 0

    def add(self, value: T) -> int:
        """Keep `value` and return its place."""
        self._file.seek(self._end)
        pickle.dump(value, self._file, pickle.HIGHEST_PROTOCOL)
        place, self._end = self._end, self._file.tell()
        return place

    def get(self, place: int) -> T:
        self._file.seek(place)
        value: T = pickle.load(self._file)  # noqa: S301  (we wrote it, and nobody else can)
        return value

    def close(self) -> None:
        self._file.close()
