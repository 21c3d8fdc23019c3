"""How much one may publish within an hour, and what one is told then."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Account, Admission, RefusedError, User
from microblog.ratelimit import TooManyError
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


# --- Newcomers ---


def came(account: Account, ago: timedelta) -> Account:
    User.objects.filter(pk=account.user_id).update(date_joined=timezone.now() - ago)
    return Account.objects.get(pk=account.pk)


def test_a_first_post_is_refused_by_nothing(ben: Account, as_ada: Client) -> None:
    assert as_ada.post("/compose", {"text": "Hello @ben, see https://example.com/ #first"}).status_code == 302


LINKS = " ".join(f"https://example.com/{n}" for n in range(3))
MENTIONS = "@a @b @c @d @e @f"


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
@pytest.mark.parametrize(
    ("text", "told"), [(LINKS, "up to 2 links; this has 3. Take out 1"), (MENTIONS, "up to 5 mentions; this has 6. Take out 1")]
)
def test_a_newcomers_links_and_mentions(ada: Account, as_ada: Client, text: str, told: str, headers: dict[str, str]) -> None:
    response = as_ada.post("/compose", {"text": text}, headers=headers)
    assert response.status_code == 422
    assert told in errors(response)
    assert f"From {timezone.now() + timedelta(days=7):%-d %B} on" in errors(response)
    assert headers or find(response, "textarea", name="text")[0].text == text
    assert not Post.objects.exists()
    came(ada, timedelta(days=7, seconds=1))
    assert as_ada.post("/compose", {"text": text}, headers=headers).status_code == (200 if headers else 302)


def test_an_edit_is_no_way_around(ada: Account, as_ada: Client) -> None:
    post = say(ada, "Hello", ago=timedelta())
    response = as_ada.post(f"/posts/{post.pk}/edit", {"text": LINKS})
    assert response.status_code == 422
    assert "up to 2 links" in errors(response)
    post.refresh_from_db()
    assert post.text == "Hello"


def test_until_some_number_of_followers(ada: Account, cal: Account, publish: Any) -> None:
    Admission(newcomer_followers=1).save()
    ada = came(ada, timedelta(days=30))
    with pytest.raises(RefusedError, match="up to 2 links") as raised:
        publish(ada, LINKS)
    assert "From" not in str(raised.value), "nobody knows when somebody will follow"
    cal.follow(ada)
    assert publish(came(ada, timedelta(days=30)), LINKS).pk


def test_a_newcomers_posts_within_an_hour(ben: Account, ada: Account, as_ben: Client) -> None:
    Admission(newcomer_posts=5).save()
    post = say(ada, "Hello")
    for number in range(5):
        say(ben, f"Number {number}", ago=timedelta(minutes=50 - number))
    response = as_ben.post("/compose", {"text": "Sixth"})
    assert response.status_code == 429
    assert "5 times within the hour. Please try again in 10 minutes" in errors(response)
    assert 590 < int(response["Retry-After"]) <= 600
    assert as_ben.post(f"/posts/{post.pk}/retweet").status_code == 429
    came(ben, timedelta(days=8))
    assert as_ben.post("/compose", {"text": "Sixth"}).status_code == 302


@pytest.mark.parametrize("staff", [False, True])
def test_staff_and_whom_nobody_signs_in_as_are_no_newcomers(ada: Account, publish: Any, staff: bool) -> None:
    if staff:
        User.objects.filter(pk=ada.user_id).update(is_staff=True)
    else:
        Account.objects.filter(pk=ada.pk).update(user=None)
    assert publish(Account.objects.get(pk=ada.pk), LINKS).pk


def test_an_imported_past_does_not_make_one_an_old_hand(ada: Account, publish: Any) -> None:
    Account.objects.filter(pk=ada.pk).update(joined_at=timezone.now() - timedelta(days=3000), carried_followers=118_000)
    with pytest.raises(RefusedError):
        publish(Account.objects.get(pk=ada.pk), LINKS)


def test_zero_days_are_no_limits(ada: Account, publish: Any) -> None:
    Admission(newcomer_days=0).save()
    assert publish(ada, f"{LINKS} {MENTIONS}").pk


def test_a_plain_post_of_a_newcomer_does_not_ask_for_the_limits(as_ada: Client) -> None:
    with CaptureQueriesContext(connection) as captured:
        as_ada.post("/compose", {"text": "Hello #first"})
    assert not [query for query in captured if "admission" in query["sql"]]
