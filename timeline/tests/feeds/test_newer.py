"""Home says what came to it while it is open, and counts by the rules of home."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import Account, MutedWord, Session
from accounts.models.session import NOTED_EVERY
from conftest import make_account
from testing.html import find, rows_of
from testing.scene import HTMX, retweet, say
from timeline.models import Post


def ask(client: Client, after: object) -> HttpResponse:
    return client.get(f"/?after={after}", headers=HTMX)


def shown(client: Client, after: int) -> str:
    """What the bar says; "" where there is none."""
    answer = ask(client, after)
    if answer.status_code == 204:
        return ""
    assert answer.status_code == 200
    (link,) = find(answer, "a")
    assert link.attrs["href"] == link.attrs["hx-get"] == "/"
    return " ".join(link.text.split())


@pytest.fixture
def seen(ada: Account, ben: Account) -> int:
    """The newest post of Ada's, as Ben's home showed it."""
    return say(ada, "Seen").pk


def test_home_names_the_newest_that_it_shows(seen: int, as_ben: Client) -> None:
    (place,) = find(as_ben.get("/"), "div", id="newer")
    assert place.attrs["data-after"] == str(seen)
    assert place.attrs["aria-live"] == "polite"
    assert not find(as_ben.get(f"/?before={seen}"), "div", id="newer")


def test_it_says_how_many(ada: Account, ben: Account, seen: int, as_ben: Client) -> None:
    assert shown(as_ben, seen) == ""
    say(ada, "New")
    assert shown(as_ben, seen) == "Show 1 post"
    say(ben, "My own")
    assert shown(as_ben, seen) == "Show 2 posts"


def test_of_more_than_twenty_it_says_that_there_are_more(
    ada: Account, seen: int, as_ben: Client
) -> None:
    for number in range(20):
        say(ada, f"New {number}")
    assert shown(as_ben, seen) == "Show 20 posts"
    for number in range(20):
        say(ada, f"Newer {number}")
    assert shown(as_ben, seen) == "Show 20+ posts"


def test_an_original_counts_once(
    ada: Account, ben: Account, cal: Account, seen: int, as_ben: Client
) -> None:
    ben.follow(cal)
    post = say(make_account("dan"), "Of somebody else")
    retweet(ada, post)
    retweet(cal, post)
    assert shown(as_ben, seen) == "Show 1 post"


def block(ada: Account, ben: Account) -> None:
    ada.block(ben)


def mute(ada: Account, ben: Account) -> None:
    ben.mute(ada)


def unfollow(ada: Account, ben: Account) -> None:
    ben.unfollow(ada)


def suspend(ada: Account, ben: Account) -> None:
    Account.objects.filter(pk=ada.pk).update(suspended_at=timezone.now())


def hide_retweets(ada: Account, ben: Account) -> None:
    ben.follows.filter(followed=ada).update(shows_retweets=False)


def mute_words(ada: Account, ben: Account) -> None:
    MutedWord.objects.create(account=ben, text="new", folded="new", hides_followed=True)


@pytest.mark.parametrize("happens", [block, mute, unfollow, suspend, hide_retweets, mute_words])
def test_what_home_does_not_show_is_not_counted(
    ada: Account, ben: Account, cal: Account, seen: int, as_ben: Client, happens: Any
) -> None:
    happens(ada, ben)
    if happens == hide_retweets:
        retweet(ada, say(cal, "Of somebody else"))
    else:
        say(ada, "New")
    assert shown(as_ben, seen) == ""
    newer = say(ben, "My own")
    assert rows_of(as_ben.get("/"))[0] == newer.pk
    assert shown(as_ben, seen) == "Show 1 post"


def test_strangers_and_the_protected_are_not_counted(
    cal: Account, seen: int, as_ben: Client
) -> None:
    say(cal, "Of a stranger")
    Account.objects.filter(pk=cal.pk).update(protected_at=timezone.now())
    say(cal, "Of who is protected")
    assert shown(as_ben, seen) == ""


def test_what_went_is_not_counted_and_not_looked_for_again(
    ada: Account, seen: int, as_ben: Client, django_assert_num_queries: Any
) -> None:
    gone = say(ada, "Gone")
    gone.remove()
    with django_assert_num_queries(4):  # session, user, who posted, what of it is here
        answer = ask(as_ben, seen)
    assert (answer.status_code, answer["After"]) == (204, str(gone.pk))
    with django_assert_num_queries(3):
        assert ask(as_ben, gone.pk).status_code == 204


def test_where_nothing_came_it_asks_one_question(
    ada: Account, ben: Account, seen: int, as_ben: Client, django_assert_num_queries: Any
) -> None:
    people = Account.objects.bulk_create(
        Account(handle=f"p{number}", name="P", last_post_id=number + 1) for number in range(300)
    )
    ben.follows.bulk_create(ben.follows.model(follower=ben, followed=one) for one in people)
    with django_assert_num_queries(3):  # session and user, too
        answer = ask(as_ben, seen)
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.fixture
def remembered(seen: int, as_ben: Client, django_assert_num_queries: Any) -> int:
    """The post after which it is remembered that nothing came: whether the session has ended and
    whether anybody posted is all that is asked.
    """
    for _ in range(2):
        ask(as_ben, seen)
    with django_assert_num_queries(2):
        answer = ask(as_ben, seen)
    assert (answer.status_code, answer["After"]) == (204, str(seen))
    return seen


def test_while_nobody_posts_it_does_not_look_again(
    ada: Account,
    ben: Account,
    cal: Account,
    remembered: int,
    as_ben: Client,
    django_assert_num_queries: Any,
) -> None:
    Post.objects.get().like(ben)
    with django_assert_num_queries(2):
        assert shown(as_ben, remembered) == ""
    say(cal, "Of a stranger")
    assert shown(as_ben, remembered) == ""
    say(ada, "New")
    assert shown(as_ben, remembered) == "Show 1 post"


def test_who_follows_somebody_meanwhile_hears_of_it(
    ben: Account, cal: Account, seen: int, as_ben: Client
) -> None:
    say(cal, "Of a stranger")
    for _ in range(3):
        assert shown(as_ben, seen) == ""
    ben.follow(cal)
    assert shown(as_ben, seen) == "Show 1 post"


def test_who_is_muted_no_more_is_heard_of_at_once(
    ada: Account, ben: Account, remembered: int, as_ben: Client
) -> None:
    ben.mute(ada)
    say(ada, "New")
    assert shown(as_ben, remembered) == ""
    ben.unmute(ada)
    assert shown(as_ben, remembered) == "Show 1 post"


def test_a_session_that_ended_is_answered_no_more(
    ben: Account, remembered: int, as_ben: Client
) -> None:
    ben.user.end_sessions()
    assert ask(as_ben, remembered).status_code == 401


def test_nobody_is_answered_what_was_for_another(
    ada: Account, cal: Account, remembered: int, as_ben: Client, as_cal: Client
) -> None:
    say(cal, "Of a stranger")
    for _ in range(3):
        assert shown(as_ben, remembered) == ""
        assert shown(as_cal, remembered) == "Show 1 post"


def test_nothing_is_written_and_nothing_that_was_said_is_taken(
    ada: Account, seen: int, as_ben: Client
) -> None:
    """A tab that asks by itself is nobody's use of a session, whether something came or not."""
    long_ago = timezone.now() - NOTED_EVERY - timedelta(minutes=1)
    Session.objects.update(seen_at=long_ago)
    for _ in range(2):
        assert not ask(as_ben, seen).cookies
        assert Session.objects.get().seen_at == long_ago
        say(ada, "New")
    as_ben.get("/")
    assert Session.objects.get().seen_at > long_ago


