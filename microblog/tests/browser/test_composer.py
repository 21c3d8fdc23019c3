"""Writing by hand: pictures, the ring, a thread, a draft that survives, Ctrl-Enter; and nothing
lost when it does not work.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from accounts.models import Account
from conftest import client_of
from timeline.models import Draft, Post

from .conftest import People, png
from .test_video import record


def files(*colors: str) -> list[dict[str, Any]]:
    return [
        {"name": f"{color}.png", "mimeType": "image/png", "buffer": png(color=color)}
        for color in colors
    ]


def choose(page: Page, *colors: str) -> None:
    """The button opens the browser's own dialog at once."""
    with page.expect_file_chooser() as chooser:
        page.locator(".pictures > summary").click()
    chooser.value.set_files(files(*colors))


def previews(page: Page) -> Locator:
    return page.locator(".preview")


def hand_over(page: Page, kind: str, *colors: str, words: str = "") -> None:
    """Drop or paste pictures, and `words` beside them, onto the composer's text, as a browser tells
    of it.
    """
    page.locator("#compose-text").evaluate(
        """(text, [kind, pictures, words]) => {
            const data = new DataTransfer();
            if (words) data.setData("text/plain", words);
            for (const { name, bytes } of pictures) {
                data.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }));
            }
            const more = kind === "paste" ? { clipboardData: data } : { dataTransfer: data };
            const make = kind === "paste" ? ClipboardEvent : DragEvent;
            text.dispatchEvent(new make(kind, { bubbles: true, cancelable: true, ...more }));
        }""",
        [
            kind,
            [{"name": f"{color}.png", "bytes": list(png(color=color))} for color in colors],
            words,
        ],
    )


def test_pictures_are_seen_described_moved_and_removed_before_they_are_sent(
    browse: People, ada: Account
) -> None:
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
    page.goto("/compose")
    hand_over(page, kind, "red")
    hand_over(page, kind, "blue")
    expect(previews(page)).to_have_count(2)
    assert page.locator("#compose-images").evaluate("(input) => input.files.length") == 2


@pytest.mark.parametrize(("words", "number"), [("A table of figures", 0), ("red.png", 1)])
def test_a_picture_of_words_is_not_pasted_beside_them(
    browse: People, ada: Account, words: str, number: int
) -> None:
    """As an office program copies both; a file's own name, as some systems put it beside the file,
    is none.
    """
    page = browse(ada)
    page.goto("/compose")
    hand_over(page, "paste", "red", words=words)
    page.wait_for_timeout(100)
    expect(previews(page)).to_have_count(number)


def test_a_video_is_seen_before_it_is_sent(browse: People, ada: Account, tmp_path: Path) -> None:
    page = browse(ada)
    page.goto("/compose")
    record(page, path := tmp_path / "recorded.webm")
    page.locator("#compose-images").set_input_files([path])
    player = previews(page).locator("video")
    expect(player).to_have_attribute("src", re.compile("^blob:"))
    assert player.evaluate(
        "async (video) => { await video.play(); return [video.videoWidth, video.error]; }"
    ) == [320, None]
    previews(page).get_by_label("Description of video 1").fill("Colours")
    previews(page).get_by_role("button", name="Remove").click()
    expect(previews(page)).to_have_count(0)


def test_a_fifth_picture_is_left_out_with_a_word(browse: People, ada: Account) -> None:
    page = browse(ada)
    page.goto("/compose")
    choose(page, "red", "green", "blue", "black", "white")
    expect(previews(page)).to_have_count(4)
    expect(page.get_by_text("the first four were kept")).to_be_visible()


def test_who_asked_for_it_is_reminded_of_descriptions_before_anything_is_sent(
    browse: People, ada: Account
) -> None:
    ada.set_alt_reminder(on=True)
    page = browse(ada)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.method} {request.url}"))
    page.goto("/compose")
    page.locator("[name=text]").fill("Look")
    choose(page, "red", "green")
    alts = [previews(page).nth(n).get_by_label("Description of picture") for n in (0, 1)]
    alts[0].fill("Red")
    page.locator("[name=text]").press("Control+Enter")
    reminder = page.get_by_role("alert")
    expect(reminder).to_contain_text("a picture here without a description")
    expect(alts[1]).to_be_focused()
    assert not [request for request in sent if re.match("POST .*/compose", request)]
    alts[1].fill("Green")
    expect(reminder).to_be_hidden()
    alts[1].fill("")
    page.get_by_role("button", name="Post", exact=True).click()
    reminder.get_by_role("button", name="Post without descriptions").click()
    expect(page.get_by_role("heading", name="Post", exact=True)).to_be_visible()
    assert [media.alt for media in Post.objects.get().media.all()] == ["Red", ""]


