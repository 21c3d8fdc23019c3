"""The pictures in the demo community's posts, each drawn by a function of its own."""

# ruff: noqa: PLR0917  (drawing is coordinates and colours)

import math
from collections.abc import Callable
from functools import partial
from io import BytesIO
from random import Random

from timeline.demo.banners import stars
from timeline.demo.canvas import Canvas, Point, ridge, smooth, turned

WIDE, HIGH = 1200, 800


def picture(name: str) -> BytesIO:
    """The picture called `name`, as a file."""
    return _PICTURES[name](Random(name)).png()  # noqa: S311  (the same picture each time, not a secret)


# --- Trams ---


def _tram(c: Canvas, x: float, y: float, colour: str, cream: str, window: str, number: str) -> None:
    """A tram seen from the side, 760 wide; (x, y) is where its left end stands on the rails."""
    c.rect(x, y - 262, x + 760, y - 30, cream, 44)
    c.rect(x, y - 130, x + 760, y - 30, colour, 30)
    c.rect(x, y - 130, x + 760, y - 90, colour)
    c.rect(x + 26, y - 276, x + 734, y - 252, colour, 12)
    for n in range(6):
        left = x + 34 + n * 118
        door = n in (1, 4)
        c.rect(left, y - 232, left + 98, y - (48 if door else 146), "#1c2430", 12)
        c.rect(left + 7, y - 225, left + 91, y - (56 if door else 153), window, 8)
        if door:
            c.line([(left + 49, y - 228), (left + 49, y - 50)], "#1c2430", 6)
        elif n != 3:
            for k in range(2):
                if (n + k) % 2:
                    c.disc(left + 30 + k * 38, y - 178, 13, "#1c243099")
                    c.ellipse(left + 30 + k * 38, y - 150, 20, 18, "#1c243099")
    c.rect(x + 272, y - 290, x + 488, y - 254, "#1c2430", 8)
    c.words(x + 380, y - 272, 26, number, "#ffd75e")
    for wheel in (110, 190, 570, 650):
        c.disc(x + wheel, y - 22, 30, "#141a24")
        c.disc(x + wheel, y - 22, 13, "#67707c")
    c.disc(x + 736, y - 74, 15, "#fff4c9")
    c.line([(x + 400, y - 290), (x + 330, y - 352), (x + 420, y - 410)], "#141a24", 7)
    c.line([(x + 384, y - 410), (x + 456, y - 410)], "#141a24", 7)


def _tram_night(chance: Random) -> Canvas:
    c = Canvas(WIDE, HIGH, "#101a3a", "#26305f", "#5b4a7d")
    stars(c, chance, 90, below=300)
    for n in range(15):
        x, tall = n * 84 - 10, chance.randint(120, 300)
        c.rect(x, 600 - tall, x + 78, 610, "#1a2148")
        for wy in range(620 - tall, 560, 40):
            for wx in (x + 14, x + 46):
                if chance.random() < 0.3:
                    c.rect(wx, wy, wx + 16, wy + 22, "#f4cf7c90")
    c.rect(0, 606, WIDE, HIGH, "#141833")
    for n in range(44):
        y = 626 + n * 4
        for x in (268, 386, 504, 622, 740, 858):
            half = 40 + chance.uniform(-22, 10)
            c.line([(x - half, y), (x + half, y)], "#ffd98228", 3)
    c.line([(0, 626), (WIDE, 626)], "#747a9d", 5)
    c.line([(0, 194), (WIDE, 194)], "#0b102a", 4)
    _tram(c, 190, 620, "#2f73ad", "#f2e9d3", "#ffdf8a", "11  SALTHOLMEN")
    c.glow(936, 548, 240, "#fff0bd", 0.75)
    return c


def _tram_rain(chance: Random) -> Canvas:
    c = Canvas(WIDE, HIGH, "#56707f", "#7f97a1", "#a3b2b4")
    for n in range(12):
        tall = chance.randint(160, 340)
        c.rect(n * 104 - 20, 580 - tall, n * 104 + 84, 600, "#5f7783")
    c.rect(0, 590, WIDE, HIGH, "#45565f")
    for n in range(46):
        y, half = 622 + n * 4, 370 + chance.uniform(-40, 20)
        c.line([(560 - half, y), (560 + half, y)], "#b9352c" + ("50" if n < 24 else "30"), 3)
        for x in (228, 464, 582, 818):
            c.line([(x - 36, y), (x + 30 + chance.uniform(-20, 12), y)], "#ffd87060", 3)
    c.line([(0, 618), (WIDE, 618)], "#9fb0b6", 5)
    c.line([(0, 190), (WIDE, 190)], "#2d3a42", 4)
    _tram(c, 180, 612, "#b9352c", "#f3e6d0", "#ffd870", "3  VALAND")
    for _ in range(420):
        left, top, long = chance.uniform(-100, WIDE), chance.uniform(-40, HIGH), chance.uniform(24, 60)
        c.line([(left, top), (left + long * 0.36, top + long)], "#e9f2f566", 2)
    for _ in range(46):
        c.arc(chance.uniform(0, WIDE), chance.uniform(640, 790), 16, 5, 180, 360, 2, "#dfe9ec90")
    return c


def _tram_snow(chance: Random) -> Canvas:
    c = Canvas(WIDE, HIGH, "#8da0b5", "#b8c5d1", "#dde3e8")
    for n in range(12):
        tall = chance.randint(140, 300)
        c.rect(n * 104 - 20, 590 - tall, n * 104 + 80, 610, "#a3b3c2")
        c.polygon([(n * 104 - 26, 590 - tall), (n * 104 + 30, 550 - tall), (n * 104 + 86, 590 - tall)], "#eef2f5")
    c.polygon(ridge(WIDE, 606, 10, 500, 170, foot=HIGH), "#f4f7f9")
    c.line([(0, 190), (WIDE, 190)], "#5b6a79", 4)
    c.polygon([(936, 540), (1210, 470), (1210, 690), (936, 556)], "#fff3c080")
    _tram(c, 190, 620, "#2c6b4c", "#efe7d2", "#f7d98a", "6  KORTEDALA")
    c.rect(216, 334, 454, 352, "#ffffff", 9)
    c.rect(686, 334, 924, 352, "#ffffff", 9)
    c.glow(928, 546, 220, "#fff0bd", 0.9)
    c.polygon(ridge(WIDE, 652, 9, 380, 131, foot=HIGH), "#ffffff")
    for _ in range(520):
        c.disc(chance.random() * WIDE, chance.random() * HIGH, chance.choice((2, 2.6, 3.4, 5)), "#ffffffd8")
    return c


# --- Tulips ---


def _tulip(c: Canvas, x: float, y: float, size: float, lean: float, outer: str, inner: str, heart: str, leaf: str) -> None:
    """A tulip whose cup sits at (x, y); its stem goes down to y + 4.2 sizes."""
    foot = (x - lean * 2.2, y + size * 4.2)
    c.line(smooth([(x, y + size * 0.5), (x - lean * 0.6, y + size * 2), foot]), leaf, size * 0.17)
    for side, reach in ((-1, 2.7), (1, 2.1)):
        tip = (foot[0] + side * size * 1.1, foot[1] - size * reach)
        c.blob(
            [foot, (foot[0] + side * size * 0.75, foot[1] - size * 0.9), tip, (foot[0] + side * size * 0.36, foot[1] - size * 1.2)], leaf
        )

    def petal(points: list[Point], colour: str) -> None:
        c.blob(turned(points, lean, x, y, size=size), colour)

    petal([(0, 0.85), (-0.52, 0.3), (-0.42, -0.6), (0, -1.06), (0.42, -0.6), (0.52, 0.3)], inner)
    for side in (-1, 1):
        petal([(side * 0.05, 0.86), (side * 0.7, 0.46), (side * 0.84, -0.25), (side * 0.62, -1.0), (side * 0.26, -0.3)], outer)
    petal([(0, 0.9), (-0.44, 0.56), (-0.46, 0.05), (0, -0.62), (0.46, 0.05), (0.44, 0.56)], inner)
    petal([(0, 0.88), (-0.16, 0.5), (-0.1, 0.1), (0, -0.25), (0.1, 0.1), (0.16, 0.5)], heart)


