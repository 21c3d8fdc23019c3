"""Home: what those one follows posted, and what one posted oneself, newest first; an original once
on a page.
"""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import Account
from conftest import make_account
from microblog.web.pagination import PAGE_SIZE
from testing.html import find, rows_of
from testing.scene import HTMX, external, from_outside, retweet, say
from timeline.feeds import home
from timeline.feeds.home import home_page
from timeline.models import Post

START = datetime(2026, 1, 1, tzinfo=UTC)


# --- The page ---


def test_those_one_follows_and_oneself(
    ada: Account, ben: Account, cal: Account, as_ben: Client
) -> None:
    theirs, own = say(ada, "Ada's"), say(ben, "Ben's")
    say(cal, "Cal's")
    assert rows_of(as_ben.get("/")) == [own.pk, theirs.pk]


def test_following_and_unfollowing_acts_at_once(ada: Account, cal: Account, as_cal: Client) -> None:
    own, post = say(cal, "Cal's"), say(ada, "Hello")
    assert rows_of(as_cal.get("/")) == [own.pk]
    cal.follow(ada)
    assert rows_of(as_cal.get("/")) == [post.pk, own.pk]
    cal.unfollow(ada)
    assert rows_of(as_cal.get("/")) == [own.pk]


def test_a_visitor_sees_what_is_new_everywhere(ada: Account, cal: Account, visitor: Client) -> None:
    posts = [say(ada, "Ada's"), say(cal, "Cal's")]
    response = visitor.get("/")
    assert rows_of(response) == [post.pk for post in reversed(posts)]
    assert not find(response, "a", href="/compose")


def test_one_can_write_there(as_ben: Client) -> None:
    assert find(as_ben.get("/"), "a", href="/compose", class_="prompt")


def test_home_of_an_empty_site_says_what_would_be_here(as_cal: Client) -> None:
    response = as_cal.get("/")
    assert b"The posts of those you follow will be here." in response.content
    assert not find(response, "a", href="/welcome/people")
    assert find(response, "a", href="/compose", class_="primary")


EVERYBODY = b"You follow nobody yet with posts here: this is what everybody can read."


def test_who_has_no_posts_at_home_reads_what_everybody_can(
    ada: Account, ben: Account, cal: Account, as_cal: Client
) -> None:
    cal.follow(make_account("silent"))
    first = say(ada, "Ada's")
    say(ben, "No", reply_to=first)
    second = say(ben, "Ben's")
    response = as_cal.get("/")
    assert rows_of(response) == rows_of(as_cal.get("/explore")) == [second.pk, first.pk]
    assert EVERYBODY in response.content
    assert find(response, "a", href="/welcome/people")


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["whole", "fragment"])
def test_its_pages_are_those_of_explore(
    ada: Account, as_cal: Client, headers: dict[str, str]
) -> None:
    posts = [say(ada, f"Number {number}").pk for number in range(45)]
    posts.reverse()
    url, pages = "/", []
    while url:
        response = as_cal.get(url, headers=headers)
        assert (EVERYBODY in response.content) == (url == "/")
        assert (b"<html" in response.content) == (not headers)
        pages.append(rows_of(response))
        more = find(response, "a", class_="more")
        assert [link.attrs["href"] for link in more] == [link.attrs["hx-get"][1:] for link in more]
        url = more[0].attrs["hx-get"] if more else ""
    assert pages == [posts[:20], posts[20:40], posts[40:]]


@pytest.mark.parametrize("whose", ["one's own", "followed"])
def test_with_one_post_it_is_home_again(
    ada: Account, ben: Account, cal: Account, as_cal: Client, whose: str
) -> None:
    for number in range(25):
        say(ada, f"Number {number}")
    if whose == "followed":
        cal.follow(ben)
    post = say(cal if whose == "one's own" else ben, "The first")
    response = as_cal.get("/")
    assert rows_of(response) == [post.pk]
    assert EVERYBODY not in response.content
    last = as_cal.get(f"/?before={post.pk}")
    assert rows_of(last) == []
    assert b"You have reached the end." in last.content


