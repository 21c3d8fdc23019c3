"""What a connection waits for, how long it may, and how fast it is."""

import math
from enum import Enum

# bytes a second, of a body and of an answer; a phone far from its mast does ten times that
LEAST_SPEED = 4096
YOUNG = 3  # seconds in which nobody is called slow, nor turned away when the process ends


class Stage(Enum):
    """What a connection waits for, and how many seconds it may stand still there."""

    # the head of the next request, all of it; a connection that is kept alive waits here as well
    HEAD = 20
    BODY = 60
    OURS = math.inf  # our own work: no client is to blame
    ANSWER = 61  # its client reads
    # its client reads why we read no further, while what it still sends is thrown away
    REFUSED = 10

    @property
    def seconds(self) -> float:
        return float(self.value)

    @property
    def gains_time(self) -> bool:
        """Tell whether each byte that moves buys time."""
        return self in (Stage.BODY, Stage.ANSWER)


class Pace:
    """How one connection gets on: when its time is up, and how fast it is.

    A stage begins with its seconds. Where bytes gain time, LEAST_SPEED of them buy one second, up
    to the seconds of the beginning: who is slower than that on the whole, or stands still for so
    long, comes to the deadline.
    """

    def __init__(self, now: float) -> None:
        self.stage: tuple[Stage, int] | None = None
        self.moved = self.moved_before = 0
        self.began = self.deadline = now
        self.observe((Stage.HEAD, 0), 0, now)

    def observe(self, stage: tuple[Stage, int], moved: int, now: float) -> None:
        """Note the stage (of which request), and how many bytes moved so far either way."""
        kind = stage[0]
        if stage != self.stage:
            self.stage, self.began, self.moved_before = stage, now, moved
            self.deadline = now + kind.seconds
        elif kind.gains_time:
            self.deadline = min(
                self.deadline + (moved - self.moved) / LEAST_SPEED, now + kind.seconds
            )
        self.moved = moved

    def speed(self, now: float) -> float:
        """Return the bytes a second of this stage; infinite for one that has hardly begun."""
        age = now - self.began
        return (self.moved - self.moved_before) / age if age > YOUNG else math.inf