def test_the_server_reminds_and_the_pictures_stay(browse: People, ada: Account) -> None:
    """Of a page that was open before the account asked for it."""
    browse.expect_problem("422")
    page = browse(ada)
    page.goto("/compose")
    choose(page, "red")
    ada.set_alt_reminder(on=True)
    page.get_by_role("button", name="Post", exact=True).click()
    button = page.get_by_role("button", name="Post without descriptions")
    expect(button).to_be_visible()
    expect(previews(page)).to_have_count(1)
    button.click()
    expect(page.get_by_role("heading", name="Post", exact=True)).to_be_visible()
    assert Post.objects.get().media.count() == 1


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


def test_what_is_mended_is_no_longer_complained_of(browse: People, ada: Account) -> None:
    browse.expect_problem("422")
    page = browse(ada)
    page.goto("/compose")
    complaint = page.get_by_role("alert").filter(visible=True)
    post = page.get_by_role("button", name="Post", exact=True)
    for begin, mend in (
        ("x" * 300, lambda: page.locator("#compose-text").fill("x" * 280)),
        ("", lambda: page.locator("#compose-text").fill("x")),
        ("", lambda: choose(page, "red")),
    ):
        page.locator("#compose-text").fill(begin)
        post.click()
        expect(complaint).to_have_count(1)
        if begin:
            page.locator("#compose-text").press("Backspace")  # it is still too long
            expect(complaint).to_have_count(1)
        mend()
        expect(complaint).to_have_count(0)
    broken = {"name": "broken.png", "mimeType": "image/png", "buffer": b"no picture"}
    page.locator("#compose-images").set_input_files([broken])
    post.click()
    expect(complaint).to_contain_text("broken.png: This is no picture")
    page.locator("#compose-text").fill("Look")
    expect(complaint).to_have_count(1)
    previews(page).last.get_by_role("button", name="Remove").click()
    expect(complaint).to_have_count(0)


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
    page.goto("/compose")
    page.locator("#compose-text").fill("By keyboard")
    page.locator("#compose-text").press(key)
    expect(page.get_by_role("status")).to_contain_text("Your post was sent.")
    assert Post.objects.get().text == "By keyboard"


def test_a_key_that_is_the_input_methods_sends_nothing(browse: People, ada: Account) -> None:
    page = browse(ada)
    page.goto("/compose")
    page.locator("#compose-text").fill("日本")
    for composing in ({"isComposing": True}, {"keyCode": 229}):
        page.locator("#compose-text").evaluate(
            """(text, more) => {
                const keys = { key: "Enter", ctrlKey: true, bubbles: true, ...more };
                text.dispatchEvent(new KeyboardEvent("keydown", keys));
            }""",
            composing,
        )
    page.wait_for_timeout(300)
    assert not Post.objects.exists()


def test_what_is_typed_survives_a_reload_and_is_gone_once_it_was_sent(
    browse: People, ada: Account
) -> None:
    page = browse(ada)
    page.goto("/compose")
    page.locator("#compose-text").fill("Half a thought")
    page.reload()
    expect(page.locator("#compose-text")).to_have_value("Half a thought")
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Your post was sent.")
    page.goto("/compose")
    expect(page.locator("#compose-text")).to_have_value("")