def test_what_everybody_can_read_is_without_what_one_does_not_want(
    ada: Account, ben: Account, cal: Account, as_cal: Client
) -> None:
    dora, eve = make_account("dora"), make_account("eve")
    for author in (ada, ben, dora, eve):
        say(author, f"By {author}")
    hers = say(make_account("fay"), "By Fay")
    say(make_account("gus"), "A spoiler")
    cal.block(ada)
    ben.block(cal)
    cal.mute(dora)
    eve.protect()
    cal.mute_word("spoiler")
    assert rows_of(as_cal.get("/")) == [hers.pk]


def test_all_of_it_muted_can_be_passed_over(ada: Account, cal: Account, as_cal: Client) -> None:
    wanted = say(ada, "Wanted")
    for number in range(70):
        say(ada, f"A spoiler, {number}")
    cal.mute_word("spoiler")
    response = as_cal.get("/")
    assert b"Everything here has words that you muted." in response.content
    (more,) = find(response, "a", class_="more")
    assert rows_of(as_cal.get(f"/{more.attrs['href']}")) == [wanted.pk]


def test_the_end_is_said(ada: Account, as_ada: Client) -> None:
    say(ada, "Hello")
    assert b"You have reached the end." in as_ada.get("/?before=1").content


def test_of_every_kind(ada: Account, ben: Account, cal: Account, as_ben: Client) -> None:
    post = say(cal, "Cal's")
    rows = [
        say(ada, "No", reply_to=post),
        say(ada, "Look", quote_of=post),
        retweet(ada, post),
        say(ada, "", pictures=1),
    ]
    assert rows_of(as_ben.get("/")) == [row.pk for row in reversed(rows)]


# --- A reply stands below what it answers ---


def test_a_reply_stands_below_what_it_answers(ada: Account, cal: Account, as_ben: Client) -> None:
    root = say(cal, "Cal's")
    reply, other = say(ada, "No", reply_to=root), say(ada, "Another")
    page = as_ben.get("/")
    assert rows_of(page) == [other.pk, root.pk, reply.pk]
    chained = [row.attrs["id"] for row in find(page, "article", class_="chained")]
    assert chained == [f"p{root.pk}"]
    assert "Replying to" not in page.content.decode(), "one sees what it answers"


def test_what_stands_on_the_page_already_moves_up(ada: Account, as_ada: Client) -> None:
    root = say(ada, "One")
    between, two = say(ada, "Between"), say(ada, "Two", reply_to=root)
    three = say(ada, "Three", reply_to=two)
    assert rows_of(as_ada.get("/")) == [root.pk, two.pk, three.pk, between.pk]


def test_what_two_answer_stands_above_the_newer_answer(
    ada: Account, cal: Account, as_ben: Client
) -> None:
    root = say(cal, "Cal's")
    first, second = say(ada, "First", reply_to=root), say(ada, "Second", reply_to=root)
    page = as_ben.get("/")
    assert rows_of(page) == [root.pk, second.pk, first.pk]
    assert [line.text for line in find(page, "p", class_="replying")] == ["Replying to @cal"]


def test_what_may_not_be_seen_does_not_stand_above(
    ada: Account, cal: Account, as_ben: Client
) -> None:
    root = say(cal, "A secret")
    reply = say(ada, "No", reply_to=root)
    root.hide()
    assert rows_of(as_ben.get("/")) == [reply.pk]


def test_the_next_page_is_a_link_that_htmx_follows(ada: Account, as_ada: Client) -> None:
    posts = [say(ada, f"Post {number}").pk for number in range(25)]
    (more,) = find(as_ada.get("/"), "a", class_="more")
    assert more.attrs["href"] == f"?before={posts[5]}"
    assert more.attrs["hx-get"] == f"/?before={posts[5]}"
    fragment = as_ada.get(more.attrs["hx-get"], headers=HTMX)
    assert rows_of(fragment) == posts[:5][::-1]


