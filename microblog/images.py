"""Pictures from strangers, made anew: opened with care, turned upright, cut to the sizes that pages use. Knows no database."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from io import BytesIO
from threading import BoundedSemaphore
from typing import IO, Literal, cast

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from microblog import heif

MAX_PIXELS = 50_000_000
MAX_BYTES = 20 * 1024 * 1024
MAX_FRAMES = 600
MAX_MOVING_PIXELS = 60_000_000  # of all frames together: some seconds of work
TOO_MANY_PARTS = "This picture is broken: it has far too many parts."
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIF")
MAX_PARTS = 400_000  # that are read one by one; a GIF of 20 MB has 80,000, and each is read twice
MAX_SCANNED = 1_000_000_000  # pixels of all scans of a JPEG together: 10 scans are usual, and each goes over the whole picture
SHORTEST = 10  # milliseconds: what wants to be shown no longer than this is shown for LONGER, as every browser does
LONGER = 100

_MARKER = re.compile(rb"\xff[^\x00\xff]")  # of a JPEG; within a scan, what is no marker has a zero behind it
_LARGE = 4_000_000
_large_ones = BoundedSemaphore(2)  # so that the memory of one large picture is not needed for each thread of the server

heif.register()

type Crop = Literal["start", "middle", "end"]
"""Which part of a picture stays where it is too long or too high: its left or top, its middle, its right or bottom."""


class ImageError(Exception):
    """This is no picture that we take. The message is for the person who sent it."""


@dataclass(frozen=True)
class Picture:
    """A picture as WebP files by name ("small.webp", "large.webp"), the pixels of the largest, and its average colour.

    The colour is like "#aabbcc"; "" for a picture that lets through what is behind it.
    """

    files: dict[str, bytes]
    width: int
    height: int
    color: str = ""


def fit(source: IO[bytes], widths: dict[str, int]) -> Picture:
    """The whole picture, in each of `widths` (the most pixels that its longer side may have, by name). Raises ImageError.

    What moves goes on moving, each size at the same pace and as many times over.
    """
    by_size = sorted(widths.items(), key=lambda item: -item[1])
    with _open(source) as opened:
        if opened.moves:
            return _moving(opened, by_size)
        pixels = _still(opened.image, most=by_size[0][1])
    files: dict[str, bytes] = {}
    largest, color = pixels.size, _color(pixels)
    for name, most in by_size:
        pixels.thumbnail((most, most), Image.Resampling.LANCZOS)
        files[f"{name}.webp"] = _webp(pixels)
    return Picture(files, *largest, color)


def crop(source: IO[bytes], sizes: dict[str, tuple[int, int]], keep: Crop = "middle") -> Picture:
    """The picture cut to the shape of `sizes` (width and height in pixels, by name; all of one shape). Raises ImageError.

    Of what moves, the first picture.
    """
    at = {"start": 0.0, "middle": 0.5, "end": 1.0}[keep]
    largest = max(sizes.values())
    with _open(source) as opened:
        pixels = ImageOps.fit(_still(opened.image, least=max(largest)), largest, Image.Resampling.LANCZOS, centering=(at, at))
    files = {f"{name}.webp": _webp(pixels.resize(size, Image.Resampling.LANCZOS)) for name, size in sizes.items()}
    return Picture(files, *largest, _color(pixels))


def check(source: IO[bytes]) -> None:
    """Read the picture to its end and make nothing of it. Raises ImageError where `fit` does."""
    with _open(source) as opened:
        if opened.moves:
            frames = _Frames(opened, 1)
            for number in range(frames.n_frames):
                frames.seek(number)
        else:
            opened.image.draft("RGB", (1, 1))
            opened.image.load()


# --- Opening ---


class _Parts:
    """The file `source` for a decoder, which may not go on for ever about chunks, segments or blocks of a few bytes."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source = source
        self.seek, self.tell = source.seek, source.tell
        self.left = MAX_PARTS

    def read(self, size: int = -1, /) -> bytes:
        self.left -= 1
        if self.left < 0:
            raise ImageError(TOO_MANY_PARTS)
        return self.source.read(size)


