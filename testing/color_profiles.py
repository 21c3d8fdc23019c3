"""Colour profiles (ICC.1:2001), made for a test."""

import itertools
import struct
from collections.abc import Callable


def _fixed(*values: float) -> bytes:
    return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))


def _profile(space: bytes, tag: bytes) -> bytes:
    """Return one whose only tag is a table that leads to Lab."""
    size = struct.pack(">I", 144 + len(tag))
    head = size + b"\0\0\0\0\2\x10\0\0prtr" + space + b"Lab " + bytes(12) + b"acsp" + bytes(28)
    whole = (head + _fixed(0.9642, 1, 0.8249)).ljust(128, b"\0")
    return whole + struct.pack(">I", 1) + b"A2B0" + struct.pack(">II", 144, len(tag)) + tag


def _table(channels: int, grid: int, lab: Callable[..., list[int]]) -> bytes:
    cells = itertools.product([n / (grid - 1) for n in range(grid)], repeat=channels)
    curves = bytes(range(256))
    head = b"mft1\0\0\0\0" + bytes([channels, 3, grid, 0]) + _fixed(1, 0, 0, 0, 1, 0, 0, 0, 1)
    return head + curves * channels + b"".join(bytes(lab(*cell)) for cell in cells) + curves * 3


def of_ink() -> bytes:
    """Return one in which cyan is a calm blue, magenta a calm rose, as on no screen."""
    return _profile(b"CMYK", _table(4, 7, _ink))


def _ink(cyan: float, magenta: float, yellow: float, black: float) -> list[int]:
    light = (1 - 0.3 * cyan - 0.4 * magenta - 0.1 * yellow) * (1 - black)
    return [
        round(255 * light),
        round(128 - 10 * cyan + 40 * magenta),
        round(128 - 30 * cyan + 40 * yellow),
    ]


def huge(channels: int = 3, grid: int = 90) -> bytes:
    """Return a table of more than two million bytes."""
    return _profile(b"RGB ", _table(channels, grid, lambda *_: [200, 128, 128]))


def lying() -> bytes:
    """Return a table that says that it has sixteen million cells, and has none."""
    head = b"mft1\0\0\0\0" + bytes([3, 3, 255, 0]) + _fixed(1, 0, 0, 0, 1, 0, 0, 0, 1)
    return _profile(b"RGB ", head + bytes(range(256)) * 3)