# --- An original shows once on a page, in its newest row ---


def test_what_two_people_retweeted_shows_once(
    ada: Account, ben: Account, cal: Account, as_ben: Client
) -> None:
    ben.follow(cal)
    post = say(ben, "Ben's own")
    retweet(ada, post)
    newest = retweet(cal, post)
    assert rows_of(as_ben.get("/")) == [newest.pk]


def test_a_retweet_of_what_stands_already_on_the_page_takes_its_place(
    ada: Account, ben: Account, as_ben: Client
) -> None:
    post, other = say(ada, "Ada's"), say(ada, "Another")
    newest = retweet(ben, post)
    assert rows_of(as_ben.get("/")) == [newest.pk, other.pk]
    post.unretweet(ben)
    assert rows_of(as_ben.get("/")) == [other.pk, post.pk]


@pytest.mark.usefixtures("either_way")
def test_who_retweets_all_that_stands_on_the_page(
    ada: Account, ben: Account, cal: Account, as_ben: Client
) -> None:
    """Cal's newest rows are the same originals as Ada's: nothing between and below them may be
    lost.
    """
    ben.follow(cal)
    old = [say(cal, f"Cal's {number}") for number in range(30)]
    posts = [say(ada, f"Ada's {number}") for number in range(30)]
    again = [retweet(cal, post) for post in posts]
    assert_pages_are_complete(ben, {row.pk for row in [*old, *posts, *again]})


@pytest.mark.usefixtures("either_way")
def test_somebody_who_retweets_all_of_their_own(ada: Account) -> None:
    posts = [say(ada, f"Ada's {number}") for number in range(30)]
    again = [retweet(ada, post) for post in posts]
    assert_pages_are_complete(ada, {row.pk for row in [*posts, *again]})


# --- Against an oracle ---