@dataclass(frozen=True)
class _Opened:
    """A picture of which nothing but the header was read, the room that it asks for, and how many frames follow each other in it."""

    image: ImageFile.ImageFile
    width: int
    height: int
    frames: int

    @property
    def moves(self) -> bool:
        return self.frames > 1

    def check(self) -> None:
        """Raises ImageError for too many pixels, or frames."""
        size = f"{self.width} × {self.height} pixels"
        if self.width * self.height > MAX_PIXELS:
            raise ImageError(f"This picture is too large: {size}. At most 50 megapixels fit.")
        if self.frames > MAX_FRAMES:
            raise ImageError(f"This animation is too long. At most {MAX_FRAMES} frames fit.")
        if self.moves and self.pixels > MAX_MOVING_PIXELS:
            raise ImageError(f"This animation is too large: {self.frames} frames of {size}. At most 60 megapixels fit in all.")

    @property
    def pixels(self) -> int:
        return self.width * self.height * self.frames


@contextmanager
def _open(source: IO[bytes]) -> Iterator[_Opened]:
    """The picture in `source`. Raises ImageError for what is none, or too large, and for what goes wrong in the block."""
    try:
        with Image.open(cast("IO[bytes]", _Parts(source)), formats=FORMATS) as image:
            opened = _opened(image)
            opened.check()
            with _large_ones if opened.pixels > _LARGE else nullcontext():
                yield opened
    except ImageError:
        raise
    except Image.DecompressionBombError as error:
        raise ImageError("This picture is too large. At most 50 megapixels fit.") from error
    except UnidentifiedImageError as error:
        raise ImageError("This is no picture that we know. JPEG, PNG, WebP, AVIF, HEIC and GIF work.") from error
    except Exception as error:  # Pillow's decoders raise many kinds for broken files
        raise ImageError("This picture is broken: it could not be read to its end.") from error


def _opened(image: ImageFile.ImageFile) -> _Opened:
    if image.format == "GIF":  # its frames may lie outside of it, which makes it larger
        frames = _gif_frames(image)
        width, height = max([image.width, *(right for right, _ in frames)]), max([image.height, *(bottom for _, bottom in frames)])
        return _Opened(image, width, height, len(frames))
    if image.format in ("JPEG", "MPO") and image.width * image.height * _jpeg_scans(_content(image)) > MAX_SCANNED:
        raise ImageError(TOO_MANY_PARTS)
    return _Opened(image, *image.size, getattr(image, "n_frames", 1) if image.format == "WEBP" else 1)


def _content(image: ImageFile.ImageFile) -> bytes:
    assert image.fp is not None  # noqa: S101
    at_first = image.fp.tell()
    image.fp.seek(0)
    content = image.fp.read()
    image.fp.seek(at_first)
    return content


def _jpeg_scans(content: bytes) -> int:
    """How many scans a JPEG has, of which each may change every pixel, from its markers alone (ITU-T T.81, annex B)."""
    scans, at = 0, 2
    while match := _MARKER.search(content, at):
        marker, at = match[0][1], match.end()
        if marker == 0xD9:  # the end
            break
        if marker < 0xC0 or 0xD0 <= marker <= 0xD8:  # it has no length
            continue
        scans += marker == 0xDA
        at += int.from_bytes(content[at : at + 2])
    return scans


def _gif_frames(image: ImageFile.ImageFile) -> list[tuple[int, int]]:
    """Right and bottom of each frame of a GIF, of at most one more than MAX_FRAMES, from its blocks alone (GIF89a, sections 18 to 26)."""
    content = _content(image)
    found: list[tuple[int, int]] = []
    at, parts = 13 + _table(content[10]), 0
    while at < len(content) and len(found) <= MAX_FRAMES and parts <= MAX_PARTS:
        if content[at] == 0x2C and at + 10 < len(content):  # a frame: left, top, width, height, flags; its table; a number
            left, top, width, height = (int.from_bytes(content[at + n : at + n + 2], "little") for n in (1, 3, 5, 7))
            found.append((left + width, top + height))
            at += 11 + _table(content[at + 9])
        elif content[at] == 0x21:  # an extension: its kind
            at += 2
        elif content[at] == 0x3B:  # the end
            break
        else:  # nothing that one knows: passed over, as Pillow does
            at += 1
            parts += 1
            continue
        while at < len(content) and content[at] and parts <= MAX_PARTS:
            at += 1 + content[at]
            parts += 1
        at += 1
    if parts > MAX_PARTS:
        raise ImageError(TOO_MANY_PARTS)
    return found


