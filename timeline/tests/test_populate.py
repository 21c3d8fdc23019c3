"""The made-up community: it has the shape of a real one, and nobody could tell its rows from those
that publishing makes.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F, Max, Min

from accounts.models import Account, AccountWord, Follow, User
from conftest import client_of, make_account
from microblog import text
from testing.database import Restorer
from timeline import ids
from timeline.feeds import counters
from timeline.models import Bookmark, Like, LinkCard, Media, Mention, Pin, Post, Tag, Tagging
from timeline.populate import community
from timeline.populate.chance import Chance
from timeline.populate.conversations import Conversations
from timeline.populate.people import People, Plan
from timeline.populate.rows import PostRow, Row
from timeline.populate.vocabulary import Vocabulary
from timeline.posting.addressees import addressees
from timeline.posting.content import compose
from timeline.posting.publish import publish
from timeline.search.index import reindex

UNTIL = datetime(2026, 6, 1, 12, tzinfo=UTC)
PLAN = Plan(accounts=120, posts=1000, until=UNTIL, seed=7, biggest_author=200, readers=(50, 100))
MODELS = (Account, Follow, Post, Media, LinkCard, Tag, Tagging, Mention, Like, Bookmark, Pin, User)


SCHEMA = {
    "sqlite": "SELECT name, sql FROM sqlite_master",
    "postgresql": """SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
        UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'""",
}


def constraints() -> set[tuple[str, str]]:
    """All that the database holds rows to, and all indexes."""
    with connection.cursor() as cursor:
        cursor.execute(SCHEMA[connection.vendor])
        return set(cursor.fetchall())


def account(handle: str) -> Account:
    return Account.objects.named(handle).get()


@pytest.fixture(scope="class")
def populated(django_db_setup: None, django_db_blocker: Any) -> Iterator[set[tuple[str, str]]]:
    """The constraints that there were before."""
    with django_db_blocker.unblock():
        before, known = Restorer(), constraints()
        written = []
        assert community.populate(PLAN, "a long pass phrase", written.append) == [
            "author",
            "reader_50",
            "reader_100",
        ]
        assert sum(written) == PLAN.posts
        yield known
        before.restore()


