"""How processes that listen on one socket share its connections: each tells the others how many it
has, on a board in shared memory.

The kernel lets any process that waits take the newcomer, and one that wakes first may take nearly
all; a connection that is kept alive stays with it. So who has more than another that is free lets
the other go first, and with far more, it asks who is served to come anew.
"""

import mmap
import struct
import time
from collections.abc import Iterator

PLACES = 64  # of processes; gunicorn numbers them on and on
FRESH = 2.0  # seconds; who said nothing for so long is busy with something else, or gone
SLACK = 2  # connections that one may have more than another
FAR_MORE = 8
# when it was written (monotonic, which all processes share), connections, free threads
_PLACE = struct.Struct("=dii")


class Board:
    """One place for each process. Made before the processes are, which inherit it."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, PLACES * _PLACE.size)

    def write(self, place: int, connections: int, free: int) -> None:
        _PLACE.pack_into(self._memory, place * _PLACE.size, time.monotonic(), connections, free)

    def clear(self, place: int) -> None:
        """Take nothing into account any more of who ends."""
        _PLACE.pack_into(self._memory, place * _PLACE.size, 0.0, 0, 0)

    def others(self, place: int) -> Iterator[tuple[int, int]]:
        """Yield the connections, and the free threads, of each other process that is at work."""
        now = time.monotonic()
        for number, (at, connections, free) in enumerate(_PLACE.iter_unpack(self._memory[:])):
            if number != place and at and now - at < FRESH:
                yield connections, free


class Share:
    """The place of one process on the board."""

    def __init__(self, board: Board, number: int) -> None:
        self.board, self.place = board, number % PLACES

    def tell(self, connections: int, free: int) -> None:
        self.board.write(self.place, connections, free)

    def end(self) -> None:
        self.board.clear(self.place)

    def lets_others_go_first(self, connections: int, free: int) -> bool:
        """Tell whether another should take the newcomer: who is free first, then who has fewer."""
        others = self.board.others(self.place)
        return any(
            theirs > 0 >= free or (other + SLACK < connections and (theirs > 0 or free <= 0))
            for other, theirs in others
        )

    def has_far_more(self, connections: int) -> bool:
        """Tell whether somebody who is free has so few connections that it is worth a new one."""
        return any(
            theirs > 0 and other + FAR_MORE < connections
            for other, theirs in self.board.others(self.place)
        )


board = Board()