def _tulips(sky: tuple[str, str], colours: tuple[str, str, str], heights: tuple[int, int, int], chance: Random) -> Canvas:
    c = Canvas(900, 900, *sky)
    c.disc(450, 430, 330, "#ffffff2e")
    for n, x in enumerate((270, 630, 450)):
        _tulip(c, x, heights[n], 104, (n - 1) * 7 * (1 if n < 2 else 0), *colours, ("#4d8a52", "#3f7a49", "#5a9a5c")[n])
    c.polygon([(240, 690), (660, 690), (612, 900), (288, 900)], "#b9653f")
    c.rect(222, 654, 678, 716, "#cb7a50", 12)
    c.polygon([(560, 716), (648, 716), (606, 900), (540, 900)], "#00000016")
    for _ in range(16):
        c.disc(chance.uniform(302, 598), chance.uniform(735, 890), 2.4, "#8f4a2b")
    return c


# --- Letters and paper ---


def _sheet(ground: str, ink: str, caption: str, name: str) -> Canvas:
    c = Canvas(1000, 1000, ground)
    for y in (210, 330, 690, 800):
        c.line([(70, y), (930, y)], ink + "40", 1.5)
    c.line([(70, 110), (930, 110)], ink, 3)
    c.line([(70, 900), (930, 900)], ink, 3)
    c.words(70, 80, 26, name, ink, "lm")
    c.words(930, 80, 26, "Lilla Pressen", ink, "rm")
    c.words(70, 934, 24, caption, ink, "lm")
    return c


def _ampersand(chance: Random) -> Canvas:
    ink = "#1f2f5c"
    c = _sheet("#f6eedd", ink, "one character, two letters, no rush", "Specimen no. 14")
    path = [
        (770, 792),
        (640, 690),
        (480, 520),
        (404, 400),
        (398, 300),
        (470, 228),
        (560, 250),
        (584, 330),
        (520, 420),
        (400, 490),
        (300, 570),
        (272, 680),
        (330, 772),
        (450, 800),
        (580, 752),
        (680, 650),
        (726, 540),
        (752, 500),
    ]
    c.nib(path, 92, ink)
    c.disc(764, 498, 26, "#c8432f")
    return c


def _letter_g(chance: Random) -> Canvas:
    ink, ground = "#b33a2b", "#f7f0e2"
    c = _sheet(ground, ink, "upper storey to let", "Specimen no. 3")
    c.ellipse(480, 690, 238, 140, ink)
    c.ellipse(490, 694, 158, 92, ground)
    c.ellipse(470, 366, 192, 180, ink)
    c.ellipse(470, 366, 104, 158, ground)
    c.nib([(372, 500), (322, 540), (330, 574), (420, 580), (540, 578), (640, 604)], 50, ink, 78)
    c.nib([(600, 270), (650, 208), (716, 214)], 44, ink, 80)
    c.disc(722, 234, 38, ink)
    return c


def _letter_q(chance: Random) -> Canvas:
    ink, ground = "#1b1b1f", "#fbe9a9"
    c = _sheet(ground, ink, "it is all right, really", "Specimen no. 9")
    c.ellipse(470, 450, 296, 270, ink)
    c.ellipse(470, 450, 196, 250, ground)
    tail = smooth([(452, 704), (520, 690), (600, 742), (720, 792), (930, 756)])
    back = smooth([(930, 764), (730, 856), (580, 822), (500, 752), (448, 716)])
    c.polygon([*tail, *back], ink)
    return c


def _card(chance: Random) -> Canvas:
    c = Canvas(WIDE, HIGH, "#b7a58c", "#a08d74")
    for _ in range(240):
        x, y = chance.random() * WIDE, chance.random() * HIGH
        c.line([(x, y), (x + chance.uniform(60, 200), y + chance.uniform(-4, 4))], "#8a775e40", 2)
    corners: list[Point] = [(-380, -225), (380, -225), (380, 225), (-380, 225)]
    c.polygon(turned(corners, 1.5, 612, 416), "#00000038")
    c.polygon(turned(corners, 1.5, 600, 400), "#f8f3e6")
    c.words(600, 340, 76, "Lilla Pressen", "#1f2f5c")
    c.words(600, 412, 28, "small books on big machines", "#1f2f5c")
    _tulip(c, 600, 496, 26, 4, "#c8432f", "#dc5c45", "#f3b08f", "#4d7a4a")
    return c


def _thumb(chance: Random) -> Canvas:
    c = Canvas(WIDE, HIGH, "#f4eee0")
    for n in range(8):
        y, x = 96 + n * 88, 100.0
        while x < 1080:
            wide = chance.uniform(30, 120)
            c.rect(x, y, min(x + wide, 1100), y + 24, "#2a2a3066", 5)
            x += wide + 20
    for n in range(9):
        c.arc(
            600 + chance.uniform(-2, 2), 410, 16 + n * 13, 22 + n * 18, 150 - n * 4, 400 + n * 2, 7, "#b2252d" + ("e0", "c0", "a0")[n % 3]
        )
    c.ellipse(640, 440, 130, 180, "#b2252d26")
    c.blob([(836, 560), (858, 612), (836, 640), (812, 612)], "#b2252d")
    c.disc(870, 676, 10, "#b2252d")
    return c


def _press(chance: Random) -> Canvas:
    c = Canvas(WIDE, HIGH, "#efe2c9", "#e2cda7")
    c.rect(0, 690, WIDE, HIGH, "#b08a5e")
    for x in range(0, WIDE, 150):
        c.line([(x, 690), (x - 40, HIGH)], "#94704888", 3)
    iron, dark = "#28553f", "#1b3b2c"
    c.rect(330, 540, 870, 590, dark, 8)
    for x in (360, 790):
        c.polygon([(x, 590), (x + 50, 590), (x + 76, 720), (x - 26, 720)], iron)
    c.rect(380, 150, 460, 560, iron, 16)
    c.rect(740, 150, 820, 560, iron, 16)
    c.blob([(360, 190), (400, 110), (600, 70), (800, 110), (840, 190), (820, 226), (600, 196), (380, 226)], iron)
    c.words(600, 146, 40, "LILLA PRESSEN", "#e9c46a")
    c.rect(572, 200, 628, 350, dark, 6)
    c.rect(450, 340, 750, 392, iron, 8)
    c.rect(470, 392, 730, 412, dark)
    c.rect(300, 500, 900, 540, "#6d7479", 6)
    c.polygon([(470, 500), (740, 500), (716, 470), (496, 470)], "#fbf6ea")
    for n in range(4):
        c.line([(520 + n * 2, 476 + n * 6), (600 + chance.uniform(0, 90), 476 + n * 6)], "#1f2f5c", 2.4)
    c.line([(620, 270), (900, 330)], "#c8372d", 22)
    c.disc(912, 332, 26, "#c8372d")
    for spoke in range(8):
        c.line([(250, 470), turned([(118, 0)], spoke * 45, 250, 470)[0]], dark, 12)
    c.ring(250, 470, 130, 22, iron)
    c.disc(250, 470, 30, "#e9c46a")
    c.rect(930, 560, 1130, 700, "#8a6138", 6)
    for row in range(3):
        c.rect(944, 574 + row * 42, 1116, 606 + row * 42, "#a97c4d", 4)
        c.disc(1030, 590 + row * 42, 6, "#e9c46a")
    return c


