"""How much one may publish within an hour, and what one is told then."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Account
from microblog.limits import TooManyError
from microblog.tests.pictures import upload
from microblog.tests.reading import find
from timeline import limits
from timeline.models import Post
from timeline.tests.scene import HTMX, say


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two posts and three pictures an hour."""
    monkeypatch.setattr(limits, "POSTS", 2)
    monkeypatch.setattr(limits, "UPLOADS", 3)


@pytest.fixture
def told(few: None, ben: Account) -> str:
    """Ben has posted as much as he may: 50 and 20 minutes ago. What he is told."""
    say(ben, "First", ago=timedelta(minutes=50))
    say(ben, "Second", ago=timedelta(minutes=20))
    return "You have posted 2 times within the hour. Please try again in 10 minutes."


def errors(response: Any) -> str:
    return " ".join(element.text for element in find(response, "div", class_="errors")).strip()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_the_form_comes_back_with_what_was_typed(told: str, as_ben: Client, headers: dict[str, str]) -> None:
    response = as_ben.post("/compose", {"text": "Third", "images": upload()}, headers=headers)
    assert response.status_code == 429
    assert 590 < int(response["Retry-After"]) <= 600
    assert told in errors(response)
    assert not headers or not find(response, "textarea"), "only the messages change"
    assert headers or find(response, "textarea", name="text")[0].text == "Third"
    assert Post.objects.count() == 2


def test_no_picture_is_looked_at(told: str, as_ben: Client) -> None:
    response = as_ben.post("/compose", {"text": "Third", "images": upload(b"no picture")})
    assert "Please try again" in errors(response)
    assert "no picture" not in errors(response)


def test_when_it_said_it_is_possible_again(told: str, as_ben: Client) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=1)):
        assert as_ben.post("/compose", {"text": "Third"}).status_code == 302


def test_it_is_a_limit_of_each(told: str, as_ada: Client) -> None:
    assert as_ada.post("/compose", {"text": "Mine"}).status_code == 302


def test_a_retweet_is_one_more(told: str, ada: Account, ben: Account, as_ben: Client) -> None:
    post = say(ada, "Hello")
    for headers in ({}, HTMX):
        response = as_ben.post(f"/posts/{post.pk}/retweet", headers=headers)
        assert response.status_code == 429
        assert 590 < int(response["Retry-After"]) <= 600
        assert told in response.content.decode()
    post.refresh_from_db()
    assert (post.retweets_count, Post.objects.by(ben).count()) == (0, 2)


def test_taking_a_retweet_back_is_always_possible(few: None, ada: Account, ben: Account, as_ben: Client) -> None:
    post = say(ada, "Hello")
    as_ben.post(f"/posts/{post.pk}/retweet")
    say(ben, "One more")
    assert as_ben.post(f"/posts/{post.pk}/unretweet").status_code == 302
    assert not Post.objects.filter(retweet_of=post).exists()


@pytest.mark.parametrize(("sent", "status"), [(2, 302), (3, 429)])
def test_pictures_are_counted_as_well(few: None, ben: Account, as_ben: Client, sent: int, status: int) -> None:
    say(ben, "First", pictures=1, ago=timedelta(minutes=50))
    response = as_ben.post("/compose", {"text": "Second", "images": [upload() for _ in range(sent)]})
    assert response.status_code == status
    assert status == 302 or "more than 3 pictures within the hour. Please try again in 10 minutes." in errors(response)


def test_the_verb_says_so_too(told: str, ben: Account, publish: Any) -> None:
    with pytest.raises(TooManyError, match="in 10 minutes"):
        publish(ben, "Third")


def test_what_is_dated_by_somebody_else_is_not_limited(told: str, ben: Account) -> None:
    assert say(ben, "Third", ago=timedelta(minutes=1)).pk