@pytest.mark.usefixtures("populated", "db")
class TestHere:
    """With a small community, made once for all of these."""

    def test_everything_is_there(self) -> None:
        assert all(model.objects.exists() for model in MODELS)
        assert Account.objects.count() == PLAN.accounts
        assert Post.objects.count() == PLAN.posts
        assert set(Post.objects.values_list("kind", flat=True)) == set(Post.Kind.values)

    def test_every_count_is_right(self) -> None:
        assert counters.recount_everything() == {Account: 0, Post: 0}

    def test_everything_is_found(self) -> None:
        assert (reindex(), AccountWord.objects.follow_all()) == (0, 0)

    def test_the_biggest_author_has_as_many_posts_as_were_wanted(self) -> None:
        assert account("author").posts_count == PLAN.biggest_author

    def test_a_reader_follows_as_many_as_the_handle_says(self) -> None:
        assert account("reader_50").following_count == 50
        assert account("reader_100").following_count == 100

    def test_few_have_many_followers(self) -> None:
        followers = sorted(Account.objects.values_list("followers_count", flat=True))
        assert followers[-1] > 4 * followers[len(followers) // 2]

    def test_no_constraint_and_no_index_is_missing(self, populated: set[tuple[str, str]]) -> None:
        assert constraints() == populated

    def test_every_text_became_what_publishing_makes_of_it(self) -> None:
        for post in Post.objects.without_retweets().select_related("author", "quote_of", "card"):
            composed = compose(
                post.author,
                post.text,
                quote_of=post.quote_of,
                has_media=bool(post.media_count),
            )
            assert (composed.text, composed.html) == (post.text, post.html)
            assert composed.card_url == (post.card.url if post.card else "")
            tags = dict(post.taggings.order_by("pk").values_list("tag__folded", "tag__name"))
            assert composed.tags == tags
            assert list(composed.tags) == list(tags)
            named = {person.pk for person in composed.mentioned}
            written_to = [person.pk for person in addressees(post)]
            mentions = list(post.mentions.order_by("pk").values_list("account", "is_addressee"))
            assert mentions == [
                *((pk, True) for pk in written_to),
                *((pk, False) for pk in named if pk not in written_to),
            ]

    def test_every_text_could_have_been_typed(self) -> None:
        for said in Post.objects.without_retweets().values_list("text", flat=True):
            assert text.clean(said) == said
            assert text.parse(said).length <= text.MAX_LENGTH

    def test_a_bio_became_what_saving_a_profile_makes_of_it(self) -> None:
        for person in Account.objects.all():
            stored = person.bio_html
            person.parse_bio()
            assert person.bio_html == stored

    def test_times_are_in_order(self) -> None:
        for target in ("reply_to", "quote_of", "retweet_of"):
            later = Post.objects.exclude(**{target: None})
            assert later.exists()
            assert not later.filter(**{f"{target}__gte": F("pk")}).exists()
        for person in Account.objects.annotate(first=Min("posts"), last=Max("posts")):
            assert person.last_post_id == (person.last or 0)
            assert person.first is None or ids.time_of(person.first) >= person.joined_at
        assert not Like.objects.filter(created_at__gt=UNTIL).exists()
        newest, oldest = Post.objects.order_by("-pk").first(), Post.objects.order_by("pk").first()
        assert newest
        assert oldest
        assert newest.created_at <= UNTIL
        assert (newest.created_at - oldest.created_at).days > 4 * 365

    def test_pictures_belong_to_who_shows_them_and_weigh_something(self) -> None:
        assert not Media.objects.exclude(owner=F("post__author")).exists()
        assert not Media.objects.exclude(payer=F("owner")).exists()
        assert not Media.objects.unmeasured().exists()
        picture = Media.objects.pictures().first()
        assert picture
        assert client_of(None).get(picture.small).status_code == 404  # it has no file

    def test_everybody_pins_posts_of_their_own(self) -> None:
        assert not Pin.objects.exclude(account=F("post__author")).exists()

    def test_the_author_and_the_readers_can_sign_in(self) -> None:
        for person in Account.objects.exclude(user=None):
            assert person.user
            assert person.user.check_password("a long pass phrase")
            [address] = EmailAddress.objects.filter(user=person.user)
            assert (address.email, address.verified) == (person.user.email, True)
        assert User.objects.count() == 3

    def test_pages_open(self) -> None:
        reader = client_of(account("reader_100"))
        home = reader.get("/")
        assert home.content.count(b"<article") >= 20
        answered = Post.objects.filter(replies_count__gt=1).select_related("author").last()
        assert answered
        thread = client_of(None).get(answered.get_absolute_url())
        assert thread.content.count(b"<article") > answered.replies_count
        tag = Tag.objects.first()
        assert b"small.webp" in client_of(None).get("/@author/media").content
        for path in ("/@author", "/explore", tag.get_absolute_url()):
            assert b"<article" in client_of(None).get(path).content, path

    def test_people_go_on_from_here(self) -> None:
        cal = make_account("cal")
        target = Post.objects.without_retweets().last()
        assert target
        post = publish(cal, "Hello, #QuietTrains, and #SomethingNew", reply_to=target)
        assert post.pk > target.pk
        assert target.like(cal)
        assert cal.follow(account("author"))


# --- The plan ---


def rows_of(plan: Plan, number: int) -> list[Row]:
    words, chance = Vocabulary(), Chance(plan.seed)
    people = People(plan, words, chance)
    return [
        *people.follows(),
        *islice(Conversations(plan, people, words, chance).rows(), number),
    ]


def test_the_same_plan_makes_the_same_community() -> None:
    other = Plan(accounts=PLAN.accounts, posts=PLAN.posts, until=PLAN.until, seed=8)
    assert rows_of(PLAN, 4000) == rows_of(PLAN, 4000) != rows_of(other, 4000)


def test_a_community_of_any_size_has_as_many_posts_as_were_wanted() -> None:
    for posts in (1, 2, 7, 100):
        plan = Plan(accounts=20, posts=posts, until=UNTIL)
        made = [row for row in rows_of(plan, 10_000) if isinstance(row, PostRow)]
        assert len(made) == posts


def test_some_threads_and_conversations_are_long() -> None:
    plan = Plan(accounts=500, posts=10_000, until=UNTIL)
    posts = [row for row in rows_of(plan, 10**6) if isinstance(row, PostRow)]
    went_on: dict[int, int] = {}
    authors = {post.id: post.author_id for post in posts}
    for post in posts:
        if post.reply_to_id and authors[post.reply_to_id] == post.author_id:
            went_on[post.id] = went_on.get(post.reply_to_id, 1) + 1
    assert max(went_on.values()) >= 10
    assert max(post.replies_count for post in posts) >= 30


# --- Where it cannot move in ---


def test_only_an_empty_database_is_populated(ada: Account) -> None:
    with pytest.raises(CommandError, match="people who sign in and accounts here already"):
        call_command("populate", accounts=20, posts=10)
    assert list(Account.objects.all()) == [ada]
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"accounts": 19}, "at least 20 accounts"),
        ({"posts": 0}, "at least one post"),
        ({"biggest_author": 8}, "from 0 to 7"),
        ({"biggest_author": -1}, "from 0 to 7"),
        ({"readers": [20]}, "from 1 to 19"),
        ({"readers": [0]}, "from 1 to 19"),
        ({"until": datetime(2999, 1, 1, tzinfo=UTC)}, "in the future"),
        ({"until": datetime(1975, 1, 1, tzinfo=UTC)}, "1970"),
    ],
)
def test_what_cannot_be_is_said(db: None, wanted: dict[str, Any], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("populate", **{"accounts": 20, "posts": 10, **wanted})
    assert not Account.objects.exists()


def test_until_is_a_time(db: None) -> None:
    with pytest.raises(CommandError, match="soon is no time such as 2026-01-31T12:00"):
        call_command("populate", "--accounts=20", "--posts=10", "--until=soon")
    call_command("populate", "--accounts=20", "--posts=10", "--until=2026-01-31T12:00")
    newest = Post.objects.last()
    assert newest
    assert newest.created_at <= datetime(2026, 1, 31, 12, tzinfo=UTC)


def test_what_is_interrupted_leaves_nothing_behind(db: None) -> None:
    known = constraints()

    def interrupt(_posts: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        community.populate(Plan(accounts=20, posts=10, until=UNTIL), "secret", interrupt)
    assert not Account.objects.exists()
    assert not Post.objects.exists()
    assert constraints() == known


def test_the_command_says_how_to_sign_in(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("populate", accounts=60, posts=50, until=UNTIL, password="open sesame")
    said = capsys.readouterr().out
    assert "60 accounts with 50 posts have moved in." in said
    assert "Sign in as author, reader_50 with the password open sesame" in said
    assert account("reader_50").user.check_password("open sesame")
