"""What is told when many act in the same moment."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Account
from conftest import make_account
from testing.database import at_once
from timeline.feeds import counters
from timeline.feeds.notification_groups import Group, count_unread, read_page
from timeline.models import Notification, Post
from timeline.posting.publish import publish

pytestmark = pytest.mark.postgresql
Kind = Notification.Kind


@pytest.fixture(autouse=True)
def _queue(transactional_db: None, settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_ox.backend.OxBackend"}}


def groups(account: Account) -> dict[int, Group]:
    return {group.kind: group for group in read_page(account, "all", None).rows}


def test_a_crowd_is_one_group_of_each_kind() -> None:
    ada = make_account("ada")
    post = publish(ada, "Engines")
    crowd = [make_account(f"p{n}") for n in range(12)]

    def act(person: Account) -> None:
        post.like(person)
        post.retweet(person)
        person.follow(ada)

    at_once(*(lambda person=person: act(person) for person in crowd))
    assert Notification.objects.to(ada).count() == count_unread(ada) == 3
    everybody = {person.pk for person in crowd}
    for kind in (Kind.LIKE, Kind.RETWEET, Kind.FOLLOW):
        assert set(groups(ada)[kind].people) == everybody, kind.name
    assert counters.recount_everything() == {Account: 0, Post: 0}


def test_likes_that_come_and_go_leave_what_stands() -> None:
    ada = make_account("ada")
    post = publish(ada, "Engines")
    crowd = [make_account(f"p{n}") for n in range(10)]
    for person in crowd[:5]:
        post.like(person)
    deeds: list[Callable[[], Any]] = [lambda one=one: post.unlike(one) for one in crowd[:5]]
    at_once(*deeds, *(lambda one=one: post.like(one) for one in crowd[5:]))
    assert set(groups(ada)[Kind.LIKE].people) == {person.pk for person in crowd[5:]}
    post.refresh_from_db()
    assert post.likes_count == 5


def test_who_like_and_answer_each_other_wait_for_nobody_in_a_circle() -> None:
    people = [make_account(f"p{n}") for n in range(4)]
    posts = {person: publish(person, "Hello") for person in people}

    def act(me: Account) -> None:
        for other in people:
            if other != me:
                posts[other].like(me)
                posts[other].retweet(me)
                me.follow(other)
                publish(me, f"So, {other}?", reply_to=posts[other])

    at_once(*(lambda one=one: act(one) for one in people))
    for person in people:
        told = Notification.objects.to(person).values_list("kind", flat=True)
        assert sorted(told) == [Kind.FOLLOW, *[Kind.REPLY] * 3, Kind.RETWEET, Kind.LIKE]
