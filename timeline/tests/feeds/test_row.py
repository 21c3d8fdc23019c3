"""A row is one value: all that its HTML says is in it, and nothing else is read."""

import json
import pickle
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Account
from microblog.text.age import Age
from testing.scene import external, from_outside, one_of_each, retweet, say
from timeline.feeds.hydrate import hydrate
from timeline.feeds.row import Row
from timeline.models import Post

SHOW = Template("{% show_row row %}")


@pytest.fixture
def posts(ada: Account, ben: Account) -> list[Post]:
    one_of_each(ada, ben, 0)
    retweet(ada, from_outside(external(), "From elsewhere"))
    say(ada, "Pictures", pictures=2, reply_to=say(ben, "Hello"))
    return list(Post.objects.visible_to(ada).with_original().newest_first())


def rows_of(posts: list[Post], viewer: Account | None, **shown: Any) -> list[Row]:
    hydrated = hydrate(posts, viewer)
    return [hydrated.row(post.pk, **shown) for post in posts]


def show(row: Row) -> str:
    return SHOW.render(Context({"row": row, "viewer": "nobody reads this", "request": None}))


def parts_of(value: object) -> Iterator[object]:
    yield value
    for part in value if isinstance(value, tuple) else ():
        yield from parts_of(part)


@pytest.mark.parametrize("is_focus", [False, True])
def test_row_is_plain_frozen_data(ada: Account, posts: list[Post], is_focus: bool) -> None:
    for row in rows_of(posts, ada, is_focus=is_focus):
        assert {row} == {pickle.loads(pickle.dumps(row))}
        for part in parts_of(row):
            assert isinstance(part, tuple) or type(part) in (str, int, bool, type(None)), part


def test_rows_that_differ_have_another_json(ada: Account, posts: list[Post]) -> None:
    """The key under which its HTML is kept: of one row the same in each process."""
    rows = [*rows_of(posts, ada), *rows_of(posts, None), *rows_of(posts, ada, is_focus=True)]
    assert len({json.dumps(row) for row in rows}) == len(set(rows)) == len(rows)


def stop_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no age change its words from here on."""
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)


def test_equal_values_show_the_same_and_ask_nothing(
    ada: Account, posts: list[Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_the_clock(monkeypatch)
    rows, again = rows_of(posts, ada), rows_of(posts, ada)
    assert rows == again
    with CaptureQueriesContext(connection) as queries:
        assert [show(row) for row in rows] == [show(row) for row in again]
    assert not queries.captured_queries


def test_row_shows_the_age_that_it_was_made_with(
    ada: Account, posts: list[Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = rows_of(posts, ada)[0]
    html = show(row)
    later = timezone.now() + timedelta(days=400)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert show(row) == html
    assert isinstance(row.post.posted, Age)
    assert rows_of(posts, ada)[0] != row


def test_what_a_viewer_did_is_in_their_row_alone(ada: Account, ben: Account) -> None:
    post = say(ada, "Hello")
    assert rows_of([post], ben) == rows_of([post], ben)
    before = rows_of([post], ben)[0]
    post.like(ben)
    post.bookmark(ben)
    after, visitors = rows_of([post], ben)[0], rows_of([post], None)[0]
    assert before != after
    assert after.reactions
    assert (after.reactions.is_liked, after.reactions.is_bookmarked) == (True, True)
    assert visitors.reactions
    assert (visitors.reactions.is_liked, visitors.reactions.is_signed_in) == (False, False)


def test_post_and_its_retweet_both_show_the_pictures(ada: Account, ben: Account) -> None:
    post = say(ada, "Pictures", pictures=1)
    retweet(ben, post)
    both = list(Post.objects.visible_to(None).with_original().newest_first())
    assert [len(row.post.media) for row in rows_of(both, None)] == [1, 1]
