"""Pictures from strangers: made anew, with nothing in them but the picture; what is none is
refused, at once and in plain words.

Here the decoder works inside of the test's process, which saves the start of one for each;
test_decoding.py tells of the process.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from microblog.media import decoder
from microblog.media.decoder import Job, room
from testing.effort import takes_less_than
from testing.pictures import (
    gif_bomb,
    gif_of_frames,
    jpeg_of_scans,
    moving,
    of_countless_parts,
    plain,
    png_bomb,
    png_with_huge_comment,
    saved,
    webp_of_frames,
)
from timeline.posting.attachments import PICTURE_SIZES

SIZES = {"small": (20, 0), "large": (40, 0)}
MARK = "a secret about the photographer"
# red and blue, with GPS, XMP and a thumbnail; heif-enc made it
PHONE = (Path(__file__).parents[1] / "phone.heic").read_bytes()


def fit(content: bytes, sizes: dict[str, tuple[int, int]] | None = None) -> dict[str, Image.Image]:
    decoder.make(BytesIO(content), Job())
    picture = decoder.make(BytesIO(content), Job(sizes or SIZES))
    return {name: Image.open(BytesIO(file)) for name, file in picture.files.items()}


def refusal(content: bytes) -> str:
    """Why `content` is refused, which must not take a second's work."""
    with takes_less_than(1), pytest.raises(decoder.RefusedError) as caught:
        decoder.make(BytesIO(content), Job(SIZES))
    with pytest.raises(decoder.RefusedError):
        decoder.make(BytesIO(content), Job())
    return str(caught.value)


def halves(first: str, second: str, width: int = 80, height: int = 20) -> Image.Image:
    """A picture whose left half has another colour than its right one."""
    image = Image.new("RGB", (width, height), first)
    image.paste(Image.new("RGB", (width // 2, height), second), (width // 2, 0))
    return image


def is_like(pixel: tuple[int, ...], color: tuple[int, ...]) -> bool:
    return all(abs(one - other) < 12 for one, other in zip(pixel, color, strict=True))


RED, BLUE = (255, 0, 0), (0, 0, 255)
GREEN, WHITE = (0, 255, 0), (255, 255, 255)
KINDS = ["PNG", "JPEG", "GIF", "WEBP", "AVIF", "moving GIF", "moving WEBP"]


# --- What it makes ---


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "AVIF"])
def test_every_format_becomes_webp_in_every_size(kind: str) -> None:
    made = fit(plain(80, 40, kind=kind))
    assert {name: (image.format, image.size) for name, image in made.items()} == {
        "small.webp": ("WEBP", (20, 10)),
        "large.webp": ("WEBP", (40, 20)),
    }


def test_the_pixels_of_the_largest_are_told_and_the_width_of_each() -> None:
    picture = decoder.make(BytesIO(plain(80, 40)), Job(SIZES))
    assert (picture.width, picture.height) == (40, 20)
    assert picture.widths == {"small.webp": 20, "large.webp": 40}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("size", "large", "small"),
    [
        ((4000, 3000), (2048, 1536), (680, 510)),  # a photo
        ((2160, 3840), (1152, 2048), (382, 680)),  # a phone's screen
        ((1080, 9000), (1080, 9000), (382, 3183)),  # a whole page on it: still read
        ((9000, 1080), (9000, 1080), (3183, 382)),
        ((2000, 9000), (1080, 4860), (382, 1719)),
        ((1000, 20000), (707, 14142), (382, 7640)),  # ten million pixels at most
        ((30000, 100), (16383, 55), (16383, 55)),  # and what a WebP may have
        ((40000, 1), (16383, 1), (16383, 1)),
        ((300, 600), (300, 600), (300, 600)),
    ],
)
def test_what_is_long_keeps_what_it_has_across(
    size: tuple[int, int], large: tuple[int, int], small: tuple[int, int]
) -> None:
    made = decoder.make(BytesIO(plain(*size, mode="L", color=9)), Job(PICTURE_SIZES))
    found = {name: Image.open(BytesIO(file)).size for name, file in made.files.items()}
    wanted = {"large.webp": large, "small.webp": small}
    assert all(
        abs(a - b) <= 1
        for name, made in found.items()
        for a, b in zip(made, wanted[name], strict=True)
    ), found
    assert made.widths == {name: width for name, (width, _) in found.items()}
    assert (made.width, made.height) == found["large.webp"]


