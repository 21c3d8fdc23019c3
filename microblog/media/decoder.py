"""The program that decodes one picture from a stranger and writes it anew: a process that may
crash, hang or run out of memory.

`python -I decoding.py JOB` (a Job as JSON) reads the picture from standard input, a file, and
writes to standard output, a file too: a line of JSON that tells what follows, or why nothing does,
and the WebP files one behind the other. Knows nothing of the site.
"""

import errno
import json
import os
import re
import resource
import struct
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from importlib import import_module
from io import BytesIO
from typing import IO, Any, Literal, cast

from PIL import Image, ImageFile, ImageOps

type Crop = Literal["start", "middle", "end"]
"""Which part of a picture stays where it is too long or too high: its left or top, its middle, its right or bottom."""

MEMORY = 700_000_000  # bytes of this process in all: what is more is not given to it
# bytes of that for the pixels of a picture: what would need more is refused by its header
ROOM = 600_000_000
MAX_RESULT = 32 * 1024 * 1024  # bytes of all files that are made
MAX_PIXELS = 50_000_000
# pixels of what is made of a long one: a page on a phone's screen, 9,000 high, stays as it is
MAX_MADE = 10_000_000
MAX_SIDE = 16383  # pixels: more has no WebP
MAX_FRAMES = 600
MAX_MOVING_PIXELS = 60_000_000  # of all frames together: some seconds of work
MAX_PARTS = 400_000  # that are read one by one; a GIF of 20 MB has 80,000, and each is read twice
# pixels of all scans of a JPEG together: 10 scans are usual, and each goes over the whole picture
MAX_SCANNED = 1_000_000_000
# milliseconds: what wants to be shown no longer than this is shown for LONGER, as every browser
# does
SHORTEST = 10
LONGER = 100
STILL = "still.webp"  # beside what moves: its first picture
# bytes of a colour profile; a printing press's has two million. What is longer is ignored
MAX_PROFILE = 4_000_000
STRIP = 64  # rows of a HEIC picture that are copied at a time

UNKNOWN = "This is no picture that we know. JPEG, PNG, WebP, AVIF, HEIC and GIF work."
BROKEN = "This picture is broken: it could not be read to its end."
TOO_MANY_PARTS = "This picture is broken: it has far too many parts."
TOO_LARGE = "This picture is too large to be opened here. A JPEG of it will do."
TOO_MUCH_MADE = (
    "This animation is too large: even made smaller it is more than 32 MB. Please take a part of "
    "it."
)

# of a JPEG; within a scan, what is no marker has a zero behind it
_MARKER = re.compile(rb"\xff[^\x00\xff]")


class RefusedError(Exception):
    """This is no picture that we take. The message is for the person who sent it."""


@dataclass(frozen=True)
class Job:
    """What shall be made of a picture.

    With neither `fits` nor `sizes` it is read to its end, and nothing made of it.

    `fits`: the whole picture, by name the most pixels that its longer side may have, and those that
    its shorter side keeps all the same, within MAX_MADE. `sizes`: cut to one shape, by name width
    and height, where `keep` says what stays.
    """

    fits: dict[str, Sequence[int]] = field(default_factory=dict)
    sizes: dict[str, Sequence[int]] = field(default_factory=dict)
    keep: Crop = "middle"


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


def make(source: IO[bytes], job: Job) -> Made:
    """What `job` says, of the picture in `source`. Raises RefusedError."""
    with _open(source) as opened:
        if job.fits:
            sizes = {
                name: _fitting((opened.width, opened.height), *most)
                for name, most in job.fits.items()
            }
            return _fitted(opened, sorted(sizes.items(), key=lambda item: -item[1][0]))
        if job.sizes:
            return _cut(opened, job.sizes, {"start": 0.0, "middle": 0.5, "end": 1.0}[job.keep])
        _read(opened)
        return Made()


