"""The colours of a picture look in Chromium as its own file does there: those of profiles, and of
whatever else says what numbers mean.
"""

import base64
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from microblog.media import decoder
from microblog.media.decoder import Job
from microblog.tests.media.test_colors import (
    AS_SRGB,
    BROWN,
    CASES,
    GREEN,
    GREY,
    P3,
    SHOWN,
    SWAPPED,
    TO_LINEAR,
    WIDE,
    cicp,
    is_near,
    of,
)
from testing import color_profiles
from testing.pictures import plain, png_with

MIDDLE = """async (url) => {
    const image = new Image();
    image.src = url;
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const pen = canvas.getContext("2d");
    pen.drawImage(image, 0, 0);
    return [...pen.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data];
}"""
KINDS = {".jpg": "jpeg", ".png": "png", ".webp": "webp", ".avif": "avif"}


def shown(page: Page, content: bytes, kind: str) -> Any:
    return page.evaluate(MIDDLE, f"data:image/{kind};base64,{base64.b64encode(content).decode()}")


def pictures() -> list[Any]:
    given = [
        pytest.param((CASES / name).read_bytes(), KINDS[(CASES / name).suffix], id=name)
        for name in SHOWN
    ]
    for color in (GREEN, BROWN, (20, 30, 200)):
        png, photo = plain(64, 64, color), {"kind": "JPEG", "quality": 95, "subsampling": 0}
        given += [
            pytest.param(of(color, P3, "WEBP", lossless=True), "webp", id=f"P3 {color}"),
            pytest.param(of(color, SWAPPED, **photo), "jpeg", id=f"swapped {color}"),
            pytest.param(of(color, GREY, **photo), "jpeg", id=f"grey for colours {color}"),
            pytest.param(png_with(png, TO_LINEAR), "png", id=f"gAMA {color}"),
            pytest.param(png_with(png, AS_SRGB, WIDE), "png", id=f"cHRM {color}"),
            pytest.param(png_with(png, cicp(12, 13, 0, 1)), "png", id=f"cICP P3 {color}"),
            pytest.param(png_with(png, cicp(9, 1, 0, 1)), "png", id=f"cICP BT.2020 {color}"),
        ]
    inks = [(255, 0, 0, 0), (0, 0, 255, 0), (0, 255, 0, 0)]
    given += [
        pytest.param(of(ink, color_profiles.of_ink(), "JPEG", "CMYK"), "jpeg", id=f"ink {ink}")
        for ink in inks
    ]
    return [*given, pytest.param(of(64, GREY, "JPEG", "L"), "jpeg", id="grey")]


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page()
    yield page
    page.close()


@pytest.mark.parametrize(("content", "kind"), pictures())
def test_ours_looks_like_the_file(page: Page, content: bytes, kind: str) -> None:
    ours = decoder.make(BytesIO(content), Job({"large": (2048, 0)})).files["large.webp"]
    assert is_near(shown(page, ours, "webp"), shown(page, content, kind))
