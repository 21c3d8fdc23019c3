"""Avatars: a drawn face or an emblem for each person of the demo community."""

import math
from io import BytesIO
from random import Random

from timeline.demo.canvas import Canvas, ridge, smooth, turned

SIDE = 400


def avatar(handle: str) -> BytesIO:
    """The avatar of `handle`: a square picture, as a file."""
    canvas = Canvas(SIDE, SIDE, "#cccccc", scale=3)
    _AVATARS[handle](canvas)
    return canvas.png()


# --- Faces ---


def _shoulders(c: Canvas, colour: str, collar: str = "") -> None:
    c.ellipse(200, 432, 158, 122, colour)
    if collar:
        c.polygon([(152, 318), (200, 372), (248, 318), (262, 336), (206, 396), (194, 396), (138, 336)], collar)


def _head(c: Canvas, skin: str, shadow: str) -> None:
    c.rect(166, 240, 234, 340, shadow, 30)
    c.ellipse(200, 330, 34, 20, shadow)
    c.ellipse(122, 200, 17, 24, skin)
    c.ellipse(278, 200, 17, 24, skin)
    c.blob([(200, 90), (254, 110), (280, 180), (270, 234), (238, 282), (200, 296), (162, 282), (130, 234), (120, 180), (146, 110)], skin)


def _features(c: Canvas, ink: str, cheek: str, mouth: str, *, brow: str = "", smile: float = 26) -> None:
    for side in (-1, 1):
        c.ellipse(200 + side * 34, 196, 7.5, 9.5, ink)
        c.disc(200 + side * 34 + 2.5, 193, 2.4, "#ffffff")
        c.arc(200 + side * 35, 182, 19, 13, 200, 340, 5, brow or ink)
        c.disc(200 + side * 52, 228, 16, cheek + "70")
    c.line(smooth([(201, 204), (192, 226), (203, 231)]), mouth, 3.5)
    c.arc(200, 240, smile, 20, 20, 160, 5, mouth)


def _glasses(c: Canvas, colour: str, radius: float = 25) -> None:
    for side in (-1, 1):
        c.disc(200 + side * 35, 197, radius, "#ffffff38")
        c.ring(200 + side * 35, 197, radius + 2, 4.5, colour)
        c.line([(200 + side * (36 + radius), 193), (200 + side * 80, 187)], colour, 4.5)
    c.arc(200, 196, 11, 9, 190, 350, 4.5, colour)


def _ada(c: Canvas) -> None:
    c.rect(0, 0, 400, 400, "#f3c9a5")
    c.disc(200, 190, 165, "#f7dcc2")
    c.blob([(200, 62), (280, 84), (312, 170), (306, 268), (282, 306), (118, 306), (94, 268), (88, 170), (120, 84)], "#b5442c")
    _shoulders(c, "#22395b")
    _head(c, "#fbdcc4", "#eebf9f")
    c.blob(
        [(116, 190), (120, 120), (160, 82), (220, 78), (270, 104), (286, 180), (262, 150), (226, 128), (180, 150), (140, 152)], "#c95234"
    )
    _features(c, "#2b2330", "#ee8d76", "#9c3f33", brow="#a03c26")
    _glasses(c, "#22395b", 26)
    c.polygon([(140, 330), (176, 322), (200, 372), (224, 322), (260, 330), (270, 400), (130, 400)], "#d7b98c")
    c.line([(152, 330), (146, 400)], "#b8966a", 6)
    c.line([(248, 330), (254, 400)], "#b8966a", 6)
    c.words(200, 388, 34, "&", "#22395b")


