"""Videos from strangers, MP4 and WebM: recognised by what is in them, cleared of what a camera or a phone wrote beside picture and sound.

Knows no database.
"""

from dataclasses import dataclass
from typing import IO, Literal

from microblog import mp4, webm
from microblog.blanking import VideoError

MAX_BYTES = 100 * 1024 * 1024  # of one that is sent with a post
MAX_SIDE = 16384
PICTURE_BRANDS = frozenset(b"avif avis heic heix heim heis hevc hevx hevm hevs mif1 msf1".split())  # in the boxes of an MP4

type Container = Literal["mp4", "webm"]


@dataclass(frozen=True)
class Video:
    """A video as a file by name ("video.mp4"), and the pixels that it is shown in. It has no colour of its own."""

    files: dict[str, bytes | IO[bytes]]
    width: int
    height: int
    container: Container
    color: str = ""

    @classmethod
    def cleared(cls, file: IO[bytes]) -> "Video":
        """The video in `file` (seekable, open for reading and writing), cleared. Raises VideoError."""
        container = clear(file)
        width, height = size = (webm if container == "webm" else mp4).size(file)
        if not all(1 <= side <= MAX_SIDE for side in size):
            raise VideoError("This video does not say how large its picture is.")
        file.seek(0)
        return cls({file_name(container): file}, width, height, container)


def is_video(file: IO[bytes]) -> bool:
    """Whether `file` says that it is a video, of a kind that we take or not."""
    head = _head(file)
    return head.startswith(webm.SIGNATURE) or (head[4:8] == b"ftyp" and head[8:12] not in PICTURE_BRANDS)


def clear(file: IO[bytes]) -> Container:
    """Clear the video in `file` (seekable, open for reading and writing) of everything but picture and sound. Raises VideoError."""
    if _head(file).startswith(webm.SIGNATURE):
        webm.blank_metadata(file)
        return "webm"
    mp4.blank_metadata(file)
    return "mp4"


def file_name(container: str) -> str:
    """What the file of such a video is called in the storage and in its address."""
    return f"video.{container}"


def _head(file: IO[bytes]) -> bytes:
    file.seek(0)
    head = file.read(12)
    file.seek(0)
    return head
