"""The colours of a picture are those that it says: its profile, or whatever else tells what its
numbers mean, is heeded, then dropped.
"""

import struct
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pi_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from microblog.media import decoder
from microblog.media.decoder import Job, colors, heif
from testing import color_profiles
from testing.effort import takes_less_than
from testing.pictures import icc, moving, plain, png_with, saved

CASES = Path(__file__).parents[1] / "colors"
PHONE = (Path(__file__).parents[1] / "phone.heic").read_bytes()


def profile(name: str) -> bytes:
    found: bytes = Image.open(BytesIO((CASES / name).read_bytes())).info["icc_profile"]
    return found


P3 = profile("p3-green.png")
GREY = profile("gray-linear.png")  # 128 is half of the light
SWAPPED = profile("swap-green.jpg")  # whose red is green, and the other way round
GREEN, BROWN = (40, 180, 90), (200, 100, 50)

type Color = tuple[int, ...]


def seen(content: bytes) -> Color:
    """The colour in the middle of what is made of `content`, which holds no profile."""
    made = decoder.make(BytesIO(content), Job({"large": (200, 0)}))
    image = Image.open(BytesIO(made.files["large.webp"]))
    assert "icc_profile" not in image.info
    assert not made.color or is_near(
        tuple(bytes.fromhex(made.color[1:])), image.convert("RGB").getpixel((20, 20))
    )
    pixel: Color = image.getpixel((image.width // 2, image.height // 2))
    return pixel


def is_near(one: Color, other: Color) -> bool:
    return all(abs(a - b) <= 3 for a, b in zip(one, other, strict=True))


# What Chromium 156 shows; microblog/tests/browser/test_colors.py asks the one that is here.
SHOWN = {
    "adobe-green.jpg": (0, 221, 26),
    "gray-linear.png": (137, 137, 137),
    "p3-green.avif": (0, 225, 0),
    "p3-green.jpg": (0, 225, 0),
    "p3-green.png": (0, 225, 0),
    "p3-green.webp": (0, 225, 0),
    "swap-green.jpg": (255, 35, 57),
}


@pytest.mark.parametrize("name", SHOWN)
def test_a_profile(name: str) -> None:
    assert is_near(seen((CASES / name).read_bytes()), SHOWN[name])
    cut = decoder.make(BytesIO((CASES / name).read_bytes()), Job(sizes={"large": (40, 40)})).files[
        "large.webp"
    ]
    assert is_near(Image.open(BytesIO(cut)).getpixel((20, 20)), SHOWN[name])


def of(
    color: Any,
    profile: bytes,
    kind: str = "PNG",
    mode: str = "RGB",
    size: tuple[int, int] = (40, 30),
    **more: Any,
) -> bytes:
    return plain(*size, mode=mode, color=color, kind=kind, icc_profile=profile, **more)


@pytest.mark.parametrize(
    ("content", "color"),
    [
        pytest.param(
            of((*GREEN, 100), SWAPPED, mode="RGBA"), (210, 35, 91, 100), id="transparency stays"
        ),
        pytest.param(
            of((64, 100), GREY, mode="LA"), (137, 137, 137, 100), id="grey and transparency"
        ),
        pytest.param(of(64, GREY, "JPEG", "L"), (137, 137, 137), id="grey JPEG"),
        pytest.param(of(64, P3, "JPEG", "L"), (62, 62, 62), id="grey, with a profile of colours"),
        pytest.param(of(300, GREY, mode="I;16"), (14, 14, 14), id="grey of 16 bits, in the shadow"),
        pytest.param(of(30000, GREY, mode="I;16"), (180, 180, 180), id="grey of 16 bits"),
        pytest.param(of(GREEN, GREY), GREEN, id="colours, with a profile of grey"),
        pytest.param(
            saved(Image.new("RGB", (40, 30), GREEN).quantize(8), icc_profile=SWAPPED),
            (210, 35, 91),
            id="palette",
        ),
        pytest.param(
            of((255, 0, 0, 0), color_profiles.of_ink(), "JPEG", "CMYK"), (120, 178, 225), id="ink"
        ),
        pytest.param(
            of((0, 0, 255, 0), color_profiles.of_ink(), "JPEG", "CMYK"),
            (247, 225, 149),
            id="yellow ink",
        ),
        pytest.param(
            of((255, 0, 0, 0), P3, "JPEG", "CMYK"), (0, 255, 255), id="ink, with a screen's profile"
        ),
        pytest.param(
            of(GREEN, color_profiles.of_ink(), "JPEG"), GREEN, id="light, with a printer's profile"
        ),
    ],
)
def test_every_kind_of_pixel(content: bytes, color: Color) -> None:
    assert is_near(seen(content), color)


def test_every_frame_of_what_moves() -> None:
    frames = [Image.new("RGB", (40, 30), color) for color in (GREEN, BROWN)]
    content = moving(*frames, kind="WEBP", duration=100, lossless=True, icc_profile=SWAPPED)
    made = Image.open(
        BytesIO(decoder.make(BytesIO(content), Job({"large": (40, 0)})).files["large.webp"])
    )
    for n, color in enumerate([(210, 35, 91), (0, 201, 12)]):
        made.seek(n)
        assert is_near(made.convert("RGB").getpixel((20, 15)), color)


# --- What says it in fewer bytes ---

TO_LINEAR = (b"gAMA", struct.pack(">I", 100_000))
AS_SRGB = (b"gAMA", struct.pack(">I", 45_455))
WIDE = (b"cHRM", struct.pack(">8I", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000))
NOWHERE = (b"cHRM", bytes(32))


def cicp(*values: int) -> tuple[bytes, bytes]:
    return b"cICP", bytes(values)


@pytest.mark.parametrize(
    ("chunks", "color"),
    [
        pytest.param([TO_LINEAR], (110, 219, 160), id="gAMA"),
        pytest.param([AS_SRGB], GREEN, id="gAMA of sRGB"),
        pytest.param([AS_SRGB, WIDE], (0, 185, 77), id="gAMA and cHRM"),
        pytest.param([WIDE], GREEN, id="cHRM alone"),
        pytest.param([(b"sRGB", b"\0"), TO_LINEAR, WIDE], GREEN, id="sRGB before gAMA"),
        pytest.param([icc(SWAPPED), TO_LINEAR], (210, 35, 91), id="iCCP before gAMA"),
        pytest.param([cicp(12, 13, 0, 1), icc(SWAPPED)], (0, 183, 78), id="cICP before iCCP"),
        pytest.param([cicp(9, 13, 0, 1)], (0, 190, 74), id="cICP of BT.2020"),
        pytest.param([cicp(1, 1, 0, 1)], (28, 176, 81), id="cICP of television"),
        pytest.param([cicp(1, 8, 0, 1)], (110, 219, 160), id="cICP of light"),
        pytest.param([cicp(2, 2, 0, 1)], GREEN, id="cICP that says nothing"),
        pytest.param([cicp(12, 13, 0, 0)], GREEN, id="cICP of a part of the numbers"),
        pytest.param([cicp(12, 13, 0, 0), icc(SWAPPED)], (210, 35, 91), id="then iCCP"),
        pytest.param([cicp(77, 200, 0, 1)], GREEN, id="cICP of nothing known"),
        pytest.param([TO_LINEAR, NOWHERE], GREEN, id="cHRM of no colour"),
        pytest.param([(b"gAMA", bytes(4))], GREEN, id="no gAMA"),
        pytest.param([(b"gAMA", b"\xff\xff\xff\xff"), WIDE], GREEN, id="endless gAMA"),
        pytest.param([(b"cICP", b"")], GREEN, id="empty cICP"),
    ],
)
def test_what_a_png_says(chunks: list[tuple[bytes, bytes]], color: Color) -> None:
    assert is_near(seen(png_with(plain(color=GREEN), *chunks)), color)


@pytest.mark.parametrize(
    ("said", "color"),
    [
        ((1, 13), GREEN),
        ((2, 2), GREEN),
        ((1, 1), GREEN),
        ((12, 13), (0, 184, 76)),
        ((9, 1), (0, 191, 72)),
        ((1, 8), (109, 219, 159)),
    ],
)
def test_what_avif_says(said: tuple[int, int], color: Color) -> None:
    avif = plain(color=GREEN, kind="AVIF", quality=95, subsampling="4:4:4")
    at = avif.index(b"nclx") + 4
    assert is_near(seen(avif[:at] + struct.pack(">HH", *said) + avif[at + 4 :]), color)
    for cut in (at - 20, at + 1):  # boxes that lead nowhere
        with pytest.raises(decoder.RefusedError):
            seen(avif[:cut])


def test_what_a_phone_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """HEIC names numbers, or has a profile."""
    assert decoder.make(BytesIO(PHONE), Job({"large": (80, 0)})).files
    opened = pi_heif.open_heif(PHONE)
    for info, red in (
        ({"icc_profile": SWAPPED}, (0, 255, 0)),
        ({"nclx_profile": {"color_primaries": 1, "transfer_characteristics": 13}}, (254, 0, 0)),
    ):
        opened.info.update({"icc_profile": None, "nclx_profile": None, **info})
        monkeypatch.setattr(pi_heif, "open_heif", lambda *_, **__: opened)
        image = heif.HeifImage(BytesIO(PHONE))
        made = colors.in_srgb(Image.new("RGB", (1, 1), (254, 0, 0)), colors.profile_of(image))
        assert is_near(made.getpixel((0, 0)), red)
    coded = Image.new("RGB", (1, 1), GREEN)
    coded.info["nclx_profile"] = {"color_primaries": 12, "transfer_characteristics": 13}
    assert is_near(colors.in_srgb(coded, colors.profile_of(coded)).getpixel((0, 0)), (0, 183, 78))


# --- Broken ones, and worse ---

HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"\0",
    "text": lambda: b"this is no profile" * 20,
    "cut off": lambda: P3[:300],
    "no head": lambda: bytes(128) + P3[128:],
    "of another kind": lambda: P3[:12] + b"link" + P3[16:],
    "four million bytes and more": lambda: P3 + bytes(decoder.MAX_PROFILE),
    "cells that are not there": color_profiles.lying,
}


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("file", ["PNG", "JPEG", "WEBP"])
def test_a_broken_profile_is_ignored(kind: str, file: str) -> None:
    with takes_less_than(1):
        assert is_near(seen(of(GREEN, HOSTILE[kind](), file, quality=95)), GREEN)


@pytest.mark.parametrize(
    "chunk", [b"", b"a", b"a\0\1no", b"a\0\0no zlib", icc(bytes(10_000_000))[1]]
)
def test_a_chunk_that_holds_none(chunk: bytes) -> None:
    assert is_near(seen(png_with(plain(color=GREEN), (b"iCCP", chunk))), GREEN)


def test_a_profile_of_two_million_bytes_is_heeded() -> None:
    for content in (of(GREEN, color_profiles.huge()), of(GREEN, color_profiles.huge(), "JPEG")):
        with takes_less_than(2):
            assert is_near(seen(content), (194, 194, 194))


@pytest.mark.slow
@settings(max_examples=200)
@given(
    st.sampled_from([P3, GREY, color_profiles.of_ink()]),
    st.integers(0, 2**20),
    st.binary(min_size=1, max_size=8),
)
def test_no_damage_to_a_profile_is_an_error_of_ours(profile: bytes, at: int, damage: bytes) -> None:
    at %= min(len(profile), 600)
    damaged = profile[:at] + damage + profile[at + len(damage) :]
    mode, color = {P3: ("RGB", (1, 2, 3)), GREY: ("L", 9)}.get(profile, ("CMYK", (1, 2, 3, 4)))
    assert seen(of(color, damaged, "JPEG", mode))