def test_what_is_long_and_moves() -> None:
    made = decoder.make(
        BytesIO(moving(*[Image.new("RGB", (200, 4000), color) for color in ("red", "blue")])),
        Job({"large": (2048, 100)}),
    )
    assert (made.width, made.height, made.widths) == (102, 2048, {"large.webp": 102})
    made = decoder.make(
        BytesIO(moving(*[Image.new("RGB", (200, 4000), color) for color in ("red", "blue")])),
        Job(PICTURE_SIZES),
    )
    assert (made.width, made.height, made.widths) == (
        200,
        4000,
        {"large.webp": 200, "small.webp": 200},
    )


def test_a_small_picture_is_not_blown_up() -> None:
    assert {image.size for image in fit(plain(10, 5)).values()} == {(10, 5)}


@pytest.mark.parametrize(("width", "height"), [(1, 3000), (3000, 1), (1, 1)])
def test_a_line_of_a_picture(width: int, height: int) -> None:
    assert all(min(image.size) >= 1 for image in fit(plain(width, height)).values())


def test_the_last_words_of_a_phone_with_two_pictures_in_one() -> None:
    """MPO: what phones with two lenses write, and call .jpg."""
    content = saved(
        halves("red", "blue"), "MPO", save_all=True, append_images=[halves("blue", "red")]
    )
    assert is_like(fit(content)["large.webp"].convert("RGB").getpixel((2, 2)), RED)


@pytest.mark.parametrize(
    ("mode", "color", "seen"),
    [
        ("L", 200, (200, 200, 200)),
        ("1", 1, (255, 255, 255)),
        ("I;16", 32768, (128, 128, 128)),
        ("P", 0, (0, 0, 0)),
    ],
)
def test_every_kind_of_pixel(mode: str, color: int, seen: tuple[int, ...]) -> None:
    assert is_like(
        fit(plain(mode=mode, color=color))["large.webp"].convert("RGB").getpixel((5, 5)), seen
    )


def test_ink_becomes_light() -> None:
    content = plain(kind="JPEG", mode="CMYK", color=(0, 255, 255, 0))
    red, green, blue = fit(content)["large.webp"].convert("RGB").getpixel((5, 5))
    assert red > 200
    assert max(green, blue) < 60


def test_transparency_stays() -> None:
    made = fit(plain(mode="RGBA", color=(255, 0, 0, 100)))["large.webp"]
    assert made.mode == "RGBA"
    assert abs(made.getpixel((5, 5))[3] - 100) < 3


def test_transparency_of_a_palette_stays() -> None:
    image = Image.new("P", (40, 30), 0)
    image.info["transparency"] = 0
    assert (
        fit(saved(image, "GIF", transparency=0))["large.webp"].convert("RGBA").getpixel((5, 5))[3]
        == 0
    )


def test_what_a_phone_takes() -> None:
    made = fit(PHONE)["large.webp"].convert("RGB")
    assert made.size == (40, 10)
    assert is_like(made.getpixel((2, 5)), (254, 0, 0))
    assert is_like(made.getpixel((37, 5)), (0, 0, 254))


@pytest.mark.parametrize(
    ("image", "color"),
    [
        (Image.new("RGB", (40, 30), "#3366cc"), "#3366cc"),
        (Image.new("L", (40, 30), 128), "#808080"),
        (halves("red", "blue"), "#800080"),
        (Image.new("RGBA", (40, 30), (255, 0, 0, 255)), "#ff0000"),
        (Image.new("RGBA", (40, 30), (255, 0, 0, 100)), ""),
    ],
)
def test_its_colour(image: Image.Image, color: str) -> None:
    """On the average; none where one looks through it, for the colour would stay."""
    assert decoder.make(BytesIO(saved(image)), Job(SIZES)).color == color
    assert decoder.make(BytesIO(saved(image)), Job(sizes={"large": (40, 10)})).color == color


# --- What moves ---

STEPS = [halves("red", "blue"), halves("blue", "red"), halves("lime", "lime")]