def _mateo(c: Canvas) -> None:
    c.rect(0, 0, 400, 400, "#2f6f73")
    for n in range(18):
        angle = n * 20
        c.polygon([(200, 190), *turned([(330, -16), (330, 16)], angle, 200, 190)], "#3a8083")
    _shoulders(c, "#f4efe6", "#dcd3c3")
    _head(c, "#c98d5f", "#b37849")
    c.blob(
        [
            (122, 196),
            (134, 240),
            (160, 262),
            (200, 256),
            (240, 262),
            (266, 240),
            (278, 196),
            (276, 262),
            (244, 306),
            (200, 318),
            (156, 306),
            (124, 262),
        ],
        "#2a1d18",
    )
    _features(c, "#1f1512", "#d2674a", "#7c3b2a")
    c.blob([(158, 238), (180, 229), (200, 234), (220, 229), (242, 238), (222, 245), (200, 241), (178, 245)], "#2a1d18")
    c.blob([(118, 140), (108, 82), (150, 40), (200, 58), (250, 36), (296, 80), (282, 140)], "#ffffff")
    c.rect(118, 118, 282, 156, "#f4efe6", 10)
    for x in (152, 200, 248):
        c.line([(x, 76), (x, 116)], "#d9d2c5", 4)


def _priya(c: Canvas) -> None:
    c.rect(0, 0, 400, 400, "#f2b632")
    for n in range(11):
        c.ring(200, 190, 60 + n * 26, 3, "#ffffff4d")
    c.blob([(200, 60), (276, 80), (306, 170), (312, 300), (300, 400), (100, 400), (88, 300), (94, 170), (124, 80)], "#221a22")
    _shoulders(c, "#7b2a5e")
    c.polygon([(60, 400), (164, 318), (210, 330), (330, 400)], "#a33a78")
    c.line([(66, 400), (168, 322), (208, 333), (322, 400)], "#f2b632", 5)
    _head(c, "#a96a43", "#935833")
    c.blob(
        [
            (114, 210),
            (118, 122),
            (154, 80),
            (200, 72),
            (246, 80),
            (282, 122),
            (286, 210),
            (270, 156),
            (230, 116),
            (200, 92),
            (170, 116),
            (130, 156),
        ],
        "#2b212b",
    )
    c.line([(200, 76), (200, 104)], "#a96a43", 4)
    _features(c, "#1a1013", "#c85a3e", "#6d2622")
    for side in (-1, 1):
        c.disc(200 + side * 80, 236, 8, "#f7d46b")
        c.disc(200 + side * 80, 252, 5, "#fff3c4")


def _tomasz(c: Canvas) -> None:
    c.shade(0, 0, 400, 400, "#dfe7ea", "#aebfc6")
    c.disc(286, 116, 58, "#f6efdd")
    for x, lean in ((36, 10), (92, -8), (342, 12)):
        c.polygon([(x - 9, 400), (x - 5 + lean, 0), (x + 7 + lean, 0), (x + 12, 400)], "#8fa3ab")
    c.line(smooth([(-10, 338), (120, 322), (260, 330), (410, 306)]), "#4b3d35", 17)
    ink = "#1d2230"
    c.blob(
        [
            (60, 372),
            (120, 300),
            (150, 220),
            (196, 158),
            (242, 118),
            (286, 128),
            (304, 162),
            (296, 214),
            (266, 270),
            (212, 312),
            (150, 334),
            (100, 376),
        ],
        ink,
    )
    c.blob([(128, 330), (168, 240), (228, 190), (246, 220), (228, 276), (176, 322)], "#2f3a52")
    for n in range(4):
        c.line(smooth([(140 + n * 14, 322 - n * 8), (182 + n * 10, 262 - n * 6), (222 + n * 4, 216 + n * 6)]), "#46557499", 3)
    c.polygon([(292, 138), (372, 166), (300, 178)], "#3a3f4d")
    c.polygon([(294, 156), (372, 166), (300, 178)], "#2a2e3a")
    c.disc(272, 150, 13, "#e9eef2")
    c.disc(274, 150, 8.5, "#10131c")
    c.disc(277, 147, 3, "#ffffff")
    for x in (196, 226):
        c.line([(x, 300), (x + 4, 330)], "#4a4f5c", 6)


