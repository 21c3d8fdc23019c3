"""Open a picture: its header is believed only as far as it asks for room."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import IO, Any, cast

from PIL import Image, ImageFile

from microblog.media.decoder.bounds import (
    BROKEN,
    MAX_PARTS,
    MAX_SCANNED,
    TOO_LARGE,
    TOO_MANY_PARTS,
    UNKNOWN,
    RefusedError,
)
from microblog.media.decoder.colors import read_png_profile
from microblog.media.decoder.heif import HeifImage
from microblog.media.decoder.room import HEIF_BYTES, WEBP_BYTES, bytes_per_pixel, check_size
from microblog.media.decoder.structure import content_of, gif_frames, jpeg_scans, webp_size

_HEIF_BRANDS = frozenset(b"heic heix heim heis hevc hevx hevm hevs mif1 msf1".split())


class Parts:
    """The file `source` for a decoder, which may not go on for ever about tiny chunks."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source = source
        self.seek, self.tell = source.seek, source.tell
        self.left = MAX_PARTS

    def read(self, size: int = -1, /) -> bytes:
        self.left -= 1
        if self.left < 0:
            raise RefusedError(TOO_MANY_PARTS)
        return self.source.read(size)


@dataclass(frozen=True)
class Opened:
    """A picture of which nothing but the header was read, the size that it asks for, and how many
    frames follow each other in it.
    """

    image: Image.Image
    width: int
    height: int
    frames: int = 1

    @property
    def moves(self) -> bool:
        return self.frames > 1


@contextmanager
def open_picture(source: IO[bytes]) -> Iterator[Opened]:
    """Open the picture in `source`.

    Raises RefusedError for what is none, or too large, and for what goes wrong in the block.
    """
    Image.MAX_IMAGE_PIXELS = None  # `check_size` asks for less, and in better words
    try:
        yield _opened(source)
    except RefusedError:
        raise
    except MemoryError as error:
        raise RefusedError(TOO_LARGE) from error
    except Exception as error:  # the decoders raise many kinds for broken files
        raise RefusedError(BROKEN) from error


def _opened(source: IO[bytes]) -> Opened:
    head = source.read(64)
    source.seek(0)
    kind = _kind(head)
    if kind == "HEIF":
        return open_heif(source)
    if kind == "WEBP":  # its decoder takes all the room that it needs as soon as it is made
        check_size("WEBP", *webp_size(head), in_all=WEBP_BYTES)
    image = _plugin(kind, source)
    width, height, frames = *image.size, 1
    if kind == "GIF":  # its frames may lie outside of it, which makes it larger
        ends = gif_frames(image)
        width, height = map(max, zip((width, height), *ends, strict=True))
        frames = len(ends)
    elif kind == "WEBP":
        frames = getattr(image, "n_frames", 1)
    check_size(kind, width, height, frames, in_all=bytes_per_pixel(kind, image))
    if kind == "JPEG" and width * height * jpeg_scans(content_of(image)) > MAX_SCANNED:
        raise RefusedError(TOO_MANY_PARTS)
    return Opened(image, width, height, frames)


def _kind(head: bytes) -> str:
    """Return the kind of picture. Raises RefusedError for what is none that we take."""
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP"
    # ISO/IEC 23008-12, section 10: an AVIF file may begin as HEIF does, and say later what else it
    # is
    if head[4:8] == b"ftyp":
        brands = {
            head[at : at + 4] for at in (8, *range(16, min(len(head), int.from_bytes(head[:4])), 4))
        }
        if brands & {b"avif", b"avis"}:
            return "AVIF"
        if head[8:12] in _HEIF_BRANDS:
            return "HEIF"
    raise RefusedError(UNKNOWN)


def _plugin(kind: str, source: IO[bytes]) -> ImageFile.ImageFile:
    """Return the picture as Pillow opens it; only what knows its format is loaded."""
    name = {"JPEG": "Jpeg", "PNG": "Png", "GIF": "Gif", "WEBP": "WebP", "AVIF": "Avif"}[kind]
    module: Any = import_module(f"PIL.{name}ImagePlugin")
    if kind == "AVIF":
        module.DEFAULT_MAX_THREADS = 1  # each further one has memory of its own
    elif kind == "PNG":
        module.PngStream.chunk_iCCP = read_png_profile
    opener = getattr(module, f"{name}ImageFile")
    return cast("ImageFile.ImageFile", opener(cast("IO[bytes]", Parts(source))))


def open_heif(source: IO[bytes]) -> Opened:
    image = HeifImage(source)
    check_size("HEIF", *image.size, in_all=HEIF_BYTES[image.mode])
    return Opened(image, *image.size)