def _fitting(size: tuple[int, int], longer: int, shorter: int) -> tuple[int, int]:
    """The most pixels, width and height, that a picture of `size` may have as `Job.fits` says; no
    more than it has.
    """
    room = min((MAX_MADE / (size[0] * size[1])) ** 0.5, MAX_SIDE / max(size))
    scale = min(1, max(longer / max(size), min(shorter / min(size), room)))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _fitted(opened: "_Opened", by_size: list[tuple[str, tuple[int, int]]]) -> Made:
    """What moves goes on moving, each size at the same pace and as many times over; beside it,
    STILL stands still.
    """
    if opened.moves:
        return _moving(opened, by_size)
    pixels = _still(opened.image, most=max(by_size[0][1]))
    files: dict[str, bytes] = {}
    widths: dict[str, int] = {}
    largest, color = pixels.size, _color(pixels)
    for name, most in by_size:
        # it may have been turned by a quarter
        pixels.thumbnail((max(most),) * 2, Image.Resampling.LANCZOS)
        files[f"{name}.webp"], widths[f"{name}.webp"] = _webp(pixels), pixels.width
    return Made(files, widths, *largest, color)


def _cut(opened: "_Opened", sizes: dict[str, Sequence[int]], at: float) -> Made:
    """Of what moves, the first picture."""
    width, height = largest = max((width, height) for width, height in sizes.values())
    pixels = ImageOps.fit(
        _still(opened.image, least=max(largest)),
        largest,
        Image.Resampling.LANCZOS,
        centering=(at, at),
    )
    files = {
        f"{name}.webp": _webp(pixels.resize((wide, high), Image.Resampling.LANCZOS))
        for name, (wide, high) in sizes.items()
    }
    return Made(
        files,
        {f"{name}.webp": wide for name, (wide, _) in sizes.items()},
        width,
        height,
        _color(pixels),
    )


def _read(opened: "_Opened") -> None:
    if opened.moves:
        frames = _Frames(opened, (1, 1))
        for number in range(frames.n_frames):
            frames.seek(number)
    else:
        opened.image.draft("RGB", (1, 1))
        opened.image.load()


# --- Opening: what the header says is believed only as far as it asks for room ---


class _Parts:
    """The file `source` for a decoder, which may not go on for ever about chunks, segments or
    blocks of a few bytes.
    """

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
class _Opened:
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
def _open(source: IO[bytes]) -> Iterator[_Opened]:
    """The picture in `source`.

    Raises RefusedError for what is none, or too large, and for what goes wrong in the block.
    """
    Image.MAX_IMAGE_PIXELS = None  # `_check` asks for less, and in better words
    try:
        yield _opened(source)
    except RefusedError:
        raise
    except MemoryError as error:
        raise RefusedError(TOO_LARGE) from error
    except Exception as error:  # the decoders raise many kinds for broken files
        raise RefusedError(BROKEN) from error


def _opened(source: IO[bytes]) -> _Opened:
    head = source.read(64)
    source.seek(0)
    kind = _kind(head)
    if kind == "HEIF":
        return _heif(source)
    if kind == "WEBP":  # its decoder takes all the room that it needs as soon as it is made
        _check("WEBP", *_webp_size(head), in_all=_WEBP)
    image = _plugin(kind, source)
    width, height, frames = *image.size, 1
    if kind == "GIF":  # its frames may lie outside of it, which makes it larger
        ends = _gif_frames(image)
        width, height = (
            max([width, *(right for right, _ in ends)]),
            max([height, *(bottom for _, bottom in ends)]),
        )
        frames = len(ends)
    elif kind == "WEBP":
        frames = getattr(image, "n_frames", 1)
    _check(kind, width, height, frames, in_all=_bytes_per_pixel(kind, image))
    if kind == "JPEG" and width * height * _jpeg_scans(_content(image)) > MAX_SCANNED:
        raise RefusedError(TOO_MANY_PARTS)
    return _Opened(image, width, height, frames)


