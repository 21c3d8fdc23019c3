"""Banners: a wide drawn scene for each person of the demo community."""

# ruff: noqa: PLR0917  (drawing is coordinates and colours)

import math
from io import BytesIO
from random import Random

from timeline.demo.canvas import Canvas, ridge, smooth, turned

WIDTH, HEIGHT = 1500, 500


def banner(handle: str) -> BytesIO:
    """The banner of `handle`: a picture three times as wide as high, as a file."""
    canvas = Canvas(WIDTH, HEIGHT, "#cccccc")
    _BANNERS[handle](canvas, Random(handle))  # noqa: S311  (the same picture each time, not a secret)
    return canvas.png()


def stars(c: Canvas, chance: Random, count: int, *, below: float, colour: str = "#fff3d0") -> None:
    """`count` stars between the upper edge and `below`."""
    for _ in range(count):
        c.disc(chance.random() * c.width, chance.random() * below, chance.choice((0.8, 1, 1.2, 1.6, 2.4)), colour)


def _city(c: Canvas, chance: Random, foot: float, highest: float, colour: str, light: str) -> None:
    """A row of houses with lit windows."""
    x = -20.0
    while x < c.width:
        wide, high = chance.randint(46, 96), chance.uniform(0.45, 1) * highest
        c.rect(x, foot - high, x + wide, foot, colour)
        roof = chance.choice(("gable", "flat", "flat", "spire", "step"))
        if roof == "gable":
            c.polygon([(x - 4, foot - high), (x + wide / 2, foot - high - 28), (x + wide + 4, foot - high)], colour)
        elif roof == "spire":
            c.polygon([(x + wide * 0.3, foot - high), (x + wide / 2, foot - high - 78), (x + wide * 0.7, foot - high)], colour)
        elif roof == "step":
            c.rect(x + wide * 0.25, foot - high - 18, x + wide * 0.75, foot - high, colour)
        for wx in range(int(x) + 11, int(x + wide) - 14, 19):
            for wy in range(int(foot - high) + 16, int(foot) - 22, 28):
                if chance.random() < 0.42:
                    c.rect(wx, wy, wx + 9, wy + 14, light)
        x += wide + chance.choice((0, 0, 3))


def _ada(c: Canvas, chance: Random) -> None:
    c.shade(0, 0, WIDTH, HEIGHT, "#27365f", "#6d5a86", "#e58f7b", "#f9cf9b")
    c.disc(1130, 300, 78, "#ffe3b0")
    stars(c, chance, 70, below=170)
    _city(c, chance, 420, 150, "#4b4a76", "#f7d08a80")
    _city(c, chance, 430, 105, "#2d3258", "#ffd98a")
    c.rect(0, 424, WIDTH, HEIGHT, "#1d2340")
    c.line([(0, 472), (WIDTH, 472)], "#8c86a8", 3)
    c.line([(0, 484), (WIDTH, 484)], "#8c86a8", 3)
    c.line([(0, 300), (WIDTH, 292)], "#1d234099", 2)
    for x, shade in ((560, "#3d7fb5"), (806, "#3d7fb5")):
        c.rect(x, 356, x + 238, 462, "#f4ead6", 16)
        c.rect(x, 410, x + 238, 462, shade, 10)
        for n in range(5):
            c.rect(x + 15 + n * 44, 370, x + 47 + n * 44, 404, "#ffdf8e", 5)
        for wheel in (46, 80, 158, 192):
            c.disc(x + wheel, 466, 11, "#12172c")
        c.rect(x + 8, 350, x + 230, 358, "#274c74", 3)
    c.line([(680, 350), (654, 322), (706, 298)], "#12172c", 4)
    c.words(683, 436, 22, "11", "#f4ead6")
    c.glow(1052, 440, 120, "#ffe9a8", 0.7)
    c.disc(1040, 440, 7, "#fff7d6")


