"""Blanking what stands in a stranger's video, so that nothing else in the file moves: what every kind of video needs. Knows no database."""

from typing import IO

CHUNK = 1024 * 1024
NO_VIDEO = "This is no video that we know. MP4 and WebM work."
NO_PICTURE = "This video has no picture in it."
NO_TRACK = "This video has a track that is neither picture nor sound."
BROKEN = "This video is broken: it could not be read to its end."
TOO_MANY_PARTS = "This video has far too many parts."


class VideoError(Exception):
    """This is no video that we take. The message is for the person who sent it."""


def zero(file: IO[bytes], start: int, end: int) -> None:
    """Write zeros over `file` (seekable, open for writing) from `start` to `end`."""
    file.seek(start)
    while start < end:
        start += file.write(bytes(min(CHUNK, end - start)))