def _yuki(c: Canvas) -> None:
    c.rect(0, 0, 400, 400, "#f5d9d6")
    rows = Random("yuki")  # noqa: S311
    for _ in range(26):
        x, y, r = rows.random() * 400, rows.random() * 400, rows.uniform(4, 9)
        for petal in range(5):
            px, py = turned([(0, -r)], petal * 72, x, y)[0]
            c.disc(px, py, r * 0.62, "#ffffffb0")
    c.rect(96, 78, 304, 352, "#2b6a4f", 44)
    c.rect(96, 226, 304, 352, "#f6efdf", 26)
    c.rect(96, 214, 304, 250, "#f6efdf")
    c.rect(112, 110, 288, 212, "#16302a", 18)
    c.rect(118, 116, 196, 206, "#bfe3ee", 10)
    c.rect(204, 116, 282, 206, "#bfe3ee", 10)
    c.polygon([(130, 206), (166, 116), (186, 116), (150, 206)], "#ffffff80")
    c.rect(150, 84, 250, 106, "#16302a", 6)
    c.words(200, 95, 17, "5  HARBOUR", "#ffd75e")
    c.disc(200, 272, 24, "#d9483b")
    c.disc(200, 272, 16, "#fff6cf")
    for side in (-1, 1):
        c.disc(200 + side * 74, 300, 10, "#f0b43c")
    c.arc(200, 300, 46, 24, 25, 155, 6, "#2b6a4f")
    c.rect(120, 352, 280, 372, "#333b3a", 8)
    c.line([(30, 386), (370, 386)], "#8b7f7a", 7)
    c.line([(200, 78), (160, 40), (240, 40)], "#333b3a", 6)
    c.line([(0, 34), (400, 34)], "#333b3a", 3)


def _salma(c: Canvas) -> None:
    c.shade(0, 0, 400, 400, "#16204a", "#3a3f80", "#7f5b94")
    dots = Random("salma")  # noqa: S311
    for _ in range(70):
        c.disc(dots.random() * 400, dots.random() * 330, dots.uniform(0.8, 2.4), "#fff3d0")
    c.disc(330, 76, 34, "#fbe7b2")
    c.disc(316, 68, 31, "#1d2752")
    c.ellipse(200, 440, 168, 132, "#8c2f4b")
    c.blob(
        [
            (200, 54),
            (276, 74),
            (310, 160),
            (304, 250),
            (296, 330),
            (250, 372),
            (200, 382),
            (150, 372),
            (104, 330),
            (96, 250),
            (90, 160),
            (124, 74),
        ],
        "#b33f5f",
    )
    c.blob(
        [(200, 106), (248, 120), (274, 182), (264, 240), (236, 284), (200, 298), (164, 284), (136, 240), (126, 182), (152, 120)], "#e0ae86"
    )
    c.blob([(126, 186), (136, 120), (200, 88), (264, 120), (274, 186), (254, 138), (200, 116), (146, 138)], "#9a3352")
    c.line(smooth([(112, 270), (150, 330), (214, 352), (280, 300)]), "#9a3352", 6)
    c.line(smooth([(130, 320), (190, 366), (262, 344)]), "#9a3352", 5)
    _features(c, "#241713", "#d2705a", "#8e3a34")


def _kofi(c: Canvas) -> None:
    c.rect(0, 0, 400, 400, "#e4572e")
    for n in range(9):
        c.arc(200, 200, 120 + n * 24, 120 + n * 24, 200, 340, 5, "#ffffff40")
    _shoulders(c, "#f3d34a")
    for n in (-2, -1, 0, 1, 2):
        c.polygon([(200 + n * 46, 330), (218 + n * 46, 362), (200 + n * 46, 394), (182 + n * 46, 362)], "#1f7a5a")
        c.disc(200 + n * 46, 362, 7, "#d1352b")
    _head(c, "#5d3a26", "#4a2d1d")
    c.blob([(118, 180), (118, 116), (156, 78), (200, 70), (244, 78), (282, 116), (282, 180), (262, 136), (200, 118), (138, 136)], "#17110f")
    _features(c, "#120b08", "#8f4a33", "#2c1410", smile=32)
    c.blob([(168, 250), (200, 258), (232, 250), (220, 270), (200, 275), (180, 270)], "#ffffff")
    c.arc(200, 170, 100, 112, 186, 354, 12, "#20242c")
    for side in (-1, 1):
        c.rect(200 + side * 94 - 18, 166, 200 + side * 94 + 18, 238, "#20242c", 16)
        c.rect(200 + side * 88 - 10, 174, 200 + side * 88 + 10, 230, "#4a515e", 10)


