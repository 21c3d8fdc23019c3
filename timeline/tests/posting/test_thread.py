"""A thread in one go: several posts from one form, all of them or none."""

from dataclasses import replace
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from testing.effort import takes_less_than
from testing.html import find
from testing.pictures import upload
from testing.scene import HTMX, picture, say
from timeline.feeds import counters
from timeline.models import Media, Post
from timeline.posting import limits
from timeline.posting.publish import MAX_THREAD, PostInput, publish_thread

THREE = {"text": "One", "text_2": "Two #tag", "text_3": "Three"}


def texts(response: Any) -> list[str]:
    """What the fields of the composer hold."""
    return [
        element.text
        for element in find(response, "textarea")
        if element.attrs.get("name", "").startswith("text")
    ]


def errors(response: Any, number: int) -> str:
    """What is said beside the post of that number."""
    (element,) = find(
        response,
        "div",
        class_="errors",
        id=f"compose-errors-{number}" if number > 1 else "compose-errors",
    )
    return element.text.strip()


# --- Publishing ---


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_each_post_answers_the_one_before(
    ben: Account, as_ben: Client, headers: dict[str, str]
) -> None:
    response = as_ben.post("/compose", THREE, headers=headers)
    first, second, third = Post.objects.order_by("pk")
    assert response.get("HX-Redirect" if headers else "Location") == first.get_absolute_url()
    assert [post.text for post in (first, second, third)] == ["One", "Two #tag", "Three"]
    assert [post.kind for post in (first, second, third)] == ["post", "reply", "reply"]
    assert (second.reply_to, third.reply_to) == (first, second)
    assert first.created_at < second.created_at < third.created_at
    assert Post.objects.thread(first)[:2] == ([], [second.pk, third.pk])
    ben.refresh_from_db()
    assert (ben.posts_count, ben.last_post_id) == (3, third.pk)
    assert not any(counters.recount_everything().values())


def test_the_first_answers_or_quotes(ada: Account, as_ben: Client) -> None:
    post = say(ada, "Hello")
    as_ben.post("/compose", {**THREE, "reply_to": post.pk})
    as_ben.post("/compose", {"text": "Look", "text_2": "Well", "quote": post.pk})
    assert [reply.text for reply in post.replies.all()] == ["One"]
    assert [quote.text for quote in post.quotes.all()] == ["Look"]


def test_each_has_its_own_pictures(as_ben: Client) -> None:
    data = {
        **THREE,
        "images": upload(),
        "alt_1": "First",
        "images_3": [upload(), upload()],
        "alt_2_3": "Last",
        "sensitive_3": "on",
    }
    as_ben.post("/compose", data)
    first, second, third = Post.objects.order_by("pk")
    assert [post.media_count for post in (first, second, third)] == [1, 0, 2]
    assert [media.alt for media in Media.objects.of_posts([first.pk, third.pk])] == [
        "First",
        "",
        "Last",
    ]
    assert [post.sensitive for post in (first, second, third)] == [False, False, True]


def test_a_form_sent_twice_posts_one_thread(as_ben: Client) -> None:
    sent = {**THREE, "idempotency_key": str(uuid4())}
    assert as_ben.post("/compose", sent)["Location"] == as_ben.post("/compose", sent)["Location"]
    assert Post.objects.count() == 3


def test_no_thread_takes_long(as_ben: Client) -> None:
    """25 parts of this, each as long as a post could be once, took two minutes."""
    sent = {f"text_{n}" if n > 1 else "text": "a." * 4990 + "com" for n in range(1, MAX_THREAD + 1)}
    with takes_less_than(5):
        response = as_ben.post("/compose", sent)
    assert response.status_code == 422
    assert (
        errors(response, MAX_THREAD) == "This is too long: 9983 of 280 characters. Take out 9703."
    )
    assert texts(response) == list(sent.values())


def test_a_further_post_that_says_nothing_is_none(as_ben: Client) -> None:
    as_ben.post("/compose", {"text": "One", "text_2": " \u200b", "text_3": "Three", "text_4": ""})
    assert list(Post.objects.order_by("pk").values_list("text", flat=True)) == ["One", "Three"]


