"""What shall be made of a picture, and what was."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

# which part stays where a picture is too long or too high: left or top, middle, right or bottom
type Crop = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Job:
    """What shall be made of a picture.

    With neither `fits` nor `sizes` it is read to its end, and nothing made of it.

    `fits`: the whole picture, by name the most pixels that its longer side may have, and those that
    its shorter side keeps all the same, within MAX_MADE. `sizes`: cut to one shape, by name width
    and height. What is in `box` stays, parts of the upright picture's width and height; of that,
    where it has another shape, what `keep` says.
    """

    fits: dict[str, Sequence[int]] = field(default_factory=dict)
    sizes: dict[str, Sequence[int]] = field(default_factory=dict)
    keep: Crop = "middle"
    box: Sequence[float] = (0, 0, 1, 1)  # left, top, width, height


@dataclass(frozen=True)
class Made:
    """The files (WebP), and how wide each is, by name; the pixels of the largest, and the average
    colour like "#aabbcc".

    The colour is "" where one looks through it.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    widths: dict[str, int] = field(default_factory=dict)
    width: int = 0
    height: int = 0
    color: str = ""