def test_who_is_signed_out_is_told_so(seen: int, visitor: Client) -> None:
    answer = ask(visitor, seen)
    assert (answer.status_code, answer.content) == (401, b"You are signed out.")


@pytest.mark.parametrize("after", ["", "x", "-1", "1.5", "1e3", "9" * 19, "٣", "%00", "1&after=x"])
def test_what_is_no_post_is_not_found(seen: int, as_ben: Client, after: str) -> None:
    assert ask(as_ben, after).status_code == 404


@pytest.mark.parametrize("after", [0, 2**63 - 1])
def test_any_number_is_a_place(seen: int, as_ben: Client, after: int) -> None:
    assert ask(as_ben, after).status_code == (204 if after else 200)


def test_a_browser_that_asks_gets_home(ada: Account, seen: int, as_ben: Client) -> None:
    newer = say(ada, "New").pk
    assert rows_of(as_ben.get(f"/?after={seen}")) == [newer, seen]


def test_without_javascript_it_says_when_it_was_made(seen: int, as_ben: Client) -> None:
    page = as_ben.get("/")
    (line,) = find(page, "noscript")
    assert re.fullmatch(r"As of \d\d:\d\d UTC · Show newer posts", line.text)
    (link,) = [link for link in find(page, "a") if link.within("noscript")]
    assert link.attrs["href"] == "/"


def test_one_row_says_who_else_retweeted(
    ada: Account, ben: Account, cal: Account, as_ben: Client
) -> None:
    dan = make_account("dan")
    post = say(dan, "Read by many")
    others = [make_account(handle) for handle in ("eve", "fay")]
    for one in (cal, *others):
        ben.follow(one)
    for one in (*others, cal):
        retweet(one, post)
    retweet(ada, say(dan, "Read by one"))
    page = as_ben.get("/")
    assert contexts(page) == ["Ada Lovelace retweeted", "Cal and 2 others retweeted"]
    (link,) = [link for link in find(page, "a") if link.text == "and 2 others retweeted"]
    assert link.attrs["href"] == f"/@dan/{post.pk}/retweets"
    ben.mute(others[0])
    assert contexts(as_ben.get("/"))[1] == "Cal and 1 other retweeted"
    ben.follows.filter(followed=others[1]).update(shows_retweets=False)
    assert contexts(as_ben.get("/"))[1] == "Cal retweeted"


def contexts(page: HttpResponse) -> list[str]:
    """What stands above each retweet, without its age."""
    return [re.sub(r" \S+$", "", line.text) for line in find(page, "p", class_="context")]