def _wren(c: Canvas) -> None:
    c.rect(0, 0, 400, 400, "#bfe0b4")
    leaves = Random("wren")  # noqa: S311
    for _ in range(34):
        x, y, angle = leaves.random() * 400, leaves.random() * 400, leaves.random() * 360
        shade = leaves.choice(("#a5d196", "#8fc47e", "#cdeac3"))
        c.blob(turned([(0, -26), (11, 0), (0, 26), (-11, 0)], angle, x, y), shade)
    _shoulders(c, "#d98a2b")
    c.rect(140, 330, 164, 400, "#37517e")
    c.rect(236, 330, 260, 400, "#37517e")
    c.rect(140, 372, 260, 400, "#37517e")
    _head(c, "#8a5a3b", "#744829")
    curls = Random("curls")  # noqa: S311
    for n in range(15):
        angle = math.radians(188 + n * 12.3)
        c.disc(200 + 76 * math.cos(angle), 164 + 70 * math.sin(angle), 27 + curls.random() * 7, "#2c1b14")
    _features(c, "#1d120d", "#b9573a", "#5d2b1c")
    for x, y in ((164, 222), (172, 232), (228, 232), (236, 222), (180, 222), (220, 222)):
        c.disc(x, y, 2.4, "#5f3a22")
    c.ellipse(200, 108, 128, 20, "#e7cf94")
    c.blob([(128, 106), (138, 52), (200, 34), (262, 52), (272, 106)], "#f0dca8")
    c.rect(128, 88, 272, 108, "#4d8a4c", 8)
    c.line(smooth([(262, 92), (286, 60), (280, 30)]), "#3f7a3f", 5)
    c.blob(turned([(0, -22), (10, 0), (0, 16), (-10, 0)], 60, 298, 46), "#5fa358")


def _leilani(c: Canvas) -> None:
    c.shade(0, 0, 400, 400, "#ffd6c2", "#ff9f8e")
    for row in range(5):
        for n in range(-1, 6):
            x = n * 80 + (row % 2) * 40
            for ring in range(3):
                c.ring(x, 250 + row * 40, 40 - ring * 11, 3, "#ffffff55")
    c.blob(
        [(200, 58), (272, 76), (310, 160), (322, 260), (296, 330), (330, 400), (70, 400), (104, 330), (78, 260), (90, 160), (128, 76)],
        "#3b2318",
    )
    _shoulders(c, "#1d7f8c")
    for row in range(5):
        for n in range(20):
            c.line([(50 + n * 16, 330 + row * 16), (58 + n * 16, 340 + row * 16), (66 + n * 16, 330 + row * 16)], "#ffffff30", 3)
    _head(c, "#bd8055", "#a76b41")
    c.blob(
        [(112, 230), (116, 124), (156, 78), (214, 72), (270, 100), (288, 200), (276, 160), (244, 124), (206, 110), (168, 150), (136, 168)],
        "#4a2d1e",
    )
    _features(c, "#23140e", "#de6f55", "#81362a")
    for petal in range(5):
        px, py = turned([(0, -22)], petal * 72, 280, 128)[0]
        c.disc(px, py, 17, "#fff8ef")
    c.disc(280, 128, 13, "#f4b93b")