def played(image: Image.Image) -> list[tuple[int, tuple[int, ...]]]:
    """How long each frame of an animation is shown, and a pixel at its left."""
    frames = []
    for n in range(image.n_frames):  # type: ignore[attr-defined]
        image.seek(n)
        pixel = image.convert("RGB").getpixel((1, 1))
        frames.append((image.info["duration"], pixel))
    return frames


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_what_moves_goes_on_moving(kind: str) -> None:
    made = fit(moving(*STEPS, kind=kind, duration=[100, 250, 70], loop=0))
    still = made.pop("still.webp")
    assert {
        name: (image.format, image.size, image.info["loop"]) for name, image in made.items()
    } == {
        "large.webp": ("WEBP", (40, 10), 0),
        "small.webp": ("WEBP", (20, 5), 0),
    }
    assert (still.size, getattr(still, "n_frames", 1)) == ((40, 10), 1)
    assert is_like(still.convert("RGB").getpixel((1, 1)), RED)
    for image in made.values():
        times, pixels = zip(*played(image), strict=True)
        assert times == (100, 250, 70)
        assert all(
            is_like(seen, drawn)
            for seen, drawn in zip(pixels, (RED, BLUE, (0, 255, 0)), strict=True)
        )


@pytest.mark.parametrize(
    ("kind", "said", "times"),
    [
        ("GIF", {}, 1),
        ("GIF", {"loop": 2}, 3),
        ("GIF", {"loop": 65535}, 65535),
        ("WEBP", {"loop": 3}, 3),
    ],
)
def test_it_plays_as_often_as_it_did(kind: str, said: dict[str, int], times: int) -> None:
    assert fit(moving(*STEPS, kind=kind, duration=100, **said))["large.webp"].info["loop"] == times


def test_haste_is_what_browsers_make_of_it() -> None:
    assert [time for time, _ in played(fit(moving(*STEPS, duration=0))["large.webp"])] == [
        100,
        100,
        100,
    ]
    assert [
        time for time, _ in played(fit(moving(*STEPS, duration=[10, 20, 30]))["large.webp"])
    ] == [100, 20, 30]


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_one_frame_stands_still(kind: str) -> None:
    made = fit(moving(STEPS[0], kind=kind, duration=100))
    assert {getattr(image, "n_frames", 1) for image in made.values()} == {1}
    assert (
        b"ANIM"
        not in decoder.make(BytesIO(moving(STEPS[0], kind=kind)), Job(SIZES)).files["large.webp"]
    )


def test_transparency_of_what_moves_stays() -> None:
    frames = [Image.new("RGBA", (40, 30), (255, 0, 0, alpha)) for alpha in (0, 255)]
    picture = decoder.make(
        BytesIO(moving(*frames, kind="WEBP", duration=100, lossless=True)), Job(SIZES)
    )
    assert Image.open(BytesIO(picture.files["large.webp"])).convert("RGBA").getpixel((5, 5))[3] == 0
    assert picture.color == ""


def test_a_small_animation_is_made_once() -> None:
    picture = decoder.make(BytesIO(moving(*STEPS)), Job(PICTURE_SIZES))
    assert (picture.width, picture.height) == (80, 20)
    assert picture.files["small.webp"] is picture.files["large.webp"]


def test_of_an_avatar_that_moves_the_first_picture() -> None:
    made = Image.open(
        BytesIO(
            decoder.make(BytesIO(moving(*STEPS)), Job(sizes={"large": (40, 10)})).files[
                "large.webp"
            ]
        )
    )
    assert getattr(made, "n_frames", 1) == 1
    assert is_like(made.convert("RGB").getpixel((5, 5)), RED)


# --- What it takes away ---


