"""Read the structure of picture files from their bytes, before anything of them is decoded."""

import re
import struct
from collections.abc import Iterator

from PIL import ImageFile

from microblog.media.decoder.bounds import (
    MAX_FRAMES,
    MAX_PARTS,
    TOO_MANY_PARTS,
    UNKNOWN,
    RefusedError,
)

# of a JPEG; within a scan, what is no marker has a zero behind it
_MARKER = re.compile(rb"\xff[^\x00\xff]")


def webp_size(head: bytes) -> tuple[int, int]:
    """Return width and height (WebP Container Specification; RFC 6386, 9.1; Lossless, 3)."""
    if head[12:16] == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if head[12:16] == b"VP8 " and len(head) >= 30:
        width, height = struct.unpack_from("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise RefusedError(UNKNOWN)


def content_of(image: ImageFile.ImageFile) -> bytes:
    assert image.fp is not None  # noqa: S101
    at_first = image.fp.tell()
    image.fp.seek(0)
    content = image.fp.read()
    image.fp.seek(at_first)
    return content


def jpeg_scans(content: bytes) -> int:
    """Count the scans of a JPEG, each of which may change every pixel (ITU-T T.81, annex B)."""
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


def gif_frames(image: ImageFile.ImageFile) -> list[tuple[int, int]]:
    """Return right and bottom of each frame of a GIF, at most MAX_FRAMES + 1 (GIF89a, 18 to 26)."""
    content = content_of(image)
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
    """Return how many bytes a table of colours takes up."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def png_coded(png: bytes) -> bytes:
    """Return primaries, curve, matrix and range, as numbers of ITU-T H.273; zeros for unsaid."""
    at = 8
    for _ in range(MAX_PARTS):
        kind = png[at + 4 : at + 8]
        if kind == b"cICP" and len(png) >= at + 12:
            return png[at + 8 : at + 12]
        if kind in {b"IDAT", b""}:
            break
        at += 12 + int.from_bytes(png[at : at + 4])
    return bytes(4)


def avif_coded(content: bytes) -> tuple[int, int]:
    """Return primaries and curve of an AVIF (H.273); 2 for unsaid (ISO/IEC 14496-12, 12.1.5)."""
    for kind, start in boxes(content, [b"meta", b"iprp", b"ipco", b"colr"]):
        if kind == b"colr" and content[start : start + 4] == b"nclx":
            primaries, curve = struct.unpack_from(">HH", content, start + 4)
            return primaries, curve
    return 2, 2


def boxes(content: bytes, path: list[bytes]) -> Iterator[tuple[bytes, int]]:
    """Return kind and beginning of each box along `path`, the outer before what is in it."""
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
