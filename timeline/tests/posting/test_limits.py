"""How much one may publish within an hour, and what one is told then."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import limits as account_limits
from accounts.models import Account, RefusedError, SignupPolicy, User
from microblog.web.ratelimit import TooManyError
from testing.html import find
from testing.pictures import upload
from testing.scene import HTMX, picture, say
from timeline.models import Post, Revision
from timeline.posting import limits
from timeline.posting.publish import publish as publish_post


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two posts and three pictures an hour."""
    monkeypatch.setattr(limits, "POSTS", replace(limits.POSTS, most=2))
    monkeypatch.setattr(limits, "UPLOADS", replace(limits.UPLOADS, most=3))


@pytest.fixture
def told(few: None, ben: Account) -> str:
    """Ben has posted as much as he may: 50 and 20 minutes ago. What he is told."""
    for text, minutes in (("First", 50), ("Second", 20)):
        with time_machine.travel(timezone.now() - timedelta(minutes=minutes), tick=False):
            publish_post(ben, text)
    return "You have posted 2 times within the hour. Please try again in 10 minutes."


def errors(response: Any) -> str:
    return " ".join(element.text for element in find(response, "div", class_="errors")).strip()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_the_form_comes_back_with_what_was_typed(
    told: str, as_ben: Client, headers: dict[str, str]
) -> None:
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


def test_taking_a_retweet_back_is_always_possible(
    few: None, ada: Account, ben: Account, as_ben: Client
) -> None:
    post = say(ada, "Hello")
    as_ben.post(f"/posts/{post.pk}/retweet")
    publish_post(ben, "One more")
    assert as_ben.post(f"/posts/{post.pk}/unretweet").status_code == 302
    assert not Post.objects.filter(retweet_of=post).exists()


@pytest.mark.parametrize(("sent", "status"), [(2, 302), (3, 429)])
def test_pictures_are_counted_as_well(
    few: None, ben: Account, as_ben: Client, sent: int, status: int
) -> None:
    with time_machine.travel(timezone.now() - timedelta(minutes=50), tick=False):
        publish_post(ben, "First", attachments=[picture()])
    response = as_ben.post(
        "/compose", {"text": "Second", "images": [upload() for _ in range(sent)]}
    )
    assert response.status_code == status
    assert (
        status == 302
        or "more than 3 pictures within the hour. Please try again in 10 minutes."
        in errors(response)
    )


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
    assert (
        as_ada.post("/compose", {"text": "Hello @ben, see https://example.com/ #first"}).status_code
        == 302
    )


LINKS = " ".join(f"https://example.com/{n}" for n in range(3))
MENTIONS = "@a @b @c @d @e @f"


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
@pytest.mark.parametrize(
    ("text", "told"),
    [
        (LINKS, "up to 2 links; this has 3. Take out 1"),
        (MENTIONS, "up to 5 mentions; this has 6. Take out 1"),
    ],
)
def test_a_newcomers_links_and_mentions(
    ada: Account, as_ada: Client, text: str, told: str, headers: dict[str, str]
) -> None:
    response = as_ada.post("/compose", {"text": text}, headers=headers)
    assert response.status_code == 422
    assert told in errors(response)
    assert f"From {timezone.now() + timedelta(days=7):%-d %B} on" in errors(response)
    assert headers or find(response, "textarea", name="text")[0].text == text
    assert not Post.objects.exists()
    came(ada, timedelta(days=7, seconds=1))
    assert as_ada.post("/compose", {"text": text}, headers=headers).status_code == (
        200 if headers else 302
    )


def test_an_edit_is_no_way_around(ada: Account, as_ada: Client) -> None:
    post = say(ada, "Hello", ago=timedelta())
    response = as_ada.post(f"/posts/{post.pk}/edit", {"text": LINKS})
    assert response.status_code == 422
    assert "up to 2 links" in errors(response)
    post.refresh_from_db()
    assert post.text == "Hello"


def test_until_some_number_of_followers(ada: Account, cal: Account, publish: Any) -> None:
    SignupPolicy(newcomer_followers=1).save()
    ada = came(ada, timedelta(days=30))
    with pytest.raises(RefusedError, match="up to 2 links") as raised:
        publish(ada, LINKS)
    assert "From" not in str(raised.value), "nobody knows when somebody will follow"
    cal.follow(ada)
    assert publish(came(ada, timedelta(days=30)), LINKS).pk


