"""Whom one may like to follow: chosen seldom, shown as they are now, with who of one's own does."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Account, LivelyAccount
from accounts.shown import Known
from accounts.suggestions import chosen_for, people_to_follow
from conftest import make_account
from microblog.kept.memory import MEMORY
from testing.scene import say
from timeline.feeds.beside import beside, choose_lively


def handles(viewer: Account | None) -> list[str]:
    return [person.handle for person in beside(viewer).people]


def on_page(viewer: Account | None) -> list[str]:
    return [person.handle for person in people_to_follow(viewer)]


def lively(name: str, followers: int = 0, **more: object) -> Account:
    account = make_account(name, avatar="k" * 32, bio="Hello", **more)
    say(account, "Hello")
    Account.objects.filter(pk=account.pk).update(followers_count=followers)
    return account


@pytest.fixture
def friends(ada: Account) -> list[Account]:
    """Three whom Ada follows."""
    found = [make_account(f"friend{number}") for number in range(3)]
    for friend in found:
        ada.follow(friend)
    return found


def test_they_are_chosen_once_and_shown_as_they_are_now(
    ada: Account, ben: Account, cal: Account
) -> None:
    writers = [make_account(f"w{number}") for number in range(4)]
    ben.unfollow(ada)
    for writer in writers:
        say(writer, "Hello")
    assert handles(ben) == ["w3", "w2", "w1"]
    with CaptureQueriesContext(connection) as queries:
        assert handles(ben) == ["w3", "w2", "w1"]
    assert len(queries) == 1
    writers[3].suspend()
    ben.follow(writers[2])
    Account.objects.filter(pk=writers[1].pk).update(name="Somebody else")
    assert handles(ben) == ["w1", "w0"]
    assert beside(ben).people[0].shown_name == "Somebody else"


def test_whom_most_of_ones_own_follow_comes_first(ada: Account, friends: list[Account]) -> None:
    one, two, three = (make_account(f"o{number}") for number in range(3))
    stranger = lively("stranger")
    for friend, followed in zip(friends, ([one], [one, two], [one, two, three]), strict=True):
        for other in followed:
            friend.follow(other)
    choose_lively()
    assert handles(ada) == ["o0", "o1", "o2"]
    assert on_page(ada) == ["o0", "o1", "o2", "stranger"]
    assert [person.known for person in beside(ada).people] == [
        Known(("Friend0",), 2),
        Known(("Friend1",), 1),
        Known(("Friend2",), 0),
    ]
    assert stranger.handle == "stranger"


def test_who_follows_them_is_told_as_it_is_now(
    ada: Account, friends: list[Account], as_ada: Client
) -> None:
    one = make_account("one")
    for friend in friends:
        friend.follow(one)
    page = as_ada.get("/explore/people").content.decode()
    assert "Followed by <bdi>Friend0</bdi> and 2 others" in " ".join(page.split())
    friends[0].suspend()
    ada.unfollow(friends[1])
    assert beside(ada).people[0].known == Known(("Friend2",), 0)
    friends[2].block(ada)
    assert [person.known for person in beside(ada).people if person.handle == "one"] == [Known()]


def followed(ada: Account, one: Account) -> None:
    ada.follow(one)


def asked(ada: Account, one: Account) -> None:
    one.protect()
    ada.follow(one)


def blocks(ada: Account, one: Account) -> None:
    ada.block(one)


def is_blocked(ada: Account, one: Account) -> None:
    one.block(ada)


def mutes(ada: Account, one: Account) -> None:
    ada.mute(one)


def is_limited(ada: Account, one: Account) -> None:
    one.limit()


def is_suspended(ada: Account, one: Account) -> None:
    one.suspend()


def left(ada: Account, one: Account) -> None:
    one.deactivate()


@pytest.mark.parametrize(
    "deed",
    [followed, asked, blocks, is_blocked, mutes, is_limited, is_suspended, left],
    ids=lambda deed: deed.__name__,
)
@pytest.mark.parametrize("before", [True, False], ids=["before the choice", "after it"])
def test_who_is_not_suggested(
    ada: Account, friends: list[Account], deed: object, *, before: bool
) -> None:
    one = make_account("one")
    friends[0].follow(one)
    if before:
        deed(ada, one)  # type: ignore[operator]
    seen = handles(ada)
    assert ("one" in seen) == (not before)
    deed(ada, one)  # type: ignore[operator]
    assert "one" not in handles(ada)


def test_a_protected_account_is_suggested_and_can_be_asked(
    ada: Account, friends: list[Account]
) -> None:
    one = make_account("one")
    friends[0].follow(one)
    one.protect()
    (person,) = (person for person in beside(ada).people if person.handle == "one")
    assert person.is_protected


def test_nobody_is_suggested_to_oneself(ada: Account, friends: list[Account]) -> None:
    for friend in friends:
        friend.follow(ada)
    say(ada, "Hello")
    assert "ada" not in [*handles(ada), *on_page(ada)]


# --- Who is lively ---


def test_a_visitor_is_shown_who_is_lively(ada: Account, ben: Account, visitor: Client) -> None:
    lively("much_read", 5)
    lively("little_read", 1)
    say(ben, "Without a picture")
    quiet = lively("quiet", 9)
    Account.objects.filter(pk=quiet.pk).update(last_post_id=1)
    choose_lively()
    assert handles(None) == on_page(None) == ["much_read", "little_read"]
    assert visitor.get("/explore/people").content.count(b'class="person"') == 2
    assert visitor.get("/explore").content.count(b'class="person"') == 2


def test_who_is_lively_is_shown_as_they_are_now(ada: Account) -> None:
    one = lively("one")
    choose_lively()
    assert handles(None) == ["one"]
    one.protect()
    assert handles(None) == []


def test_choosing_the_same_writes_nothing(ada: Account) -> None:
    lively("one")
    choose_lively()
    with CaptureQueriesContext(connection) as queries:
        choose_lively()
    assert all(query["sql"].startswith("SELECT") for query in queries)
    assert LivelyAccount.objects.count() == 1


def test_the_choice_is_bounded(ada: Account, friends: list[Account]) -> None:
    """A handful of queries, whoever follows however many."""
    with CaptureQueriesContext(connection) as few:
        beside(ada)
    for number in range(30):
        other = make_account(f"m{number}")
        ada.follow(other)
        other.follow(friends[number % 3])
    MEMORY.clear()
    with CaptureQueriesContext(connection) as many:
        beside(ada)
    assert len(many) == len(few) == 2


def test_who_was_followed_since_stays_on_the_page(ada: Account, as_ada: Client) -> None:
    one = lively("one")
    page = as_ada.get("/explore/people")
    as_ada.post("/@one/follow")
    assert one.handle in on_page(ada)
    assert page.status_code == 200
    assert [person.is_followed for person in people_to_follow(ada)] == [True]


def test_whom_one_follows_already_is_not_chosen(ada: Account, friends: list[Account]) -> None:
    """However many of those who are lively or wrote last that are."""
    quiet = lively("quiet")
    for number in range(3):
        ada.follow(lively(f"f{number}", 5))
        say(friends[number], "Hello")
    choose_lively()
    assert chosen_for(ada) == (quiet.pk,)


def test_limited_account_is_suggested_to_nobody(ada: Account, ben: Account) -> None:
    say(ben, "Hello")
    assert handles(ada) == ["ben"]
    Account.objects.filter(pk=ben.pk).update(limited_at=timezone.now())
    assert handles(ada) == []


def test_it_is_chosen_anew_after_some_minutes(
    ada: Account, ben: Account, time_machine: object
) -> None:
    assert handles(ada) == []
    say(ben, "Hello")
    assert handles(ada) == []
    time_machine.move_to(timezone.now() + timedelta(minutes=11))  # type: ignore[attr-defined]
    assert handles(ada) == ["ben"]
