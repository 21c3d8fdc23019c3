"""Pictures from strangers, made anew: opened with care, turned upright, cut to the sizes that pages
use. Knows no database.

Nothing is decoded in this process, not even a header: microblog/media/decoder/ does that as a
program, one picture at a time for the whole site, within limits of memory and time.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Literal

from microblog.media import isolation
from microblog.media.isolation import UNMETERED, Meter

MAX_BYTES = 20 * 1024 * 1024
# what a form lets people choose
ACCEPT = "image/jpeg,image/png,image/webp,image/gif,image/avif,image/heic,image/heif"
SECONDS = 20  # of a processor that one picture may take
STILL = "still.webp"
PROGRAM = Path(__file__).parent / "decoder" / "__main__.py"
BROKEN = "This picture is broken: it could not be read to its end."

# which part stays where a picture is too long or too high: left or top, middle, right or bottom
type Crop = Literal["start", "middle", "end"]
# left, top, width, height, as parts of the width and height of the upright picture
type Box = tuple[float, float, float, float]
WHOLE: Box = (0, 0, 1, 1)


class ImageError(Exception):
    """This is no picture that we take. The message is for the person who sent it."""


@dataclass(frozen=True)
class Picture:
    """A picture as WebP files by name ("small.webp", "large.webp"), the pixels of the largest, its
    average colour, the width of each.

    The colour is like "#aabbcc"; "" for a picture that lets through what is behind it.
    """

    files: Mapping[str, bytes]
    width: int
    height: int
    color: str = ""
    widths: Mapping[str, int] = field(default_factory=dict)

    @property
    def moves(self) -> bool:
        return STILL in self.files


def fit(source: IO[bytes], sizes: dict[str, tuple[int, int]], meter: Meter = UNMETERED) -> Picture:
    """Return the whole picture, in each of `sizes`. Raises ImageError, BusyError.

    They are, by name, the most pixels that its longer side may have, and those that its shorter
    side keeps, however long it is. What moves goes on moving, each size at the same pace and as
    many times over, and its first picture is a further file, STILL.
    """
    return _picture(source, {"fits": sizes}, meter)


def crop(
    source: IO[bytes],
    sizes: dict[str, tuple[int, int]],
    keep: Crop = "middle",
    meter: Meter = UNMETERED,
    *,
    box: Box = WHOLE,
) -> Picture:
    """Return the picture cut to the shape that all `sizes` (width, height) share; of what moves,
    the first. What is in `box` stays, and where it has another shape, the part of it to `keep`.

    Raises ImageError, BusyError.
    """
    return _picture(source, {"sizes": sizes, "keep": keep, "box": box}, meter)


def check(source: IO[bytes]) -> None:
    """Read the picture to its end and make nothing of it. Raises ImageError and BusyError."""
    _picture(source, {}, UNMETERED)


# --- The process ---


class _Files(Mapping[str, bytes]):
    """Files that lie in `whole` one behind the other, each read when it is asked for: a request may
    bring a hundred pictures.
    """

    def __init__(self, whole: IO[bytes], begin: int, sizes: dict[str, int]) -> None:
        self._places: dict[str, tuple[int, int]] = {}
        for name, size in sizes.items():
            self._places[name] = (size, begin)
            begin += size
        self._fd = os.dup(whole.fileno())

    def __getitem__(self, name: str) -> bytes:
        return os.pread(self._fd, *self._places[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __del__(self) -> None:
        os.close(self._fd)


def _picture(source: IO[bytes], job: dict[str, Any], meter: Meter) -> Picture:
    with tempfile.TemporaryFile() as picture, tempfile.TemporaryFile() as answer:
        source.seek(0)
        shutil.copyfileobj(source, picture)
        if picture.tell() > MAX_BYTES:
            raise ImageError(f"This picture is too large: at most {MAX_BYTES // 1024**2} MB fit.")
        picture.seek(0)
        arguments = [json.dumps({"seconds": SECONDS, **job})]
        isolation.run(PROGRAM, arguments, picture, answer, seconds=SECONDS, meter=meter)
        answer.seek(0)
        try:
            result = json.loads(answer.readline(10_000))
            if refused := result.get("refused"):
                raise ImageError(refused)
            files = _Files(answer, answer.tell(), result["files"])
            more = (result[name] for name in ("width", "height", "color", "widths"))
            return Picture(files, *more)
        except ValueError as error:  # it crashed, or ran out of time or memory
            raise ImageError(BROKEN) from error
