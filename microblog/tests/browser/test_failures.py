"""What a person sees when an answer does not come, or is no."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from accounts.models import Account
from timeline.models import Post
from timeline.posting import limits

from .conftest import PHONE, WIDE, People


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda route: route.abort("connectionrefused"), "the site cannot be reached"),
        (lambda route: route.fulfill(status=403, body="<p>No</p>"), "this page is out of date"),
        (lambda route: route.fulfill(status=404, body="<p>No</p>"), "it is gone"),
        (lambda route: route.fulfill(status=429, body="<p>No</p>"), "too fast"),
        (lambda route: route.fulfill(status=500, body="<p>No</p>"), "something broke"),
    ],
    ids=["gone", "403", "404", "429", "500"],
)
def test_a_button_that_fails_says_so(
    browse: People, ben: Account, publish, answer: Callable[[Route], None], message: str
) -> None:
    browse.expect_problem("Failed to load resource|Response Status Error Code|htmx:")
    for n in range(15):
        publish(ben, f"Post number {n}")
    page = browse(ben, width=PHONE if message == "it is gone" else WIDE)
    page.goto("/@ben")
    page.route("**/like", answer)
    like = page.get_by_role("article").last.locator(".like")
    like.scroll_into_view_if_needed()
    like.click()
    expect(page.get_by_role("status")).to_contain_text(f"That did not work: {message}")
    expect(page.get_by_role("status").get_by_role("paragraph")).to_be_in_viewport(ratio=1)
    expect(like).to_have_attribute("aria-pressed", "false")
    expect(like).to_be_enabled()
    assert not Post.objects.filter(likes_count__gt=0).exists()

    page.unroute("**/like")
    like.click()
    expect(like).to_have_attribute("aria-pressed", "true")


def test_a_post_that_was_deleted_meanwhile(
    browse: People, ada: Account, ben: Account, publish
) -> None:
    browse.expect_problem("Failed to load resource|Response Status Error Code")
    post = publish(ada, "Here today")
    page = browse(ben)
    page.goto("/@ada")
    post.remove()
    page.locator(".like").click()
    expect(page.get_by_role("status")).to_contain_text("That did not work: it is gone.")


@pytest.mark.parametrize("js", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_page_that_is_not_there(browse: People, ada: Account, js: bool) -> None:
    browse.expect_problem("Failed to load resource.* 404")
    page: Page = browse(ada, js=js)
    page.goto("/@nobody")
    expect(page.get_by_role("heading", name="There is nothing here", level=1)).to_be_visible()
    page.get_by_role("link", name="To the start page").click()
    expect(page.get_by_role("heading", name="Home", level=1)).to_be_visible()


# --- Idle hands: each button says what became of it, and stays what it was when nothing did ---

BUTTONS = {
    "like": ".like",
    "bookmark": ".bookmark",
    "follow": ".profile .follow button",
    "retweet": ".retweet button",
}

AFTERWARDS = {
    "like": "Like; 1 like",
    "bookmark": "Bookmark",
    "follow": "Unfollow @ada",
    "retweet": "You retweeted this; 1 retweet",
}
WHERE = {"bookmark": "/explore"}


def state(button: Locator) -> list[str | None]:
    """What a screen reader says of it."""
    return [button.get_attribute("aria-pressed"), button.get_attribute("aria-label")]


@pytest.mark.parametrize("name", BUTTONS)
def test_offline(browse: People, cal: Account, ada: Account, publish, name: str) -> None:
    browse.expect_problem("ERR_INTERNET_DISCONNECTED|Failed to load resource|htmx:")
    publish(ada, "Hello")
    page = browse(cal)
    page.goto(WHERE.get(name, "/@ada"))
    button = page.locator(BUTTONS[name])
    if name == "retweet":
        page.locator(".retweet summary").click()
    before = state(button)
    page.context.set_offline(True)
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text(
        "That did not work: the site cannot be reached."
    )
    assert state(button) == before
    expect(button).to_be_focused()
    page.context.set_offline(False)
    page.keyboard.press("Enter")
    swapped = page.locator(".retweet summary") if name == "retweet" else button
    expect(swapped).to_have_attribute("aria-label", AFTERWARDS[name])
    if before[0]:
        expect(swapped).to_have_attribute("aria-pressed", "true")
    expect(swapped).to_be_focused()


@pytest.mark.parametrize("name", BUTTONS)
def test_signed_out_meanwhile(
    browse: People, cal: Account, ada: Account, publish, name: str
) -> None:
    publish(ada, "Hello")
    page = browse(cal)
    page.goto(WHERE.get(name, "/@ada"))
    page.context.clear_cookies(name="sessionid")
    if name == "retweet":
        page.locator(".retweet summary").click()
    page.locator(BUTTONS[name]).click()
    expect(page.get_by_role("heading", name="Sign in").first).to_be_visible()
    expect(page.get_by_text("You are not signed in, so that was not done.")).to_be_visible()
    assert (cal.follows.count(), Post.objects.filter(kind="retweet").count()) == (0, 0)


def test_too_many_retweets_are_told_when_to_go_on(
    browse: People, cal: Account, ada: Account, publish, monkeypatch
) -> None:
    browse.expect_problem("Failed to load resource|Response Status Error Code 429")
    monkeypatch.setattr(limits, "POSTS", replace(limits.POSTS, most=1))
    publish(cal, "My only one")
    publish(ada, "Hello")
    page = browse(cal)
    page.goto("/@ada")
    summary = page.locator(".retweet summary")
    summary.click()
    page.get_by_role("button", name="Retweet", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text(
        "That did not work: too fast. Please try again in 60 minutes."
    )
    expect(summary).to_have_attribute("aria-label", "Retweet or quote; 0 retweets")
