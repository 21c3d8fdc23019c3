"""The tags that rise: many people, several hours, against their usual; who is shown them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Account, User
from conftest import client_of, make_account
from testing.html import find
from testing.scene import say
from timeline.feeds import rising
from timeline.feeds.beside import beside
from timeline.models import KeywordRule, Post, RisingTag, Tag

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONG_AGO = timedelta(days=60)


@pytest.fixture
def people(ada: Account) -> list[Account]:
    """Eight who have been here for a while."""
    found = [make_account(f"p{number}") for number in range(8)]
    User.objects.update(date_joined=timezone.now() - LONG_AGO)
    return found


def use(tag: str, people: list[Account], *, every: timedelta = HOUR) -> list[Post]:
    """Let `people` post with a tag, one after the other."""
    return [
        say(one, f"Of #{tag}", ago=HOUR / 2 + place * every) for place, one in enumerate(people)
    ]


def rise() -> list[str]:
    rising.choose()
    return shown(None)


def shown(viewer: Account | None) -> list[str]:
    return [tag.name for tag in beside(viewer).tags]


def test_a_tag_of_three_people_in_three_hours_rises(people: list[Account]) -> None:
    use("looms", people[:3])
    assert rise() == ["looms"]
    (tag,) = beside(None).tags
    assert (tag.people, tag.posts) == (3, 3)


def one_alone(people: list[Account]) -> None:
    use("bought", [people[0]] * 20)


def two_people(people: list[Account]) -> None:
    use("bought", people[:2] * 5)


def within_an_hour(people: list[Account]) -> None:
    use("bought", people, every=timedelta(0))


def by_who_has_just_come(people: list[Account]) -> None:
    use("bought", people)
    User.objects.update(date_joined=timezone.now() - timedelta(days=6))


def by_limited_accounts(people: list[Account]) -> None:
    use("bought", people)
    for one in people[2:]:
        one.limit()


def by_suspended_accounts(people: list[Account]) -> None:
    use("bought", people)
    for one in people[2:]:
        one.suspend()


def by_protected_accounts(people: list[Account]) -> None:
    use("bought", people)
    for one in people[2:]:
        one.protect()


def hidden(people: list[Account]) -> None:
    for post in use("bought", people)[2:]:
        post.hide()


def sensitive(people: list[Account]) -> None:
    use("bought", people)
    Post.objects.update(sensitive=True)


def in_replies(people: list[Account]) -> None:
    root = say(people[0], "Hello")
    for place, one in enumerate(people):
        say(one, "#bought", reply_to=root, ago=HOUR / 2 + place * HOUR)


def two_days_ago(people: list[Account]) -> None:
    for place, one in enumerate(people):
        say(one, "#bought", ago=timedelta(hours=25 + place))


def as_every_day(people: list[Account]) -> None:
    """As many as on each day before."""
    for day in range(8):
        for place, one in enumerate(people):
            say(one, "#bought", ago=day * DAY + HOUR / 2 + place * HOUR)


def against_a_rule(people: list[Account]) -> None:
    use("bought", people)
    rule = KeywordRule.objects.create(words="bought", action="report")
    rule.mark_tried()
    rule.switch_on()


def kept_by_a_moderator(people: list[Account]) -> None:
    use("bought", people)
    Tag.objects.get(folded="bought").keep_from_rising()


@pytest.mark.parametrize(
    "deed",
    [
        *(one_alone, two_people, within_an_hour, by_who_has_just_come, by_limited_accounts),
        *(by_suspended_accounts, by_protected_accounts, hidden, sensitive, in_replies),
        *(two_days_ago, as_every_day, against_a_rule, kept_by_a_moderator),
    ],
    ids=lambda deed: deed.__name__,
)
def test_what_does_not_rise(people: list[Account], deed: Callable[[list[Account]], None]) -> None:
    deed(people)
    assert rise() == []
    assert not RisingTag.objects.exists()


def test_who_is_farthest_above_the_usual_comes_first(people: list[Account]) -> None:
    for day in range(1, 8):
        say(people[day % 4], "#often", ago=day * DAY + HOUR)
        say(people[day % 3 + 4], "#often", ago=day * DAY + 2 * HOUR)
    use("often", people[:6])
    use("new", people[:5])
    assert rise() == ["new", "often"]


def test_the_more_people_post_the_more_it_takes(
    people: list[Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One in so many of all who use any tag."""
    monkeypatch.setattr(rising, "ONE_IN", 2)
    use("looms", people[:3])
    use("rain", people)
    assert rise() == ["rain"]


def test_nothing_is_written_where_nothing_changed(people: list[Account]) -> None:
    use("looms", people)
    rising.choose()
    with CaptureQueriesContext(connection) as queries:
        rising.choose()
    assert all(query["sql"].startswith("SELECT") for query in queries)


def test_it_falls_again(people: list[Account]) -> None:
    use("looms", people)
    assert rise() == ["looms"]
    rising.choose(timezone.now() + 2 * DAY)
    assert shown(None) == []


# --- Who is shown it ---


def test_it_goes_at_once_where_nothing_of_it_is_seen(people: list[Account]) -> None:
    posts = use("looms", people[:3])
    assert rise() == ["looms"]
    for post in posts:
        post.hide()
    assert shown(None) == []


def test_who_turned_its_people_away_is_not_shown_it(people: list[Account], ada: Account) -> None:
    use("looms", people[:3])
    rising.choose()
    assert shown(ada) == ["looms"]
    ada.block(people[0])
    people[1].block(ada)
    assert shown(ada) == ["looms"]
    ada.mute(people[2])
    assert shown(ada) == []
    assert shown(None) == ["looms"]


@pytest.mark.parametrize("word", ["looms", "#Looms"])
def test_who_muted_it_is_not_shown_it(people: list[Account], ada: Account, word: str) -> None:
    use("looms", people[:3])
    rising.choose()
    ada.mute_word(word)
    assert shown(ada) == []
    assert shown(people[0]) == ["looms"]


def test_what_a_moderator_keeps_from_it_goes_at_once(people: list[Account]) -> None:
    use("looms", people)
    assert rise() == ["looms"]
    tag = Tag.objects.get(folded="looms")
    tag.keep_from_rising()
    assert shown(None) == []
    tag.let_rise()
    assert shown(None) == ["looms"]


@pytest.mark.parametrize("url", ["/", "/explore", "/tags/looms"])
@pytest.mark.parametrize("who", ["ada", "a visitor"])
def test_its_box_stands_beside_pages(
    people: list[Account], ada: Account, url: str, who: str
) -> None:
    client = client_of(ada if who == "ada" else None)
    assert b"What is rising" not in client.get(url).content
    use("looms", people)
    rising.choose()
    page = client.get(url)
    (box, *_) = find(page, "section", class_="rising")
    assert "#looms" in box.text
    assert "8 posts by 8 people" in box.text


def test_no_fragment_asks_for_it(people: list[Account], as_ben: Client) -> None:
    use("looms", people)
    with CaptureQueriesContext(connection) as queries:
        as_ben.get("/explore", headers={"HX-Request": "true"})
    assert not [query for query in queries if "risingtag" in query["sql"]]