def test_who_may_answer_survives_a_reload_and_is_everyone_again_once_it_was_sent(
    browse: People, ada: Account
) -> None:
    page = browse(ada)
    page.goto("/compose")
    page.locator("#compose-text").fill("Half a thought")
    page.get_by_text("Who can reply and quote").click()
    page.get_by_label("Who can reply").select_option("People I mention")
    page.reload()
    expect(page.get_by_label("Who can reply")).to_be_visible()
    expect(page.get_by_label("Who can reply")).to_have_value("mentioned")
    page.get_by_role("button", name="Add another post").click()
    page.locator("[name=text_2]").fill("And on")
    expect(page.get_by_label("Who can reply")).to_have_count(1)
    page.get_by_role("button", name="Post all").click()
    expect(page.get_by_role("status")).to_contain_text("Your post was sent.")
    assert Post.objects.earliest("pk").may_reply == "mentioned"
    page.goto("/compose")
    expect(page.get_by_label("Who can reply")).to_have_value("everyone")


def test_what_is_typed_survives_a_failed_send_and_a_sign_in(
    browse: People, ada: Account, publish: Callable[..., Post]
) -> None:
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


# --- A thread ---


def text(page: Page, number: int = 1) -> Locator:
    return page.locator(f"[name={'text' if number == 1 else f'text_{number}'}]")


def test_a_thread_is_written_without_a_reload(browse: People, ada: Account) -> None:
    browse.expect_problem("422")
    page = browse(ada)
    page.goto("/compose")
    page.evaluate("window.marked = true")
    text(page).fill("One")
    for number in (2, 3, 4):
        page.get_by_role("button", name="Add another post").click()
        expect(text(page, number)).to_be_focused()
        page.keyboard.type(f"Number {number}")
    page.get_by_role("button", name="Take out this post").nth(1).click()  # the third
    expect(text(page, 2)).to_be_focused()
    expect(text(page, 3)).to_have_value("Number 4")
    text(page, 3).fill("x" * 281)
    page.locator(".part").nth(2).locator(".pictures > summary").click()
    page.locator("[name=images_3]").set_input_files(files("red"))
    page.locator(".part").nth(2).get_by_label("Description of picture 1").fill("Red")
    page.get_by_role("button", name="Post all").click()
    expect(
        page.locator(".part").nth(2).get_by_role("alert").filter(has_text="too long")
    ).to_be_visible()
    expect(page.get_by_role("alert").filter(visible=True)).to_have_count(1)
    assert page.evaluate("window.marked")
    text(page, 3).fill("Number 4")
    text(page, 3).press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("Your post was sent.")
    first, second, third = Post.objects.order_by("pk")
    assert [post.text for post in (first, second, third)] == ["One", "Number 2", "Number 4"]
    assert (second.reply_to, third.reply_to, third.media.get().alt) == (first, second, "Red")


def test_a_thread_survives_a_reload_and_ends_at_twenty_five(browse: People, ada: Account) -> None:
    page = browse(ada)
    page.goto("/compose")
    more = page.get_by_role("button", name="Add another post")
    for _ in range(24):
        more.click()
    expect(more).to_be_hidden()
    text(page, 25).fill("The last")
    page.reload()
    expect(text(page, 25)).to_have_value("The last")
    expect(page.locator(".part")).to_have_count(25)


def test_a_thread_without_javascript(browse: People, ada: Account) -> None:
    page = browse(ada, js=False)
    page.goto("/compose")
    text(page).fill("One")
    page.get_by_role("button", name="Add another post").click()
    expect(text(page)).to_have_value("One")
    text(page, 2).fill("Two")
    page.get_by_role("button", name="Post all").click()
    expect(page.get_by_role("status").first).to_contain_text("Your post was sent.")
    assert [post.text for post in Post.objects.order_by("pk")] == ["One", "Two"]