def exif(**more: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = exif[0x013B] = exif[0x010E] = MARK  # the camera, the artist, the description
    exif[0x0112] = more.get("orientation", 1)
    # GPS
    exif.get_ifd(0x8825).update(
        {1: "N", 2: (51.0, 30.0, 26.0), 3: "W", 4: (0.0, 7.0, 39.0), 29: MARK}
    )
    return exif


def photos() -> Iterator[tuple[str, bytes]]:
    image = halves("red", "blue")
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{MARK}</x:xmpmeta>".encode()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + MARK.encode()
    yield (
        "JPEG",
        saved(image, "JPEG", exif=exif(), xmp=xmp, comment=MARK.encode(), icc_profile=profile),
    )
    yield "WEBP", saved(image, "WEBP", exif=exif(), xmp=xmp, icc_profile=profile)
    yield "AVIF", saved(image, "AVIF", exif=exif(), xmp=xmp)
    yield "GIF", saved(image, "GIF", comment=MARK.encode())
    yield "HEIC", PHONE
    yield "moving GIF", moving(*STEPS, comment=MARK.encode(), duration=100)
    yield (
        "moving WEBP",
        moving(*STEPS, kind="WEBP", exif=exif(), xmp=xmp, icc_profile=profile, duration=100),
    )
    thumbnail = exif()
    thumbnail[0xEA1C] = saved(image, "JPEG", comment=MARK.encode())
    yield "a picture in a picture", saved(image, "JPEG", exif=thumbnail)
    text = PngInfo()
    text.add_text("Comment", MARK)
    text.add_itxt("XML:com.adobe.xmp", xmp.decode())
    yield "PNG", saved(image, "PNG", exif=exif(), pnginfo=text, icc_profile=profile)
    yield "bytes after the end", saved(image, "JPEG") + MARK.encode()


@pytest.mark.parametrize(("kind", "photo"), list(photos()))
def test_a_photo_gives_away_nothing_but_its_picture(kind: str, photo: bytes) -> None:
    assert MARK.encode() in photo, "the test would prove nothing"
    sizes = {"small": (20, 20), "large": (40, 40)}
    for picture in (
        decoder.make(BytesIO(photo), Job(SIZES)),
        decoder.make(BytesIO(photo), Job(sizes=sizes)),
    ):
        for file in picture.files.values():
            made = Image.open(BytesIO(file))
            assert MARK.encode() not in file
            assert not any(box in file for box in (b"EXIF", b"XMP ", b"ICCP"))
            assert not made.getexif()
            assert not made.info.keys() & {"exif", "xmp", "comment", "icc_profile"}


@pytest.mark.parametrize(
    ("orientation", "size", "top_left", "bottom_right"),
    [
        (1, (40, 10), RED, BLUE),
        (2, (40, 10), BLUE, RED),
        (3, (40, 10), BLUE, RED),
        (4, (40, 10), RED, BLUE),
        (5, (10, 40), RED, BLUE),
        (6, (10, 40), RED, BLUE),
        (7, (10, 40), BLUE, RED),
        (8, (10, 40), BLUE, RED),
    ],
)
def test_it_stands_upright(
    orientation: int,
    size: tuple[int, int],
    top_left: tuple[int, ...],
    bottom_right: tuple[int, ...],
) -> None:
    photo = saved(halves("red", "blue"), "PNG", exif=exif(orientation=orientation))
    made = fit(photo)["large.webp"].convert("RGB")
    assert made.size == size
    assert is_like(made.getpixel((1, 1)), top_left)
    assert is_like(made.getpixel((size[0] - 2, size[1] - 2)), bottom_right)


# --- Cutting to a shape ---


@pytest.mark.parametrize(
    ("keep", "left", "right"), [("start", RED, RED), ("middle", RED, BLUE), ("end", BLUE, BLUE)]
)
def test_the_part_that_one_chose_stays(
    keep: decoder.Crop, left: tuple[int, ...], right: tuple[int, ...]
) -> None:
    sideways = halves("red", "blue", 80, 20)
    upright = sideways.transpose(Image.Transpose.ROTATE_270)  # red above, blue below
    for image, corners in ((sideways, ((2, 10), (37, 10))), (upright, ((10, 2), (10, 37)))):
        picture = decoder.make(BytesIO(saved(image)), Job(sizes={"large": (40, 40)}, keep=keep))
        made = Image.open(BytesIO(picture.files["large.webp"])).convert("RGB")
        assert made.size == (40, 40)
        assert is_like(made.getpixel(corners[0]), left)
        assert is_like(made.getpixel(corners[1]), right)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
@pytest.mark.parametrize(
    ("box", "color"),
    [
        ((0, 0, 0.5, 0.5), RED),
        ((0.5, 0, 0.5, 0.5), GREEN),
        ((0, 0.5, 0.5, 0.5), BLUE),
        ((0.9, 0.9, 0.1, 0.1), WHITE),
        ((0.999, 0.999, 0.001, 0.001), WHITE),
    ],
)
def test_what_is_in_the_box_stays(
    box: Sequence[float], color: tuple[int, ...], orientation: int
) -> None:
    """Of the picture as one sees it, however the camera was held."""
    seen = Image.new("RGB", (400, 200), "red")
    for corner, name in (((200, 0), "lime"), ((0, 100), "blue"), ((200, 100), "white")):
        seen.paste(name, (*corner, corner[0] + 200, corner[1] + 100))
    turned = {1: 0, 3: 180, 6: 90, 8: 270}[orientation]
    stored = seen.rotate(turned, expand=True)
    photo = saved(stored, "PNG", exif=exif(orientation=orientation))
    made = decoder.make(BytesIO(photo), Job(sizes={"large": (60, 20)}, box=box))
    picture = Image.open(BytesIO(made.files["large.webp"])).convert("RGB")
    assert picture.size == (60, 20)
    for corner in ((1, 1), (58, 1), (1, 18), (58, 18)):
        assert is_like(picture.getpixel(corner), color)


def test_a_corner_of_a_large_picture_is_sharp() -> None:
    """It is cut out of the pixels that are there, not of a small copy."""
    picture = Image.new("L", (4000, 4000), "white")
    for x in range(0, 400, 8):
        picture.paste("black", (x, 0, x + 4, 400))
    job = Job(sizes={"large": (400, 400)}, box=(0, 0, 0.1, 0.1))
    made = decoder.make(BytesIO(saved(picture)), job)
    low, high = Image.open(BytesIO(made.files["large.webp"])).convert("L").getextrema()
    assert high - low > 60


def test_a_cut_picture_has_exactly_the_sizes_that_pages_use() -> None:
    picture = decoder.make(
        BytesIO(plain(7, 900)), Job(sizes={"small": (60, 20), "large": (150, 50)})
    )
    assert {name: Image.open(BytesIO(file)).size for name, file in picture.files.items()} == {
        "small.webp": (60, 20),
        "large.webp": (150, 50),
    }
    assert (picture.width, picture.height) == (150, 50)


# --- What it refuses ---

SVG = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"This is a text that somebody called picture.png." * 50, id="text"),
        pytest.param(SVG, id="SVG"),
        pytest.param(b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF", id="PDF"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n", id="EPS"),
        pytest.param(plain(kind="TIFF"), id="TIFF"),
        pytest.param(plain(kind="BMP"), id="BMP"),
        pytest.param(plain(kind="ICO"), id="ICO"),
        pytest.param(b"<html><script>alert(1)</script>", id="HTML"),
        pytest.param(b"PK\x03\x04" + bytes(100), id="zip"),
    ],
)
def test_what_is_no_picture(content: bytes) -> None:
    assert (
        refusal(content)
        == "This is no picture that we know. JPEG, PNG, WebP, AVIF, HEIC and GIF work."
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "AVIF"])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_part_of_a_picture(kind: str, part: float) -> None:
    whole = saved(Image.effect_noise((200, 200), 90).convert("RGB"), kind)
    assert refusal(whole[: int(len(whole) * part)]).startswith(
        ("This picture is broken", "This is no picture")
    )