def _timetable(chance: Random) -> Canvas:
    c = Canvas(1000, 1100, "#eadfc4", "#e1d2b0")
    c.rect(60, 60, 940, 1040, "#f3ead3")
    c.line([(100, 160), (900, 160)], "#6b2b2b", 5)
    for column in range(5):
        c.words(170 + column * 165, 120, 44, str(5 + column), "#6b2b2b")
        minute = column + 1
        for row in range(20):
            minute = (minute + chance.randint(2, 4)) % 60
            c.words(170 + column * 165, 206 + row * 40, 27, f"{minute:02}", "#37302a")
            if column:
                c.line([(88 + column * 165, 180), (88 + column * 165, 990)], "#b3a27d", 1.4)
    c.nib([(204, 196), (222, 190), (240, 204), (226, 218), (206, 212), (212, 196)], 5, "#5b6b86", -60)
    c.line(smooth([(242, 212), (262, 236), (254, 262)]), "#5b6b86", 3)
    c.line([(254, 262), (247, 251)], "#5b6b86", 3)
    c.line([(254, 262), (261, 252)], "#5b6b86", 3)
    c.disc(840, 930, 70, "#9c7a4426")
    c.ring(840, 930, 72, 7, "#9c7a4440")
    return c


def _chart_day(chance: Random) -> Canvas:
    c = Canvas(WIDE, HIGH, "#fbf7ec")
    c.words(80, 84, 46, "A day at the press", "#22395b", "lm")
    c.line([(400, 140), (400, 730)], "#22395b", 5)
    bars = (
        ("printing", 120, "#22395b"),
        ("tea", 330, "#c98a3c"),
        ("washing rollers", 250, "#4d8a8a"),
        ("talking about paper", 470, "#8a5a83"),
        ("looking for the 6", 690, "#c8432f"),
    )
    for n, (name, long, colour) in enumerate(bars):
        y = 168 + n * 114
        c.words(376, y + 38, 31, name, "#22395b", "rm")
        wobble = [chance.uniform(-4, 4) for _ in range(4)]
        c.polygon(
            [(404, y + wobble[0]), (404 + long, y + wobble[1]), (404 + long + wobble[2], y + 76), (404, y + 76 + wobble[3])], colour + "d0"
        )
        for x in range(412, 404 + long - 24, 17):
            c.line([(x, y + 70), (x + 22, y + 6)], "#ffffff50", 3)
    c.words(1146, 662, 50, "6?", "#c8432f")
    return c


# --- Birds ---


def _branch(c: Canvas, y: float, colour: str) -> None:
    c.line(smooth([(-20, y + 30), (300, y + 6), (700, y + 16), (1220, y - 40)]), colour, 22)
    c.line(smooth([(820, y + 8), (930, y - 60), (990, y - 140)]), colour, 12)
    c.line(smooth([(220, y + 8), (150, y + 70), (120, y + 130)]), colour, 11)


def _songbird(c: Canvas, x: float, y: float, size: float, colours: tuple[str, str, str, str, str]) -> None:
    """A plump bird that looks to the right: (x, y) is its middle, `colours` are its back, breast, head, wing and bill."""
    back, breast, head, wing, bill = colours

    def blob(points: list[Point], colour: str) -> None:
        c.blob([(x + px * size, y + py * size) for px, py in points], colour)

    blob([(-0.9, 0.55), (-1.75, 1.1), (-1.62, 1.26), (-0.6, 0.95)], wing)
    blob(
        [(-1.0, 0.5), (-0.8, -0.35), (-0.1, -1.0), (0.62, -1.1), (0.98, -0.7), (0.96, -0.1), (0.86, 0.5), (0.35, 1.02), (-0.4, 1.05)], back
    )
    blob([(0.3, -0.5), (0.9, -0.48), (1.0, 0.05), (0.82, 0.58), (0.3, 1.02), (-0.3, 1.02), (-0.15, 0.35)], breast)
    blob([(0.08, -0.75), (0.3, -1.08), (0.68, -1.14), (0.98, -0.82), (0.98, -0.56), (0.5, -0.62)], head)
    blob([(-1.12, 0.92), (-0.72, 0.05), (-0.16, -0.28), (0.14, 0.12), (-0.1, 0.6), (-0.66, 0.86)], wing)
    for n in range(3):
        path = [(-0.92 + n * 0.17, 0.74 - n * 0.04), (-0.52 + n * 0.13, 0.34 - n * 0.05), (-0.14 + n * 0.04, 0.2 - n * 0.1)]
        c.line(smooth([(x + px * size, y + py * size) for px, py in path]), "#ffffff50", size * 0.035)
    c.polygon([(x + px * size, y + py * size) for px, py in ((0.95, -0.8), (1.3, -0.62), (0.96, -0.54))], bill)
    c.disc(x + 0.7 * size, y - 0.76 * size, size * 0.085, "#111318")
    c.disc(x + 0.73 * size, y - 0.79 * size, size * 0.028, "#ffffff")
    for leg in (0.0, 0.24):
        c.line([(x + leg * size, y + size), (x + (leg + 0.04) * size, y + 1.28 * size)], "#5a4a42", size * 0.06)


def _bullfinch(chance: Random) -> Canvas:
    c = Canvas(WIDE, HIGH, "#dbe6ee", "#eef3f6")
    c.disc(610, 390, 330, "#ffffff70")
    _branch(c, 620, "#6a5348")
    for x, y in ((980, 480), (1010, 500), (994, 522), (120, 760), (140, 742)):
        c.disc(x, y, 17, "#c8372d")
        c.disc(x - 5, y - 5, 4, "#f0a59a")
    _songbird(c, 570, 400, 180, ("#8d99a6", "#d0493a", "#1b1d24", "#31363f", "#23252c"))
    for _ in range(70):
        c.disc(chance.random() * WIDE, chance.random() * HIGH, chance.choice((3, 4, 6)), "#ffffff")
    return c


def _nutcracker(chance: Random) -> Canvas:
    c = Canvas(WIDE, HIGH, "#cfdccb", "#e8eede")
    for _ in range(9):
        x, y = chance.uniform(0, WIDE), chance.uniform(140, 560)
        c.disc(x, y, chance.uniform(60, 140), "#b3c9ae60")
    _branch(c, 620, "#5d4636")
    for n in range(60):
        x = n * 21
        y = 636 - 0.03 * x
        for side in (-1, 1):
            c.line([(x, y), (x + 20, y + side * chance.uniform(20, 46))], "#3e6b4a", 5)
    _songbird(c, 560, 404, 180, ("#5b3d2b", "#664530", "#38241a", "#2a2422", "#2a2422"))
    for _ in range(60):
        angle, reach = chance.random() * math.tau, math.sqrt(chance.random())
        c.disc(590 + 128 * reach * math.cos(angle), 428 + 130 * reach * math.sin(angle), chance.uniform(4, 8), "#f2e6d2")
    c.polygon([(732, 262), (826, 288), (734, 304)], "#2a2422")
    c.ellipse(824, 290, 19, 13, "#d6b273")
    return c


