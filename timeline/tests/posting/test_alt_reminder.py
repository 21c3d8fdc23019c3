"""Being reminded of descriptions before one posts pictures without."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Account
from microblog.media import images
from testing.html import find
from testing.pictures import upload
from testing.scene import HTMX, say
from timeline.models import Media

SENTENCE = "There is a picture here without a description."
LOST = "Your pictures did not come along"


@pytest.fixture
def reminded(ada: Account) -> Account:
    ada.set_alt_reminder(on=True)
    return ada


def form(**more: Any) -> dict[str, Any]:
    return {"text": "Look", "images": [upload(), upload()], "alt_1": "A field", **more}


def said(response: Any) -> list[str]:
    """Return what each post of the form is told."""
    assert response.status_code == 422
    return [element.text for element in find(response, "div", class_="errors")]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_the_form_comes_back_with_what_was_typed_and_a_button(
    reminded: Account, as_ada: Client, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "fit", None)  # no picture is opened in vain
    response = as_ada.post("/compose", form(), headers=headers)
    assert SENTENCE in said(response)[0]
    button = find(response, "button", name="undescribed")[0]
    assert button.text == "Post without descriptions"
    assert "errors" in button.within("div").classes
    assert not reminded.posts.exists()
    if not headers:
        assert find(response, "textarea", name="text")[0].text == "Look"
        assert find(response, "textarea", name="alt_1")[0].text == "A field"
        assert "please choose them again" in said(response)[0]


@pytest.mark.parametrize(
    "more",
    [{"undescribed": "on"}, {"alt_2": "Another"}, {"images": [upload()]}, {"images": []}],
    ids=["confirmed", "described", "the other is not sent", "no picture"],
)
def test_it_is_posted(reminded: Account, as_ada: Client, more: dict[str, Any]) -> None:
    assert as_ada.post("/compose", form(**more)).status_code == 302
    assert reminded.posts.count() == 1


def test_who_did_not_ask_for_it_is_not_reminded(ada: Account, as_ada: Client) -> None:
    assert as_ada.post("/compose", form()).status_code == 302
    assert Media.objects.count() == 2
    assert not find(as_ada.get("/compose"), "template", class_="reminder")


@pytest.mark.parametrize("blank", ["", "  \n ", "\u200b", "\u2060 "])
def test_a_description_that_shows_nothing_is_none(
    reminded: Account, as_ada: Client, blank: str
) -> None:
    response = as_ada.post("/compose", form(alt_2=blank))
    assert SENTENCE in said(response)[0]


def test_in_a_thread_the_post_that_misses_one_says_so(reminded: Account, as_ada: Client) -> None:
    thread = form(alt_2="Another", text_2="And", images_2=[upload()], text_3="Words alone")
    for headers in ({}, HTMX):
        response = as_ada.post("/compose", {**thread}, headers=headers)
        first, second, third = said(response)
        assert SENTENCE not in first
        assert SENTENCE in second
        assert not third
        for file in (*thread["images"], *thread["images_2"]):
            file.seek(0)
    assert as_ada.post("/compose", {**thread, "undescribed": "on"}).status_code == 302
    assert reminded.posts.count() == 3


def test_pictures_that_a_browser_forgot_are_not_left_out_unasked(
    reminded: Account, as_ada: Client
) -> None:
    """Who presses "Post without descriptions" without JavaScript has to choose them again."""
    response = as_ada.post("/compose", {"text": "Look", "undescribed": "on"})
    assert LOST in said(response)[0]
    assert not reminded.posts.exists()


def test_words_that_are_wrong_come_first(reminded: Account, as_ada: Client) -> None:
    response = as_ada.post("/compose", form(text="x" * 300))
    assert "too long" in said(response)[0]
    assert SENTENCE not in said(response)[0]


def test_a_reply_reminds_as_well(reminded: Account, as_ada: Client, ben: Account) -> None:
    response = as_ada.post("/compose", form(reply_to=say(ben, "Hello").pk))
    assert SENTENCE in said(response)[0]
