"""Pictures as they are looked at: large and in a row, as near as one likes, by hand and by
keyboard; and what moves can be stopped.
"""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from accounts.models import Account
from microblog.media import images
from testing.pictures import moving
from timeline.models import Post
from timeline.posting.attachments import PICTURE_SIZES, Attachment

from .conftest import PHONE, People, pictures

SIZES = [(600, 400), (400, 600), (300, 300)]


def group(alts: tuple[str, ...] = ("First", "", "Third")) -> list[Attachment]:
    return [pictures(size, alt=alt)[0] for size, alt in zip(SIZES, alts, strict=True)]


def ball() -> Attachment:
    """A picture that moves: red at first, then blue."""
    frames = [Image.new("RGB", (200, 120), color) for color in ("red", "blue")]
    return Attachment(
        images.fit(BytesIO(moving(*frames, duration=60, loop=0)), PICTURE_SIZES), "A lamp"
    )


def viewer(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Picture")


def place(page: Page) -> Locator:
    return viewer(page).get_by_role("status")


def shown(page: Page) -> Locator:
    return viewer(page).locator(".stage img")


def size(picture: Locator) -> tuple[int, int]:
    box = picture.bounding_box()
    assert box
    return round(box["width"]), round(box["height"])


def assert_seen(picture: Locator) -> None:
    """It came and has its own size."""
    assert picture.evaluate(
        "async (picture) => { await picture.decode(); return picture.naturalWidth > 0 }"
    )


@pytest.fixture
def three(ada: Account, publish: Callable[..., Post]) -> Post:
    publish(ada, "Another post", attachments=pictures((60, 40), alt="Alone"))
    return publish(ada, "Look", attachments=group())


def open_first(page: Page, path: str = "/@ada") -> Locator:
    page.goto(path)
    link = page.get_by_role("link", name="First")
    link.click()
    expect(viewer(page)).to_be_visible()
    return link


# --- One group, by keys, buttons and fingers ---


def test_the_pictures_of_a_post_are_one_group(browse: People, three: Post) -> None:
    page = browse()
    open_first(page)
    previous, following = (
        viewer(page).get_by_role("button", name=name)
        for name in ("Previous picture", "Next picture")
    )
    expect(previous).to_be_hidden()
    for press in (lambda: page.keyboard.press("ArrowRight"), following.click):
        press()
    expect(place(page)).to_have_text("3/3")
    expect(shown(page)).to_have_attribute("alt", "Third")
    expect(viewer(page).get_by_role("paragraph")).to_have_text("Third")
    expect(following).to_be_hidden()
    expect(previous).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect(place(page)).to_have_text("2/3")
    expect(shown(page)).to_have_attribute("alt", "Picture 2 of 3, no description")
    expect(viewer(page).get_by_role("paragraph")).to_be_hidden()
    assert_seen(shown(page))


def test_a_picture_alone_has_neither_arrows_nor_a_number(browse: People, three: Post) -> None:
    page = browse()
    page.goto("/@ada")
    page.get_by_role("link", name="Alone").click()
    expect(shown(page)).to_be_visible()
    expect(viewer(page).get_by_role("button", name=re.compile("picture"))).to_have_count(0)
    expect(place(page)).to_be_hidden()


def test_the_pictures_of_a_quote_are_a_group_too(
    browse: People, ben: Account, three: Post, publish: Callable[..., Post]
) -> None:
    publish(ben, "See", quote_of=three, attachments=pictures((60, 40), alt="My own"))
    page = browse()
    open_first(page, "/@ben")
    expect(place(page)).to_have_text("1/3")


def fingers(page: Page, kind: str, *points: tuple[int, int]) -> None:
    """Let as many fingers touch the viewer at `points`, as a browser tells of it."""
    viewer(page).locator(".stage").evaluate(
        """(stage, [kind, points]) => {
            const touches = points.map(([clientX, clientY], identifier) =>
                new Touch({ identifier, target: stage, clientX, clientY }));
            const left = kind === "touchend" ? [] : touches;
            const event = { touches: left, changedTouches: touches, bubbles: true };
            stage.dispatchEvent(new TouchEvent(kind, { ...event, cancelable: true }));
        }""",
        [kind, points],
    )


def test_fingers(browse: People, three: Post) -> None:
    page = browse(width=PHONE)
    open_first(page)
    for begin, end, now in (
        ((300, 400), (100, 420), "2/3"),
        ((100, 400), (300, 380), "1/3"),
        ((200, 300), (190, 600), "1/3"),
    ):
        fingers(page, "touchstart", begin)
        fingers(page, "touchend", end)
        expect(place(page)).to_have_text(now)
    before = size(shown(page))
    fingers(page, "touchstart", (180, 400), (200, 400))
    fingers(page, "touchmove", (160, 400), (220, 400))
    fingers(page, "touchend", (160, 400), (220, 400))
    assert size(shown(page)) == (3 * before[0], 3 * before[1])
    fingers(page, "touchstart", (300, 400))  # now it moves the picture
    fingers(page, "touchend", (100, 400))
    expect(place(page)).to_have_text("1/3")


# --- Nearer ---


def test_nearer_by_buttons_keys_and_a_click(browse: People, three: Post) -> None:
    page = browse()
    open_first(page)
    assert_seen(shown(page))
    whole = size(shown(page))
    assert whole == (600, 400), "no larger than it is"
    nearer, farther = (
        viewer(page).get_by_role("button", name=name) for name in ("Zoom in", "Zoom out")
    )
    for come, go in (
        (nearer.click, farther.click),
        (lambda: page.keyboard.press("+"), lambda: page.keyboard.press("-")),
        (lambda: page.keyboard.press("="), lambda: page.keyboard.press("0")),
    ):
        come()
        assert size(shown(page)) == (900, 600)
        go()
        assert size(shown(page)) == whole
    shown(page).click()
    assert size(shown(page)) == (1200, 800)
    shown(page).click()
    assert size(shown(page)) == whole
    page.keyboard.press("-")
    assert size(shown(page)) == whole


def test_a_tall_picture_is_read_by_scrolling(
    browse: People, ada: Account, publish: Callable[..., Post]
) -> None:
    tall = Attachment(
        images.Picture({"small.webp": webp(54, 450), "large.webp": webp(1080, 9000)}, 1080, 9000),
        "A page",
    )
    publish(ada, "Read", attachments=[tall])
    page = browse(width=PHONE)
    page.goto("/@ada")
    link = page.get_by_role("link", name="A page")
    assert size(link)[1] <= 512, "cropped"
    link.click()
    assert_seen(shown(page))
    assert size(shown(page))[1] <= 844, "whole"
    shown(page).click(position={"x": 10, "y": 2})
    free = page.evaluate("document.body.clientWidth")  # beside the scroll bar
    assert size(shown(page)) == (free, round(free * 9000 / 1080)), "as wide as the window"
    stage = viewer(page).locator(".stage")
    top = stage.evaluate("stage => stage.scrollTop")
    page.keyboard.press("PageDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert stage.evaluate("stage => stage.scrollTop") > top + 500


def webp(width: int, height: int) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, "WEBP")
    return out.getvalue()


@pytest.mark.parametrize("sides", [(9000, 12), (12, 9000), (8, 8)])
def test_whatever_its_shape_it_can_be_tapped(
    browse: People, ada: Account, publish: Callable[..., Post], sides: tuple[int, int]
) -> None:
    publish(ada, "A line", attachments=pictures(sides, alt="A line"))
    page = browse(width=PHONE)
    page.goto("/@ada")
    link = page.get_by_role("link", name="A line")
    width, height = size(link)
    assert width >= 44
    assert height >= 44
    link.tap()  # in its middle, where nothing else is
    expect(viewer(page)).to_be_visible()
    assert_seen(shown(page))


# --- Back, and the focus ---


def test_back_closes_it_and_forward_opens_it_again(browse: People, three: Post) -> None:
    page = browse()
    link = open_first(page)
    page.evaluate("window.marked = true")
    page.go_back()
    expect(viewer(page)).to_be_hidden()
    expect(page).to_have_url(f"{browse.url}/@ada")
    expect(link).to_be_focused()
    page.go_forward()
    expect(viewer(page)).to_be_visible()
    page.go_back()
    expect(viewer(page)).to_be_hidden()
    assert page.evaluate("window.marked"), "the page is the same"


@pytest.mark.parametrize("how", ["Escape", "Close", "beside"])
def test_closed_otherwise_it_leaves_nothing_to_go_back_from(
    browse: People, three: Post, how: str
) -> None:
    page = browse()
    page.goto("/explore")
    link = open_first(page)
    page.keyboard.press("ArrowRight")
    close: dict[str, Callable[[], Any]] = {
        "Escape": lambda: page.keyboard.press("Escape"),
        "Close": viewer(page).get_by_role("button", name="Close").click,
        "beside": lambda: page.mouse.click(1100, 300),
    }
    close[how]()
    expect(viewer(page)).to_be_hidden()
    expect(link).to_be_focused()
    page.wait_for_function("!history.state?.viewer")
    page.go_back()
    expect(page).to_have_url(f"{browse.url}/explore")


def test_where_htmx_keeps_the_history_the_page_stays(browse: People, three: Post) -> None:
    page = browse()
    page.goto("/@ada/replies")
    page.get_by_role("navigation", name="Timelines of @ada").get_by_role(
        "link", name="Posts"
    ).click()
    expect(page).to_have_url(f"{browse.url}/@ada")
    page.get_by_role("link", name="First").click()
    expect(viewer(page)).to_be_visible()
    page.evaluate("document.querySelector('#profile-tab').marked = true")
    page.go_back()
    expect(viewer(page)).to_be_hidden()
    page.wait_for_timeout(300)
    assert page.evaluate("document.querySelector('#profile-tab').marked"), (
        "htmx has not fetched it again"
    )
    page.go_back()
    expect(page).to_have_url(f"{browse.url}/@ada/replies")


def test_loaded_anew_the_page_is_the_page(browse: People, three: Post) -> None:
    page = browse()
    page.goto("/explore")
    open_first(page)
    page.reload()
    expect(viewer(page)).to_be_hidden()
    page.wait_for_function("!history.state?.viewer")
    page.go_back()
    expect(page).to_have_url(f"{browse.url}/explore")


def test_without_javascript_the_link_opens_the_file(browse: People, three: Post) -> None:
    browse.expect_problem("Applying inline style")  # the browser's own, around a picture by itself
    page = browse(js=False)
    page.goto("/@ada")
    page.get_by_role("link", name="First").click()
    expect(page).to_have_url(f"{browse.url}{three.media.get(position=0).large}")


# --- What is said of it ---


@pytest.mark.parametrize("js", [True, False])
def test_the_badge_shows_the_description(browse: People, three: Post, js: bool) -> None:
    page = browse(js=js)
    page.goto("/@ada")
    row = page.locator("article", has_text="Look")
    badges = row.get_by_role("button", name="ALT of picture")
    expect(badges).to_have_count(2)  # of three
    badges.nth(1).focus()
    page.keyboard.press("Enter")
    expect(row.get_by_text("Third", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(row.get_by_text("Third", exact=True)).to_be_hidden()
    expect(badges.nth(1)).to_be_focused()
    badges.nth(0).click()
    row.get_by_text("First", exact=True).click()
    expect(row.get_by_text("First", exact=True)).to_be_visible()
    expect(page).to_have_url(f"{browse.url}/@ada")  # what is read is no way to the post


def test_tiles_have_it_too(browse: People, three: Post) -> None:
    page = browse()
    page.goto("/@ada/media")
    expect(page.locator(".tile")).to_have_count(4)
    page.locator(".tiled", has=page.get_by_role("link", name="Third")).get_by_role(
        "button", name="ALT"
    ).click()
    expect(page.get_by_text("Third", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Picture, no description")).to_have_count(1)


# --- What moves ---


@pytest.fixture
def lamp(ada: Account, publish: Callable[..., Post]) -> Post:
    return publish(ada, "On and off", attachments=[ball()])


@pytest.mark.parametrize("js", [True, False])
@pytest.mark.parametrize(
    ("motion", "name", "at_first"),
    [("no-preference", "Stop", "small"), ("reduce", "Play", "still")],
)
def test_what_moves_can_be_stopped(
    browse: People, lamp: Post, js: bool, motion: Any, name: str, at_first: str
) -> None:
    page = browse(js=js)
    page.emulate_media(reduced_motion=motion)
    page.goto("/@ada")
    picture = page.locator("article .picture a img:visible")
    switch = page.get_by_role("checkbox", name=f"{name} the moving picture")
    files = {"small": lamp.media.get().small, "still": lamp.media.get().still}
    then = "still" if at_first == "small" else "small"
    for now in (at_first, then, at_first):
        expect(picture).to_have_count(1)
        expect(picture).to_have_attribute("src", files[now])
        expect(picture).to_have_attribute("alt", "A lamp")
        switch.focus()
        page.keyboard.press("Space")


@pytest.mark.parametrize("chosen", ["calm", "paused"])
def test_it_waits_for_who_chose_so(browse: People, lamp: Post, chosen: str) -> None:
    """Whatever their system says, in the row and in the viewer."""
    page = browse()
    page.emulate_media(reduced_motion="no-preference")
    page.context.add_cookies([{"name": "theme", "value": chosen, "url": browse.url}])
    page.goto("/@ada")
    media = lamp.media.get()
    picture = page.locator("article .picture a img:visible")
    expect(picture).to_have_attribute("src", media.still)
    page.get_by_role("link", name="A lamp").click()
    expect(shown(page)).to_have_attribute("src", re.compile(f"{media.still}$"))
    page.keyboard.press("Escape")
    page.get_by_role("checkbox", name="Play the moving picture").focus()
    page.keyboard.press("Space")
    expect(picture).to_have_attribute("src", media.small)


@pytest.mark.parametrize("js", [True, False])
def test_descriptions_stand_below_their_pictures_for_who_chose_so(
    browse: People, three: Post, js: bool
) -> None:
    page = browse(js=js)
    page.goto("/@ada")
    texts = page.locator(".media [popover]")
    expect(texts.first).to_be_hidden()
    page.context.add_cookies([{"name": "theme", "value": "shown", "url": browse.url}])
    page.reload()
    expect(page.get_by_role("button", name="ALT")).to_have_count(0)
    for text in texts.all():
        expect(text).to_be_visible()
        picture = text.locator("xpath=preceding-sibling::a").bounding_box()
        assert text.bounding_box()["y"] >= picture["y"] + picture["height"] - 1


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_it_can_be_stopped_in_the_viewer_as_well(browse: People, lamp: Post, motion: Any) -> None:
    page = browse()
    page.emulate_media(reduced_motion=motion)
    page.goto("/@ada")
    media = lamp.media.get()
    moves, stands = (re.compile(f"{file}$") for file in (media.large, media.still))
    link = page.get_by_role("link", name="A lamp")
    link.click()
    plays = viewer(page).get_by_role("button", name="Play")
    for playing in (motion != "reduce", motion == "reduce"):
        expect(plays).to_have_attribute("aria-pressed", "true" if playing else "false")
        expect(shown(page)).to_have_attribute("src", moves if playing else stands)
        plays.click()
    page.keyboard.press("Escape")
    page.get_by_role("checkbox").focus()
    page.keyboard.press("Space")
    link.click()
    expect(shown(page)).to_have_attribute("src", moves if motion == "reduce" else stands)


def test_no_strip_of_the_page_is_left_beside_it(browse: People, three: Post) -> None:
    """Where the scroll bar was, it is as dark as the rest."""
    page = browse()
    page.goto(three.get_absolute_url())
    page.locator("article .media a").first.click()
    expect(viewer(page)).to_be_visible()
    seen = Image.open(BytesIO(page.screenshot())).convert("RGB")
    assert max(seen.getpixel((seen.width - 1, seen.height // 2))) < 60
