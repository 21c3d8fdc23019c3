"""What JavaScript adds: parts of a page change where they stand, and nothing else does."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from accounts.models import Account
from conftest import PASSWORD, make_account
from timeline.models import Post

from .conftest import People, pictures


def mark(page: Page) -> None:
    """Put something into the page that a reload would take away."""
    page.evaluate("window.marked = true")


def assert_not_reloaded(page: Page) -> None:
    assert page.evaluate("window.marked === true"), "The whole page was loaded anew."


@pytest.fixture
def hello(ada: Account, publish) -> Post:
    return publish(ada, "Hello")


# --- Buttons ---


@pytest.mark.parametrize("key", ["click", "Enter", "Space"])
def test_like(browse: People, ben: Account, hello: Post, key: str) -> None:
    page = browse(ben)
    page.goto("/@ada")
    mark(page)
    button = page.get_by_role("button", name=re.compile("^Like; "))
    for pressed, name in (("true", "Like; 1 like"), ("false", "Like; 0 likes")):
        if key == "click":
            button.click()
        else:
            button.focus()
            page.keyboard.press(key)
        expect(button).to_have_attribute("aria-pressed", pressed)
        expect(button).to_have_attribute("aria-label", name)
        expect(button).to_be_focused()
    assert_not_reloaded(page)
    hello.refresh_from_db()
    assert hello.likes_count == 0


def test_retweet(browse: People, ben: Account, hello: Post) -> None:
    page = browse(ben)
    page.goto("/@ada")
    mark(page)
    summary = page.locator(".retweet summary")
    summary.focus()
    for entry, name in (
        ("Retweet", "You retweeted this; 1 retweet"),
        ("Undo retweet", "Retweet or quote; 0 retweets"),
    ):
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name=entry, exact=True)).to_be_focused()
        page.keyboard.press("Enter")
        expect(summary).to_have_attribute("aria-label", name)
        expect(summary).to_be_focused()
    assert_not_reloaded(page)


def test_follow(browse: People, cal: Account, hello: Post) -> None:
    page = browse(cal)
    page.goto("/@ada")
    mark(page)
    profile = page.get_by_role("region", name="Profile")
    for name in ("Unfollow @ada", "Follow @ada", "Unfollow @ada"):
        profile.locator(".follow button").click()
        expect(profile.locator(".follow button")).to_have_attribute("aria-label", name)
        expect(profile.locator(".follow button")).to_be_focused()
    assert_not_reloaded(page)


def test_who_is_elsewhere_meanwhile_keeps_the_focus(
    browse: People, ben: Account, hello: Post
) -> None:
    page = browse(ben)
    page.goto("/@ada")
    reply = page.get_by_role("link", name="Reply; 0 replies")
    page.get_by_role("button", name="Like; 0 likes").evaluate(
        "(button, to) => { button.click(); to.focus(); }", reply.element_handle()
    )
    expect(page.get_by_role("button", name="Like; 1 like")).to_be_visible()
    expect(reply).to_be_focused()


def test_who_signed_out_in_another_tab(browse: People, ben: Account, hello: Post) -> None:
    page = browse(ben)
    page.goto("/@ada")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Like; 0 likes").click()
    page.get_by_label("Handle or e-mail").fill("ben")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{browse.url}/@ada#p{hello.pk}")


def test_following_changes_all_that_shows_it(browse: People, cal: Account, hello: Post) -> None:
    page = browse(cal)
    page.goto("/@ada")
    mark(page)
    profile, beside = page.get_by_role("region", name="Profile"), page.get_by_role("complementary")
    expect(beside.get_by_role("button", name="Follow @ada")).to_be_visible()
    button = profile.locator(".follow button")
    calm = button.evaluate("button => getComputedStyle(button).borderColor")
    button.click()
    expect(profile.locator(".figures")).to_contain_text("1 Follower")
    expect(beside.get_by_role("button", name="Follow @ada")).to_have_count(0)
    expect(button).to_be_focused()
    assert button.locator("span").first.is_visible(), "under the mouse it does not turn red at once"
    page.mouse.move(5, 5)
    page.keyboard.press("Tab")
    button.hover()
    expect(button.locator("span").last).to_be_visible()
    assert button.evaluate("button => getComputedStyle(button).borderColor") != calm
    assert_not_reloaded(page)


@pytest.mark.parametrize("js", [True, False])
def test_a_reply_opens_where_it_stands(
    browse: People, ada: Account, ben: Account, publish, hello: Post, js: bool
) -> None:
    above = hello
    for number in range(12):
        above = publish((ada, ben)[number % 2], f"Answer {number}\n\nand more", reply_to=above)
    page = browse(js=js)
    page.goto(above.get_absolute_url())
    main = page.locator("article.main")
    expect(main).to_be_in_viewport()
    if js:
        expect(main).to_be_focused()
        assert main.bounding_box()["y"] < 600
        page.locator("article").first.scroll_into_view_if_needed()
    expect(page.locator("article")).to_have_count(13)


def test_without_javascript_one_comes_back_to_the_row(
    browse: People, ada: Account, ben: Account, publish
) -> None:
    posts = [publish(ada, f"Post {number}\n\nand more") for number in range(12)]
    page = browse(ben, js=False)
    page.goto("/")
    row = page.locator(f"#p{posts[2].pk}")
    row.get_by_role("button", name=re.compile("^Like; ")).click()
    expect(page).to_have_url(f"{browse.url}/#p{posts[2].pk}")
    expect(row).to_be_in_viewport()
    expect(row.get_by_role("button", name="Like; 1 like")).to_have_attribute("aria-pressed", "true")


# --- Tabs and lists ---


def test_tabs(browse: People, ada: Account, publish) -> None:
    post = publish(ada, "Top level", attachments=pictures((60, 40), alt="A field"))
    publish(ada, "An answer to myself", reply_to=post)
    page = browse()
    page.goto("/@ada")
    mark(page)
    tabs = page.get_by_role("navigation", name="Timelines of @ada")
    for name, path in (("Replies", "/@ada/replies"), ("Media", "/@ada/media"), ("Posts", "/@ada")):
        tab = tabs.get_by_role("link", name=name)
        tab.click()
        expect(page).to_have_url(browse.url + path)
        expect(tab).to_have_attribute("aria-current", "page")
        expect(tab).to_be_focused()
        expect(tabs.locator("[aria-current]")).to_have_count(1)
    assert_not_reloaded(page)
    page.go_back()
    expect(page).to_have_url(browse.url + "/@ada/media")
    expect(tabs.get_by_role("link", name="Media")).to_have_attribute("aria-current", "page")
    expect(page.locator(".tile")).to_have_count(1)
    page.go_back()
    expect(page.get_by_text("An answer to myself")).to_be_visible()
    page.go_forward()
    expect(page.locator(".tile")).to_have_count(1)
    expect(page.locator("main")).to_have_count(1)


def test_what_a_page_does_after_going_back(browse: People, ada: Account, publish) -> None:
    publish(ada, "Look", attachments=pictures((60, 40), alt="A field"))
    page = browse()
    page.goto("/@ada")
    page.get_by_role("link", name="Media").first.click()
    page.get_by_role("navigation", name="Timelines of @ada").get_by_role(
        "link", name="Replies"
    ).click()
    expect(page).to_have_url(browse.url + "/@ada/replies")
    page.go_back()
    expect(page.locator(".tile")).to_be_visible()
    page.get_by_role("navigation", name="Timelines of @ada").get_by_role(
        "link", name="Posts"
    ).click()
    page.get_by_role("article").get_by_role("link", name="A field").click()
    expect(page.get_by_role("dialog", name="Picture")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("summary[aria-label='More about @ada']").click()
    page.get_by_role("link", name="Copy link to profile").click()
    expect(page.get_by_role("status")).to_have_text("The link is copied.")


@pytest.mark.parametrize("path", ["/@ada", "/explore", "/"])
def test_the_next_page_comes_when_it_is_needed(
    browse: People, ada: Account, ben: Account, publish, path: str
) -> None:
    for n in range(45):
        publish(
            ada,
            f"Post number {n}",
            moment=timezone.now() - timedelta(minutes=45 - n),
            limited=False,
        )
    page = browse(ben)
    page.goto(path)
    mark(page)
    rows = page.locator("main article")
    expect(rows).to_have_count(20)
    for count in (40, 45):
        page.mouse.wheel(0, 100_000)
        expect(rows).to_have_count(count)
    page.mouse.wheel(0, 100_000)
    expect(page.locator(".more")).to_have_count(0)
    assert rows.locator(".text").all_inner_texts() == [
        f"Post number {n}" for n in reversed(range(45))
    ]
    assert page.locator(".rows > *").evaluate_all(
        "rows => rows.every(row => row.tagName === 'ARTICLE')"
    )
    assert_not_reloaded(page)


def test_followers_beyond_the_first_page(browse: People, ada: Account) -> None:
    for n in range(25):
        make_account(f"fan{n}").follow(ada)
    page = browse()
    page.goto("/@ada/followers")
    expect(page.locator(".rows .person")).to_have_count(20)
    page.mouse.wheel(0, 100_000)
    expect(page.locator(".rows .person")).to_have_count(25)


def test_more_without_javascript(browse: People, ada: Account, publish) -> None:
    for n in range(25):
        publish(ada, f"Post number {n}")
    page = browse(js=False)
    page.goto("/@ada")
    page.get_by_role("link", name="Show more").click()
    expect(page.locator("main article")).to_have_count(5)


# --- Menus, pictures, the body of a post ---


def test_menus_close(browse: People, ada: Account, hello: Post) -> None:
    page = browse(ada)
    page.goto("/@ada")
    menus = page.locator("details.menu")
    assert menus.count() == 3
    for n in range(3):
        summary = menus.nth(n).locator("summary")
        for close in (
            lambda: page.keyboard.press("Escape"),
            lambda: page.get_by_role("heading", level=1).click(),
            summary.click,
        ):
            summary.click()
            expect(menus.nth(n)).to_have_attribute("open", "")
            assert is_reachable(menus.nth(n).locator("div a, div button").last)
            close()
            expect(menus.nth(n)).not_to_have_attribute("open", "")
        summary.click()
        page.keyboard.press("Escape")
        expect(summary).to_be_focused()
    menus.nth(0).locator("summary").click()
    menus.nth(2).locator("summary").click()
    expect(page.locator("details.menu[open]")).to_have_count(1)


def is_reachable(locator: Locator) -> bool:
    """Whether nothing covers or cuts the middle of it."""
    return locator.evaluate(
        """element => {
            const box = element.getBoundingClientRect();
            const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            return element.contains(top);
        }"""
    )


def test_pictures_open_large(browse: People, ada: Account, publish) -> None:
    publish(ada, "Look", attachments=pictures((600, 400), (60, 40), alt="A field in the evening"))
    page = browse()
    page.goto("/@ada")
    mark(page)
    link = page.get_by_role("article").get_by_role("link", name="A field in the evening").first
    dialog = page.get_by_role("dialog", name="Picture")
    for close in (
        lambda: page.keyboard.press("Escape"),
        lambda: dialog.get_by_role("button", name="Close").click(),
        lambda: page.mouse.click(1200, 450),
    ):
        expect(dialog).to_be_hidden()
        link.click()
        picture = dialog.get_by_role("img", name="A field in the evening")
        expect(picture).to_be_visible()
        assert (
            picture.evaluate(
                "async picture => { await picture.decode(); return picture.naturalWidth }"
            )
            == 600
        )
        expect(dialog.get_by_role("paragraph")).to_have_text("A field in the evening")
        close()
        expect(dialog).to_be_hidden()
        expect(link).to_be_focused()
    assert_not_reloaded(page)


def test_copy_link(browse: People, ada: Account, hello: Post) -> None:
    page = browse()
    page.goto("/@ada")
    page.locator("summary[aria-label='More about @ada']").click()
    page.get_by_role("link", name="Copy link to profile").click()
    expect(page.get_by_role("status")).to_have_text("The link is copied.")
    assert page.evaluate("navigator.clipboard.readText()") == f"{browse.url}/@ada"
    expect(page.locator("details[open]")).to_have_count(0)


def test_a_post_opens_by_its_body(
    browse: People, ada: Account, ben: Account, publish, hello: Post
) -> None:
    quote = publish(ben, "What she says", quote_of=hello)
    page = browse()
    page.goto("/@ben")
    page.get_by_text("What she says").click()
    expect(page).to_have_url(browse.url + quote.get_absolute_url())
    page.goto("/@ben")
    page.locator(".quoted .text").click()
    expect(page).to_have_url(browse.url + hello.get_absolute_url())


def test_a_post_without_a_date_opens_as_well(browse: People, ada: Account, far: Post) -> None:
    far.retweet(ada)
    page = browse()
    for opened in (page.get_by_text("From far away"), page.locator(".context .when")):
        page.goto("/@ada")
        opened.click()
        expect(page).to_have_url(browse.url + far.get_absolute_url())


def test_selecting_text_opens_nothing(browse: People, ada: Account, hello: Post) -> None:
    page = browse()
    page.goto("/@ada")
    box = page.locator("article .text").bounding_box()
    page.mouse.move(box["x"] + 1, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 30, box["y"] + 8, steps=3)
    page.mouse.up()
    expect(page).to_have_url(f"{browse.url}/@ada")
    assert page.evaluate("getSelection().toString()")


def test_back_arrow(browse: People, ada: Account, hello: Post) -> None:
    page = browse()
    page.goto("/@ada")
    page.locator("article .when").click()
    page.get_by_role("link", name="Back").click()
    expect(page).to_have_url(f"{browse.url}/@ada")
    with page.context.expect_page() as opened:
        page.locator("article .when").click(modifiers=["Control"])
    # in a new tab there is nothing to go back to
    opened.value.get_by_role("link", name="Back").click()
    expect(opened.value).to_have_url(f"{browse.url}/")