def _kind(head: bytes) -> str:
    """Raises RefusedError for what is no picture of a kind that we take."""
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
        if head[8:12] in {
            b"heic",
            b"heix",
            b"heim",
            b"heis",
            b"hevc",
            b"hevx",
            b"hevm",
            b"hevs",
            b"mif1",
            b"msf1",
        }:
            return "HEIF"
    raise RefusedError(UNKNOWN)


def _plugin(kind: str, source: IO[bytes]) -> ImageFile.ImageFile:
    """The picture as Pillow opens it; only what knows its format is loaded, which takes a while."""
    name = {"JPEG": "Jpeg", "PNG": "Png", "GIF": "Gif", "WEBP": "WebP", "AVIF": "Avif"}[kind]
    module: Any = import_module(f"PIL.{name}ImagePlugin")
    if kind == "AVIF":
        module.DEFAULT_MAX_THREADS = 1  # each further one has memory of its own
    elif kind == "PNG":
        module.PngStream.chunk_iCCP = _png_profile
    opener = getattr(module, f"{name}ImageFile")
    return cast("ImageFile.ImageFile", opener(cast("IO[bytes]", _Parts(source))))


# Bytes that each pixel takes at most while a still picture is decoded, its file's own buffers and
# Pillow's.
_WEBP = 20  # two canvases, what a lossless one is decoded into, the frame as bytes, Pillow's
# its planes; the frame as bytes, twice; Pillow's. Of ten bits it may be more: then memory ends it
_AVIF = {"RGB": 12, "RGBA": 20}
# planes of 16 bits, what is decoded into them, and what is made of them
_HEIF = {"L": 12, "I;16": 12, "RGB": 12, "RGBA": 14, "RGBa": 14}
_MOVING = 16  # what came before, what is to come after, as RGBA, in a fresh one
_ROW = 24  # bytes of each row beside its pixels: addresses, in up to three pictures


def _bytes_per_pixel(kind: str, image: Image.Image) -> int:
    if kind in ("WEBP", "AVIF"):
        return _WEBP if kind == "WEBP" else _AVIF[image.mode]
    stored = {"1": 1, "L": 1, "P": 1}.get(image.mode, 4)
    if kind == "JPEG":
        # the coefficients of a progressive one; the rest is made smaller
        return 2 * len(image.getbands()) + stored
    return (
        stored + 4 + (stored if getattr(image, "is_animated", False) else 0)
    )  # in RGB, or weighed by its transparency; an APNG's next one


def _check(kind: str, width: int, height: int, frames: int = 1, *, in_all: int) -> None:
    """Raises RefusedError for what has too many pixels, or frames, or would need too much room,
    `in_all` bytes for a pixel.
    """
    size = f"{width} × {height} pixels"
    if width * height > MAX_PIXELS:
        raise RefusedError(f"This picture is too large: {size}. At most 50 megapixels fit.")
    if frames > MAX_FRAMES:
        raise RefusedError(f"This animation is too long. At most {MAX_FRAMES} frames fit.")
    if frames > 1 and width * height * frames > MAX_MOVING_PIXELS:
        raise RefusedError(
            f"This animation is too large: {frames} frames of {size}. At most 60 megapixels "
            "fit in all."
        )
    per_pixel = in_all + (_MOVING if frames > 1 else 0)
    if width * height * per_pixel + height * _ROW > ROOM:
        name, most = (
            {"HEIF": "HEIC", "WEBP": "WebP"}.get(kind, kind),
            ROOM // per_pixel // 1_000_000,
        )
        raise RefusedError(
            f"This picture is too large: {size}. Of this kind of {name}, at most {most} "
            "megapixels fit."
        )