# Pillow's own warning, which comes before our limit
@pytest.mark.filterwarnings("ignore:Image size")
@pytest.mark.parametrize(
    "bomb",
    [
        pytest.param(png_bomb(7100, 7100), id="just too large"),
        pytest.param(png_bomb(12_000, 12_000), id="twice"),
        pytest.param(png_bomb(30_000, 30_000), id="huge"),
        pytest.param(png_bomb(2**31 - 1, 2**31 - 1), id="as large as a header can say"),
        pytest.param(png_bomb(50_000_001, 1), id="long"),
        pytest.param(gif_bomb(), id="GIF"),
    ],
)
def test_a_bomb(bomb: bytes) -> None:
    assert len(bomb) < 2000
    message = refusal(bomb)
    assert message.startswith("This picture is too large")
    assert "50 megapixels" in message


@pytest.mark.parametrize(
    ("of_frames", "facts", "says"),
    [
        (gif_of_frames, (601,), "too long. At most 600 frames"),
        (gif_of_frames, (1_300_000,), "too long. At most 600 frames"),
        (webp_of_frames, (300_000, 40, 40), "too long. At most 600 frames"),
        (gif_of_frames, (600, 1000, 1000), "At most 60 megapixels"),
        (webp_of_frames, (600, 1000, 1000), "At most 60 megapixels"),
        (gif_of_frames, (2, 9000, 9000), "At most 50 megapixels"),
        (webp_of_frames, (2, 16383, 16383), "At most 50 megapixels"),
    ],
)
def test_a_bomb_of_frames(of_frames: Any, facts: tuple[int, ...], says: str) -> None:
    assert says in refusal(of_frames(*facts))


