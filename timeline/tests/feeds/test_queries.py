"""No page's cost grows with the data behind it: as many queries for twenty posts as for two, and no
COUNT or OFFSET in a timeline.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Model
from django.db.models.sql.compiler import SQLCompiler
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Account, Follow
from conftest import make_account
from microblog.web.converters import MAX_ID
from testing.html import rows_of
from testing.scene import HTMX, external, from_outside, one_of_each, retweet, say
from timeline.models import Draft, Media, NotificationSettings, Post


@pytest.fixture(autouse=True)
def _nothing_is_kept(settings: Any) -> None:
    """Every page is made anew."""
    settings.KEPT_BYTES = 0


@pytest.fixture
def clients(visitor: Client, as_ada: Client, as_ben: Client) -> dict[str, Client]:
    return {"a visitor": visitor, "ada": as_ada, "ben": as_ben}


def asked(client: Client, url: str) -> list[str]:
    """The SQL that a page asks. (What is fetched before somebody looks moves no mark.)"""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url, headers={"Sec-Purpose": "prefetch"}).status_code == 200
    # psycopg shows what it prepared with its values behind it
    return [query["sql"].removeprefix("QUERY = '") for query in queries]


def mixed(author: Account, other: Account, first: int, last: int) -> None:
    """Posts of every kind; the first two alone have all that a post can have."""
    for number in range(first, last):
        one_of_each(author, other, number)


def replies(author: Account, other: Account, first: int, last: int) -> None:
    """Replies, each with a picture and a quote, to posts that have the same, and that answer
    another.
    """
    for number in range(first, last):
        root = say(other, f"Root {number}")
        above = say(other, f"Above {number}", reply_to=root, quote_of=root, pictures=1)
        reply = say(
            author, f"Reply {number}", reply_to=above, quote_of=say(other, "Quoted"), pictures=1
        )
        say(author, f"And on {number}", reply_to=reply)


def answers(author: Account, other: Account, first: int, last: int) -> None:
    """Answers to the one post that is asked for."""
    post = author.posts.order_by("pk").first() or say(
        author, "The post", quote_of=say(other, "Quoted", pictures=1), pictures=1
    )
    for number in range(first, last):
        answer = say(
            other, f"Answer {number}", reply_to=post, quote_of=say(author, "Quoted"), pictures=1
        )
        say(other, "And on", reply_to=answer)


def put_aside(author: Account, other: Account, first: int, last: int) -> None:
    """Answers to the one post that is asked for, behind "Hidden replies"."""
    post = author.posts.order_by("pk").first() or say(author, "The post", may_reply="mentioned")
    for number in range(first, last):
        answer = say(other, f"Answer {number}", reply_to=post, pictures=1)
        answer.put_aside(author)
        say(other, "And on", reply_to=answer)


def likes(author: Account, other: Account, first: int, last: int) -> None:
    before = set(Post.objects.values_list("pk", flat=True))
    mixed(other, author, first, last)
    for post in Post.objects.by(other).top_level().exclude(pk__in=before).order_by("pk"):
        post.like(author)


def bookmarks(author: Account, other: Account, first: int, last: int) -> None:
    before = set(Post.objects.values_list("pk", flat=True))
    mixed(other, author, first, last)
    for post in Post.objects.by(other).top_level().exclude(pk__in=before).order_by("pk"):
        for account in (author, other):
            post.bookmark(account)


def reactions(author: Account, other: Account, first: int, last: int) -> None:
    """Likes, retweets and quotes of the one post that is asked for."""
    post = author.posts.order_by("pk").first() or say(author, "The post")
    for number in range(first, last):
        account = make_account(f"r{number}", bio="Hello")
        post.like(account)
        retweet(account, post)
        quote = say(account, f"Quote {number}", quote_of=post, pictures=1)
        say(account, "And on", reply_to=quote)


def tagged(author: Account, other: Account, first: int, last: int) -> None:
    for number in range(first, last):
        post = say(
            author, f"{number} #engines", quote_of=say(other, "Quoted", pictures=1), pictures=1
        )
        say(author, "And on", reply_to=post)


def followers(author: Account, other: Account, first: int, last: int) -> None:
    for number in range(first, last):
        account = make_account(f"f{number}", bio="Hello")
        account.follow(author)
        author.follow(account)


def told(author: Account, other: Account, first: int, last: int) -> None:
    """All that `author` is told of, of several people each."""
    for number in range(first, last):
        post = say(author, f"Liked {number}", pictures=1)
        for account in (other, make_account(f"t{number}")):
            post.like(account)
            post.retweet(account)
            account.follow(author)
        above = say(other, f"For @ada {number}", quote_of=say(other, "Quoted"), pictures=1)
        for more in ({"reply_to": post, "quote_of": above}, {"quote_of": post}):
            say(other, f"So {number}?", ago=timedelta(0), pictures=1, **more)
        say(other, "And on", reply_to=say(author, f"Answer {number}", reply_to=above))


def drafts(author: Account, other: Account, first: int, last: int) -> None:
    """Drafts of both, of every kind."""
    for number in range(first, last):
        post = say(other, f"Draft about {number}")
        for account in (author, other):
            for kind, targets in (
                ("post", {}),
                ("reply", {"reply_to": post}),
                ("quote", {"quote_of": post}),
            ):
                Draft.objects.keep(account, uuid4(), kind, [f"Number {number}"], targets)


type Make = Callable[[Account, Account, int, int], None]
PAGES: list[tuple[str, Make]] = [
    ("/@ada", mixed),
    ("/@ada/replies", replies),
    ("/@ada/media", mixed),
    ("/@ada/likes", likes),
    ("/@ada/followers", followers),
    ("/@ada/following", followers),
    ("/", mixed),
    ("/explore", mixed),
    ("/tags/engines", tagged),
    ("/@ada/POST", answers),
    ("/@ada/POST/hidden", put_aside),
    ("/@ada/POST/likes", reactions),
    ("/@ada/POST/retweets", reactions),
    ("/@ada/POST/quotes", reactions),
    ("/bookmarks", bookmarks),
    ("/notifications", told),
    ("/notifications/mentions", told),
    ("/drafts", drafts),
    ("/search?q=engine%20OR%20from:ben", mixed),
    ("/search?q=engine%20OR%20from:ben&tab=latest", mixed),
    ("/search?q=engine%20OR%20from:ben&tab=media", mixed),
    ("/search?q=f&tab=people", followers),
    ("/search?q=in:likes", likes),
    ("/search?q=in:likes&tab=top", likes),
    ("/search?q=in:bookmarks&tab=media", bookmarks),
]
# how a transaction, a savepoint in tests, begins and ends, and how long its queries may take
FRAME = ("SAVEPOINT", "RELEASE", "SET LOCAL statement_timeout")


def who_may_see(url: str) -> list[str]:
    if url.endswith("/likes") or url.startswith(("/notifications", "/search?q=in:")):
        return ["ada"]
    return ["ada", "ben"] if url in ("/bookmarks", "/drafts") else ["a visitor", "ada", "ben"]


def beginnings(told: list[str]) -> list[str]:
    """Return how each query begins; each savepoint has a name of its own."""
    return [sql[:60] for sql in told if not sql.startswith(FRAME)]


@pytest.mark.parametrize("place", ["", "%20in:likes"])
@pytest.mark.parametrize("tab", ["top", "latest", "media", "people"])
def test_search_asks_ten_times_at_most(
    ada: Account, ben: Account, as_ben: Client, tab: str, place: str
) -> None:
    likes(ben, ada, 0, 8)
    ben.mute(make_account("muted"))
    ben.mute_word("nothing", hides_followed=True, until=None)
    as_ben.get("/notifications")  # how much is new is one more, as on every page
    told = asked(as_ben, f"/search?q=engine%20OR%20from:ben%20OR%20@ada{place}&tab={tab}")
    assert len([sql for sql in told if not sql.startswith(FRAME)]) <= 10


# What these ask is written for each database; the others ask both in the same words.
OF_TWO_MINDS = re.compile(r"/($|search|notifications)")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("url", "make"),
    [
        pytest.param(
            url, make, id=url, marks=() if OF_TWO_MINDS.match(url) else pytest.mark.one_database
        )
        for url, make in PAGES
    ],
)
def test_twenty_ask_what_two_ask(
    ada: Account, ben: Account, clients: dict[str, Client], url: str, make: Make
) -> None:
    # somebody to follow
    Account.objects.filter(pk__in=[make_account("w1").pk, make_account("w2").pk]).update(
        last_post_id=1
    )
    viewers = who_may_see(url)
    make(ada, ben, 0, 2)
    url = url.replace("POST", str(ada.posts.order_by("pk").values_list("pk", flat=True).first()))
    two = {who: asked(clients[who], url) for who in viewers}
    make(ada, ben, 2, 22)
    for who in viewers:
        many = asked(clients[who], url)
        assert beginnings(many) == beginnings(two[who]), who
        counting = re.compile(r"\bCOUNT\(|\bOFFSET\b", re.IGNORECASE)
        assert not [sql for sql in many if counting.search(sql) and not is_of_people_beside(sql)]
        assert not [sql for sql in many if not sql.startswith(("SELECT", "WITH", *FRAME))], (
            f"a page changes nothing, of {who}"
        )


def is_of_people_beside(sql: str) -> bool:
    """Tell whether `sql` chooses or shows whom one may follow: it counts a hundred friends at most
    (FRIENDS).
    """
    return "SELECT 1 AS way" in sql or sql.startswith("SELECT 1, place, pk, handle")


ASKED = {
    "/@ada": (5, 9, 9),
    "/@ada/replies": (5, 9, 9),
    "/@ada/media": (4, 8, 8),
    "/@ada/likes": (None, 8, None),
    "/explore": (4, 7, 7),
    "/tags/engines": (5, 8, 8),
    "/": (4, 9, 9),
    "/bookmarks": (None, 7, 7),
    "/notifications": (None, 9, None),
    "/notifications/mentions": (None, 8, None),
    "/@ada/POST": (6, 10, 10),
    "/@ada/POST/hidden": (5, 9, 9),
    "/@ada/POST/quotes": (4, 8, 8),
}  # by a visitor, by the author, by somebody else: for whom it is chosen whom they may follow


@pytest.mark.parametrize(("before", "number"), [("", 8), ("?before=9000000000000000000", 9)])
def test_home_of_who_has_no_posts_there_asks_little(
    ada: Account, ben: Account, as_cal: Client, before: str, number: int
) -> None:
    """What explore asks, and once or twice whom one reads."""
    mixed(ada, ben, 0, 2)
    two = asked(as_cal, f"/{before}")
    mixed(ada, ben, 2, 22)
    many = asked(as_cal, f"/{before}")
    assert [sql[:60] for sql in many] == [sql[:60] for sql in two]
    assert len(many) == number


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[type[Model]]:
    """The model of each instance that is made of a row of the database."""
    made: list[type[Model]] = []
    from_db = Model.from_db.__func__  # type: ignore[attr-defined]

    def counted(cls: type[Model], *row: object, **more: object) -> Model:
        made.append(cls)
        return from_db(cls, *row, **more)  # type: ignore[no-any-return]

    monkeypatch.setattr(Model, "from_db", classmethod(counted))
    return made


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[type[Model]]:
    """The model of each query that is made into SQL."""
    made: list[type[Model]] = []
    as_sql = SQLCompiler.as_sql

    def counted(compiler: SQLCompiler, *how: object, **more: object) -> object:
        made.append(compiler.query.model)
        return as_sql(compiler, *how, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(SQLCompiler, "as_sql", counted)
    return made


@pytest.mark.parametrize(("url", "make"), [page for page in PAGES if page[0] in ASKED])
def test_a_page_reads_narrow_rows_in_few_queries(
    ada: Account,
    ben: Account,
    clients: dict[str, Client],
    built: list[type[Model]],
    compiled: list[type[Model]],
    url: str,
    make: Make,
) -> None:
    """No row costs an instance of a model; SQL is made once in a process. Where something is new
    for who looks, one query more says how much.
    """
    make(ada, ben, 0, 5)
    for account in (ada, ben):
        NotificationSettings.objects.mark_seen(account, MAX_ID)
    path = url.replace("POST", str(ada.posts.order_by("pk").values_list("pk", flat=True).first()))
    numbers = []
    for client, most in zip(clients.values(), ASKED[url], strict=True):
        if most is None:
            numbers.append(None)
            continue
        client.get(path)
        built.clear()
        compiled.clear()
        numbers.append(len(asked(client, path)))
        about = 1 if "POST" in url else 0  # the post that the page is about
        assert (built.count(Post), built.count(Media)) == (about, 0)
        assert built.count(Account) <= 5, "whose page it is, who looks, and whom to follow"
        assert (compiled.count(Post), compiled.count(Media)) == (about, 0)
    assert tuple(numbers) == ASKED[url]
    NotificationSettings.objects.mark_seen(ada, 0)
    assert len(asked(clients["ada"], path)) == (numbers[1] or 0) + 1


def thirty_of_every_kind(ada: Account, ben: Account) -> None:
    mixed(ada, ben, 0, 30)
    say(ada, "Pinned").pin()
    for account in (ada, ben):
        for post in Post.objects.by(ada).top_level()[:10]:
            post.like(account)


@pytest.mark.parametrize("who", ["a visitor", "ada", "ben"])
def test_the_profile_is_small(
    ada: Account, ben: Account, clients: dict[str, Client], who: str
) -> None:
    thirty_of_every_kind(ada, ben)
    page = clients[who].get("/@ada")
    assert len(rows_of(page)) == 20
    assert len(page.content) <= 60 * 1024


@pytest.mark.parametrize("verb", ["like", "unlike", "bookmark", "unbookmark"])
def test_a_button_asks_little(ada: Account, as_ben: Client, verb: str) -> None:
    """A like, from the session to the answer, is six queries, and five to take it back; its
    transaction's beginning and end are none. SQLite tells the author by one of its own.
    """
    apart = connection.vendor == "sqlite"
    post = say(ada, "Hello")
    if verb.startswith("un"):
        as_ben.post(f"/posts/{post.pk}/{verb.removeprefix('un')}")
    with CaptureQueriesContext(connection) as queries:
        assert as_ben.post(f"/posts/{post.pk}/{verb}", headers=HTMX).status_code == 200
    asked = [
        query["sql"]
        for query in queries
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
    ]
    assert len(asked) <= {"like": 6 + apart, "unlike": 5, "bookmark": 7, "unbookmark": 6}[verb]


def test_many_people_at_home_are_read_in_as_many_queries(ada: Account, as_ada: Client) -> None:
    people = [make_account(f"p{number}") for number in range(12)]
    Follow.objects.bulk_create(Follow(follower=ada, followed=account) for account in people[:2])
    for account in people:
        one_of_each(account, people[0], 0)
    two = asked(as_ada, "/")
    Follow.objects.bulk_create(Follow(follower=ada, followed=account) for account in people[2:])
    assert len(asked(as_ada, "/")) == len(two)


def test_a_thread_is_walked_in_one_query(ada: Account, visitor: Client) -> None:
    posts = [say(ada, "Root")]
    for number in range(3):
        posts.append(say(ada, f"Post {number}", reply_to=posts[-1]))
    short = asked(visitor, posts[2].get_absolute_url())
    for number in range(30):
        posts.append(say(ada, f"More {number}", reply_to=posts[-1]))
    assert len(asked(visitor, posts[16].get_absolute_url())) == len(short)


def test_the_rule_of_a_first_post_is_asked_for_where_there_is_one(
    ada: Account, as_ben: Client, visitor: Client
) -> None:
    """However deep one is; and whether there are hidden replies, only where there are some."""

    def deep(**rules: str) -> tuple[Post, Post]:
        root = say(ada, "Root", **rules)
        below = say(ada, "Answer", reply_to=say(ada, "And on", reply_to=root))
        return root, below

    (_, plain), (root, ruled) = deep(), deep(may_reply="mentioned")
    for client, more in ((visitor, 3), (as_ben, 5)):  # the first post, who is mentioned, who sees
        few = len(asked(client, plain.get_absolute_url()))
        assert len(asked(client, ruled.get_absolute_url())) <= few + more
    few = len(asked(visitor, root.get_absolute_url()))
    say(ada, "Rude", reply_to=root).put_aside(ada)
    assert len(asked(visitor, root.get_absolute_url())) <= few + 1


def test_a_post_from_elsewhere_that_many_retweeted(
    ada: Account, ben: Account, cal: Account, visitor: Client
) -> None:
    post = from_outside(external(), "From elsewhere")
    retweet(ada, post)
    one = asked(visitor, post.get_absolute_url())
    for account in (ben, cal):
        retweet(account, post)
    assert len(asked(visitor, post.get_absolute_url())) == len(one)


@pytest.mark.parametrize(
    ("text", "most"),
    [("Hello", 7), ("Hello @ben", 8), ("Hello @ben and @ada about #tea and #cake", 8)],
)
def test_posting_asks_little(ben: Account, as_ada: Client, text: str, most: int) -> None:
    """A post, from the click to where it leads, in one transaction: 8 queries at most, where its
    tags are known. SQLite deletes the draft, adds names and tags, tells who is named and lets it be
    found, one after the other.
    """
    as_ada.post("/compose", {"text": text})
    with CaptureQueriesContext(connection) as captured:
        assert (
            as_ada.post("/compose", {"text": text, "idempotency_key": uuid4()}).status_code == 302
        )
    told = [query["sql"] for query in captured]
    more = 0 if connection.vendor == "postgresql" else 1 + 2 * ("@" in text) + ("#" in text)
    assert len([sql for sql in told if not sql.startswith(("SAVEPOINT", "RELEASE"))]) <= most + more
    depth, transactions = 0, 0  # in a test, what would be a transaction is an outermost savepoint
    for sql in told:
        transactions += sql.startswith("SAVEPOINT") and depth == 0
        depth += sql.startswith("SAVEPOINT") - sql.startswith("RELEASE")
    assert (transactions, depth) == (1, 0)