def _waxwing_shape(c: Canvas, x: float, y: float, size: float, *, mirrored: bool = False) -> None:
    way = -1 if mirrored else 1

    def blob(points: list[Point], colour: str) -> None:
        c.blob([(x + way * px * size, y + py * size) for px, py in points], colour)

    blob([(-0.7, 0.8), (-1.05, 1.75), (-0.78, 1.8), (-0.36, 0.95)], "#7b7f88")
    blob([(-1.0, 1.56), (-1.07, 1.8), (-0.78, 1.86), (-0.74, 1.62)], "#f3c53d")
    blob(
        [(-0.8, 0.8), (-0.68, 0.0), (-0.2, -0.7), (0.3, -0.95), (0.62, -0.72), (0.6, -0.2), (0.6, 0.35), (0.25, 0.9), (-0.35, 1.08)],
        "#c9a48f",
    )
    blob([(-0.24, -0.62), (-0.62, -1.12), (0.06, -1.06), (0.5, -0.9), (0.4, -0.64)], "#b5826a")
    blob([(-0.86, 1.1), (-0.6, 0.22), (-0.22, -0.1), (0.0, 0.3), (-0.28, 0.82)], "#5d6068")
    blob([(-0.62, 0.7), (-0.5, 0.46), (-0.44, 0.5), (-0.54, 0.76)], "#ffffff")
    blob([(-0.5, 0.92), (-0.36, 0.68), (-0.3, 0.72), (-0.4, 0.98)], "#d8402f")
    blob([(0.06, -0.74), (0.4, -0.84), (0.7, -0.68), (0.4, -0.62)], "#17181c")
    blob([(0.34, -0.5), (0.6, -0.56), (0.58, -0.34), (0.42, -0.34)], "#17181c")
    c.polygon([(x + way * px * size, y + py * size) for px, py in ((0.6, -0.74), (0.86, -0.6), (0.6, -0.54))], "#2a2422")
    c.disc(x + way * 0.38 * size, y - 0.73 * size, size * 0.05, "#ffffff")


def _waxwing(chance: Random) -> Canvas:
    c = Canvas(WIDE, HIGH, "#b9cfe0", "#e6e2dc")
    _branch(c, 592, "#58463d")
    _waxwing_shape(c, 520, 384, 204)
    for n in range(3):
        c.line(smooth([(940, 200), (900, 240 + n * 30), (830 + n * 50, 330 + n * 14)]), "#58463d", 6)
    for _ in range(26):
        x, y = chance.gauss(866, 70), chance.gauss(370, 44)
        if x > 740:
            c.disc(x, y, 21, "#cf3b2b")
            c.disc(x - 6, y - 6, 5, "#f2a699")
    return c


def _waxwings(chance: Random) -> Canvas:
    c = Canvas(WIDE, HIGH, "#f2d9c4", "#dfe3ea")
    c.line(smooth([(-10, 560), (600, 590), (1210, 556)]), "#3b3f4a", 7)
    c.line(smooth([(-10, 660), (600, 692), (1210, 660)]), "#3b3f4a70", 5)
    for n in range(5):
        _waxwing_shape(c, 180 + n * 210, 472 + (n % 2) * 6 + (8 if n in (1, 2, 3) else 0), 96, mirrored=n == 3)
    return c


def _kingfisher(chance: Random) -> Canvas:
    c = Canvas(WIDE, HIGH, "#cfe3d2", "#a9cdbb", "#5f9c93")
    for n in range(26):
        y = 560 + n * 10
        half = chance.uniform(60, 420)
        x = chance.uniform(100, 1100)
        c.line([(x - half, y), (x + half, y)], "#ffffff30", 3)
    for x, lean in ((120, 50), (190, 20), (1010, -60), (1090, -30)):
        c.line(smooth([(x, 800), (x + lean * 0.4, 420), (x + lean, 120)]), "#6d8f4c", 10)
        c.blob(turned([(0, -70), (16, 0), (0, 70), (-16, 0)], lean * 0.12, x + lean, 130), "#6b4a2f")
    c.line(smooth([(380, 800), (470, 520), (700, 560), (860, 520)]), "#7a8f4a", 15)
    _songbird(c, 590, 370, 150, ("#1f8fc4", "#ee7d2b", "#1675b0", "#0f5f9c", "#20222a"))
    c.polygon([(732, 244), (900, 284), (736, 294)], "#20222a")
    c.blob([(660, 300), (716, 292), (704, 330), (668, 334)], "#ee7d2b")
    c.blob([(600, 316), (650, 300), (654, 338), (618, 352)], "#ffffff")
    for _ in range(16):
        c.disc(chance.uniform(560, 690), chance.uniform(212, 250), 4, "#7fd0ee")
    return c


# --- Bread and coffee ---


def _loaf_cross(chance: Random) -> Canvas:
    c = Canvas(WIDE, HIGH, "#3b4a4f", "#2a3438")
    c.rect(130, 590, 1070, 680, "#b98a55", 30)
    c.rect(130, 640, 1070, 680, "#94693c", 24)
    c.blob([(270, 596), (240, 470), (330, 330), (600, 262), (870, 330), (960, 470), (930, 596), (600, 622)], "#7a431f")
    c.blob([(300, 580), (276, 470), (356, 352), (600, 286), (844, 352), (924, 470), (900, 580), (600, 596)], "#96562a")
    for path in ([(390, 372), (560, 420), (800, 540)], [(800, 372), (640, 420), (392, 540)]):
        c.nib(path, 60, "#e2b578", 60)
        c.nib(path, 34, "#f0d3a2", 60)
    for _ in range(620):
        angle, reach = chance.random() * math.tau, chance.random() ** 0.7
        c.disc(600 + 290 * reach * math.cos(angle), 420 + 120 * reach * math.sin(angle), chance.uniform(0.8, 2.6), "#fff6e4a0")
    for n in range(4):
        x = 420 + n * 120
        c.line(smooth([(x, 240), (x + 24, 200), (x - 20, 150), (x + 16, 90)]), "#ffffff2c", 14)
    return c


def _loaf_plain(chance: Random) -> Canvas:
    c = Canvas(WIDE, HIGH, "#1a120d", "#2b1a10")
    c.glow(900, 320, 640, "#d98a35", 0.85)
    c.polygon([(0, 610), (WIDE, 590), (WIDE, HIGH), (0, HIGH)], "#5a3a22")
    c.polygon([(160, 640), (830, 612), (900, 760), (90, 790)], "#d9c9a6")
    for n in range(6):
        c.polygon([(190 + n * 112, 640 - n * 4), (216 + n * 112, 638 - n * 4), (190 + n * 134, 776), (150 + n * 134, 780)], "#a8453560")
    c.blob([(180, 660), (170, 540), (260, 470), (520, 446), (760, 470), (828, 550), (806, 656), (500, 690)], "#6e4020")
    c.blob([(230, 560), (290, 490), (520, 468), (740, 490), (790, 550), (640, 540), (400, 548)], "#a5692f")
    for n in range(5):
        c.nib([(300 + n * 96, 548), (330 + n * 96, 500), (360 + n * 96, 484)], 17, "#d9a25c", 20)
    c.rect(872, 420, 932, 680, "#f0e2c2", 8)
    c.rect(910, 420, 932, 680, "#c9b58c", 6)
    c.ellipse(902, 690, 96, 24, "#8a7a66")
    c.line([(902, 420), (902, 396)], "#2b1a10", 5)
    c.glow(902, 350, 170, "#ffe2a0", 1)
    c.blob([(902, 286), (926, 356), (902, 400), (878, 356)], "#ffc94d")
    c.blob([(902, 330), (914, 366), (902, 394), (890, 366)], "#fff7dc")
    return c


