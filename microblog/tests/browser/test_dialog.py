"""Replying, quoting and posting in a dialog: where one is, without a page in between, and with
nothing lost by closing it.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import Account
from conftest import PASSWORD
from timeline.models import Draft, Post

from .conftest import PHONE, People, png
from .test_htmx import assert_not_reloaded, mark


@pytest.fixture
def hello(ada: Account, publish: Callable[..., Post]) -> Post:
    return publish(ada, "Hello")


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Write")


def text(page: Page) -> Locator:
    return dialog(page).locator("[name=text]")


def open_reply(page: Page) -> Locator:
    """Opens the dialog; the link that did it."""
    link = page.get_by_role("link", name=re.compile("^Reply;"))
    link.click()
    expect(text(page)).to_be_focused()
    return link


def test_closed_dialogs_are_empty(browse: People, ben: Account, hello: Post) -> None:
    page = browse(ben)
    page.goto("/@ada")
    assert page.locator("#writer").inner_html() == ""


def test_reply(browse: People, ben: Account, hello: Post) -> None:
    page = browse(ben)
    page.goto("/@ada")
    mark(page)
    open_reply(page)
    expect(dialog(page).get_by_role("article")).to_contain_text("Hello")
    assert_not_reloaded(page)
    page.keyboard.type("Good day")
    dialog(page).get_by_role("button", name="Reply", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Your reply was sent.")
    assert hello.replies.get().text == "Good day"


def test_quote_from_the_menu(browse: People, ben: Account, hello: Post) -> None:
    page = browse(ben)
    page.goto("/@ada")
    menu = page.locator(".retweet summary")
    menu.click()
    page.get_by_role("link", name="Quote").click()
    expect(text(page)).to_be_focused()
    expect(dialog(page).locator(".quoted")).to_contain_text("Hello")
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    expect(page.locator("details[open]")).to_have_count(0)
    menu.click()
    page.get_by_role("link", name="Quote").click()
    page.keyboard.type("Look")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("Your post was sent.")
    assert hello.quotes.get().text == "Look"


def test_every_way_to_a_new_post_leads_to_one_composer(
    browse: People, ben: Account, hello: Post
) -> None:
    page = browse(ben)
    page.goto("/")
    page.get_by_role("navigation", name="Site").get_by_role("link", name="Post").click()
    expect(text(page)).to_be_focused()
    ids = page.locator("[id]").evaluate_all("elements => elements.map(element => element.id)")
    assert len(ids) == len(set(ids)), "an id stands on the page twice"
    page.keyboard.type("Begun beside the page")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="What is happening?").click()
    expect(text(page)).to_have_value("Begun beside the page")


def test_where_one_may_not_reply_it_leads_to_the_page_that_says_why(
    browse: People, ben: Account, hello: Post
) -> None:
    browse.expect_problem("status of 403")
    hello.set_audience("mentioned", "everyone")
    page = browse(ben)
    page.goto("/@ada")
    page.get_by_role("link", name=re.compile("^Reply;")).click()
    expect(page.get_by_role("main")).to_contain_text("Only people whom @ada mentions can reply")
    expect(page).to_have_url(re.compile(f"/compose\\?reply_to={hello.pk}$"))


@pytest.mark.parametrize("how", ["Escape", "button", "outside"])
def test_closing_loses_nothing_and_gives_the_focus_back(
    browse: People, ben: Account, hello: Post, how: str
) -> None:
    page = browse(ben)
    page.goto("/@ada")
    link = open_reply(page)
    page.keyboard.type("Half a thought")
    dialog(page).locator(".pictures > summary").click()
    dialog(page).locator("[type=file]").set_input_files(
        [{"name": "red.png", "mimeType": "image/png", "buffer": png()}]
    )
    if how == "Escape":
        page.keyboard.press("Escape")
    elif how == "button":
        dialog(page).get_by_role("button", name="Close").click()
    else:
        page.mouse.click(20, 500)
    expect(dialog(page)).to_be_hidden()
    expect(link).to_be_focused()
    expect(page.get_by_role("status").first).to_contain_text("kept in your drafts")
    open_reply(page)
    expect(text(page)).to_have_value("Half a thought")
    expect(dialog(page).locator(".preview")).to_have_count(1)
    page.reload()
    open_reply(page)
    expect(text(page)).to_have_value("Half a thought")
    assert Draft.objects.get().texts == ["Half a thought"]


def test_the_focus_stays_inside(browse: People, ben: Account, hello: Post) -> None:
    page = browse(ben)
    page.goto("/@ada")
    open_reply(page)
    for _ in range(15):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || "
            "document.activeElement.closest('#writer') !== null"
        )


def test_on_a_phone_it_fills_the_screen(browse: People, ben: Account, hello: Post) -> None:
    page = browse(ben, width=PHONE)
    page.goto("/@ada")
    open_reply(page)
    # beside the scroll bar, where there is one
    free = page.evaluate("document.body.clientWidth")
    assert dialog(page).bounding_box() == {"x": 0, "y": 0, "width": free, "height": 844}
    assert page.evaluate("document.querySelector('#writer').scrollWidth") == free < PHONE


def test_without_javascript_it_is_a_page(browse: People, ben: Account, hello: Post) -> None:
    page = browse(ben, js=False)
    page.goto("/@ada")
    page.get_by_role("link", name=re.compile("^Reply;")).click()
    expect(page).to_have_url(f"{browse.url}/compose?reply_to={hello.pk}")


def test_a_new_tab_is_a_page_too(browse: People, ben: Account, hello: Post) -> None:
    page = browse(ben)
    page.goto("/@ada")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=re.compile("^Reply;")).click(modifiers=["Control"])
    expect(opened.value).to_have_url(f"{browse.url}/compose?reply_to={hello.pk}")


def test_what_cannot_be_opened_says_so(browse: People, ben: Account, hello: Post) -> None:
    browse.expect_problem(
        "ERR_INTERNET_DISCONNECTED|Failed to load resource|htmx:|Response Status Error"
    )
    page = browse(ben)
    page.goto("/@ada")
    page.context.set_offline(True)
    page.get_by_role("link", name=re.compile("^Reply;")).click()
    expect(page.get_by_role("status").first).to_contain_text("the site cannot be reached")
    page.context.set_offline(False)
    hello.remove()
    page.get_by_role("link", name=re.compile("^Reply;")).click()
    expect(page.get_by_role("status").first).to_contain_text("it is gone")
    expect(dialog(page)).to_be_hidden()


def test_a_refusal_stands_in_the_dialog(browse: People, ben: Account, hello: Post) -> None:
    browse.expect_problem("422")
    page = browse(ben)
    page.goto("/@ada")
    open_reply(page)
    text(page).fill("x" * 300)
    page.keyboard.press("Control+Enter")
    expect(dialog(page).get_by_role("alert").filter(has_text="This is too long")).to_be_visible()
    expect(text(page)).to_have_value("x" * 300)


def test_a_sign_in_in_between_leads_back_to_it(browse: People, ben: Account, hello: Post) -> None:
    page = browse(ben)
    page.goto("/@ada")
    open_reply(page)
    page.keyboard.type("My answer")
    page.context.clear_cookies(name="sessionid")
    page.keyboard.press("Control+Enter")
    page.get_by_label("Handle or e-mail").fill("ben")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{browse.url}/compose?reply_to={hello.pk}")
    expect(page.locator("[name=text]")).to_have_value("My answer")
    page.get_by_role("button", name="Reply", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Your reply was sent.")
    assert hello.replies.get().text == "My answer"
