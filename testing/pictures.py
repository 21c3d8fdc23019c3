"""Pictures and what only calls itself one, made for a test."""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def saved(image: Image.Image, kind: str = "PNG", **more: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def plain(
    width: int = 40,
    height: int = 30,
    color: Any = "navy",
    kind: str = "PNG",
    mode: str = "RGB",
    **more: Any,
) -> bytes:
    return saved(Image.new(mode, (width, height), color), kind, **more)


def upload(content: bytes | None = None, name: str = "picture.png") -> SimpleUploadedFile:
    """Return a file as a browser sends it."""
    return SimpleUploadedFile(name, plain() if content is None else content)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_bomb(width: int, height: int, *chunks: tuple[bytes, bytes]) -> bytes:
    """Return a few bytes that say they are a picture of so many pixels, with further `chunks`."""
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = b"".join(_chunk(*chunk) for chunk in chunks) + _chunk(
        b"IDAT", zlib.compress(bytes(1000))
    )
    return b"\x89PNG\r\n\x1a\n" + header + body + _chunk(b"IEND", b"")


def png_of(width: int, height: int, kind: int, bits: int = 8) -> bytes:
    """Return a whole PNG of zeros (`kind` 0: grey, 2: RGB, 3: palette, 4 and 6: transparent)."""
    row = b"\0" + bytes((width * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[kind] * bits + 7) // 8)
    packer = zlib.compressobj(1)
    rows = row * min(height, -(-1_000_000 // len(row)))
    whole, rest = divmod(height, len(rows) // len(row))
    data = (
        b"".join(packer.compress(rows) for _ in range(whole))
        + packer.compress(row * rest)
        + packer.flush()
    )
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, 0))
    palette = _chunk(b"PLTE", bytes(3 * 2 ** min(bits, 8))) if kind == 3 else b""
    return b"\x89PNG\r\n\x1a\n" + header + palette + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def png_with(png: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    """Return `png` with further `chunks` before its pixels."""
    return png[:33] + b"".join(_chunk(*chunk) for chunk in chunks) + png[33:]


def icc(profile: bytes) -> tuple[bytes, bytes]:
    """Return the chunk of a PNG that holds a colour profile."""
    return b"iCCP", b"a\0\0" + zlib.compress(profile)


def png_with_huge_comment(size: int = 100_000_000) -> bytes:
    return png_bomb(10, 10, (b"zTXt", b"Comment\0\0" + zlib.compress(b"x" * size)))


def gif_bomb() -> bytes:
    gif = bytearray(plain(10, 10, kind="GIF"))
    gif[6:10] = struct.pack("<HH", 65535, 65535)
    return bytes(gif)


def moving(*frames: Image.Image, kind: str = "GIF", **more: Any) -> bytes:
    """Return an animation."""
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], **more)


def gif_of_frames(number: int, width: int = 1, height: int = 1, left: int = 0) -> bytes:
    """Return a GIF of ten by ten pixels, as it says, with so many frames of that size."""
    frame = b"," + struct.pack("<HHHHB", left, 0, width, height, 0) + b"\x02\x02\x4c\x01\x00"
    return b"GIF89a" + struct.pack("<HHBBB", 10, 10, 0x80, 0, 0) + bytes(6) + frame * number + b";"


def webp_of_frames(number: int, width: int, height: int) -> bytes:
    """Return a WebP whose header says so many pixels, with so many frames of one pixel."""
    pixel = plain(1, 1, kind="WEBP", lossless=True)[12:]
    frame = _part(b"ANMF", bytes(6) + bytes(6) + b"\x0a\0\0\0" + pixel)
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = (
        b"WEBP" + _part(b"VP8X", b"\x02\0\0\0" + size) + _part(b"ANIM", bytes(6)) + frame * number
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def jpeg_of_scans(number: int, width: int, height: int) -> bytes:
    """Return a JPEG that goes over all its pixels `number` times more than it needs to."""
    whole = plain(width, height, mode="L", color=128, kind="JPEG", progressive=True)
    last = whole[whole.rindex(b"\xff\xda") : -2]
    return whole[:-2] + last * number + whole[-2:]


def _part(kind: bytes, data: bytes) -> bytes:
    return kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)


def of_countless_parts() -> Iterator[bytes]:
    """Return pictures of twenty megabytes that are nothing but headers."""
    png, jpeg, gif = plain(), plain(kind="JPEG"), gif_of_frames(1)
    yield png[:33] + _chunk(b"tEXt", b"a\0b") * 1_300_000 + png[33:]
    yield jpeg[:2] + b"\xff\xe5\0\2" * 5_000_000 + jpeg[2:]
    comment = b"!\xfe" + b"\1a" * 10_000_000 + b"\0"
    yield from (gif[:19] + comment + gif[19:], gif[:-1] + comment + b";")
    nothing = bytes(20_000_000)
    yield from (gif[:19] + nothing + gif[19:], gif[:-1] + nothing)
