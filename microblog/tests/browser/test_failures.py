"""What a person sees when an answer does not come, or is no."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from accounts.models import Account
from timeline.models import Post

from .conftest import PHONE, WIDE, People

pytestmark = pytest.mark.browser


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
def test_a_button_that_fails_says_so(browse: People, ben: Account, publish, answer: Callable[[Route], None], message: str) -> None:
    browse.expect_problem("Failed to load resource|Response Status Error Code|htmx:")
    for n in range(15):
        publish(ben, f"Post number {n}")
    page = browse(ben, width=PHONE if message == "it is gone" else WIDE)
    page.goto("/@ben")
    page.route("**/like", answer)
    like = page.get_by_role("article").last.locator(".like button")
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


def test_a_post_that_was_deleted_meanwhile(browse: People, ada: Account, ben: Account, publish) -> None:
    browse.expect_problem("Failed to load resource|Response Status Error Code")
    post = publish(ada, "Here today")
    page = browse(ben)
    page.goto("/@ada")
    post.remove()
    page.locator(".like button").click()
    expect(page.get_by_role("status")).to_contain_text("That did not work: it is gone.")


@pytest.mark.parametrize("js", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_page_that_is_not_there(browse: People, ada: Account, js: bool) -> None:
    browse.expect_problem("Failed to load resource.* 404")
    page: Page = browse(ada, js=js)
    page.goto("/@nobody")
    expect(page.get_by_role("heading", name="There is nothing here", level=1)).to_be_visible()
    page.get_by_role("link", name="To the start page").click()
    expect(page.get_by_role("heading", name="Home", level=1)).to_be_visible()
