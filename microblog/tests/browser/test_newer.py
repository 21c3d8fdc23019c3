"""Home while it is open: what comes to it is told, and the place in it is kept."""

import pytest
from playwright.sync_api import Page, Response, expect

from accounts.models import Account
from testing.scene import say

from .conftest import PHONE, WIDE, People


def is_poll(response: Response) -> bool:
    return "/?after=" in response.url


def let_it_ask(page: Page, minutes: int = 1) -> int:
    """Let so many minutes go by; return how the site answered."""
    with page.expect_response(is_poll) as answer:
        page.clock.fast_forward(f"{minutes:02}:01")
    return answer.value.status


@pytest.fixture
def home(browse: People, ada: Account, ben: Account) -> Page:
    """Ben's, with a post of Ada's."""
    say(ada, "Seen")
    page = browse(ben)
    page.clock.install()
    page.goto("/")
    return page


def test_a_post_that_comes_is_told_and_shown(home: Page, ada: Account) -> None:
    name = home.title()
    assert let_it_ask(home) == 204
    say(ada, "New")
    assert let_it_ask(home) == 200
    bar = home.locator("#newer").get_by_role("link", name="Show 1 post", exact=True)
    expect(bar).to_be_visible()
    expect(home).to_have_title(f"(1) {name}")
    home.evaluate("window.marked = true")
    bar.focus()
    home.keyboard.press("Enter")
    expect(home.locator("article").first).to_contain_text("New")
    expect(home.locator("article")).to_have_count(2)
    expect(home).to_have_title(name)
    expect(bar).to_have_count(0)
    expect(home.locator("article a").first).to_be_focused()
    assert home.evaluate("[window.marked, scrollY]") == [True, 0]
    assert let_it_ask(home) == 204


def test_the_bar_stays_in_sight_and_leads_to_the_top(home: Page, ada: Account) -> None:
    for number in range(30):
        say(ada, f"Number {number}")
    assert let_it_ask(home) == 200
    bar = home.get_by_role("link", name="Show 20+ posts")
    bar.click()
    expect(home.locator("article")).to_have_count(20)
    say(ada, "New")
    assert let_it_ask(home) == 200
    home.mouse.wheel(0, 1500)
    home.wait_for_function("scrollY > 500")
    bar = home.get_by_role("link", name="Show 1 post", exact=True)
    expect(bar).to_be_in_viewport()
    bar.click()
    expect(home.locator("article").first).to_contain_text("New")
    home.wait_for_function("scrollY === 0")


def test_it_asks_less_often_where_nobody_looks_and_not_when_offline(home: Page) -> None:
    asked: list[Response] = []
    home.on("response", lambda response: is_poll(response) and asked.append(response))
    home.evaluate(
        """() => {
            Object.defineProperty(document, "hidden", { get: () => true, configurable: true });
            document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
        }"""
    )
    home.clock.fast_forward("04:58")
    assert not asked
    assert let_it_ask(home) == 204
    home.context.set_offline(True)
    home.clock.fast_forward("59:00")
    assert len(asked) == 1
    home.context.set_offline(False)
    assert let_it_ask(home) == 204


def test_who_is_signed_out_asks_no_more(browse: People, home: Page, ben: Account) -> None:
    browse.expect_problem("401")
    asked: list[Response] = []
    home.on("response", lambda response: is_poll(response) and asked.append(response))
    ben.user.end_sessions()
    assert let_it_ask(home) == 401
    home.clock.fast_forward("59:00")
    assert len(asked) == 1


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_back_from_a_post_one_is_where_one_was(
    browse: People, ada: Account, ben: Account, width: int
) -> None:
    """By a browser that kept nothing of the page, with what was posted meanwhile above."""
    for number in range(70):
        say(ada, f"Number {number}")
    page = browse(ben, width=width)
    page.goto("/")
    for rows in (40, 60):
        page.locator(".more").scroll_into_view_if_needed()
        expect(page.locator("article")).to_have_count(rows)
    row = page.locator("article", has_text="Number 25")
    row.evaluate("row => row.scrollIntoView({ block: 'center' })")
    top = row.bounding_box()["y"]
    row.locator(".byline .when").click()
    page.wait_for_url("**/@ada/*")
    say(ada, "Meanwhile")
    page.go_back()
    expect(row).to_be_in_viewport()
    page.wait_for_load_state("networkidle")
    assert abs(row.bounding_box()["y"] - top) <= 2
    page.goto("/")
    expect(page.locator("article").first).to_contain_text("Meanwhile")
    expect(page.locator("article").first).to_be_in_viewport()
