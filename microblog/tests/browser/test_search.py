"""Search by hand: what was just posted is found, by a box, a form and tabs; a phone has it too."""

from playwright.sync_api import expect

from accounts.models import Account
from testing.scene import say

from .conftest import PHONE, People


def test_what_is_posted_is_found(browse: People, ada: Account) -> None:
    page = browse(ada)
    page.goto("/compose")
    page.get_by_label("What is happening?").fill("The engine weaves flowers")
    page.get_by_role("main").get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("sent")
    page.goto("/explore")
    box = page.get_by_role("searchbox", name="Search")
    box.fill("weaves")
    box.press("Enter")
    expect(page.get_by_role("article")).to_have_count(1)
    expect(page.locator("mark")).to_have_text("weaves")
    page.get_by_role("link", name="People").click()
    expect(page.get_by_text("Nobody is called that")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("article")).to_have_count(1)


def test_on_a_phone_by_the_form(browse: People, ada: Account, ben: Account) -> None:
    say(ada, "The engine weaves")
    say(ben, "The engine stands")
    page = browse(ada, width=PHONE)
    page.goto("/explore")
    page.get_by_role("link", name="Search").click()
    page.get_by_text("More ways to search").click()
    page.get_by_label("All of these words").fill("engine")
    page.get_by_label("From", exact=True).fill("ben")
    page.locator(".finder .form").get_by_role("button", name="Search").click()
    expect(page.get_by_role("searchbox")).to_have_value("engine from:ben")
    expect(page.get_by_role("article")).to_have_count(1)
    expect(page.get_by_role("article")).to_contain_text("stands")


def test_the_next_page_comes_when_one_scrolls(browse: People, ada: Account) -> None:
    for number in range(30):
        say(ada, f"engine {number}")
    page = browse()
    page.goto("/search?q=engine&tab=latest")
    page.get_by_role("link", name="Show more").scroll_into_view_if_needed()
    expect(page.get_by_role("article")).to_have_count(30)


def test_among_ones_bookmarks_without_a_script(browse: People, ada: Account, ben: Account) -> None:
    say(ben, "The engine weaves")
    say(ben, "The engine stands").bookmark(ada)
    page = browse(ada, width=PHONE, js=False)
    page.goto("/bookmarks")
    box = page.get_by_role("searchbox", name="Search your bookmarks")
    box.fill("engine")
    box.press("Enter")
    expect(page.get_by_role("searchbox")).to_have_value("in:bookmarks engine")
    expect(page.get_by_role("article")).to_have_count(1)
    expect(page.get_by_role("article")).to_contain_text("stands")
    page.get_by_role("link", name="Media").click()
    expect(page.get_by_text("No pictures were found")).to_be_visible()
