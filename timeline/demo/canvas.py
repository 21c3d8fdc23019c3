"""A canvas to draw flat pictures on with Pillow: drawn larger than needed and made smaller at the end, so that every edge is smooth."""

# ruff: noqa: PLR0917  (drawing is coordinates and colours)

import math
from collections.abc import Sequence
from functools import cache
from io import BytesIO
from itertools import pairwise

from PIL import Image, ImageColor, ImageDraw, ImageFont

type Point = tuple[float, float]


class Canvas:
    """`width` by `height` units, each unit a pixel of the finished picture. Colours are "#rrggbb" or, translucent, "#rrggbbaa"."""

    def __init__(self, width: int, height: int, *colours: str, scale: int = 2) -> None:
        """The ground is one colour, or several from top to bottom."""
        self.width, self.height, self.scale = width, height, scale
        self.image = Image.new("RGB", (width * scale, height * scale), colours[0])
        self.pen = ImageDraw.Draw(self.image, "RGBA")
        if len(colours) > 1:
            self.shade(0, 0, width, height, *colours)

    def png(self) -> BytesIO:
        """The finished picture as a file."""
        out = BytesIO()
        self.image.reduce(self.scale).save(out, "PNG", compress_level=0)
        out.seek(0)
        return out

    def _all(self, points: Sequence[Point]) -> list[Point]:
        return [(x * self.scale, y * self.scale) for x, y in points]

    # --- Shapes ---

    def rect(self, left: float, top: float, right: float, bottom: float, fill: str, radius: float = 0) -> None:
        box = self._all([(left, top), (right, bottom)])
        self.pen.rounded_rectangle(box, radius * self.scale, fill) if radius else self.pen.rectangle(box, fill)

    def ellipse(self, x: float, y: float, across: float, down: float, fill: str) -> None:
        """Around (x, y), `across` and `down` its half axes."""
        self.pen.ellipse(self._all([(x - across, y - down), (x + across, y + down)]), fill)

    def disc(self, x: float, y: float, radius: float, fill: str) -> None:
        self.ellipse(x, y, radius, radius, fill)

    def ring(self, x: float, y: float, radius: float, width: float, fill: str) -> None:
        self.arc(x, y, radius, radius, 0, 360, width, fill)

    def arc(self, x: float, y: float, across: float, down: float, start: float, end: float, width: float, fill: str) -> None:
        """Degrees, clockwise from three o'clock."""
        box = self._all([(x - across, y - down), (x + across, y + down)])
        self.pen.arc(box, start, end, fill, round(width * self.scale))

    def slice(self, x: float, y: float, across: float, down: float, start: float, end: float, fill: str) -> None:
        self.pen.pieslice(self._all([(x - across, y - down), (x + across, y + down)]), start, end, fill)

    def polygon(self, points: Sequence[Point], fill: str) -> None:
        self.pen.polygon(self._all(points), fill)

    def line(self, points: Sequence[Point], fill: str, width: float = 1) -> None:
        """With round ends and joints, where it is not translucent."""
        scaled = self._all(points)
        self.pen.line(scaled, fill, max(1, round(width * self.scale)), joint="curve")
        if len(fill) == 7 and width >= 2:
            for x, y in (scaled[0], scaled[-1]):
                half = width * self.scale / 2 - 0.5
                self.pen.ellipse((x - half, y - half, x + half, y + half), fill)

    def blob(self, points: Sequence[Point], fill: str) -> None:
        """A smooth closed shape through `points`."""
        self.polygon(smooth(points, closed=True), fill)

    def nib(self, points: Sequence[Point], width: float, fill: str, angle: float = -35) -> None:
        """A smooth stroke through `points` by a broad pen, held at `angle`: thick and thin as a letter is."""
        dx, dy = math.cos(math.radians(angle)) * width / 2, math.sin(math.radians(angle)) * width / 2
        path = smooth(points)
        for (ax, ay), (bx, by) in pairwise(path):
            self.polygon([(ax - dx, ay - dy), (ax + dx, ay + dy), (bx + dx, by + dy), (bx - dx, by - dy)], fill)
            self.pen.line(self._all([(ax - dx, ay - dy), (ax + dx, ay + dy)]), fill, 2 * self.scale)

    def words(self, x: float, y: float, size: float, text: str, fill: str, anchor: str = "mm") -> None:
        self.pen.text((x * self.scale, y * self.scale), text, fill, _font(round(size * self.scale)), anchor)

    # --- Light ---

    def shade(self, left: float, top: float, right: float, bottom: float, *colours: str) -> None:
        """A rectangle that goes through `colours` from top to bottom."""
        width, height = round((right - left) * self.scale), round((bottom - top) * self.scale)
        stops = [ImageColor.getrgb(colour)[:3] for colour in colours]
        rows = bytearray()
        for y in range(height):
            at = y / max(1, height - 1) * (len(stops) - 1)
            n = min(int(at), len(stops) - 2)
            rows.extend(round(a + (b - a) * (at - n)) for a, b in zip(stops[n], stops[n + 1], strict=True))
        column = Image.frombytes("RGB", (1, height), bytes(rows))
        corner = (round(left * self.scale), round(top * self.scale))
        self.image.paste(column.resize((width, height), Image.Resampling.NEAREST), corner)

    def glow(self, x: float, y: float, radius: float, colour: str, strength: float = 1) -> None:
        """A light around (x, y) that fades to nothing at `radius`."""
        side = max(2, round(2 * radius * self.scale))
        mask = Image.radial_gradient("L").point(lambda v: round(max(0, 1 - v / 181) ** 2 * 255 * strength)).resize((side, side))
        self.image.paste(Image.new("RGB", (side, side), colour), (round((x - radius) * self.scale), round((y - radius) * self.scale)), mask)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own, so that a machine without fonts draws the same."""
    return ImageFont.load_default(size)


def smooth(points: Sequence[Point], *, closed: bool = False, steps: int = 14) -> list[Point]:
    """A curve through `points` (Catmull and Rom's)."""
    count = len(points)
    around = [points[-1], *points, points[0], points[1]] if closed else [points[0], *points, points[-1]]
    curve = []
    for n in range(count if closed else count - 1):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = around[n : n + 4]
        for step in range(steps):
            t = step / steps
            curve.append((_between(ax, bx, cx, dx, t), _between(ay, by, cy, dy, t)))
    return curve if closed else [*curve, points[-1]]


def _between(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t)


def turned(points: Sequence[Point], degrees: float, x: float = 0, y: float = 0, *, size: float = 1) -> list[Point]:
    """`points` turned about the origin, made `size` times as large and then moved to (x, y)."""
    cos, sin = math.cos(math.radians(degrees)) * size, math.sin(math.radians(degrees)) * size
    return [(x + px * cos - py * sin, y + px * sin + py * cos) for px, py in points]


def ridge(width: float, base: float, height: float, *waves: float, foot: float) -> list[Point]:
    """The outline of hills `width` wide: around `base`, at most `height` high; each of `waves` is a length; down to `foot`."""

    def high(x: float) -> float:
        return height / len(waves) * sum(math.sin(x / wave * math.tau + n * 1.7 + wave) for n, wave in enumerate(waves))

    return [(0, foot), *((x, base - high(x)) for x in range(0, int(width) + 9, 8)), (width + 8, foot)]