def _coffee(chance: Random) -> Canvas:
    c = Canvas(1000, 1000, "#1f6f78")
    for row in range(9):
        for column in range(9):
            x, y = column * 130 - 20, row * 130 - 20
            c.polygon(turned([(0, -58), (17, -17), (58, 0), (17, 17), (0, 58), (-17, 17), (-58, 0), (-17, -17)], 0, x, y), "#2a828b")
    c.ellipse(500, 520, 330, 330, "#00000026")
    c.disc(490, 500, 330, "#f6efe2")
    c.ring(490, 500, 316, 10, "#c79a3f")
    c.disc(490, 500, 214, "#ffffff")
    c.disc(490, 500, 190, "#3a1f12")
    c.disc(490, 500, 178, "#4f2c18")
    c.disc(520, 468, 62, "#f2d9a0")
    c.disc(498, 458, 56, "#4f2c18")
    for x, y in ((430, 560), (560, 590), (410, 430), (600, 520)):
        c.disc(x, y, 5, "#f2d9a0")
    for x, y, angle in ((816, 800, 30), (866, 730, 70), (740, 860, -10)):
        c.blob(turned([(-62, 0), (-20, -28), (36, -26), (62, 0), (36, 26), (-20, 28)], angle, x, y), "#6b3318")
        c.line(smooth(turned([(-40, -4), (0, -12), (40, -4)], angle, x, y)), "#a35a33", 5)
    return c


def _bento(chance: Random) -> Canvas:
    c = Canvas(WIDE, HIGH, "#d8c8a4", "#cdbb92")
    c.rect(130, 90, 1070, 710, "#5b2a22", 40)
    c.rect(156, 116, 1044, 684, "#7a1f1f", 26)
    c.rect(170, 130, 590, 670, "#fdfbf5", 20)
    for _ in range(900):
        x, y = chance.uniform(182, 578), chance.uniform(142, 658)
        c.ellipse(x, y, 7, 4, chance.choice(("#f1ede2", "#ffffff", "#eae5d6")))
    c.disc(380, 400, 54, "#c2263c")
    c.disc(366, 384, 16, "#e26a78")
    for _ in range(60):
        c.disc(chance.gauss(380, 80), chance.gauss(250, 16), 3, "#2a2420")
    c.rect(610, 130, 1030, 390, "#8f2f2a", 16)
    for n in range(3):
        c.rect(632 + n * 132, 160, 746 + n * 132, 360, "#f5c542", 22)
        for k in range(3):
            c.arc(689 + n * 132, 260, 40 - k * 13, 70 - k * 22, 0, 330, 5, "#dba322")
    teeth = [(610 + n * 21, 420 if n % 2 else 384) for n in range(21)]
    c.polygon([*teeth, (1030, 440), (610, 440)], "#4f9a53")
    c.blob([(640, 480), (800, 452), (1000, 500), (1010, 600), (860, 652), (660, 620)], "#f28d63")
    for n in range(5):
        c.line(smooth([(680 + n * 68, 486), (710 + n * 64, 550), (690 + n * 66, 620)]), "#fbd0b8", 7)
    c.rect(100, 730, 1100, 752, "#8a5a35", 10)
    c.rect(116, 762, 1090, 782, "#8a5a35", 10)
    return c


# --- Sky and sea ---


def _moon_phases(chance: Random) -> Canvas:
    c = Canvas(WIDE, 700, "#0c1533", "#1b2658", "#3c3a73")
    stars(c, chance, 170, below=700)
    for n in range(7):
        x, y, r = 132 + n * 156, 350 - 34 * math.sin(n / 6 * math.pi), 58
        c.disc(x, y, r, "#2a345f")
        lit = 1 - abs(n - 3) / 3.4
        right = n < 3
        half = [(x + (1 if right else -1) * r * math.sin(t / 20 * math.pi), y - r * math.cos(t / 20 * math.pi)) for t in range(21)]
        edge = (1 - 2 * lit) * (1 if right else -1)
        inner = [(x + edge * r * math.sin(t / 20 * math.pi), y - r * math.cos(t / 20 * math.pi)) for t in range(20, -1, -1)]
        if n == 3:
            c.glow(x, y, 150, "#fff3cf", 0.5)
            c.disc(x, y, r, "#fbeec5")
        else:
            c.polygon([*half, *inner], "#fbeec5")
    for x, y, r in ((590, 300, 12), (622, 336, 8), (604, 338, 6)):
        c.disc(x, y, r, "#e6d6a4")
    return c


def _night_sky(chance: Random) -> Canvas:
    c = Canvas(WIDE, HIGH, "#070d24", "#131b4d", "#3f3574", "#a0607f")
    for n in range(130):
        at = n / 130
        c.glow(at * WIDE + chance.gauss(0, 30), 470 - at * 400 + chance.gauss(0, 46), chance.uniform(40, 110), "#b7b2ea", 0.17)
    stars(c, chance, 520, below=640)
    for _ in range(700):
        at = chance.random()
        c.disc(at * WIDE + chance.gauss(0, 30), 470 - at * 400 + chance.gauss(0, 52), chance.uniform(0.6, 1.6), "#fff9ea")
    c.blob([(-40, 820), (-20, 560), (90, 470), (230, 486), (280, 600), (400, 660), (420, 820)], "#4a2437")
    c.blob([(760, 820), (800, 610), (900, 520), (1010, 540), (1060, 450), (1180, 430), (1260, 560), (1260, 820)], "#3a1c30")
    c.polygon(ridge(WIDE, 706, 18, 620, 233, foot=HIGH), "#1f0f1e")
    c.glow(560, 700, 190, "#ff9a3d", 0.9)
    c.blob([(560, 646), (580, 692), (560, 714), (540, 692)], "#ffc04d")
    for x in (484, 512, 616, 650):
        c.disc(x, 686, 12, "#0c060c")
        c.blob([(x - 19, 728), (x - 12, 700), (x + 12, 700), (x + 19, 728)], "#0c060c")
    return c


def _lighthouse_night(chance: Random) -> Canvas:
    c = Canvas(WIDE, HIGH, "#091226", "#15294a", "#31567a")
    stars(c, chance, 320, below=470)
    for spread, light in ((120, "#fff2b81e"), (76, "#fff2b826"), (36, "#fff2b83c")):
        c.polygon([(820, 236), (-20, 330 - spread), (-20, 330 + spread)], light)
        c.polygon([(820, 236), (1220, 190 - spread * 0.5), (1220, 190 + spread * 0.5)], light)
    for n, shade in enumerate(("#24496a", "#1c3b59", "#153049", "#0f253b", "#0a1b2d")):
        c.polygon(ridge(WIDE, 530 + n * 52, 10 + n * 3, 230 + n * 60, 89 + n * 22, foot=HIGH), shade)
    c.blob([(620, 640), (680, 560), (820, 530), (980, 560), (1050, 640), (1030, 690), (640, 690)], "#08101c")
    c.polygon([(770, 556), (788, 282), (852, 282), (870, 556)], "#f3eee3")
    c.polygon([(778, 438), (783, 358), (857, 358), (862, 438)], "#c8372d")
    c.polygon([(836, 556), (832, 282), (852, 282), (870, 556)], "#00000020")
    c.glow(820, 236, 230, "#fff2b8", 1)
    c.rect(790, 202, 850, 278, "#fff4c4")
    for x in (790, 820, 850):
        c.line([(x, 202), (x, 278)], "#10202f", 5)
    c.polygon([(780, 206), (820, 158), (860, 206)], "#c8372d")
    c.rect(772, 274, 868, 288, "#10202f", 4)
    c.rect(806, 500, 834, 552, "#10202f", 12)
    c.rect(812, 318, 828, 342, "#ffd98a", 3)
    return c


# --- Maps ---


