"""Take videos from strangers, MP4 and WebM: recognised by what is in them, and made anew of their
picture and their sound alone.

Knows no database. FFmpeg does it, in a process of its own (microblog.media.remux): it is C, and
these are strangers' bytes.
"""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from microblog.media import isolation
from microblog.media.isolation import UNMETERED, Meter

MAX_BYTES = 100 * 1024 * 1024  # of one that is sent with a post
SIGNATURE = b"\x1a\x45\xdf\xa3"  # of a WebM
# in the boxes of an MP4
PICTURE_BRANDS = frozenset(b"avif avis heic heix heim heis hevc hevx hevm hevs mif1 msf1".split())
NO_VIDEO = "This is no video that we know. MP4 and WebM work."
TOO_MUCH = "This video takes too long, or too much memory, to look at."
PROGRAM = Path(__file__).with_name("remux.py")
SECONDS = 60  # of a processor that one video may take

type Container = Literal["mp4", "webm"]


class VideoError(Exception):
    """This is no video that we take. The message is for the person who sent it."""


@dataclass(frozen=True)
class Video:
    """A video as a file by name ("video.mp4"), and the pixels that it is shown in.

    It has no colour of its own.
    """

    files: dict[str, bytes | IO[bytes]]
    width: int
    height: int
    container: Container
    color: str = ""

    @classmethod
    def cleared(cls, file: IO[bytes], meter: Meter = UNMETERED) -> "Video":
        """Make the video in `file` anew, in its place (seekable, open for reading and writing).

        Raises VideoError, BusyError.
        """
        container, width, height = _remake(file, meter)
        return cls({file_name(container): file}, width, height, container)


def is_video(file: IO[bytes]) -> bool:
    """Tell whether `file` says that it is a video, of a kind that we take or not."""
    head = _head(file)
    return head.startswith(SIGNATURE) or (head[4:8] == b"ftyp" and head[8:12] not in PICTURE_BRANDS)


def clear(file: IO[bytes]) -> Container:
    """Make the video in `file` anew, in its place, as Video.cleared does.

    Returns what it is. Raises VideoError, BusyError.
    """
    return _remake(file, UNMETERED)[0]


def file_name(container: str) -> str:
    """Return how the file of such a video is called in the storage and in its address."""
    return f"video.{container}"


def _remake(file: IO[bytes], meter: Meter) -> tuple[Container, int, int]:
    """Put in the place of the video in `file` what microblog.media.remux makes of it: what it is,
    width and height. Raises VideoError.
    """
    container = _container(_head(file))
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as target:
        shutil.copyfileobj(file, source)
        source.seek(0)
        output = isolation.run(
            PROGRAM, [container, str(SECONDS)], source, target, seconds=SECONDS, meter=meter
        )
        if not output or output.startswith("!"):
            raise VideoError(output[1:] if output.startswith("!") else TOO_MUCH)
        file.seek(0)
        target.seek(0)
        shutil.copyfileobj(target, file)
        file.truncate()
        file.seek(0)
    width, height = map(int, output.split())
    return container, width, height


def _container(head: bytes) -> Container:
    if head.startswith(SIGNATURE):
        return "webm"
    if head[4:8] == b"ftyp":
        return "mp4"
    raise VideoError(NO_VIDEO)


def _head(file: IO[bytes]) -> bytes:
    file.seek(0)
    head = file.read(12)
    file.seek(0)
    return head