def test_one_wrong_post_publishes_none(ben: Account) -> None:
    # no description is None
    contents = [
        PostInput("One", [picture()]),
        PostInput("Two"),
        PostInput("Three", [picture(None)]),
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        publish_thread(ben, contents)
    ben.refresh_from_db()
    assert (ben.posts_count, Post.objects.count(), Media.objects.count()) == (0, 0, 0)


def test_it_is_one_transaction(as_ben: Client) -> None:
    with CaptureQueriesContext(connection) as captured:
        as_ben.post("/compose", THREE)
    depth, transactions = 0, 0
    for sql in (query["sql"] for query in captured):
        transactions += sql.startswith("SAVEPOINT") and depth == 0
        depth += sql.startswith("SAVEPOINT") - sql.startswith("RELEASE")
    assert transactions == 1


def test_it_keeps_its_order_however_fast_it_is_written(ben: Account) -> None:
    with (
        patch("timeline.posting.publish.timezone.now", return_value=ben.joined_at),
        patch("timeline.models.post_standing.timezone.now", return_value=ben.joined_at),
    ):
        first = publish_thread(ben, [PostInput(str(n)) for n in range(MAX_THREAD)])
    posts = list(Post.objects.order_by("pk"))
    assert posts[0] == first
    assert [post.text for post in posts] == [str(n) for n in range(MAX_THREAD)]


# --- Refusals ---


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_each_says_what_is_wrong_with_it(as_ben: Client, headers: dict[str, str]) -> None:
    response = as_ben.post(
        "/compose", {"text": "", "text_2": "Fine", "text_3": "x" * 282}, headers=headers
    )
    assert response.status_code == 422
    assert not Post.objects.exists()
    assert errors(response, 1) == "Write something, or add a picture."
    assert errors(response, 2) == ""
    assert errors(response, 3) == "This is too long: 282 of 280 characters. Take out 2."
    assert headers or texts(response) == ["", "Fine", "x" * 282]


def test_with_htmx_every_message_finds_its_place(as_ben: Client) -> None:
    response = as_ben.post(
        "/compose?dialog", {"text": "x" * 281, "text_2": "y" * 281}, headers=HTMX
    )
    one, two = find(response, "div", class_="errors")
    assert (one.attrs["id"], two.attrs["id"]) == ("dialog-errors", "dialog-errors-2")
    assert "hx-swap-oob" not in one.attrs
    assert two.attrs["hx-swap-oob"] == "true"


def test_what_is_no_picture_is_said_at_its_post(as_ben: Client) -> None:
    response = as_ben.post("/compose", {**THREE, "images_2": upload(b"a text", "holiday.png")})
    assert "holiday.png: This is no picture that we know" in errors(response, 2)
    assert "please choose them again" in errors(response, 1)


def test_thread_has_at_most_twenty_five_posts(as_ben: Client) -> None:
    many = {"text": "1", **{f"text_{n}": str(n) for n in range(2, 27)}}
    response = as_ben.post("/compose", many)
    assert response.status_code == 422
    assert errors(response, 1) == "A thread has at most 25 posts."
    del many["text_26"]
    assert as_ben.post("/compose", many).status_code == 302
    assert Post.objects.count() == 25


def test_every_post_counts_for_the_limit(monkeypatch: pytest.MonkeyPatch, as_ben: Client) -> None:
    monkeypatch.setattr(limits, "POSTS", replace(limits.POSTS, most=4))
    assert as_ben.post("/compose", {"text": "One", "text_2": "Two"}).status_code == 302
    response = as_ben.post("/compose", {**THREE, "images_2": upload(b"no picture")})
    assert response.status_code == 429
    assert errors(response, 2) == "", "no picture is looked at"
    assert (
        "That would be more than 4 posts within the hour. Please try again in 60 minutes."
        in errors(response, 1)
    )
    assert texts(response) == ["One", "Two #tag", "Three"]
    assert (
        as_ben.post("/compose", {"text": "Three", "text_2": "Four", "text_3": ""}).status_code
        == 302
    )


# --- One more field, without JavaScript ---


def test_one_more_field_keeps_what_was_typed(ada: Account, as_ben: Client) -> None:
    post = say(ada, "Hello")
    typed = {
        "text": "One",
        "alt_2": "A field",
        "sensitive": "on",
        "reply_to": post.pk,
        "idempotency_key": str(uuid4()),
    }
    response = as_ben.post("/compose/more", {**typed, "images": upload()})
    assert response.status_code == 200
    assert not Post.objects.filter(kind="reply").exists()
    assert texts(response) == ["One", ""]
    assert find(response, "textarea", name="alt_2")[0].text == "A field"
    assert "checked" in find(response, "input", name="sensitive")[0].attrs
    assert find(response, "input", name="reply_to")[0].attrs["value"] == str(post.pk)
    assert (
        find(response, "input", name="idempotency_key")[0].attrs["value"]
        == typed["idempotency_key"]
    )
    assert "please choose them again" in errors(response, 1)
    assert texts(as_ben.post("/compose/more", {"text": "x" * 300, "text_2": "Two"})) == [
        "x" * 300,
        "Two",
        "",
    ]


def test_there_is_no_room_for_a_twenty_sixth(as_ben: Client) -> None:
    typed = {"text": "1", **{f"text_{n}": str(n) for n in range(2, 26)}}
    response = as_ben.post("/compose/more", typed)
    assert len(texts(response)) == 25
    assert not find(response, "button", formaction="/compose/more")
    roomy = as_ben.post("/compose/more", {"text": "1"})
    assert find(roomy, "button", formaction="/compose/more")


def test_the_first_button_still_sends(as_ben: Client) -> None:
    """Enter in a field presses it."""
    for typed in ({"text": "One"}, {"text": "One", "text_2": "Two"}):
        buttons = [
            button
            for button in find(as_ben.post("/compose/more", typed), "button")
            if button.within("form")
        ]
        first = next(button for button in buttons if "composer" in button.within("form").classes)
        assert (first.text, first.attrs.get("name")) == ("Post all", None)


def test_visitor_adds_no_post(visitor: Client) -> None:
    assert visitor.post("/compose/more", THREE)["Location"].startswith("/account/login/")


def test_the_address_of_one_more_field_has_no_page_of_its_own(
    as_ben: Client, visitor: Client
) -> None:
    assert as_ben.get("/compose/more")["Location"] == "/compose"
    assert as_ben.put("/compose/more").status_code == 405
    assert visitor.post("/compose/more", {"text": "One"})["Location"].startswith("/account/login/")