# --- Drafts ---


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait until it holds, a few seconds at most."""
    for _ in range(50):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it never came to be")


def test_what_is_typed_is_a_draft_within_moments_and_none_once_it_was_sent(
    browse: People, ada: Account
) -> None:
    page = browse(ada)
    page.goto("/compose")
    text(page).press_sequentially("Half a thought")
    until(page, lambda: [draft.texts for draft in Draft.objects.all()] == [["Half a thought"]])
    other = browse(ada)  # another computer
    other.goto("/compose")
    other.get_by_role("link", name="Drafts").click()
    other.get_by_role("link", name="Half a thought").click()
    expect(text(other)).to_have_value("Half a thought")
    text(other).fill("A whole thought")
    until(other, lambda: Draft.objects.get().texts == ["A whole thought"])
    other.reload()
    expect(text(other)).to_have_value("A whole thought")
    other.get_by_role("button", name="Post", exact=True).click()
    expect(other.get_by_role("status").first).to_contain_text("Your post was sent.")
    assert not Draft.objects.exists()
    expect(text(page)).to_have_value("Half a thought")  # the first has not heard of it
    text(page).fill("Another thought")
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Your post was sent.")
    assert sorted(post.text for post in Post.objects.all()) == [
        "A whole thought",
        "Another thought",
    ]
    page.goto("/drafts")
    expect(page.get_by_role("heading", name="No drafts")).to_be_visible()


def test_a_draft_opened_again_is_kept_in_the_tab_while_the_server_is_away(
    browse: People, ada: Account
) -> None:
    browse.expect_problem("ERR_FAILED|Failed to load")
    Draft.objects.keep(ada, uuid4(), "post", ["One", "Two"], {})
    page = browse(ada)
    page.goto("/drafts")
    page.get_by_role("link", name="One").click()
    expect(text(page, 2)).to_have_value("Two")
    page.route("**/drafts", lambda route: route.abort())
    text(page, 2).fill("Two, and more")
    page.wait_for_timeout(1300)
    page.reload()
    expect(text(page, 2)).to_have_value("Two, and more")
    assert Draft.objects.get().texts == ["One", "Two"]


def test_a_draft_is_deleted_where_it_stands(browse: People, ada: Account) -> None:
    for words in ("One", "Two"):
        Draft.objects.keep(ada, uuid4(), "post", [words], {})
    page = browse(ada)
    page.goto("/drafts")
    page.get_by_role("button", name="Delete the draft “Two”").click()
    expect(page.locator(".draft")).to_have_count(1)
    expect(page.get_by_role("button", name="Delete the draft “One”")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="No drafts")).to_be_visible()


def test_what_was_sent_as_a_draft_is_not_in_the_composer_any_longer(
    browse: People, ada: Account
) -> None:
    page = browse(ada)
    page.goto("/compose")
    text(page).fill("Half a thought")
    until(page, Draft.objects.exists)
    page.get_by_role("link", name="Drafts").click()
    page.get_by_role("link", name="Half a thought").click()
    text(page).press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("Your post was sent.")
    page.goto("/compose")
    expect(text(page)).to_have_value("")


def test_somebody_else_in_the_same_tab_finds_nothing(
    browse: People, ada: Account, ben: Account
) -> None:
    page = browse(ada)
    page.goto("/compose")
    text(page).fill("Ada's own")
    page.context.add_cookies(
        [
            {
                "name": "sessionid",
                "value": client_of(ben).cookies["sessionid"].value,
                "url": browse.url,
            }
        ]
    )
    page.goto("/compose")
    expect(text(page)).to_have_value("")


# --- Once, and not lost ---


def test_sending_twice_posts_once(browse: People, ada: Account) -> None:
    page = browse(ada)
    page.goto("/compose")
    text(page).fill("Once")
    text(page).evaluate("text => { for (let n = 0; n < 3; n++) text.form.requestSubmit(); }")
    expect(page.get_by_role("status").first).to_contain_text("Your post was sent.")
    assert Post.objects.count() == 1


def test_an_answer_that_got_lost_and_a_reload_post_once(browse: People, ada: Account) -> None:
    browse.expect_problem("ERR_FAILED|Failed to load|htmx:(afterRequest|sendError)")
    page = browse(ada)
    page.goto("/compose")
    text(page).fill("Once")

    def lose(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort()

    page.route(
        "**/compose",
        lambda route: lose(route) if route.request.method == "POST" else route.continue_(),
    )
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("the site cannot be reached")
    assert Post.objects.count() == 1
    page.unroute_all()
    page.reload()
    expect(text(page)).to_have_value("Once")
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Your post was sent.")
    assert Post.objects.count() == 1


def test_who_comes_back_writes_another_post(browse: People, ada: Account) -> None:
    page = browse(ada)
    page.goto("/compose")
    text(page).fill("The first")
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Your post was sent.")
    page.go_back()
    expect(text(page)).to_have_value("")
    text(page).fill("The second")
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Your post was sent.")
    assert sorted(post.text for post in Post.objects.all()) == ["The first", "The second"]
