"""Writing by hand: pictures, the ring, a draft that survives, Ctrl-Enter; and nothing lost when it does not work."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import Account
from conftest import client_of
from timeline.models import Post

from .conftest import People, png

pytestmark = pytest.mark.browser


def files(*colors: str) -> list[dict[str, Any]]:
    return [{"name": f"{color}.png", "mimeType": "image/png", "buffer": png(color=color)} for color in colors]


def choose(page: Page, *colors: str) -> None:
    page.locator(".pictures > summary").click()
    page.locator("#compose-images").set_input_files(files(*colors))


def previews(page: Page) -> Locator:
    return page.locator(".preview")


def hand_over(page: Page, kind: str, *colors: str) -> None:
    """Drop or paste pictures onto the composer's text, as a browser tells of it."""
    page.locator("#compose-text").evaluate(
        """(text, [kind, pictures]) => {
            const data = new DataTransfer();
            for (const { name, bytes } of pictures) data.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }));
            const more = kind === "paste" ? { clipboardData: data } : { dataTransfer: data };
            const make = kind === "paste" ? ClipboardEvent : DragEvent;
            text.dispatchEvent(new make(kind, { bubbles: true, cancelable: true, ...more }));
        }""",
        [kind, [{"name": f"{color}.png", "bytes": list(png(color=color))} for color in colors]],
    )


def test_pictures_are_seen_described_moved_and_removed_before_they_are_sent(browse: People, ada: Account) -> None:
    page = browse(ada)
    page.goto("/compose")
    choose(page, "red", "green", "blue")
    expect(previews(page)).to_have_count(3)
    for n, alt in enumerate(["Red", "Green", "Blue"]):
        previews(page).nth(n).get_by_label("Description of picture").fill(alt)
    previews(page).nth(2).get_by_role("button", name="Earlier").click()
    previews(page).nth(0).get_by_role("button", name="Remove").click()
    expect(previews(page).nth(0).get_by_label("Description of picture")).to_be_focused()
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_role("heading", name="Post", exact=True)).to_be_visible()
    assert [media.alt for media in Post.objects.get().media.all()] == ["Blue", "Green"]


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_pictures_come_by_other_ways(browse: People, ada: Account, kind: str) -> None:
    page = browse(ada)
    page.goto("/")
    hand_over(page, kind, "red")
    hand_over(page, kind, "blue")
    expect(previews(page)).to_have_count(2)
    assert page.locator("#compose-images").evaluate("(input) => input.files.length") == 2


def test_a_fifth_picture_is_left_out_with_a_word(browse: People, ada: Account) -> None:
    page = browse(ada)
    page.goto("/compose")
    choose(page, "red", "green", "blue", "black", "white")
    expect(previews(page)).to_have_count(4)
    expect(page.get_by_text("the first four were kept")).to_be_visible()


def test_a_refusal_loses_neither_text_nor_pictures(browse: People, ada: Account) -> None:
    browse.expect_problem("422")
    page = browse(ada)
    page.goto("/compose")
    choose(page, "red")
    previews(page).nth(0).get_by_label("Description of picture").fill("Red")
    page.locator("#compose-text").fill("x" * 300)
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="This is too long")).to_be_visible()
    page.locator("#compose-text").fill("short enough")
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_role("heading", name="Post", exact=True)).to_be_visible()
    assert Post.objects.get().media.get().alt == "Red"


def test_the_ring_counts_down(browse: People, ada: Account) -> None:
    page = browse(ada)
    page.goto("/compose")
    ring = page.locator(".ring")
    expect(ring).to_be_hidden()
    for typed, left in (
        ("a" * 261, "19"),
        ("日" * 140, "0"),
        ("https://example.com/" + "x" * 300 + " " + "b" * 256, "0"),
        ("a" * 281, "-1"),
    ):
        page.locator("#compose-text").fill(typed)
        expect(ring.locator(".left")).to_have_text(left)
    expect(ring).to_have_class("ring near over")


@pytest.mark.parametrize("key", ["Control+Enter", "Meta+Enter"])
def test_a_key_sends(browse: People, ada: Account, key: str) -> None:
    page = browse(ada)
    page.goto("/")
    page.locator("#compose-text").fill("By keyboard")
    page.locator("#compose-text").press(key)
    expect(page.get_by_role("status")).to_contain_text("Your post was sent.")
    assert Post.objects.get().text == "By keyboard"


def test_what_is_typed_survives_a_reload_and_is_gone_once_it_was_sent(browse: People, ada: Account) -> None:
    page = browse(ada)
    page.goto("/compose")
    page.locator("#compose-text").fill("Half a thought")
    page.reload()
    expect(page.locator("#compose-text")).to_have_value("Half a thought")
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Your post was sent.")
    page.goto("/compose")
    expect(page.locator("#compose-text")).to_have_value("")


def test_what_is_typed_survives_a_failed_send_and_a_sign_in(browse: People, ada: Account, publish: Callable[..., Post]) -> None:
    browse.expect_problem("ERR_FAILED|Failed to load|htmx:(afterRequest|sendError)")
    post = publish(ada, "Something to answer")
    page = browse(ada)
    page.goto(f"/compose?reply_to={post.pk}")
    page.locator("#compose-text").fill("My answer")
    page.route("**/compose", lambda route: route.abort())
    page.get_by_role("button", name="Reply", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("the site cannot be reached")
    expect(page.locator("#compose-text")).to_have_value("My answer")
    page.unroute("**/compose")

    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Reply", exact=True).click()
    expect(page.get_by_role("heading", name="Sign in").first).to_be_visible()
    session = client_of(ada).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": browse.url}])
    page.goto(f"/compose?reply_to={post.pk}")
    expect(page.locator("#compose-text")).to_have_value("My answer")
