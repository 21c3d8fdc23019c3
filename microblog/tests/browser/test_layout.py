"""Pages hold together whatever people write, on every width; hands and keys reach everything."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Account
from testing.scene import say
from timeline.models import Post

from .conftest import LONG_WORD, PHONE, WIDE, People, path_of

WIDTHS = (390, 600, 768, 1000, 1280, 1600, 1920)
PATHS = (
    "/",
    "/explore",
    "/@ada",
    "/@ada/replies",
    "/@ada/media",
    "/@ada/likes",
    "/@ada/followers",
    "/@ada/following",
    "POST",
    "POST/likes",
    "POST/hidden",
    "/posts/ID/edit",
    "/posts/ID/audience",
    "/posts/ID/delete",
    "/posts/ID/report",
    "/compose?reply_to=ID",
    "/compose?quote=ID",
    "/drafts",
    "/bookmarks",
    "/notifications",
    "/notifications/mentions",
    "/search",
    "/search?q=b",
    "/search?q=b&tab=media",
    "/search?q=ada&tab=people",
    "/settings",
    "/settings/notifications",
    "/settings/descriptions",
    "/settings/reports",
    "/settings/decisions",
    "/settings/profile",
    "/settings/handle",
    "/settings/account",
    "/settings/account/delete",
    "/settings/export",
    "/welcome/picture",
    "/welcome/bio",
    "/welcome/people",
    "/account/email/",
    "/account/password/change/",
    "/settings/appearance",
    "/nobody-is-here",
)

# What reaches beyond the right edge and is not cut off by a parent, to say which element it is.
SPILLING = """width => [...document.querySelectorAll("body *")].filter(element => {
    const box = element.getBoundingClientRect();
    return box.width && box.right > width + 1;
}).slice(-3).map(element => element.outerHTML.slice(0, 200))"""


# What one may choose of how pages look, attributes of `<html>` say, and nothing else of a page
# depends on it: so a page that is open already puts on another.
LOOKS = ({}, {"text": "small", "alt": "shown"}, {"text": "larger", "alt": "shown"})
PUT_ON = "look => Object.assign(document.documentElement.dataset, look)"


def assert_no_sideways_scrolling(page: Page, where: str) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found = page.evaluate("document.documentElement.scrollWidth")
        assert found <= width, (
            f"{where} at {width} px is {found} px wide: {page.evaluate(SPILLING, width)}"
        )


def test_no_page_scrolls_sideways(browse: People, ada: Account, nasty: Post) -> None:
    browse.expect_problem("status of 404")
    nasty.like(ada)
    page = browse(ada)
    for path in PATHS:
        page.goto(path_of(path, nasty))
        for look in LOOKS:
            page.evaluate(PUT_ON, look)
            assert_no_sideways_scrolling(page, f"{path} {look}")


def test_what_one_chose_is_what_it_puts_on(browse: People, nasty: Post) -> None:
    page = browse()
    page.context.add_cookies([{"name": "theme", "value": "larger.shown", "url": browse.url}])
    page.goto("/@ada")
    assert page.evaluate("({ ...document.documentElement.dataset })") == LOOKS[-1]


def test_nor_for_a_visitor(browse: People, nasty: Post) -> None:
    page = browse()
    for path in (
        "/",
        "/@ada",
        "POST",
        "/@emoji",
        "/@rtl",
        "/@a_very_long_handle_from_far_30@x.com",
        "/account/login/",
        "/account/signup/",
        "/account/password/reset/",
        "/about",
        "/rules",
        "/transparency",
        "/removal?handle=ada",
        "/tags/nothing",
    ):
        page.goto(path_of(path, nasty))
        assert_no_sideways_scrolling(page, path)


def test_nor_with_an_error_shown(browse: People, ada: Account, nasty: Post) -> None:
    browse.expect_problem("status of 422")
    page = browse(ada)
    page.goto(f"/compose?reply_to={nasty.pk}")
    page.get_by_label("Your reply").fill(LONG_WORD * 2)
    page.get_by_role("button", name="Reply", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert_no_sideways_scrolling(page, "a refused reply")


def test_menus_stay_on_the_page(browse: People, ada: Account, nasty: Post) -> None:
    page = browse(ada, width=PHONE)
    page.goto("/@ada")
    for menu in (
        page.locator("details.menu").first,
        *page.get_by_role("article").nth(1).locator("details.menu").all(),
    ):
        menu.locator("summary").click()
        box = menu.locator("> div").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE
        page.keyboard.press("Escape")


# --- Hands ---

TARGETS = (
    "nav.site > a, .tabs a, .heading .back, .more, main button, main summary, .actions > a, "
    ".buttons a, .figures a, label.choice, input[type=file]"
)
TOO_LOW = """(elements, least) => elements.filter(one => one.checkVisibility()).flatMap(element => {
    const { width, height } = element.getBoundingClientRect();
    const seen = `${width} × ${height}: ${element.outerHTML.slice(0, 150)}`;
    return Math.min(width, height) < least ? [seen] : [];
})"""


def test_a_thumb_hits_it(browse: People, ada: Account, nasty: Post) -> None:
    """Where the letters are small, too."""
    page = browse(ada, width=PHONE)
    for path in (
        "/",
        "/@ada",
        "POST",
        "/@ada/followers",
        "/compose",
        "/settings",
        "/settings/profile",
        "/settings/appearance",
    ):
        page.goto(path_of(path, nasty))
        for look in LOOKS[:2]:
            page.evaluate(PUT_ON, look)
            assert page.locator(TARGETS).evaluate_all(TOO_LOW, 44) == []


# --- Keys ---


@pytest.mark.parametrize("path", ["/", "/@ada", "/account/login/"])
def test_the_skip_link_comes_first(browse: People, ada: Account, publish, path: str) -> None:
    publish(ada, "Hello")
    page = browse(None if "login" in path else ada)
    page.goto(path)
    page.locator("body").evaluate("() => document.activeElement.blur()")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_focus_is_seen(browse: People, ada: Account, ben: Account, publish, dark: bool) -> None:
    """Every stop of the Tab key shows where it is, on the screen, and is covered by nothing."""
    for n in range(3):
        publish(ben, f"Hello {n} #tag https://example.com")
    page = browse(ada, dark=dark, width=PHONE if dark else 1280)
    page.goto("/@ben")
    stops = []
    for _ in range(45):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => {
                const element = document.activeElement;
                if (element === document.body) return null;
                const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
                const box = element.getClientRects()[0];
                const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
                const top = document.elementFromPoint(x, y);
                return {
                    what: element.outerHTML.slice(0, 120),
                    seen: (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2)
                        || boxShadow !== "none",
                    covered: !element.contains(top) && !top?.contains(element),
                };
            }"""
        )
        if stop is None:
            break
        stops.append(stop)
    assert len(stops) > 20
    assert [stop["what"] for stop in stops if not stop["seen"] or stop["covered"]] == []