def _hill(c: Canvas, x: float, y: float, reach: float, rings: int, turn: float) -> None:
    """Contour lines around (x, y)."""
    for n in range(rings):
        r = reach * (1 - n / rings)
        at = [k * math.tau / 36 for k in range(36)]
        points = [
            (x + r * (1 + 0.15 * math.sin(3 * a + turn)) * math.cos(a), y + r * 0.75 * (1 + 0.12 * math.cos(4 * a + turn)) * math.sin(a))
            for a in at
        ]
        outline = smooth(points, closed=True)
        c.line([*outline, outline[0]], "#8a6437" if n % 4 else "#6d4b24", 1.8 if n % 4 else 3)


def _sheep(c: Canvas, x: float, y: float, size: float) -> None:
    for dx, dy in ((-0.5, 0), (0, -0.22), (0.5, 0), (0, 0.2), (-0.25, 0.1), (0.25, 0.1)):
        c.disc(x + dx * size, y + dy * size, size * 0.5, "#fffdf5")
    c.ellipse(x + size, y - size * 0.16, size * 0.32, size * 0.26, "#2f2b28")
    for dx in (-0.4, 0.4):
        c.line([(x + dx * size, y + size * 0.5), (x + dx * size, y + size * 0.95)], "#2f2b28", size * 0.14)


def _map_fjord(chance: Random) -> Canvas:
    c = Canvas(WIDE, 900, "#efe6cb")

    def shore(x: float, side: int, more: float) -> Point:
        tip = 1090 + 5 * min(more, 0)
        half = (118 + min(more, 0)) * max(0, 1 - x / tip) ** 0.6 + max(more, 0) * max(0, 1 - x / 1130)
        return x, 470 - x * 0.12 + 42 * math.sin(x / 150) + side * half + 12 * math.sin(x / 37 + side)

    for more, shade in ((26, "#d8e3d8"), (0, "#a9cbd6"), (-34, "#93bccb"), (-66, "#7dacbf")):
        along = range(-40, 1100 + round(5 * min(more, 0)), 30)
        c.polygon([*smooth([shore(x, -1, more) for x in along]), *smooth([shore(x, 1, more) for x in reversed(along)])], shade)
    for side in (-1, 1):
        c.line(smooth([shore(x, side, 0) for x in range(-40, 1100, 30)]), "#3f7286", 3)
    for x, y, reach, rings in (
        (250, 140, 160, 8),
        (690, 110, 170, 8),
        (1060, 130, 140, 7),
        (300, 770, 130, 6),
        (720, 690, 170, 8),
        (1090, 600, 130, 6),
    ):
        _hill(c, x, y, reach, rings, x / 90)
    track = smooth([(-20, 660), (200, 640), (480, 560), (640, 500), (860, 500), (1000, 440), (1220, 400)])
    for a, b in zip(track[::3], track[2::3], strict=False):
        c.line([a, b], "#b03a2e", 4)
    for x, y in ((150, 625), (420, 590), (570, 500), (960, 480), (480, 230), (900, 270)):
        c.rect(x - 8, y - 8, x + 8, y + 8, "#2b2622")
    for _ in range(16):
        _sheep(c, chance.uniform(60, 1140), chance.choice((chance.uniform(40, 220), chance.uniform(640, 850))), 11)
    for n in range(10):
        c.rect(80 + n * 40, 866, 120 + n * 40, 878, "#2b2622" if n % 2 else "#fbf6e6")
    c.rect(20, 20, 1180, 26, "#2b2622")
    c.rect(20, 888, 1180, 894, "#2b2622")
    c.ring(1110, 800, 44, 4, "#2b2622")
    c.polygon([(1110, 742), (1122, 800), (1098, 800)], "#b03a2e")
    return c


def _map_shop(chance: Random) -> Canvas:
    c = Canvas(WIDE, HIGH, "#f0e8cf")
    c.polygon(ridge(WIDE, 120, 40, 700, 240, foot=-10), "#a9cbd6")
    c.line(ridge(WIDE, 120, 40, 700, 240, foot=-10)[1:-1], "#4f7f92", 4)
    _hill(c, 240, 560, 220, 8, 1)
    _hill(c, 1010, 640, 200, 7, 4)
    c.line(smooth([(-10, 330), (280, 320), (560, 400), (820, 380), (1210, 260)]), "#b03a2e", 7)
    c.rect(410, 250, 470, 330, "#fbf6e6")
    c.polygon([(400, 250), (440, 206), (480, 250)], "#2b2622")
    c.line([(440, 206), (440, 160)], "#2b2622", 5)
    c.line([(426, 176), (454, 176)], "#2b2622", 5)
    c.rect(414, 254, 466, 328, "#d9cfb2")
    for x, y in ((640, 560), (720, 610), (560, 650)):
        _sheep(c, x, y, 26)
    c.rect(760, 300, 808, 344, "#c8432f")
    c.polygon([(752, 300), (784, 272), (816, 300)], "#8f2a1c")
    c.nib([(870, 300), (850, 240), (770, 226), (708, 270), (712, 350), (790, 388), (866, 356), (878, 290)], 8, "#d11f1f", 30)
    c.words(830, 440, 34, "eggs, 1 book", "#d11f1f")
    return c


def _map_tea(chance: Random) -> Canvas:
    c = Canvas(WIDE, 900, "#f3e6cc")
    for _ in range(26):
        x, y = chance.uniform(0, WIDE), chance.uniform(0, 900)
        c.glow(x, y, chance.uniform(90, 240), "#b98446", 0.2)
    for spread, shade in ((40, "#c9995c50"), (20, "#a8743c60"), (0, "#8a5a2b80")):
        c.blob(
            [
                (1250, 120 - spread),
                (900, 180 - spread),
                (640, 330),
                (560 - spread, 480),
                (680, 620 + spread),
                (920, 700 + spread),
                (1250, 780 + spread),
            ],
            shade,
        )
    outline = smooth([(1250, 120), (900, 180), (640, 330), (560, 480), (680, 620), (920, 700), (1250, 780)])
    c.line(outline, "#5d3a18", 4)
    c.polygon([(330, 330), (380, 286), (430, 330)], "#5d3a18")
    c.rect(342, 330, 418, 384, "#7d5022")
    c.rect(372, 348, 390, 384, "#f3e6cc")
    for n in range(34):
        at = n / 33
        x, y = 380 - 260 * math.sin(at * 2.2) + at * 190, 410 + at * 440
        c.ellipse(x + (7 if n % 2 else -7), y, 5, 8, "#5d3a18")
    c.ring(1010, 150, 74, 8, "#a8743c60")
    c.words(180, 130, 46, "TEA BAY", "#5d3a18", "lm")
    return c


def _allotment(chance: Random) -> Canvas:
    c = Canvas(WIDE, 900, "#8fb46a")
    for _ in range(300):
        x, y = chance.random() * WIDE, chance.random() * 900
        c.line([(x, y), (x + 4, y - 12)], "#7aa159", 3)
    c.line(smooth([(90, 920), (330, 640), (560, 560), (690, 330), (1010, 210), (1220, 130)]), "#d9c49a", 70)
    beds = ((90, 80, 470, 260), (90, 320, 430, 520), (640, 600, 1110, 820), (760, 400, 1120, 560), (420, 730, 590, 850))
    greens = ("#3f7a3d", "#6aa544", "#a3bf4a", "#2f6650", "#c8d977")
    for n, (left, top, right, bottom) in enumerate(beds):
        c.rect(left, top, right, bottom, "#6d4c33", 12)
        for row, y in enumerate(range(top + 26, bottom - 10, 38)):
            for x in range(left + 26, right - 14, 30):
                c.disc(x + chance.uniform(-3, 3), y, 13, greens[(row + n) % 5])
                if n == 3 and row % 2:
                    c.disc(x, y, 6, "#f2703f")
    c.rect(520, 90, 690, 240, "#a8643e", 6)
    for n in range(7):
        c.line([(520 + n * 28, 90), (520 + n * 28, 240)], "#8a4d2d", 3)
    c.line([(520, 165), (690, 165)], "#6d3a21", 7)
    c.disc(760, 160, 44, "#3e6f86")
    c.disc(760, 160, 34, "#7fb8cc")
    c.line([(505, 800), (505, 690)], "#4a3323", 6)
    c.polygon([(505, 690), (585, 700), (570, 722), (585, 746), (505, 740)], "#ffffff")
    return c