@pytest.mark.slow
def test_countless_parts() -> None:
    for content in of_countless_parts():
        assert "parts" in refusal(content)


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_part_of_a_phones_picture(part: float) -> None:
    assert refusal(PHONE[: int(len(PHONE) * part)]).startswith(
        ("This picture is broken", "This is no picture")
    )


def test_a_phones_picture_of_too_many_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MAX_PIXELS", 100)
    assert "too large" in refusal(PHONE)


def test_a_part_of_what_moves() -> None:
    for kind in ("GIF", "WEBP"):
        noise = [Image.effect_noise((60, 60), 90).convert("RGB") for _ in range(5)]
        whole = moving(*noise, kind=kind, duration=100)
        assert "broken" in refusal(whole[: len(whole) // 2]) or kind == "GIF"


@pytest.mark.parametrize(
    ("number", "width", "height"), [(200, 2500, 2500), (2500, 7000, 7000), (200_000, 600, 600)]
)
def test_a_bomb_of_scans(number: int, width: int, height: int) -> None:
    """A quarter of a megabyte that would be looked at for minutes."""
    assert "parts" in refusal(jpeg_of_scans(number, width, height))


def test_a_bomb_of_scans_behind_what_only_looks_like_a_length() -> None:
    """Where a scan waits for a restart, libjpeg looks for the next marker behind one that is none;
    so it has no length.
    """
    bomb = jpeg_of_scans(1000, 2500, 2500)
    at = bomb.index(b"\xff\xda")
    hidden = bomb[:at] + b"\xff\xdd\0\4\0\1" + bomb[at:]
    for marker in (b"\xff\2\xff\xff", b"\xff\1\xff\xff", b"\xff\xd0\xff\xff"):
        cut = hidden.index(b"\xff\xda", at + 20)
        assert "parts" in refusal(hidden[:cut] + marker + hidden[cut:])


@pytest.mark.slow
@pytest.mark.parametrize(
    "more", [{}, {"progressive": True}, {"progressive": True, "restart_marker_blocks": 1}]
)
def test_a_large_photo_has_no_more_scans_than_fit(more: dict[str, Any]) -> None:
    assert fit(saved(halves("red", "blue", 6000, 4000), "JPEG", **more))["large.webp"].size == (
        40,
        27,
    )


def test_a_huge_comment() -> None:
    assert "broken" in refusal(png_with_huge_comment())


@settings(max_examples=100)
@given(st.sampled_from(KINDS), st.integers(0, 2**20), st.binary(min_size=1, max_size=8))
def test_no_damage_is_an_error_of_ours(kind: str, at: int, damage: bytes) -> None:
    content = bytearray(WHOLE[kind])
    at %= len(content)
    content[at : at + len(damage)] = damage
    try:
        decoder.make(BytesIO(bytes(content)), Job(SIZES))
    except decoder.RefusedError as error:
        assert str(error)  # noqa: PT017  (either is fine)


WHOLE = {kind: plain(16, 16, kind=kind) for kind in ("PNG", "JPEG", "GIF", "WEBP", "AVIF")}
WHOLE |= {"moving GIF": moving(*STEPS), "moving WEBP": moving(*STEPS, kind="WEBP")}