# Words of ours, on the way to elsewhere, that stand on two lines. What people wrote may be as long
# as they like.
BROKEN = """elements => elements.filter(element => element.checkVisibility()).flatMap(element => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT), broken = [];
    for (let node; (node = walker.nextNode());) {
        for (const word of node.data.matchAll(/\\w+/g)) {
            const range = new Range();
            range.setStart(node, word.index);
            range.setEnd(node, word.index + word[0].length);
            const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
            if (lines.size > 1) broken.push(word[0]);
        }
    }
    return broken;
})"""


@pytest.mark.parametrize("width", [PHONE, 640])
def test_a_reader_of_large_letters(browse: People, ada: Account, nasty: Post, width: int) -> None:
    """Letters of twice the size, on a phone, and at 200 % zoom, which is half the width."""
    page = browse(ada, width=width)
    for path in (
        "/@ada",
        "/@ada/media",
        "/@ada/following",
        "/bookmarks",
        "/notifications",
        "/transparency",
        "/removal",
    ):
        page.goto(path)
        page.evaluate("document.documentElement.style.fontSize = '187.5%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (
            f"{path}: {page.evaluate(SPILLING, width)}"
        )
        words = page.locator(
            ".tabs a, .covered, .empty h2, .person .badge, .button:not(nav *), .colophon a"
        )
        assert words.evaluate_all(BROKEN) == [], path
        heading = page.locator("h1")
        assert heading.evaluate("element => element.scrollHeight <= element.clientHeight"), (
            f"the heading of {path} is seen whole"
        )


def test_the_time_is_seen_whole_beside_any_name(browse: People, nasty: Post) -> None:
    page = browse(width=PHONE)
    page.goto("/@ada")
    times = page.locator(".byline > .when")
    assert times.count() > 10
    assert (
        times.evaluate_all(
            "times => times.filter(time => time.scrollWidth > time.clientWidth).map(time => "
            "time.outerHTML)"
        )
        == []
    )


def test_the_navigation_stands_where_it_stood_beside_a_card(browse: People, ada: Account) -> None:
    """Signing in moves nothing of the navigation: a card has the columns of every page."""
    page = browse(width=1920)
    lefts = []
    for path in ("/@ada", "/account/login/"):
        page.goto(path)
        lefts.append(page.locator("nav.site").bounding_box()["x"])
    assert len(set(lefts)) == 1


@pytest.mark.parametrize(
    ("cookie", "dark", "expected"),
    [("", False, "light"), ("", True, "dark"), ("dark", False, "dark"), ("light", True, "light")],
)
def test_light_and_dark(
    browse: People, ada: Account, cookie: str, dark: bool, expected: str
) -> None:
    page = browse(dark=dark, js=False)
    page.goto("/settings/appearance")
    if cookie:
        page.get_by_label(cookie.capitalize(), exact=True).check()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_label(cookie.capitalize(), exact=True)).to_be_checked()
    page.goto("/@ada")
    red = int(
        re.findall(
            r"\d+", page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
        )[0]
    )
    assert (red > 128) == (expected == "light")


@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_a_post_of_a_hundred_lines_is_folded_in_lists(
    browse: People, ada: Account, width: int
) -> None:
    """It takes no screen of anybody's timeline.

    Its own page shows all of it, without JavaScript too.
    """
    post = say(ada, "a\n" * 100 + "the end")
    say(ada, "b\n" * 8 + "the end")
    page = browse(width=width, js=False)
    page.goto("/@ada")
    short, long = page.locator("article.post").all()
    assert long.bounding_box()["height"] < 450  # type: ignore[index]
    expect(short.get_by_role("link", name="Show more")).to_have_count(0)
    long.get_by_role("link", name="Show more").click()
    expect(page).to_have_url(re.compile(rf"{post.get_absolute_url()}$"))
    assert page.locator("article.post.main .text").bounding_box()["height"] > 1500  # type: ignore[index]
    expect(page.get_by_role("link", name="Show more")).to_have_count(0)