def _mateo(c: Canvas, chance: Random) -> None:
    c.shade(0, 0, WIDTH, HEIGHT, "#f7b267", "#f9d5a0", "#fdeed3")
    c.glow(980, 250, 330, "#fff6dc", 0.9)
    c.disc(980, 250, 70, "#fffaf0")
    c.polygon([(160, 420), (520, 110), (556, 98), (600, 104), (640, 128), (1040, 420)], "#a9708f")
    c.polygon(
        [
            (430, 187),
            (520, 110),
            (556, 98),
            (600, 104),
            (640, 128),
            (724, 190),
            (660, 176),
            (628, 214),
            (590, 170),
            (548, 216),
            (506, 172),
            (470, 204),
        ],
        "#fdf7f2",
    )
    c.polygon([(760, 430), (1150, 210), (1230, 200), (1500, 380), (1500, 430)], "#b9829a")
    c.polygon(ridge(WIDTH, 390, 26, 520, 210, foot=500), "#8d5a78")
    c.polygon(ridge(WIDTH, 424, 18, 380, 133, foot=500), "#6b3f5e")
    for n in range(46):
        x = n * 33 + chance.uniform(-4, 4)
        c.line(smooth([(x, 505), (x + chance.uniform(-6, 6), 470), (x + chance.uniform(-14, 14), 428)]), "#d9a441", 3)
        for k in range(6):
            for side in (-1, 1):
                c.blob(turned([(0, -9), (3.6, 0), (0, 9), (-3.6, 0)], side * 32, x + side * 5, 430 + k * 9), "#f0c05a")


def _priya(c: Canvas, chance: Random) -> None:
    c.shade(0, 0, WIDTH, HEIGHT, "#1e2a5a", "#31296b")
    palette = ("#f2b632", "#e4572e", "#2ea39b", "#f7e3b0", "#7a59c2")
    side = 125
    for row in range(4):
        for column in range(12):
            x, y = column * side, row * side
            colour, way = palette[(row * 3 + column * 2) % 5], (row + column * column) % 4
            corner = ((0, 0), (side, 0), (side, side), (0, side))[way]
            start = way * 90
            for n, reach in enumerate((side, side * 0.72, side * 0.44)):
                c.slice(x + corner[0], y + corner[1], reach, reach, start, start + 90, colour if n % 2 == 0 else "#1e2a5a")
            if (row + column) % 5 == 3:
                c.disc(x + side / 2, y + side / 2, 15, "#ffffff")