# --- Things that one makes ---


def _radio_dial(chance: Random) -> Canvas:
    c = Canvas(WIDE, HIGH, "#d8b98a", "#bd9260")
    c.rect(0, 660, WIDE, HIGH, "#7c5534")
    c.rect(150, 110, 1050, 690, "#5a2f18", 60)
    c.rect(170, 128, 1030, 672, "#74401f", 50)
    for n in range(30):
        y = 150 + n * 17
        c.line(smooth([(184, y), (600, y + chance.uniform(-12, 12)), (1016, y)]), "#6538195c", 4)
    c.rect(230, 190, 560, 610, "#d8c193", 26)
    for row in range(24):
        for column in range(18):
            c.disc(248 + column * 17.3, 208 + row * 16.7, 4.6, "#a98d58")
    c.glow(790, 360, 290, "#ffe6a3", 0.8)
    c.disc(790, 350, 176, "#3a2112")
    c.disc(790, 350, 162, "#fdeec2")
    for n in range(41):
        angle = math.radians(160 + n * 5.5)
        inner = 132 if n % 5 == 0 else 143
        c.line(
            [(790 + inner * math.cos(angle), 350 + inner * math.sin(angle)), (790 + 154 * math.cos(angle), 350 + 154 * math.sin(angle))],
            "#5a2f18",
            4,
        )
        if n % 10 == 0:
            c.words(790 + 112 * math.cos(angle), 350 + 112 * math.sin(angle), 22, str(53 + n * 3), "#5a2f18")
    angle = math.radians(252)
    c.line([(790, 350), (790 + 136 * math.cos(angle), 350 + 136 * math.sin(angle))], "#c8372d", 8)
    c.disc(790 + 142 * math.cos(angle), 350 + 142 * math.sin(angle), 13, "#b9bec4")
    c.disc(787 + 142 * math.cos(angle), 346 + 142 * math.sin(angle), 5, "#ffffff")
    c.disc(790, 350, 22, "#5a2f18")
    for x in (680, 900):
        c.disc(x, 600, 40, "#3a2112")
        c.disc(x, 596, 33, "#d9bd7c")
        c.line([(x, 596), (x + 14, 572)], "#3a2112", 6)
    return c


def _crystal_set(chance: Random) -> Canvas:
    c = Canvas(WIDE, HIGH, "#fbe3c0", "#f6c98f")
    c.rect(0, 640, WIDE, HIGH, "#c98f58")
    c.line(smooth([(1090, 660), (1070, 420), (1110, 240)]), "#6b4529", 40)
    for x, y, r in ((1090, 170, 120), (1010, 230, 80), (1160, 250, 90)):
        c.disc(x, y, r, "#5a8f4a")
    c.line(smooth([(470, 560), (640, 440), (860, 250), (1050, 200)]), "#8a4a25", 3)
    c.rect(180, 590, 760, 670, "#a5693a", 10)
    c.rect(180, 590, 760, 614, "#bd8250", 10)
    c.rect(260, 470, 520, 590, "#efe3cd", 14)
    for n in range(25):
        c.line([(268 + n * 10, 468), (272 + n * 10, 592)], "#c46a2b", 5)
    c.rect(600, 540, 668, 592, "#7d868f", 8)
    c.polygon([(612, 540), (622, 506), (640, 500), (658, 520), (660, 540)], "#3c4a5c")
    c.line(smooth([(700, 590), (690, 500), (642, 504)]), "#d9a441", 4)
    c.line(smooth([(220, 600), (120, 690), (250, 740), (420, 730)]), "#2d3140", 6)
    c.arc(520, 740, 110, 110, 180, 360, 13, "#2d3140")
    c.rect(396, 706, 440, 782, "#2d3140", 18)
    c.rect(600, 706, 644, 782, "#2d3140", 18)
    return c


def _stitches(c: Canvas, left: float, top: float, columns: int, side: float, colour: str) -> None:
    """A row of knitted stitches, each a V."""
    for n in range(columns):
        x = left + n * side
        for way in (0, 1):
            points = [(0, 0), (side * 0.5, side * 0.52), (side * 0.5, side * 1.02), (0, side * 0.5)]
            c.polygon([(x + (px if way else side - px), top + py) for px, py in points], colour)


def _scarf_week(chance: Random) -> Canvas:
    c = Canvas(WIDE, HIGH, "#efe6da", "#e2d5c5")
    days = (
        ("#a9d3d8", "#8fc3ca"),
        ("#b6dade", "#9accd2"),
        ("#4f9ea8", "#3d8b96"),
        ("#3a3f47", "#2b2f36"),
        ("#3f8fd0", "#2f7fc2"),
        ("#3a89cd", "#2a79be"),
        ("#4696d6", "#3484c8"),
    )
    c.rect(136, 96, 1076, 726, "#00000018", 12)
    for day, (light, dark) in enumerate(days):
        c.rect(130, 90 + day * 88, 1066, 90 + (day + 1) * 88 + 14, dark)
        for row in range(6):
            for n in range(36):
                zigzag = abs(n % 8 - 4) == row if day % 2 == 0 else (n + row) % 2 == 0
                if not zigzag:
                    _stitches(c, 130 + n * 26, 84 + day * 88 + row * 14.7, 1, 25, light)
    return c


def _scarf_year(chance: Random) -> Canvas:
    c = Canvas(WIDE, HIGH, "#f5ece0")
    c.rect(0, 70, WIDE, 92, "#8a6138", 8)
    sea = ("#b9e0dc", "#8fcac9", "#5fb0b8", "#9aa7ab", "#6b7a82", "#3f8fb0", "#2a6f9a", "#1d4f7c")
    at = 0
    for loop in range(6):
        x = 130 + loop * 176
        long = 560 + 60 * math.sin(loop * 1.3)
        for n in range(int(long / 6)):
            shade = sea[min(7, max(0, round(3.5 + 3.4 * math.sin(at / 57) + chance.gauss(0, 0.7))))]
            y = 60 + n * 6
            bulge = 8 * math.sin(n / 14 + loop)
            c.rect(x + bulge, y, x + 128 + bulge, y + 6.4, shade)
            at += 1
        for n in range(int(long / 12)):
            bulge = 8 * math.sin(n * 2 / 14 + loop)
            c.line([(x + 8 + bulge, 63 + n * 12), (x + 120 + bulge, 63 + n * 12)], "#ffffff22", 2)
        c.slice(x + 64 + 8 * math.sin(long / 84 + loop), 60 + int(long / 6) * 6 - 1, 64, 40, 0, 180, sea[(loop * 3) % 8])
    return c