def _table(flags: int) -> int:
    """How many bytes a table of colours takes up."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


# --- Decoding ---


def _still(image: Image.Image, *, most: int = 0, least: int = 0) -> Image.Image:
    """Upright, in RGB or RGBA, in a fresh image that holds nothing but pixels.

    A larger one is made smaller: its longer side to `most`, or its shorter one to `least`. That comes first, so that little is copied.
    """
    image.draft("RGB", (most or least,) * 2)
    image.load()
    shown = _plain(image)
    longest = most or max(least, -(-max(shown.size) * least // min(shown.size)))
    shown.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return _fresh(ImageOps.exif_transpose(shown))


def _plain(image: Image.Image) -> Image.Image:
    """In RGB or RGBA."""
    if image.mode.startswith("I;16"):  # 16 bits of grey, which convert() would cut off at 255
        image = image.point(lambda value: value / 256).convert("L")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == mode else image.convert(mode)


def _fresh(image: Image.Image, size: tuple[int, int] | None = None) -> Image.Image:
    fresh = Image.new(image.mode, size or image.size)
    fresh.paste(image)
    return fresh


def _color(image: Image.Image) -> str:
    if image.mode == "RGBA" and image.getchannel("A").getextrema()[0] != 255:
        return ""
    red, green, blue = image.convert("RGB").resize((1, 1), Image.Resampling.BOX).tobytes()
    return f"#{red:02x}{green:02x}{blue:02x}"


# --- Moving ---


class _Frames(Image.Image):
    """The frames of `opened`, each decoded, made small and let go of when its turn comes; `durations` tells the time of those so far."""

    def __init__(self, opened: _Opened, most: int) -> None:
        super().__init__()
        self.source, self.n_frames = opened.image, opened.frames
        self.whole = (opened.width, opened.height)
        scale = min(1, most / max(self.whole))
        self.shrunk = (max(1, round(opened.width * scale)), max(1, round(opened.height * scale)))
        self.durations: list[int] = []
        self.at = -1
        self.seek(0)

    def seek(self, frame: int) -> None:
        if frame == self.at:
            return
        self.source.seek(frame)
        if self.source.width > self.whole[0] or self.source.height > self.whole[1]:
            raise ImageError("This picture is broken: a frame is larger than it says.")
        shown = _fresh(self.source.convert("RGBA"), self.whole)
        if self.shrunk != self.whole:
            shown = shown.resize(self.shrunk, Image.Resampling.BILINEAR)
        self.im, self._mode, self._size = shown.im, shown.mode, shown.size
        self.at = frame
        if frame == len(self.durations):
            duration = int(self.source.info.get("duration") or 0)
            self.durations.append(duration if duration > SHORTEST else LONGER)

    def tell(self) -> int:
        return self.at


def _moving(opened: _Opened, by_size: list[tuple[str, int]]) -> Picture:
    files: dict[str, bytes] = {}
    made: dict[tuple[int, int], bytes] = {}
    largest, color = (0, 0), ""
    for name, most in by_size:
        frames = _Frames(opened, most)
        if not made:
            largest, color = frames.size, _color(frames)
        if frames.size not in made:
            out = BytesIO()
            times = _times(opened.image)
            frames.save(out, "WEBP", save_all=True, duration=frames.durations, loop=times, background=(0, 0, 0, 0), quality=75, method=0)
            made[frames.size] = out.getvalue()
        files[f"{name}.webp"] = made[frames.size]
    return Picture(files, *largest, color)


def _times(image: Image.Image) -> int:
    """How many times it plays, as WebP says it: 0 is for ever. A GIF says how often it goes on after the first time, or nothing."""
    said = image.info.get("loop")
    if image.format != "GIF":
        return int(said or 0)
    return 1 if said is None else min(said + 1, 65535) if said else 0


# --- Writing ---


def _webp(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "WEBP", quality=82, method=3)
    return out.getvalue()