def _webp_size(head: bytes) -> tuple[int, int]:
    """Width and height (WebP Container Specification; RFC 6386, 9.1; WebP Lossless Bitstream, 3)."""
    if head[12:16] == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if head[12:16] == b"VP8 " and len(head) >= 30:
        width, height = struct.unpack_from("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise RefusedError(UNKNOWN)


def _content(image: ImageFile.ImageFile) -> bytes:
    assert image.fp is not None  # noqa: S101
    at_first = image.fp.tell()
    image.fp.seek(0)
    content = image.fp.read()
    image.fp.seek(at_first)
    return content


def _jpeg_scans(content: bytes) -> int:
    """How many scans a JPEG has, of which each may change every pixel, from its markers alone
    (ITU-T T.81, annex B).
    """
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
    """Right and bottom of each frame of a GIF, of at most one more than MAX_FRAMES, from its blocks
    alone (GIF89a, sections 18 to 26).
    """
    content = _content(image)
    found: list[tuple[int, int]] = []
    at, parts = 13 + _table(content[10]), 0
    while at < len(content) and len(found) <= MAX_FRAMES and parts <= MAX_PARTS:
        # a frame: left, top, width, height, flags; its table; a number
        if content[at] == 0x2C and at + 10 < len(content):
            left, top, width, height = (
                int.from_bytes(content[at + n : at + n + 2], "little") for n in (1, 3, 5, 7)
            )
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
        raise RefusedError(TOO_MANY_PARTS)
    return found


def _table(flags: int) -> int:
    """How many bytes a table of colours takes up."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


# --- HEIC ---


class _Heif(Image.Image):
    """A HEIC picture that libheif decodes when `load` is called; no second copy of its pixels is
    made where it is much too large.
    """

    def __init__(self, source: IO[bytes]) -> None:
        super().__init__()
        import pi_heif

        pi_heif.options.DECODE_THREADS = 1
        pi_heif.options.THUMBNAILS = pi_heif.options.DEPTH_IMAGES = pi_heif.options.AUX_IMAGES = (
            False
        )
        self.picture: Any = pi_heif.open_heif(source.read(), remove_stride=False)
        self._mode, self._size = self.picture.mode, self.picture.size
        self.info = {name: self.picture.info.get(name) for name in ("icc_profile", "nclx_profile")}
        self.least = 0

    def draft(self, mode: str | None, size: tuple[int, int] | None) -> None:
        """Have it made smaller, by a whole number, to no less than `size`. The mode stays."""
        self.least = max(size or (0,))

    def load(self) -> Any:
        if self.picture is None:
            return super().load()
        pixels, stride = self.picture.data, self.picture.stride
        # decoding may have changed them
        mode, (width, height) = self.picture.mode, self.picture.size
        _check("HEIF", width, height, in_all=_HEIF[mode])
        # which cannot be reduced
        times = (
            max(1, min(width // self.least, height // self.least))
            if self.least and mode != "I;16"
            else 1
        )
        made = Image.new(mode, (-(-width // times), -(-height // times)))
        for top in range(0, height, STRIP * times):
            end = min(top + STRIP * times, height)
            strip = Image.frombuffer(
                mode,
                (width, end - top),
                pixels[top * stride : end * stride],
                "raw",
                mode,
                stride,
                1,
            )
            made.paste(strip.reduce(times) if times > 1 else strip, (0, top // times))
        self.picture = None
        self.im, self._mode, self._size = made.im, mode, made.size
        return super().load()


def _heif(source: IO[bytes]) -> _Opened:
    image = _Heif(source)
    _check("HEIF", *image.size, in_all=_HEIF[image.mode])
    return _Opened(image, *image.size)


# --- Decoding ---


def _still(image: Image.Image, *, most: int = 0, least: int = 0) -> Image.Image:
    """Upright, in RGB or RGBA, in a fresh image that holds nothing but pixels.

    A larger one is made smaller: its longer side to `most`, or its shorter one to `least`. That
    comes first, so that little is copied.
    """
    profile = _profile_of(image)
    image.draft("RGB", (most or least,) * 2)
    image.load()
    shown = _plain(image, profile)
    if shown is not image:
        image.close()  # gives its memory back
    longest = most or max(least, -(-max(shown.size) * least // min(shown.size)))
    gap = None if shown.mode == "I;16" else 2.0  # which Pillow makes smaller in one step only
    shown.thumbnail((longest, longest), Image.Resampling.LANCZOS, gap)
    return _in_srgb(_fresh(ImageOps.exif_transpose(shown)), profile)


def _plain_mode(image: Image.Image) -> str:
    return "RGBA" if image.has_transparency_data else "RGB"


def _plain(image: Image.Image, profile: Any = None) -> Image.Image:
    """In RGB or RGBA.

    Where its profile tells more of it as it is, in CMYK, or in 16 bits of grey.
    """
    if profile and image.mode in ("CMYK", "I;16"):
        return image
    if image.mode.startswith("I;16"):  # 16 bits of grey, which convert() would cut off at 255
        image = image.point(lambda value: value / 256).convert("L")
    mode = _plain_mode(image)
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


# --- Colours: what a picture says that its numbers mean, in sRGB's, as browsers show it ---


def _profile_of(image: Image.Image) -> Any:
    """The profile (ImageCmsProfile) of the colours of `image`; None where there is none that fits,
    and they are taken for sRGB's.
    """
    profile = _profile_said(image)
    if not profile or len(profile) >= MAX_PROFILE:
        return None
    from PIL import ImageCms

    with suppress(Exception):  # it may be anything
        opened = ImageCms.ImageCmsProfile(BytesIO(profile))
        space, is_ink = opened.profile.xcolor_space.strip(), image.mode == "CMYK"
        fits = {"RGB": not is_ink, "GRAY": image.mode in {"1", "L", "LA", "I;16"}, "CMYK": is_ink}
        if fits.get(space) and opened.profile.device_class in {"mntr", "scnr", "prtr", "spac"}:
            return opened
    return None


def _in_srgb(image: Image.Image, profile: Any) -> Image.Image:
    """`image`, whose numbers mean what `profile` says, in RGB or RGBA.

    A profile that does not work is ignored.
    """
    if profile is None:
        return image
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    if profile.profile.xcolor_space == "GRAY" and image.mode != "I;16":
        image = image.getchannel(0)
    elif alpha:
        image = image.convert("RGB")
    made: Image.Image
    try:
        made = _transform(profile, image.mode).apply(image)
    except Exception:  # noqa: BLE001  (its tables may be anything)
        made = _plain(image)
    if alpha:
        made.putalpha(alpha)
    made.info.clear()
    return made


@lru_cache(1)
def _transform(profile: Any, mode: str) -> Any:
    """From the colours of `profile` in `mode` to sRGB in RGB; as in browsers, black is not made as
    black as the screen's.
    """
    from PIL import ImageCms

    # else a table of 33 greys, coarse in the shadows
    exact = ImageCms.Flags.NOOPTIMIZE if mode == "I;16" else ImageCms.Flags.NONE

    srgb: Any = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    return ImageCms.ImageCmsTransform(
        profile, srgb, mode, "RGB", ImageCms.Intent.RELATIVE_COLORIMETRIC, flags=exact
    )


def _profile_said(image: Image.Image) -> bytes:
    """The ICC profile of `image`, or one made of what it says in fewer bytes: cICP, gAMA and cHRM
    of a PNG, nclx of HEIC and AVIF.
    """
    said: bytes = image.info.get("icc_profile") or b""
    with suppress(ArithmeticError, struct.error):  # what nobody sees
        if image.format == "PNG":
            return _png_colors(cast("ImageFile.ImageFile", image), said)
        if said or image.format not in (None, "AVIF"):
            return said
        nclx = image.info.get("nclx_profile") or {}  # of HEIC
        primaries, curve = nclx.get("color_primaries", 2), nclx.get("transfer_characteristics", 2)
        if image.format == "AVIF":
            primaries, curve = _nclx(_content(cast("ImageFile.ImageFile", image)))
        curve = 13 if curve in {2, 6, 14, 15, 1} else curve  # as of videos
        return _coded_profile(1 if primaries == 2 else primaries, curve)
    return said


def _png_profile(stream: Any, at: int, length: int) -> bytes:
    """Read an iCCP chunk, in Pillow's place, which refuses the whole picture for a large profile or
    one that is broken.
    """
    chunk: bytes = ImageFile._safe_read(stream.fp, length)  # noqa: SLF001
    packed = chunk.partition(b"\0")[2][1:]
    with suppress(zlib.error):
        stream.im_info["icc_profile"] = zlib.decompressobj().decompress(packed, MAX_PROFILE)
    return chunk


def _png_colors(image: ImageFile.ImageFile, profile: bytes) -> bytes:
    """As the first of them says that is there: cICP, iCCP, sRGB, gAMA (Portable Network Graphics 3,
    4.3).
    """
    primaries, curve, matrix, is_full = _cicp(_content(image))
    if is_full and not matrix and (coded := _coded_profile(primaries, curve)):
        return coded
    gamma = image.info.get("gamma", 0)
    if profile or "srgb" in image.info or not 0.05 < gamma < 20:
        return profile
    chromaticity = image.info.get("chromaticity")
    if not chromaticity and abs(gamma - 1 / 2.2) < 0.001:  # which is how some say sRGB
        return b""
    white_x, white_y, *corners = chromaticity or (*_D65, *_PRIMARIES[1][0])
    return _profile((corners, (white_x, white_y)), [1 / gamma])


def _cicp(png: bytes) -> bytes:
    """Primaries, curve, matrix and range, as numbers of ITU-T H.273; zeros where it does not say."""
    at = 8
    for _ in range(MAX_PARTS):
        kind = png[at + 4 : at + 8]
        if kind == b"cICP" and len(png) >= at + 12:
            return png[at + 8 : at + 12]
        if kind in {b"IDAT", b""}:
            break
        at += 12 + int.from_bytes(png[at : at + 4])
    return bytes(4)


def _nclx(content: bytes) -> tuple[int, int]:
    """Primaries and curve of an AVIF, as numbers of ITU-T H.273; 2 for what it does not say
    (ISO/IEC 14496-12, 12.1.5).
    """
    for kind, start in _boxes(content, [b"meta", b"iprp", b"ipco", b"colr"]):
        if kind == b"colr" and content[start : start + 4] == b"nclx":
            primaries, curve = struct.unpack_from(">HH", content, start + 4)
            return primaries, curve
    return 2, 2


def _boxes(content: bytes, path: list[bytes]) -> Iterator[tuple[bytes, int]]:
    """Kind and beginning of each box along `path`, the outer before what is in it."""
    at, end = 0, len(content)
    for _ in range(MAX_PARTS):
        if at + 8 > end or not path:
            return
        length, kind, start = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8], at + 8
        if kind == path[0]:
            yield kind, start
            if len(path) > 1:
                path, at, end = path[1:], start + 4 * (kind == b"meta"), min(end, at + length)
                continue
        if length < 8:
            return
        at += length


_D65 = (0.3127, 0.329)
_DCI = (0.314, 0.351)
_PRIMARIES = {  # x and y of red, green and blue, and of white (ITU-T H.273, table 2)
    1: ((0.64, 0.33, 0.3, 0.6, 0.15, 0.06), _D65),
    5: ((0.64, 0.33, 0.29, 0.6, 0.15, 0.06), _D65),
    6: ((0.63, 0.34, 0.31, 0.595, 0.155, 0.07), _D65),
    7: ((0.63, 0.34, 0.31, 0.595, 0.155, 0.07), _D65),
    9: ((0.708, 0.292, 0.17, 0.797, 0.131, 0.046), _D65),
    11: ((0.68, 0.32, 0.265, 0.69, 0.15, 0.06), _DCI),
    12: ((0.68, 0.32, 0.265, 0.69, 0.15, 0.06), _D65),
    22: ((0.63, 0.34, 0.295, 0.605, 0.155, 0.077), _D65),
}
_CURVES: dict[
    int, tuple[float, ...]
    # exponent, or all five numbers of a curve that begins straight (table 3; 1 as screens show it,
    # ITU-R BT.1886)
] = {
    **dict.fromkeys((1, 6, 14, 15), (2.4,)),
    4: (2.2,),
    5: (2.8,),
    8: (1.0,),
    13: (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045),
}  # not those of HDR, which need more than a profile

type _Matrix = list[list[float]]


def _coded_profile(primaries: int, curve: int) -> bytes:
    """An ICC profile of what these numbers of ITU-T H.273 mean; b"" for what is sRGB, and for what
    we do not know.
    """
    if (primaries, curve) == (1, 13) or primaries not in _PRIMARIES or curve not in _CURVES:
        return b""
    return _profile(_PRIMARIES[primaries], _CURVES[curve])


def _profile(space: tuple[Sequence[float], tuple[float, float]], curve: Sequence[float]) -> bytes:
    """An ICC profile (ICC.1:2010, 7 to 10) of the colours of `space` (as in _PRIMARIES), with the
    `curve` of each.
    """
    columns = zip(*_to_xyz(*space), strict=True)
    tags = {
        name: b"XYZ \0\0\0\0" + _fixed(*column)
        for name, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), columns, strict=True)
    }
    tags |= dict.fromkeys(
        (b"rTRC", b"gTRC", b"bTRC"),
        b"para\0\0\0\0" + bytes((0, 3 * (len(curve) > 1), 0, 0)) + _fixed(*curve),
    )
    table, body = struct.pack(">I", len(tags)), b""
    for name, tag in tags.items():
        table += name + struct.pack(">II", 132 + 12 * len(tags) + len(body), len(tag))
        body += tag
    size = struct.pack(">I", 128 + len(table) + len(body))
    head = (
        size + b"\0\0\0\0\4\x20\0\0mntrRGB XYZ " + bytes(12) + b"acsp" + bytes(28) + _fixed(*_D50)
    )
    return head.ljust(128, b"\0") + table + body


_D50 = (0.9642, 1.0, 0.8249)
_BRADFORD: _Matrix = [
    [0.8951, 0.2664, -0.1614],
    [-0.7502, 1.7135, 0.0367],
    [0.0389, -0.0685, 1.0296],
]


def _to_xyz(corners: Sequence[float], white: tuple[float, float]) -> _Matrix:
    """What makes XYZ of red, green and blue, under the white of ICC profiles, to which `white` is
    adapted (Bradford's way).
    """
    xyz = [
        [x / y, 1.0, (1 - x - y) / y]
        for x, y in (*zip(corners[::2], corners[1::2], strict=True), white)
    ]
    mixed = [list(row) for row in zip(*xyz[:3], strict=True)]
    parts = _times_vector(_inverse(mixed), xyz[3])
    colors = [[value * part for value, part in zip(row, parts, strict=True)] for row in mixed]
    seen, wanted = (_times_vector(_BRADFORD, one) for one in (xyz[3], _D50))
    scaled = [
        [value * new / old for value in row]
        for row, new, old in zip(_BRADFORD, wanted, seen, strict=True)
    ]
    return _product(_product(_inverse(_BRADFORD), scaled), colors)


def _times_vector(matrix: _Matrix, vector: Sequence[float]) -> list[float]:
    return [sum(one * other for one, other in zip(row, vector, strict=True)) for row in matrix]


def _product(first: _Matrix, second: _Matrix) -> _Matrix:
    columns = [_times_vector(first, column) for column in zip(*second, strict=True)]
    return [list(row) for row in zip(*columns, strict=True)]


def _inverse(matrix: _Matrix) -> _Matrix:
    """Raises ZeroDivisionError where there is none."""
    (a, b, c), (d, e, f), (g, h, i) = matrix
    adjugate = [
        [e * i - f * h, c * h - b * i, b * f - c * e],
        [f * g - d * i, a * i - c * g, c * d - a * f],
        [d * h - e * g, b * g - a * h, a * e - b * d],
    ]
    whole = a * adjugate[0][0] + b * adjugate[1][0] + c * adjugate[2][0]
    return [[value / whole for value in row] for row in adjugate]


def _fixed(*values: float) -> bytes:
    """As numbers of 16 bits before the point and 16 behind it.

    Raises struct.error for what does not fit.
    """
    return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))


# --- Moving ---


class _Frames(Image.Image):
    """The frames of `opened`, each decoded, made small and let go of when its turn comes;
    `durations` tells the time of those so far.
    """

    def __init__(self, opened: _Opened, shrunk: tuple[int, int]) -> None:
        super().__init__()
        self.source, self.n_frames = opened.image, opened.frames
        self.whole = (opened.width, opened.height)
        self.shrunk = shrunk
        self.profile = _profile_of(opened.image)
        self.durations: list[int] = []
        self.at = -1
        self.seek(0)

    def seek(self, frame: int) -> None:
        if frame == self.at:
            return
        self.source.seek(frame)
        if self.source.width > self.whole[0] or self.source.height > self.whole[1]:
            raise RefusedError("This picture is broken: a frame is larger than it says.")
        shown = _fresh(self.source.convert("RGBA"), self.whole)
        if self.shrunk != self.whole:
            shown = shown.resize(self.shrunk, Image.Resampling.BILINEAR)
        shown = _in_srgb(shown, self.profile)
        self.im, self._mode, self._size = shown.im, shown.mode, shown.size
        self.at = frame
        if frame == len(self.durations):
            duration = int(self.source.info.get("duration") or 0)
            self.durations.append(duration if duration > SHORTEST else LONGER)

    def tell(self) -> int:
        return self.at


def _moving(opened: _Opened, by_size: list[tuple[str, tuple[int, int]]]) -> Made:
    files: dict[str, bytes] = {}
    made: dict[tuple[int, int], bytes] = {}
    widths: dict[str, int] = {}
    largest, color = (0, 0), ""
    for name, most in by_size:
        frames = _Frames(opened, most)
        if not made:
            largest, color = frames.size, _color(frames)
            files[STILL] = _webp(_fresh(frames))
        if frames.size not in made:
            out = BytesIO()
            times = _times(opened.image)
            frames.save(
                out,
                "WEBP",
                save_all=True,
                duration=frames.durations,
                loop=times,
                background=(0, 0, 0, 0),
                quality=75,
                method=0,
            )
            made[frames.size] = out.getvalue()
        files[f"{name}.webp"], widths[f"{name}.webp"] = made[frames.size], frames.width
    return Made(files, widths, *largest, color)


def _times(image: Image.Image) -> int:
    """How many times it plays, as WebP says it: 0 is for ever.

    A GIF says how often it goes on after the first time, or nothing.
    """
    said = image.info.get("loop")
    if image.format != "GIF":
        return int(said or 0)
    return 1 if said is None else min(said + 1, 65535) if said else 0


# --- Writing ---


def _webp(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "WEBP", quality=82, method=3)
    return out.getvalue()


# --- The process ---


def limit(seconds: int) -> None:
    """What this process may take, from now on: `seconds` of a processor, and so on."""
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: MAX_RESULT + 4096,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in limits.items():
        # there is a stricter one, or none, as on macOS for memory
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))
    os.nice(5)  # who reads goes first


def answer(job: Job, source: IO[bytes], to: IO[bytes]) -> None:
    """Do `job` and tell what came of it."""
    try:
        made = make(source, job)
        if sum(map(len, made.files.values())) > MAX_RESULT:
            raise RefusedError(TOO_MUCH_MADE)
    except RefusedError as error:
        to.write(json.dumps({"refused": str(error)}).encode() + b"\n")
        return
    told = {**asdict(made), "files": {name: len(content) for name, content in made.files.items()}}
    to.write(json.dumps(told).encode() + b"\n")
    to.writelines(made.files.values())


if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    limit(asked.pop("seconds"))
    try:
        answer(Job(**asked), sys.stdin.buffer, sys.stdout.buffer)
        sys.stdout.flush()
    # isolation.NO_ROOM; at once, for an end in good order would try to write again
    except OSError as error:
        os._exit(28 if error.errno == errno.ENOSPC else 1)
