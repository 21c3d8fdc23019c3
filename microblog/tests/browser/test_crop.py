"""Choosing the part of a new avatar or banner that is kept, by slider, keys, mouse and finger; and
no mistake in the form loses the file.
"""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from accounts.models import Account
from microblog.media import uploads
from testing.pictures import saved

from .conftest import PHONE, WIDE, People

# four fields in each direction, each of a colour that says where it is
COLUMNS, ROWS = (0, 80, 160, 240), (0, 80, 160, 240)


def fields(width: int = 800, height: int = 800) -> dict[str, Any]:
    image = Image.new("RGB", (4, 4))
    for x, red in enumerate(COLUMNS):
        for y, green in enumerate(ROWS):
            image.putpixel((x, y), (red, green, 0))
    large = image.resize((width, height), Image.Resampling.NEAREST)
    return {"name": "fields.png", "mimeType": "image/png", "buffer": saved(large)}


def choose(page: Page, which: str = "avatar", **size: int) -> Locator:
    """Choose a file, and return the frame that shows what is kept of it."""
    page.get_by_label(f"New {which}").set_input_files([fields(**size)])
    frame = page.locator(f"#{which}-chosen .frame")
    expect(frame).to_be_visible()
    expect(frame).to_have_css("cursor", "grab")  # its stylesheet comes with it
    expect(page.locator(f"[name={which}_crop]")).not_to_have_value("")
    page.wait_for_timeout(100)  # for the frame to find its size
    return frame


def box(page: Page, which: str = "avatar") -> list[float]:
    return [float(part) for part in page.locator(f"[name={which}_crop]").input_value().split(",")]


def corners(account: Account, which: str = "avatar") -> list[tuple[int, int]]:
    """Return the column and the row of the colours in the first and the last corner."""
    account.refresh_from_db()
    with default_storage.open(uploads.path(getattr(account, which), "large.webp")) as file:
        made = Image.open(BytesIO(file.read())).convert("RGB")
    points = ((3, 3), (made.width - 4, made.height - 4))
    return [(round(red / 80), round(green / 80)) for red, green, _ in map(made.getpixel, points)]


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Ada Lovelace").first).to_be_visible()
    expect(page.get_by_text("Your profile is saved.")).to_be_visible()


def test_by_slider_and_keys(browse: People, ada: Account) -> None:
    page = browse(ada)
    page.goto("/settings/profile")
    frame = choose(page)
    expect(page.get_by_role("group", name="Where the avatar is cut")).to_be_hidden()
    assert box(page) == [0, 0, 1, 1]
    slider = page.get_by_role("slider", name="Zoom")
    slider.fill("2")
    assert box(page) == pytest.approx([0.25, 0.25, 0.5, 0.5], abs=0.01)
    frame.focus()
    for key in ("ArrowRight", "ArrowDown"):
        for _ in range(15):
            page.keyboard.press(key)
    expect(page.locator("[name=avatar_crop]")).to_have_value("0.50000,0.50000,0.50000,0.50000")
    page.keyboard.press("+")
    assert box(page)[2] == pytest.approx(0.5 / 1.1, abs=0.01)
    page.keyboard.press("-")
    for _ in range(15):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowDown")
    save(page)
    assert corners(ada) == [(2, 2), (3, 3)]


def test_by_mouse(browse: People, ada: Account) -> None:
    page = browse(ada)
    page.goto("/settings/profile")
    frame = choose(page, "banner", width=1200, height=1600)
    frame.scroll_into_view_if_needed()
    at = frame.bounding_box()
    assert at["width"] == pytest.approx(3 * at["height"], abs=1)
    page.mouse.move(at["x"] + 100, at["y"] + 20)
    page.mouse.down()
    page.mouse.move(at["x"] + 100, at["y"] + 720, steps=20)
    page.mouse.up()
    assert box(page, "banner") == pytest.approx([0, 0, 1, 0.25], abs=0.001)
    save(page)
    assert corners(ada, "banner") == [(0, 0), (3, 0)]


def test_by_finger(browse: People, ada: Account) -> None:
    page = browse(ada, width=PHONE)
    page.goto("/settings/profile")
    frame = choose(page, width=1600, height=800)
    frame.scroll_into_view_if_needed()
    at = frame.bounding_box()
    hand = page.context.new_cdp_session(page)
    finger = {"x": at["x"] + at["width"] - 15, "y": at["y"] + at["height"] / 2}
    for kind in ("touchStart", *["touchMove"] * 18):
        hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [finger]})
        finger["x"] -= 12
    hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.locator("[name=avatar_crop]")).to_have_value("0.50000,0.00000,0.50000,1.00000")
    save(page)
    assert corners(ada) == [(2, 0), (3, 3)]


def test_another_file_begins_anew_and_none_asks_nothing(browse: People, ada: Account) -> None:
    page = browse(ada)
    page.goto("/settings/profile")
    choose(page)
    page.get_by_role("slider", name="Zoom").fill("4")
    choose(page, width=400, height=400)
    assert box(page) == [0, 0, 1, 1]
    page.get_by_label("New avatar").set_input_files([])
    expect(page.locator(".crop")).to_have_count(0)
    expect(page.locator("[name=avatar_crop]")).to_have_value("")
    expect(page.get_by_role("group", name="Where the avatar is cut")).to_be_visible()


def test_what_the_browser_cannot_show_is_cut_by_position(browse: People, ada: Account) -> None:
    page = browse(ada)
    page.goto("/settings/profile")
    heic = {"name": "a.heic", "mimeType": "image/heic", "buffer": b"no picture that it knows"}
    page.get_by_label("New avatar").set_input_files([heic])
    expect(page.get_by_role("group", name="Where the avatar is cut")).to_be_visible()
    expect(page.locator(".crop")).to_have_count(0)


@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_a_mistake_loses_neither_files_nor_what_was_chosen_of_them(
    browse: People, ada: Account, width: int
) -> None:
    browse.expect_problem("422")
    page = browse(ada, width=width)
    page.goto("/settings/profile")
    choose(page)
    choose(page, "banner", width=1200, height=800)
    page.get_by_role("slider", name="Zoom").first.fill("2")
    before = box(page)
    page.get_by_label("Website").fill("no address")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This is no web address")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_text("Nothing is saved yet.")
    assert box(page) == before
    expect(page.locator(".frame")).to_have_count(2)
    page.get_by_label("Website").fill("")
    save(page)
    assert corners(ada) == [(1, 1), (2, 2)]
    assert ada.banner


def test_nor_without_javascript(browse: People, ada: Account) -> None:
    browse.expect_problem("422")
    page = browse(ada, js=False)
    page.goto("/settings/profile")
    page.get_by_label("New avatar").set_input_files([fields(width=1600)])
    page.get_by_role("group", name="Where the avatar is cut").get_by_label("Right").check()
    page.get_by_label("Website").fill("no address")
    page.get_by_role("button", name="Save").click()
    kept = page.get_by_text("What you chose is kept for an hour")
    expect(kept).to_be_visible()
    assert kept.locator("img").evaluate("image => image.naturalWidth") == 96
    page.get_by_label("Website").fill("")
    save(page)
    assert corners(ada) == [(2, 0), (3, 3)]