def _oskar(c: Canvas) -> None:
    c.rect(0, 0, 400, 400, "#d9e5e3")
    for n in range(9):
        reach = 200 - n * 21
        wobble = [
            (reach * (1 + 0.16 * math.sin(3 * a + n * 0.3) + 0.1 * math.cos(5 * a)), a) for a in (k * math.tau / 40 for k in range(40))
        ]
        points = [(190 + n * 4 + r * math.cos(a), 210 - n * 3 + r * 0.9 * math.sin(a)) for r, a in wobble]
        shade = ("#bcd3cf", "#e9e2c9", "#e2d6b0", "#d8c795", "#cbb57c", "#b99f66", "#a58753", "#8e7045", "#f7f5ef")[n]
        c.blob(points, shade)
        outline = smooth(points, closed=True)
        c.line([*outline, outline[0]], "#5d4a32", 2)
    c.line(smooth([(40, 372), (110, 322), (150, 262), (206, 232), (222, 194)]), "#c0392b", 5)
    c.polygon([(222, 196), (222, 140), (266, 156), (222, 172)], "#c0392b")
    c.line([(222, 200), (222, 138)], "#3a2a1c", 5)
    c.ring(330, 70, 34, 4, "#33505a")
    c.polygon([(330, 26), (340, 70), (330, 114), (320, 70)], "#33505a")
    c.polygon([(330, 26), (340, 70), (320, 70)], "#c0392b")


def _amahle(c: Canvas) -> None:
    c.rect(0, 0, 400, 400, "#4b2c83")
    for y in range(5):
        for x in range(5):
            for dx, dy in ((0, 0), (1, 0), (0, 1), (1, 1), (0, 2), (1, 2)):
                raised = (x * 7 + y * 5 + dx * 3 + dy * 11) % 3
                c.disc(22 + x * 86 + dx * 24, 14 + y * 88 + dy * 24, 6.5, "#8f6bd1" if raised else "#5b3a97")
    c.disc(200, 74, 84, "#1b1216")
    c.disc(134, 120, 46, "#1b1216")
    c.disc(266, 120, 46, "#1b1216")
    _shoulders(c, "#f06292", "#f8a5bf")
    _head(c, "#6e442c", "#5a351f")
    c.blob([(118, 186), (126, 122), (200, 92), (274, 122), (282, 186), (258, 140), (200, 124), (142, 140)], "#1b1216")
    c.blob([(122, 128), (150, 84), (250, 84), (278, 128), (200, 122)], "#1b1216")
    c.rect(120, 112, 280, 132, "#ffd54f", 10)
    _features(c, "#1b1216", "#a84f3a", "#3a1812", smile=34)
    c.blob([(166, 249), (200, 258), (234, 249), (222, 269), (200, 274), (178, 269)], "#ffffff")
    for side in (-1, 1):
        c.disc(200 + side * 37, 198, 31, "#12131a")
        c.arc(200 + side * 37, 198, 22, 22, 200, 260, 4, "#ffffff90")
        c.disc(200 + side * 82, 246, 11, "#ffd54f")
    c.line([(186, 192), (214, 192)], "#12131a", 6)


def _ib(c: Canvas) -> None:
    c.shade(0, 0, 400, 400, "#23344f", "#4f6d86", "#f0b27a")
    c.polygon([(206, 108), (-20, 30), (-20, 170)], "#fff2b850")
    c.polygon([(206, 108), (420, 40), (420, 160)], "#fff2b850")
    c.glow(206, 108, 120, "#fff2b8", 0.8)
    c.polygon(ridge(400, 322, 8, 130, 61, foot=400), "#2b4a63")
    c.blob([(90, 400), (116, 346), (170, 330), (250, 332), (304, 352), (330, 400)], "#3d3a3c")
    c.polygon([(168, 340), (182, 136), (230, 136), (244, 340)], "#f7f3ea")
    c.polygon([(174, 254), (179, 194), (233, 194), (238, 254)], "#c8372d")
    c.polygon([(214, 340), (212, 136), (230, 136), (244, 340)], "#00000018")
    c.rect(168, 126, 244, 140, "#2d3440", 3)
    c.rect(184, 86, 228, 128, "#ffe9a0")
    c.disc(206, 107, 15, "#ffffff")
    for x in (184, 206, 228):
        c.line([(x, 86), (x, 128)], "#2d3440", 4)
    c.polygon([(176, 88), (206, 58), (236, 88)], "#c8372d")
    c.line([(206, 60), (206, 42)], "#2d3440", 4)
    c.rect(196, 296, 218, 338, "#2d3440", 10)
    c.rect(200, 216, 212, 234, "#2d3440", 4)


_AVATARS = {
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
