"""Names and tags complete while one types: by keyboard, by mouse, and for who hears the page."""

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import Account
from conftest import make_account
from timeline.models import Post

from .conftest import PHONE, People


@pytest.fixture
def people(ben: Account, publish) -> list[Account]:
    """Anna and Andy, and posts with tags."""
    publish(ben, "#engines #engineering")
    return [make_account("anna", name="Anna A."), make_account("andy", name="Andy B.")]


def options(page: Page) -> Locator:
    return page.locator("li[role=option]")


def text(page: Page) -> Locator:
    return page.locator("#compose-text")


def type_(page: Page, words: str, *, many: int = 2) -> None:
    text(page).press_sequentially(words)
    expect(options(page)).to_have_count(many)


def test_by_keyboard(browse: People, ben: Account, people: list[Account]) -> None:
    page = browse(ben)
    page.goto("/compose")
    type_(page, "Hello @an")
    expect(options(page).nth(0)).to_have_attribute("aria-selected", "true")
    for key, chosen in (("ArrowDown", 1), ("ArrowDown", 0), ("ArrowUp", 1)):
        page.keyboard.press(key)
        expect(options(page).nth(chosen)).to_have_attribute("aria-selected", "true")
        expect(text(page)).to_have_attribute("aria-activedescendant", f"completion-{chosen}")
        expect(text(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect(text(page)).to_have_value("Hello @anna ")
    expect(options(page)).to_have_count(0)
    type_(page, "and @and", many=1)
    page.keyboard.press("Tab")
    expect(text(page)).to_have_value("Hello @anna and @andy ")
    expect(text(page)).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("Your post was sent.")
    assert Post.objects.newest_first()[0].text == "Hello @anna and @andy"


def test_escape_closes_the_list_alone(browse: People, ben: Account, people: list[Account]) -> None:
    page = browse(ben)
    page.goto("/@ben")
    page.get_by_role("navigation", name="Site").get_by_role("link", name="Post").click()
    written = page.locator("#dialog-text")
    written.press_sequentially("@an")
    expect(options(page)).to_have_count(2)
    page.keyboard.press("Escape")
    expect(options(page)).to_have_count(0)
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(written).to_have_value("@an")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


@pytest.mark.parametrize("how", ["mouse", "touch"])
def test_by_pointing(browse: People, ben: Account, people: list[Account], how: str) -> None:
    page = browse(ben, width=PHONE)
    page.goto("/compose")
    type_(page, "@an")
    option = options(page).filter(has_text="Anna")
    if how == "touch":
        option.tap()
    else:
        option.click()
    expect(text(page)).to_have_value("@anna ")
    expect(text(page)).to_be_focused()
    assert page.locator(".ring").is_visible(), "the ring counts what was completed"


def test_tags_leave_enter_and_tab_alone_until_one_is_chosen(
    browse: People, ben: Account, people: list[Account]
) -> None:
    page = browse(ben)
    page.goto("/compose")
    type_(page, "#engine")
    expect(page.locator("[aria-selected=true]")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(text(page)).to_have_value("#engine\n")
    type_(page, "#engine")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(text(page)).to_have_value("#engine\n#engineering ")


def test_in_the_middle_of_a_text(browse: People, ben: Account, people: list[Account]) -> None:
    page = browse(ben)
    page.goto("/compose")
    text(page).fill("To  and so on")
    text(page).evaluate("text => text.setSelectionRange(3, 3)")
    type_(page, "@ann", many=1)
    page.keyboard.press("Enter")
    expect(text(page)).to_have_value("To @anna and so on")
    assert text(page).evaluate("text => text.selectionStart") == 8


def test_it_is_announced_and_named(browse: People, ben: Account, people: list[Account]) -> None:
    page = browse(ben)
    page.goto("/compose")
    type_(page, "@an")
    expect(page.get_by_role("listbox", name="Suggestions")).to_be_visible()
    expect(text(page)).to_have_attribute("aria-controls", "completions")
    expect(page.get_by_role("status").filter(has_text="2 suggestions.")).to_have_count(1)


@pytest.mark.parametrize(
    "words",
    ["me@an", "https://example.com/@an", "@@an", "an", "@zzz", "@", "@\u200ban", "me\u200b@an"],
)
def test_what_is_no_name(browse: People, ben: Account, people: list[Account], words: str) -> None:
    page = browse(ben)
    page.goto("/compose")
    text(page).press_sequentially(words)
    page.wait_for_timeout(400)
    expect(options(page)).to_have_count(0)
    expect(text(page)).not_to_have_attribute("aria-controls", "completions")


def test_one_question_for_what_is_typed_in_one_go(
    browse: People, ben: Account, people: list[Account]
) -> None:
    page = browse(ben)
    asked: list[str] = []
    page.on(
        "request",
        lambda request: asked.append(request.url) if "/complete?" in request.url else None,
    )
    page.goto("/compose")
    type_(page, "@and", many=1)
    assert len(asked) == 1


def test_while_editing(browse: People, ben: Account, people: list[Account], publish) -> None:
    post = publish(ben, "Hello")
    page = browse(ben)
    page.goto(f"/posts/{post.pk}/edit")
    page.get_by_label("Your post").press_sequentially(" @an")
    expect(options(page)).to_have_count(2)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your post")).to_have_value(" @andy Hello")


def test_nothing_is_offered_where_nothing_answers(
    browse: People, ben: Account, people: list[Account]
) -> None:
    browse.expect_problem("ERR_INTERNET_DISCONNECTED|Failed to load")
    page = browse(ben)
    page.goto("/compose")
    page.context.set_offline(True)
    text(page).press_sequentially("@an")
    page.wait_for_timeout(400)
    expect(options(page)).to_have_count(0)
    expect(text(page)).to_have_value("@an")