def test_a_newcomers_posts_within_an_hour(ben: Account, ada: Account, as_ben: Client) -> None:
    SignupPolicy(newcomer_posts=5).save()
    post = say(ada, "Hello")
    for number in range(5):
        with time_machine.travel(timezone.now() - timedelta(minutes=50 - number), tick=False):
            publish_post(ben, f"Number {number}")
    response = as_ben.post("/compose", {"text": "Sixth"})
    assert response.status_code == 429
    assert "5 times within the hour. Please try again in 10 minutes" in errors(response)
    assert 590 < int(response["Retry-After"]) <= 600
    assert as_ben.post(f"/posts/{post.pk}/retweet").status_code == 429
    came(ben, timedelta(days=8))
    assert as_ben.post("/compose", {"text": "Sixth"}).status_code == 302


@pytest.mark.parametrize("staff", [False, True])
def test_staff_and_whom_nobody_signs_in_as_are_no_newcomers(
    ada: Account, publish: Any, staff: bool
) -> None:
    if staff:
        User.objects.filter(pk=ada.user_id).update(is_staff=True)
    else:
        Account.objects.filter(pk=ada.pk).update(user=None)
    assert publish(Account.objects.get(pk=ada.pk), LINKS).pk


def test_an_imported_past_does_not_make_one_an_old_hand(ada: Account, publish: Any) -> None:
    Account.objects.filter(pk=ada.pk).update(
        joined_at=timezone.now() - timedelta(days=3000), imported_followers=118_000
    )
    with pytest.raises(RefusedError):
        publish(Account.objects.get(pk=ada.pk), LINKS)


def test_zero_days_are_no_limits(ada: Account, publish: Any) -> None:
    SignupPolicy(newcomer_days=0).save()
    assert publish(ada, f"{LINKS} {MENTIONS}").pk


def test_what_the_keeper_says_is_asked_at_once(as_ada: Client) -> None:
    """What holds for newcomers comes with the rules about words."""
    with CaptureQueriesContext(connection) as captured:
        as_ada.post("/compose", {"text": f"{LINKS[:22]} @ada #first"})
    asked = [q["sql"] for q in captured if "signuppolicy" in q["sql"] or "keywordrule" in q["sql"]]
    assert len(asked) == 1
    assert Post.objects.count() == 1


# --- What was taken back made no room ---


def test_what_was_deleted_counts_as_posted(told: str, ben: Account, as_ben: Client) -> None:
    for post in Post.objects.by(ben):
        assert as_ben.post(f"/posts/{post.pk}/delete").status_code == 302
    assert not Post.objects.by(ben).exists()
    response = as_ben.post("/compose", {"text": "Third"})
    assert response.status_code == 429
    assert told in errors(response)


def test_retweets_that_were_taken_back_count(few: None, ada: Account, as_ben: Client) -> None:
    post = say(ada, "Hello")
    deeds = ["retweet", "retweet", "unretweet", "retweet", "unretweet", "retweet"]
    answers = [as_ben.post(f"/posts/{post.pk}/{deed}").status_code for deed in deeds]
    assert answers == [302, 302, 302, 302, 302, 429], (
        "the second changed nothing, and so was not counted"
    )


def test_what_a_rule_refused_was_counted(few: None, ben: Account, as_ben: Client) -> None:
    for _ in range(2):
        assert as_ben.post("/compose", {"text": LINKS}).status_code == 422
    assert as_ben.post("/compose", {"text": "Hello"}).status_code == 429


def test_what_is_too_long_was_no_post(few: None, as_ben: Client) -> None:
    for _ in range(3):
        assert as_ben.post("/compose", {"text": "x" * 300}).status_code == 422
    assert as_ben.post("/compose", {"text": "Hello"}).status_code == 302


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_the_last_one_that_is_allowed_sent_twice_leads_to_it(
    few: None, as_ben: Client, headers: dict[str, str]
) -> None:
    as_ben.post("/compose", {"text": "First"})
    form = {"text": "Second", "idempotency_key": str(uuid4())}
    answers = [as_ben.post("/compose", form, headers=headers) for _ in range(2)]
    to = Post.objects.get(text="Second").get_absolute_url()
    assert [answer.headers.get("HX-Redirect" if headers else "Location") for answer in answers] == [
        to,
        to,
    ]
    assert Post.objects.count() == 2


def test_staff_are_limited_too(few: None, ben: Account, publish: Any) -> None:
    User.objects.filter(pk=ben.user_id).update(is_staff=True, is_superuser=True)
    for _ in range(2):
        publish(ben, "Hello")
    with pytest.raises(TooManyError):
        publish(Account.objects.get(pk=ben.pk), "Hello")


@pytest.mark.slow
def test_a_hundred_and_no_more_at_the_real_number(ben: Account, publish: Any) -> None:
    came(ben, timedelta(days=30))
    ben = Account.objects.get(pk=ben.pk)
    for number in range(limits.POSTS.most):
        publish(ben, f"Number {number}").remove()
    with pytest.raises(TooManyError, match="You have posted 100 times within the hour"):
        publish(ben, "One more")