@pytest.fixture(params=["by author", "the newest of the site first"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What who follows few gets, and who follows many."""
    if request.param != "by author":
        monkeypatch.setattr(home, "MANY", 0)


def naive_page(reader: Account, before: int | None, size: int) -> list[int]:
    """What the page must hold, by reading everything."""
    authors = [reader.pk, *reader.follows.values_list("followed", flat=True)]
    posts = Post.objects.visible_to(reader).filter(author__in=authors).order_by("-pk")
    rows: list[int] = []
    originals: set[int] = set()
    if before is not None:
        posts = posts.filter(pk__lt=before)
    for pk, retweet_of in posts.values_list("pk", "retweet_of"):
        original = retweet_of or pk
        if original not in originals:
            rows.append(pk)
            originals.add(original)
        if len(rows) == size:
            break
    return rows


def assert_pages_are_complete(
    reader: Account, expected: set[int] | None = None, size: int = PAGE_SIZE
) -> None:
    """All pages, one after the other: each is the beginning of what it must be, and none ends the
    list too early.
    """
    before, seen = None, []
    for _ in range(1000):
        page = home_page(reader, before, size)
        rows = [post.pk for post in page.rows]
        must = naive_page(reader, before, size)
        assert rows == must[: len(rows)]
        assert rows or not must
        seen += rows
        if page.before is None:
            assert rows == must
            break
        assert page.before == rows[-1]
        before = page.before
    else:
        pytest.fail("the pages have no end")
    if expected is not None:
        originals = {post.original.pk for post in Post.objects.filter(pk__in=seen)}
        assert originals == {post.original.pk for post in Post.objects.filter(pk__in=expected)}


def community(chance: random.Random) -> tuple[Account, list[Account]]:
    """A reader, who follows many of some people; those posted, retweeted, replied, were hidden,
    deleted and suspended.
    """
    people = [
        Account(handle=f"p{number}", name="P") for number in range(chance.choice([3, 30, 70]))
    ]
    people = Account.objects.bulk_create(people)
    reader = people[0]
    outside = external()
    posts: list[Post] = [from_outside(outside, "From elsewhere") for _ in range(3)]
    rows: list[Post] = []
    retweeted: set[tuple[int, int]] = set()
    busy = chance.sample(people, 3)
    for step in range(chance.choice([60, 250])):
        author = chance.choice(busy) if chance.random() < 0.4 else chance.choice(people)
        made = Post(
            pk=(int(START.timestamp() * 1000) + step) << 16 | chance.getrandbits(16),
            author=author,
            text="Hello",
            html="Hello",
        )
        target = chance.choice(posts[-10:])
        if chance.random() < 0.4 and (author.pk, target.pk) not in retweeted:
            made.kind, made.text, made.html, made.retweet_of = Post.Kind.RETWEET, "", "", target
            retweeted.add((author.pk, target.pk))
        else:
            posts.append(made)
        made.hidden_at = START if chance.random() < 0.05 else None
        made.deleted_at = START if chance.random() < 0.05 else None
        rows.append(made)
    Post.objects.bulk_create(rows)
    for account in people:
        newest = max((row.pk for row in rows if row.author_id == account.pk), default=0)
        # an upper bound: the newest may be gone
        late = newest + (chance.choice([0, 0, 5 << 16]) if newest else 0)
        suspended = START if account != reader and chance.random() < 0.05 else None
        Account.objects.filter(pk=account.pk).update(last_post_id=late, suspended_at=suspended)
    followed = [account for account in people[1:] if chance.random() < 0.8]
    reader.follows.bulk_create(
        reader.follows.model(follower=reader, followed=account) for account in followed
    )
    return reader, people


@pytest.mark.slow
@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("seed", range(8))
def test_all_pages_are_what_reading_everything_gives(db: None, seed: int) -> None:
    chance = random.Random(seed)
    reader, _ = community(chance)
    assert_pages_are_complete(reader, size=chance.choice([2, 5, 20]))


@pytest.mark.usefixtures("either_way")
def test_any_place_to_begin_at(db: None) -> None:
    reader, _ = community(random.Random(99))
    for before in [
        0,
        1,
        *Post.objects.order_by("pk").values_list("pk", flat=True)[::15],
        2**63 - 1,
    ]:
        rows = [post.pk for post in home_page(reader, before, 5).rows]
        assert rows == naive_page(reader, before, 5)[: len(rows)]


def test_the_work_does_not_grow_with_whom_one_follows(
    ada: Account, django_assert_num_queries: Any
) -> None:
    """A page is done when its last row is newer than the bound of the next author: those are never
    read.
    """
    people = Account.objects.bulk_create(
        Account(handle=f"p{number}", name="P", last_post_id=number + 1) for number in range(500)
    )
    ada.follows.bulk_create(ada.follows.model(follower=ada, followed=account) for account in people)
    for number in range(30):
        say(ada, f"Post {number}", ago=timedelta(minutes=number))
    with django_assert_num_queries(2):
        home_page(ada, None)


def test_who_follows_many_has_a_page_by_one_query(
    ada: Account, cal: Account, django_assert_num_queries: Any
) -> None:
    """Where enough of the newest posts of the site are theirs; else author by author."""
    ada.following_count = home.MANY
    for number in range(PAGE_SIZE + 1):
        say(ada, f"Post {number}")
    ada.follows_tags = False  # as who is signed in knows
    with django_assert_num_queries(1):
        assert len(home_page(ada, None).rows) == PAGE_SIZE
    for number in range(3 * PAGE_SIZE):
        say(cal, f"Post {number}")
    with django_assert_num_queries(1):
        page = home_page(ada, None)
    assert len(page.rows) == PAGE_SIZE
    with django_assert_num_queries(3):
        assert len(home_page(ada, page.before).rows) == 1


def test_the_newest_of_an_author_are_found_by_the_index_that_has_their_order(db: None) -> None:
    """One of authors alone would have PostgreSQL read and sort all that somebody ever wrote."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, Post._meta.db_table)
    indexes = [one["columns"] for one in found.values() if one["index"]]
    assert ["author_id", "id"] in indexes
    assert ["author_id"] not in indexes