def _tomasz(c: Canvas, chance: Random) -> None:
    c.shade(0, 0, WIDTH, HEIGHT, "#c8d9dc", "#e9e6d6", "#f3dfc0")
    c.disc(420, 170, 62, "#fbf3df")
    for depth, shade in enumerate(("#a9bdb9", "#7f9d97", "#557a73", "#305750", "#17352f")):
        base = 270 + depth * 52
        c.polygon(ridge(WIDTH, base, 24, 610 - depth * 70, 210 + depth * 17, foot=500), shade)
        for _ in range(70 - depth * 8):
            x, tall = chance.random() * WIDTH, chance.uniform(30, 54) * (1 + depth * 0.24)
            top = base + chance.uniform(-10, 22) - tall
            for n in range(3):
                w = tall * (0.13 + n * 0.07)
                c.polygon(
                    [(x, top + n * tall * 0.22), (x - w, top + tall * (0.5 + n * 0.25)), (x + w, top + tall * (0.5 + n * 0.25))], shade
                )
    for n in range(17):
        side = -1 if n % 2 else 1
        x, y = 900 + n * 17 + chance.uniform(-6, 6), 130 + side * (n // 2) * 10 + chance.uniform(-4, 4)
        c.line(smooth([(x - 13, y - 5), (x - 5, y - 6), (x, y), (x + 5, y - 6), (x + 13, y - 5)]), "#2b3b3c", 2.4)


def _yuki(c: Canvas, chance: Random) -> None:
    c.shade(0, 0, WIDTH, HEIGHT, "#f8e7d8", "#f7cfc0")
    c.disc(1160, 190, 110, "#d9483b")
    for row in range(9):
        for n in range(-1, 17):
            x, y = n * 100 + (row % 2) * 50, 300 + row * 27
            for reach, shade in ((50, "#f8efe4"), (44, "#2f6f8f"), (34, "#f8efe4"), (28, "#3f86a5"), (18, "#f8efe4"), (11, "#2f6f8f")):
                c.disc(x, y, reach, shade)
    c.line([(0, 250), (WIDTH, 250)], "#5a4a4a", 8)
    for x in range(20, WIDTH, 92):
        c.line([(x, 250), (x - 24, 300)], "#5a4a4a", 5)
        c.line([(x, 250), (x + 24, 300)], "#5a4a4a", 5)
    for x in (300, 486):
        c.rect(x, 148, x + 178, 240, "#f6efdf", 14)
        c.rect(x, 196, x + 178, 240, "#2b6a4f", 8)
        for n in range(4):
            c.rect(x + 13 + n * 41, 160, x + 43 + n * 41, 188, "#9cc9d6", 4)
        for wheel in (36, 66, 112, 142):
            c.disc(x + wheel, 242, 9, "#2f2a2a")
    c.line([(390, 148), (372, 124), (408, 104)], "#2f2a2a", 3)
    c.line([(0, 104), (WIDTH, 104)], "#5a4a4a", 2)


def _salma(c: Canvas, chance: Random) -> None:
    c.shade(0, 0, WIDTH, HEIGHT, "#0d1330", "#1d2560", "#54407f", "#b46f83")
    for n in range(150):
        along = n / 150
        c.glow(250 + along * 1100 + chance.gauss(0, 40), 330 - along * 330 + chance.gauss(0, 34), chance.uniform(26, 74), "#b9b4e6", 0.16)
    stars(c, chance, 420, below=400)
    for _ in range(500):
        along = chance.random()
        c.disc(250 + along * 1100 + chance.gauss(0, 46), 330 - along * 330 + chance.gauss(0, 38), chance.uniform(0.5, 1.3), "#fff8e6")
    for x, y, size in ((190, 90, 5), (690, 60, 4), (1340, 230, 4)):
        c.glow(x, y, size * 8, "#ffffff", 0.7)
        c.disc(x, y, size / 1.6, "#ffffff")
    for base, shade, length in ((400, "#5b3450", 700), (440, "#3c2140", 430), (474, "#210f29", 610)):
        c.polygon(ridge(WIDTH, base, 34, length, length * 0.37, foot=500), shade)
    c.line([(1084, 446), (1104, 404), (1122, 446)], "#0d0613", 4)
    c.line([(1080, 416), (1136, 380)], "#0d0613", 13)
    c.disc(1052, 412, 9, "#0d0613")
    c.polygon([(1042, 450), (1046, 420), (1060, 420), (1068, 450)], "#0d0613")


def _kofi(c: Canvas, chance: Random) -> None:
    c.shade(0, 0, WIDTH, HEIGHT, "#3c1518", "#69140e")
    for n in range(26):
        at = n / 25
        points = [
            (x, 250 + (30 + 150 * math.exp(-(((x - 750) / 330) ** 2))) * math.sin(x / 88 + at * 3.2) * (0.25 + at * 0.75))
            for x in range(0, WIDTH + 10, 6)
        ]
        shade = ("#f2a541", "#e4572e", "#f3d34a", "#f7f0d8")[n % 4]
        c.line(points, shade + ("60" if n % 4 else "b0"), 2.5)
    for n in range(61):
        x = 90 + n * 22
        c.line([(x, 468), (x, 450 if n % 5 else 438)], "#f3d9a4", 2.4)
        if n % 10 == 0:
            c.words(x, 424, 17, str(49 - n // 10 * 4), "#f3d9a4")
    c.line([(838, 410), (838, 486)], "#ff5a36", 5)


def _wren(c: Canvas, chance: Random) -> None:
    c.shade(0, 0, WIDTH, HEIGHT, "#9fd3e6", "#d8efe6", "#f4f6d8")
    for x, y, r in ((230, 100, 34), (280, 88, 46), (334, 104, 32), (980, 70, 30), (1026, 60, 42), (1072, 74, 28)):
        c.disc(x, y, r, "#ffffffd0")
    c.polygon(ridge(WIDTH, 250, 34, 690, 310, foot=500), "#a9c98c")
    c.polygon(ridge(WIDTH, 292, 22, 480, 190, foot=500), "#86b06a")
    c.polygon([(0, 330), (WIDTH, 318), (WIDTH, 500), (0, 500)], "#7a5a3e")
    greens = ("#4f8f45", "#79b451", "#2f6e4b", "#a5c64f")
    for row in range(15):
        x0, x1 = 750 + (row - 7) * 92, 750 + (row - 7) * 260
        for k in range(26):
            depth = (k / 25) ** 1.6
            x, y, r = x0 + (x1 - x0) * depth, 330 + depth * 185, 4 + depth * 19
            c.disc(x + chance.uniform(-2, 2), y, r, greens[row % 4])
            if row % 4 == 1 and k % 2:
                c.disc(x, y - r * 0.5, r * 0.45, ("#f2703f", "#f6c945", "#e2557b")[k % 3])
    c.polygon([(1150, 326), (1150, 238), (1216, 196), (1282, 238), (1282, 326)], "#b5643c")
    c.polygon([(1136, 246), (1216, 190), (1296, 246), (1286, 256), (1216, 206), (1146, 256)], "#5d3a29")
    c.rect(1190, 262, 1226, 326, "#4b7f8c", 2)
    c.rect(1240, 262, 1268, 290, "#f7e9b5", 2)


def _leilani(c: Canvas, chance: Random) -> None:
    c.shade(0, 0, WIDTH, HEIGHT, "#ffe4cf", "#ffc9a8", "#ff9f8e")
    c.disc(1010, 186, 84, "#fff1da")
    sea = ("#8fd0cb", "#5db7bd", "#3a99ab", "#237a94", "#175b7a", "#0f4162")
    for n, shade in enumerate(sea):
        base = 214 + n * 52
        c.polygon(ridge(WIDTH, base, 20 + n * 2, 330 + n * 41, 147 + n * 9, foot=500), shade)
        for x in range(0, WIDTH, 22):
            y = base + 30 + 5 * math.sin(x / 50 + n)
            c.line([(x, y), (x + 11, y + 9), (x + 22, y)], "#ffffff2e", 3)
            if n % 2:
                c.line([(x, y + 12), (x + 11, y + 21), (x + 22, y + 12)], "#ffffff1c", 3)


def _oskar(c: Canvas, chance: Random) -> None:
    c.rect(0, 0, WIDTH, HEIGHT, "#cfe0e3")
    for n in range(5):
        c.polygon(ridge(WIDTH, 330 - n * 12, 60, 900, 380, 170, foot=-20), ("#bfd5da", "#dfe5d3", "#e8e2c8", "#e5dab6", "#e0d0a2")[n])
    for hill, (x, y, reach) in enumerate(((260, 110, 190), (700, 60, 230), (1180, 130, 220))):
        for n in range(9):
            r = reach * (1 - n / 9)
            points = [
                (
                    x + r * (1 + 0.14 * math.sin(3 * a + hill + n * 0.2)) * math.cos(a),
                    y + r * 0.7 * (1 + 0.12 * math.cos(4 * a + hill)) * math.sin(a),
                )
                for a in (k * math.tau / 36 for k in range(36))
            ]
            outline = smooth(points, closed=True)
            c.line([*outline, outline[0]], "#8a6b43" if n % 4 else "#6b4f2e", 1.6 if n % 4 else 2.8)
    for n in range(1, 6):
        points = ridge(WIDTH, 340 + n * 24, 60 - n * 6, 900, 380, 170, foot=-20)[1:-1]
        c.line(points, "#6f9fb0", 1.4)
    for _ in range(26):
        sx, sy = chance.uniform(60, 1440), chance.uniform(215, 262)
        c.ellipse(sx, sy, 7, 4.6, "#fffdf6")
        c.disc(sx + 7, sy - 2, 2.6, "#33302c")
    track = smooth([(40, 250), (300, 238), (520, 266), (820, 236), (1080, 268), (1470, 240)])
    for a, b in zip(track[::4], track[2::4], strict=False):
        c.line([a, b], "#b03a2e", 3)
    for x in range(0, WIDTH, 60):
        c.rect(x, 488, x + 30, 500, "#2f3e46")


def _amahle(c: Canvas, chance: Random) -> None:
    c.shade(0, 0, WIDTH, HEIGHT, "#3a1c71", "#8e3a80", "#f2709c")
    cells = {"a": "1", "l": "123", "t": "2345", "e": "15", "x": "1346", "i": "24", "s": "234", "o": "135", "v": "1236", "r": "1235"}
    for row, word in enumerate(("alt text is", "a love letter")):
        for n, letter in enumerate(word):
            x, y = 180 + n * 90, 82 + row * 192
            for dot in range(6):
                dx, dy = x + dot // 3 * 38, y + dot % 3 * 44
                raised = str(dot + 1) in cells.get(letter, "")
                if letter != " ":
                    c.disc(dx + 2, dy + 3, 13 if raised else 0.1, "#00000030")
                    c.disc(dx, dy, 13 if raised else 4, "#fff2d8" if raised else "#ffffff3c")


def _ib(c: Canvas, chance: Random) -> None:
    c.shade(0, 0, WIDTH, HEIGHT, "#0c1b33", "#1c3a5c", "#3f6785")
    stars(c, chance, 220, below=290)
    for spread, strength in ((78, "#fff2b81c"), (52, "#fff2b824"), (26, "#fff2b838")):
        c.polygon([(1180, 186), (-10, 130 - spread * 2), (-10, 130 + spread * 2)], strength)
        c.polygon([(1180, 186), (1520, 180 - spread), (1520, 180 + spread)], strength)
    for n, shade in enumerate(("#2c5573", "#234763", "#1a3852", "#112a41")):
        c.polygon(ridge(WIDTH, 340 + n * 40, 8 + n * 2, 190 + n * 50, 73 + n * 20, foot=500), shade)
    c.blob([(1040, 400), (1090, 352), (1180, 340), (1270, 356), (1330, 400), (1330, 430), (1040, 430)], "#0b1522")
    c.polygon([(1154, 350), (1163, 208), (1197, 208), (1206, 350)], "#f2ede2")
    c.polygon([(1158, 292), (1161, 248), (1199, 248), (1202, 292)], "#c8372d")
    c.glow(1180, 186, 120, "#fff2b8", 0.9)
    c.rect(1164, 168, 1196, 206, "#fff4c4")
    c.polygon([(1158, 170), (1180, 146), (1202, 170)], "#c8372d")
    c.rect(1154, 204, 1206, 212, "#10202f", 2)
    c.polygon([(330, 372), (344, 392), (424, 392), (440, 372)], "#0b1522")
    c.polygon([(388, 370), (388, 300), (436, 362)], "#d9d2c2")
    c.polygon([(382, 370), (382, 312), (342, 362)], "#bdb5a5")


_BANNERS = {
    "ada": _ada,
    "mateo_bakes": _mateo,
    "priya_counts": _priya,
    "tomaszwrona": _tomasz,
    "yuki_tram": _yuki,
    "salma_stars": _salma,
    "kofi_fm": _kofi,
    "wren_digs": _wren,
    "leilani_k": _leilani,
    "oskar_maps": _oskar,
    "amahle_n": _amahle,
    "old_ib": _ib,
}