# --- What one does with posts and people ---

DEEDS = {
    "like": (limits, "LIKES", "/posts/{post}/like", "/posts/{post}/unlike"),
    "bookmark": (limits, "BOOKMARKS", "/posts/{post}/bookmark", "/posts/{post}/unbookmark"),
    "follow": (account_limits, "FOLLOWS", "/@ada/follow", "/@ada/unfollow"),
}


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
@pytest.mark.parametrize("deed", DEEDS)
def test_doing_and_undoing(
    ada: Account,
    cal: Account,
    as_cal: Client,
    as_ben: Client,
    monkeypatch: pytest.MonkeyPatch,
    deed: str,
    headers: dict[str, str],
) -> None:
    module, name, do, undo = DEEDS[deed]
    limit = replace(getattr(module, name), most=2)
    monkeypatch.setattr(module, name, limit)
    post = say(ada, "Hello")
    do, undo = do.format(post=post.pk), undo.format(post=post.pk)
    fine = 200 if headers else 302
    for _ in range(2):
        assert as_cal.post(do, headers=headers).status_code == fine
        assert as_cal.post(undo, headers=headers).status_code == fine
    response = as_cal.post(do, headers=headers)
    assert response.status_code == 429
    assert abs(int(response["Retry-After"]) - limit.within.total_seconds()) < 60
    assert "Please try again in" in response.content.decode()
    assert as_cal.post(undo, headers=headers).status_code == fine, "to take back is always possible"
    post.refresh_from_db()
    ada.refresh_from_db()
    assert (post.likes_count, cal.bookmarks.count(), cal.follows.count()) == (0, 0, 0)
    assert as_ben.post(do, headers=headers).status_code == fine, "it is a limit of each"
    with time_machine.travel(timezone.now() + limit.within + timedelta(seconds=1)):
        assert as_cal.post(do, headers=headers).status_code == fine


# --- Edits and descriptions ---


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_edits_within_an_hour(
    ada: Account, as_ada: Client, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    monkeypatch.setattr(limits, "EDITS", replace(limits.EDITS, most=1))
    post = say(ada, "Hello", ago=timedelta())
    assert as_ada.post(f"/posts/{post.pk}/edit", {"text": "One"}).status_code == 302
    response = as_ada.post(f"/posts/{post.pk}/edit", {"text": "What I typed"}, headers=headers)
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert "You have edited 1 times within the hour." in errors(response)
    assert find(response, "textarea", name="text")[0].text == "What I typed"
    assert Revision.objects.count() == 1


def test_edits_of_one_post(ada: Account, as_ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_EDITS", 2)
    post = say(ada, "Hello", ago=timedelta())
    answers = [as_ada.post(f"/posts/{post.pk}/edit", {"text": f"Number {n}"}) for n in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 422]
    assert "stays as it is now" in errors(answers[-1])
    assert Revision.objects.count() == 2
    assert as_ada.post(f"/posts/{post.pk}/edit", {"text": "Number 1"}).status_code == 302, (
        "nothing changes: nothing is kept"
    )


def test_descriptions(ada: Account, as_ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "DESCRIPTIONS", replace(limits.DESCRIPTIONS, most=1))
    media = say(ada, "Hello", pictures=1).media.get()
    assert (
        as_ada.post("/settings/descriptions", {"media": media.pk, "alt": "First"}).status_code
        == 302
    )
    response = as_ada.post("/settings/descriptions", {"media": media.pk, "alt": "Second"})
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert find(response, "textarea", name="alt")[0].text.strip() == "Second"
    media.refresh_from_db()
    assert media.alt == "First"


# --- The profile and the handle ---


@pytest.mark.parametrize(
    ("name", "url", "first", "second"),
    [
        ("PROFILES", "/settings/profile", {"name": "One"}, {"name": "Two"}),
        ("HANDLES", "/settings/handle", {"handle": "one"}, {"handle": "two"}),
    ],
)
def test_who_one_is(
    as_ada: Client,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    url: str,
    first: dict[str, str],
    second: dict[str, str],
) -> None:
    monkeypatch.setattr(account_limits, name, replace(getattr(account_limits, name), most=1))
    more = {"avatar_position": "middle", "banner_position": "middle"}
    assert as_ada.post(url, {**first, **more}).status_code == 302
    response = as_ada.post(url, {**second, **more})
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    ((field, value),) = second.items()
    assert find(response, "input", name=field)[0].attrs["value"] == value
    assert not Account.objects.filter(**second).exists()
