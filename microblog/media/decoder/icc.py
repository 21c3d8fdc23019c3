"""Make ICC profiles of the numbers by which files name their colours."""

import struct
from collections.abc import Sequence

D65 = (0.3127, 0.329)
_DCI = (0.314, 0.351)
PRIMARIES = {  # x and y of red, green and blue, and of white (ITU-T H.273, table 2)
    1: ((0.64, 0.33, 0.3, 0.6, 0.15, 0.06), D65),
    5: ((0.64, 0.33, 0.29, 0.6, 0.15, 0.06), D65),
    6: ((0.63, 0.34, 0.31, 0.595, 0.155, 0.07), D65),
    7: ((0.63, 0.34, 0.31, 0.595, 0.155, 0.07), D65),
    9: ((0.708, 0.292, 0.17, 0.797, 0.131, 0.046), D65),
    11: ((0.68, 0.32, 0.265, 0.69, 0.15, 0.06), _DCI),
    12: ((0.68, 0.32, 0.265, 0.69, 0.15, 0.06), D65),
    22: ((0.63, 0.34, 0.295, 0.605, 0.155, 0.077), D65),
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


def coded_profile(primaries: int, curve: int) -> bytes:
    """Return a profile of these numbers of ITU-T H.273; b"" for sRGB, and for unknown ones."""
    if (primaries, curve) == (1, 13) or primaries not in PRIMARIES or curve not in _CURVES:
        return b""
    return profile_with(PRIMARIES[primaries], _CURVES[curve])


def profile_with(
    space: tuple[Sequence[float], tuple[float, float]], curve: Sequence[float]
) -> bytes:
    """Return a profile (ICC.1:2010, 7 to 10) of `space` (of PRIMARIES), by the `curve` of each."""
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
    """Return what makes XYZ of red, green and blue, under the white of ICC profiles, to which
    `white` is adapted (Bradford's way).
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
    """Return the inverse. Raises ZeroDivisionError where there is none."""
    (a, b, c), (d, e, f), (g, h, i) = matrix
    adjugate = [
        [e * i - f * h, c * h - b * i, b * f - c * e],
        [f * g - d * i, a * i - c * g, c * d - a * f],
        [d * h - e * g, b * g - a * h, a * e - b * d],
    ]
    whole = a * adjugate[0][0] + b * adjugate[1][0] + c * adjugate[2][0]
    return [[value / whole for value in row] for row in adjugate]


def _fixed(*values: float) -> bytes:
    """Pack numbers of 16 bits before the point and 16 behind it. Raises struct.error."""
    return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))