def _scarf_storm(chance: Random) -> Canvas:
    c = Canvas(WIDE, HIGH, "#102c42")
    shades = (
        "#5aa6bd",
        "#4a98b3",
        "#3f8aa8",
        "#2f3640",
        "#262b33",
        "#22262d",
        "#2a2f37",
        "#333b46",
        "#3b84a5",
        "#4a96b4",
        "#5ca9c2",
        "#6bb6cb",
    )
    for row in range(26):
        for n in range(-1, 20):
            stormy = 7 <= row <= 15 and chance.random() < 0.09
            _stitches(c, n * 64 + 2, row * 33 - 50, 1, 61, "#f1f4f5" if stormy else shades[min(11, row // 2)])
    return c


def _seeds(chance: Random) -> Canvas:
    c = Canvas(WIDE, HIGH, "#d9e4c6", "#c6d6ae")
    for n, (colour, name) in enumerate((("#3f7a52", "KALE"), ("#e0862b", "MARIGOLD"), ("#8f4b3a", "BEAN"), ("#6f88b8", "BLUE?"))):
        x = 84 + n * 268
        c.polygon(turned([(-110, -230), (110, -230), (110, 230), (-110, 230)], (n - 1.5) * 2.4, x + 116, 418), "#00000022")
        corners = turned([(-110, -230), (110, -230), (110, 230), (-110, 230)], (n - 1.5) * 2.4, x + 110, 408)
        c.polygon(corners, "#fbf4e2")
        c.polygon([corners[0], corners[1], *turned([(110, -160), (-110, -160)], (n - 1.5) * 2.4, x + 110, 408)], colour)
        c.words(x + 110 - (n - 1.5) * -7, 212, 30, name, "#ffffff")
        cx, cy = x + 110, 420
        if n == 0:
            for k in range(34):
                angle = k * 2.4
                c.disc(cx + k * 2.4 * math.cos(angle), cy + k * 2.4 * math.sin(angle), 22, ("#3f7a52", "#5c9a64", "#2f6644")[k % 3])
        elif n == 1:
            for reach, count, shade in ((72, 14, "#e0762b"), (50, 11, "#f0952f"), (28, 8, "#f7b93f")):
                for k in range(count):
                    angle = k * math.tau / count
                    c.disc(cx + reach * math.cos(angle), cy + reach * math.sin(angle), 23, shade)
            c.disc(cx, cy, 18, "#8a4a1c")
        elif n == 2:
            c.blob(
                [
                    (cx - 76, cy - 20),
                    (cx - 40, cy - 66),
                    (cx + 40, cy - 60),
                    (cx + 80, cy),
                    (cx + 40, cy + 56),
                    (cx + 4, cy + 22),
                    (cx - 44, cy + 34),
                ],
                "#d9b38c",
            )
            for _ in range(40):
                c.disc(cx + chance.uniform(-48, 52), cy - 20 + chance.uniform(-24, 24), chance.uniform(3, 7), "#8f3a3a")
        else:
            c.words(cx, cy, 190, "?", "#6f88b8")
        for k in range(3):
            c.rect(x + 50, 560 + k * 20, x + 170 - k * 22, 566 + k * 20, "#b8ac93", 3)
    return c


# --- Sums ---


def _bells(chance: Random) -> Canvas:
    c = Canvas(1000, 1200, "#fbf8f0")
    row = list(range(8))
    places: list[list[Point]] = [[] for _ in range(8)]
    for change in range(33):
        for place, bell in enumerate(row):
            places[bell].append((150 + place * 100, 70 + change * 33))
        for start in range(change % 2, 7, 2):
            if not (change % 16 == 15 and start < 2):
                row[start], row[start + 1] = row[start + 1], row[start]
    for bell, path in enumerate(places):
        if bell not in (0, 5):
            c.line(path, "#c9c6c0", 3)
    c.line(places[0], "#d0574a", 5)
    c.line(places[5], "#2456a6", 10)
    for place in range(8):
        c.words(150 + place * 100, 36, 30, str(place + 1), "#5a5750")
    return c


def _primes(chance: Random) -> Canvas:
    c = Canvas(1000, 1000, "#0f1736")
    x = y = 0
    dx, dy = 1, 0
    count, step, turns, run = 1, 0, 0, 1
    while max(abs(x), abs(y)) <= 24:
        px, py = 500 + x * 19.4, 500 + y * 19.4
        if count > 1 and all(count % d for d in range(2, math.isqrt(count) + 1)):
            c.disc(px, py, 7, "#f6c453")
        else:
            c.disc(px, py, 1.8, "#5566a3")
        count, step = count + 1, step + 1
        x, y = x + dx, y + dy
        if step == run:
            dx, dy, step, turns = dy, -dx, 0, turns + 1
            run += turns % 2 == 0
    return c


def _roses(chance: Random) -> Canvas:
    c = Canvas(1000, 1000, "#1f3d33", "#173027")
    for _ in range(50):
        px, py = chance.random() * 1000, chance.random() * 1000
        c.line([(px, py), (px + chance.uniform(-160, 160), py + 30)], "#ffffff0a", 16)
    shades = ("#f4f1e6", "#f7d774", "#f2a6b4", "#9fd8e8", "#c5e6a6")
    for n, k in enumerate((1, 1.5, 2, 2.5, 3, 4, 5, 1.25, 6)):
        cx, cy = 180 + n % 3 * 320, 180 + n // 3 * 320
        turns = 8 if k % 1 else 1
        path = [
            (cx + 128 * math.cos(k * a) * math.cos(a), cy + 128 * math.cos(k * a) * math.sin(a))
            for a in (t * math.tau / 260 for t in range(260 * turns + 1))
        ]
        c.line(path, shades[n % 5], 2.6)
    return c


def _squares(chance: Random) -> Canvas:
    c = Canvas(1000, 1000, "#fffaf0")
    shades = ("#e4572e", "#f2b632", "#2ea39b", "#3f6fb5", "#7a59c2")
    for n in range(5):
        for across, down in [*((k, n) for k in range(n + 1)), *((n, k) for k in range(n))]:
            c.disc(144 + across * 164, 144 + down * 164, 54, shades[n])
        c.words(144 + n * 164, 58, 34, str(2 * n + 1), shades[n])
    return c


_PICTURES: dict[str, Callable[[Random], Canvas]] = {
    "allotment": _allotment,
    "bells": _bells,
    "bento": _bento,
    "bird-bullfinch": _bullfinch,
    "bird-kingfisher": _kingfisher,
    "bird-nutcracker": _nutcracker,
    "bird-waxwing": _waxwing,
    "bird-waxwings": _waxwings,
    "card": _card,
    "chart-day": _chart_day,
    "coffee": _coffee,
    "crystal-set": _crystal_set,
    "lighthouse-night": _lighthouse_night,
    "loaf-cross": _loaf_cross,
    "loaf-plain": _loaf_plain,
    "map-fjord": _map_fjord,
    "map-shop": _map_shop,
    "map-tea": _map_tea,
    "moon-phases": _moon_phases,
    "night-sky": _night_sky,
    "press": _press,
    "primes": _primes,
    "radio-dial": _radio_dial,
    "roses": _roses,
    "scarf-storm": _scarf_storm,
    "scarf-week": _scarf_week,
    "scarf-year": _scarf_year,
    "seeds": _seeds,
    "specimen-ampersand": _ampersand,
    "specimen-g": _letter_g,
    "specimen-q": _letter_q,
    "squares": _squares,
    "thumb": _thumb,
    "timetable": _timetable,
    "tram-night": _tram_night,
    "tram-rain": _tram_rain,
    "tram-snow": _tram_snow,
    "tulips-red": partial(_tulips, ("#a9d8ee", "#dcf0f4"), ("#d5382f", "#e85446", "#fbe0c8"), (330, 350, 250)),
    "tulips-violet": partial(_tulips, ("#f3b8a8", "#fbdcc8"), ("#3d1a45", "#5a2a66", "#2a1030"), (350, 300, 260)),
    "tulips-white": partial(_tulips, ("#7b8794", "#a9b2ba"), ("#f2f1ea", "#fdfcf7", "#8fb56c"), (320, 330, 270)),
    "tulips-yellow": partial(_tulips, ("#b9dcae", "#e6f1d4"), ("#f0b92c", "#f9cf4b", "#f2a03a"), (380, 370, 210)),
}
