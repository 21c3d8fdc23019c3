"""What one comes across: not what muted people say, no retweets that were switched off, no muted
words. What one asks for is all there.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Account, Follow, Mute, MutedWord
from conftest import client_of, make_account
from microblog.web.pagination import PAGE_SIZE
from testing.html import find, rows_of
from testing.scene import HTMX, picture, retweet, say
from timeline.models import LinkCard, Post


@pytest.fixture
def reader(ada: Account, cal: Account) -> Account:
    """Dora, who follows Ada and Cal."""
    dora = make_account("dora")
    for account in (ada, cal):
        dora.follow(account)
    return dora


@pytest.fixture
def as_reader(reader: Account) -> Client:
    return client_of(reader)


def words(client: Client, url: str) -> str:
    return find(client.get(url), "main")[0].text


# --- People ---


def test_home_is_without_muted_people_and_what_others_retweet_of_them(
    ada: Account, cal: Account, reader: Account, as_reader: Client
) -> None:
    theirs, hers = say(cal, "Cal's"), say(ada, "Ada's")
    retweet(ada, theirs)
    own_retweet = retweet(cal, hers)
    reader.mute(cal)
    assert rows_of(as_reader.get("/")) == [hers.pk]
    reader.unmute(cal)
    assert rows_of(as_reader.get("/"))[0] == own_retweet.pk


def test_a_mute_that_ran_out_mutes_nobody(cal: Account, reader: Account, as_reader: Client) -> None:
    post = say(cal, "Cal's")
    reader.mute(cal, timezone.now() - timedelta(seconds=1))
    assert rows_of(as_reader.get("/")) == [post.pk]
    reader.mute(cal, timezone.now() + timedelta(days=1))
    assert rows_of(as_reader.get("/")) == []


@pytest.mark.parametrize("url", ["/", "/explore", "/tags/engines", "POST/quotes"])
def test_lists_are_without_muted_people(
    url: str, ada: Account, ben: Account, cal: Account, reader: Account, as_reader: Client
) -> None:
    about = say(ada, "About")
    for author in (ada, cal):
        say(author, f"{author.name} on #engines", quote_of=about)
    url = url.replace("POST", about.get_absolute_url())
    assert "Cal on" in words(as_reader, url)
    reader.mute(cal)
    assert "Cal on" not in words(as_reader, url)
    assert "Ada Lovelace on" in words(as_reader, url)
    for other in (ben, cal, None):
        assert "Cal on" in words(client_of(other), url.replace("/?", "/")) or url == "/"


def test_quotes_of_ones_own_post_are_without_muted_people(
    cal: Account, reader: Account, as_reader: Client
) -> None:
    post = say(reader, "Mine")
    say(cal, "Look", quote_of=post)
    reader.mute(cal)
    assert rows_of(as_reader.get(f"{post.get_absolute_url()}/quotes")) == []


@pytest.mark.parametrize("url", ["/@cal", "/@ada", "/bookmarks", "/@dora/likes"])
def test_what_one_asks_for_is_all_there(
    url: str, ada: Account, cal: Account, reader: Account, as_reader: Client
) -> None:
    post = say(cal, "The word of Cal")
    retweet(ada, post)
    post.like(reader)
    post.bookmark(reader)
    reader.mute(cal)
    reader.mute_word("word")
    assert "The word of Cal" in words(as_reader, url)


def test_what_muted_people_say_is_not_shown_within_or_above_what_others_do(
    ada: Account, cal: Account, reader: Account, as_reader: Client
) -> None:
    theirs = say(cal, "The words of Cal")
    quote, reply = say(ada, "Look", quote_of=theirs), say(ada, "No", reply_to=theirs)
    reader.mute(cal)
    page = as_reader.get("/")
    assert rows_of(page) == [reply.pk, quote.pk]
    assert "The words of Cal" not in page.content.decode()
    assert [a.text for a in find(page, "a", href=theirs.get_absolute_url())] == [
        "A post by somebody you muted"
    ]
    assert [line.text for line in find(page, "p", class_="replying")] == ["Replying to @cal"]


# --- Retweets ---


def test_retweets_of_somebody_can_be_switched_off(
    ada: Account, ben: Account, cal: Account, reader: Account, as_reader: Client
) -> None:
    hers, post = say(ada, "Ada's"), say(ben, "Ben's")
    first, second = retweet(ada, post), retweet(cal, post)
    assert rows_of(as_reader.get("/")) == [second.pk, hers.pk]
    reader.set_shows_retweets(cal, shows=False)
    assert rows_of(as_reader.get("/")) == [first.pk, hers.pk]
    reader.set_shows_retweets(ada, shows=False)
    assert rows_of(as_reader.get("/")) == [hers.pk]
    assert len(rows_of(as_reader.get("/@ada"))) == 2


# --- Words ---


def with_card(author: Account, title: str) -> Post:
    post = say(author, "Look")
    card = LinkCard.objects.create(url="https://example.com/", title=title)
    Post.objects.filter(pk=post.pk).update(card=card)
    return post


SAID: dict[str, Callable[[Account, Account], Post]] = {
    "text": lambda author, other: say(author, "No SPOILER, please"),
    "tag": lambda author, other: say(author, "No #spoiler please"),
    "card": lambda author, other: with_card(author, "The spoiler"),
    "quoted": lambda author, other: say(author, "Look", quote_of=say(other, "A spoiler")),
    "retweeted": lambda author, other: retweet(author, say(other, "A spoiler")),
    "quoted by what is retweeted": lambda author, other: retweet(
        author, say(other, "Look", quote_of=say(other, "A spoiler"))
    ),
}


@pytest.mark.parametrize("where", [*SAID, "alt text"])
def test_posts_with_muted_words_are_left_out(
    where: str,
    ada: Account,
    ben: Account,
    reader: Account,
    as_reader: Client,
    publish: Callable[..., Post],
) -> None:
    if where == "alt text":
        publish(ada, "Look", attachments=[picture("A spoiler")])
    else:
        SAID[where](ada, ben)
    plain = say(ada, "Another")
    assert len(rows_of(as_reader.get("/"))) == 2
    reader.mute_word("Spoiler")
    assert rows_of(as_reader.get("/")) == [plain.pk]


@pytest.mark.parametrize("url", ["/", "/explore", "/tags/engines", "POST/quotes"])
def test_in_all_lists(
    url: str, ada: Account, ben: Account, reader: Account, as_reader: Client, visitor: Client
) -> None:
    about = say(ben, "About")
    say(ada, "A spoiler on #engines", quote_of=about)
    plain = say(ada, "A word on #engines", quote_of=about)
    url = url.replace("POST", about.get_absolute_url())
    reader.mute_word("spoiler")
    shown = rows_of(as_reader.get(url))
    assert plain.pk in shown
    assert "spoiler" not in words(as_reader, url)
    assert "spoiler" in words(visitor, url)


def test_a_word_can_be_for_those_alone_whom_one_does_not_follow(
    ada: Account, ben: Account, reader: Account, as_reader: Client
) -> None:
    reader.mute_word("spoiler", hides_followed=False)
    followed, stranger = say(ada, "A spoiler of Ada"), say(ben, "A spoiler of Ben")
    assert rows_of(as_reader.get("/explore")) == [followed.pk]
    retweet(ada, stranger)
    assert rows_of(as_reader.get("/")) == [followed.pk], "the words are a stranger's"


def test_a_word_that_ran_out_hides_nothing(
    ada: Account, reader: Account, as_reader: Client
) -> None:
    post = say(ada, "A spoiler")
    reader.mute_word("spoiler", until=timezone.now() - timedelta(seconds=1))
    assert rows_of(as_reader.get("/")) == [post.pk]
    assert reader.mute_word("spoiler", until=timezone.now() + timedelta(days=1))
    assert rows_of(as_reader.get("/")) == []


def test_ones_own_posts_stay(
    ada: Account, ben: Account, reader: Account, as_reader: Client
) -> None:
    reader.mute_word("spoiler")
    mine = say(reader, "My spoiler")
    by_ada = retweet(ada, mine)
    theirs = retweet(reader, say(ben, "A spoiler"))
    quote = say(reader, "Look", quote_of=say(ben, "Another spoiler"))
    assert rows_of(as_reader.get("/")) == [quote.pk, theirs.pk, by_ada.pk]


def test_what_has_a_muted_word_does_not_stand_above_its_answer(
    ada: Account, ben: Account, reader: Account, as_reader: Client
) -> None:
    reply = say(ada, "No", reply_to=say(ben, "A spoiler"))
    reader.mute_word("spoiler")
    page = as_reader.get("/")
    assert rows_of(page) == [reply.pk]
    assert "spoiler" not in page.content.decode()


# --- Pages of what is left ---


def test_a_page_may_be_shorter_and_goes_on_where_it_ended(
    ada: Account, reader: Account, as_reader: Client
) -> None:
    plain = [say(ada, "plain" if number % 2 else "spoiler").pk for number in range(50)][1::2]
    reader.mute_word("spoiler")
    found, url = [], "/"
    while url:
        page = as_reader.get(url)
        assert len(rows_of(page)) <= PAGE_SIZE // 2
        found += rows_of(page)
        more = find(page, "a", class_="more")
        url = f"/{more[0].attrs['href']}" if more else ""
    assert found == plain[::-1]


@pytest.mark.parametrize("url", ["/", "/explore", "/tags/engines"])
def test_a_page_is_not_empty_while_there_is_more(
    url: str, ada: Account, reader: Account, as_reader: Client
) -> None:
    plain = say(ada, "plain #engines")
    for _ in range(2 * PAGE_SIZE + 3):
        say(ada, "spoiler #engines")
    reader.mute_word("spoiler")
    assert rows_of(as_reader.get(url)) == [plain.pk]


@pytest.mark.parametrize("url", ["/", "/explore", "/tags/engines"])
def test_after_three_batches_it_says_so_and_links_to_what_is_older(
    url: str, ada: Account, reader: Account, as_reader: Client
) -> None:
    plain = say(ada, "plain #engines")
    for _ in range(3 * PAGE_SIZE + 3):
        say(ada, "spoiler #engines")
    reader.mute_word("spoiler")
    page = as_reader.get(url)
    assert rows_of(page) == []
    assert "Everything here has words that you muted" in find(page, "main")[0].text
    (more,) = find(page, "a", class_="more")
    assert "hx-get" not in more.attrs, "no script reads on and on"
    assert rows_of(as_reader.get(f"{url}{more.attrs['href']}")) == [plain.pk]
    fragment = as_reader.get(url, headers=HTMX).content.decode()
    assert "Everything here has words that you muted" in fragment


def test_at_the_end_nothing_is_left_to_link_to(
    ada: Account, reader: Account, as_reader: Client
) -> None:
    say(ada, "spoiler")
    reader.mute_word("spoiler")
    page = as_reader.get("/")
    assert "Everything here has words that you muted" in find(page, "main")[0].text
    assert "Welcome" not in find(page, "main")[0].text
    assert not find(page, "a", class_="more")


# --- What it costs ---


def asked(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def mute_many(reader: Account) -> None:
    words = [
        MutedWord(account=reader, text=f"word{n}", folded=f"word{n}", hides_followed=bool(n % 2))
        for n in range(200)
    ]
    MutedWord.objects.bulk_create(words)
    people = [Account(handle=f"m{n}", name="M") for n in range(500)]
    Account.objects.bulk_create(people)
    muted = Account.objects.filter(name="M")
    Mute.objects.bulk_create(Mute(muter=reader, muted=account) for account in muted)
    Follow.objects.bulk_create(Follow(follower=reader, followed=account) for account in muted)


@pytest.mark.parametrize("url", ["/", "/explore", "/tags/engines", "POST", "POST/quotes"])
def test_muting_costs_one_query(
    url: str, ada: Account, ben: Account, reader: Account, as_reader: Client
) -> None:
    post = say(ada, "About #engines")
    for number in range(25):
        quoted = say(ben, f"Quoted {number}", pictures=1)
        say(ada, f"{number} word{number} #engines", quote_of=quoted, pictures=1)
        say(ben, f"On word{number * 10} #engines", quote_of=post, reply_to=post)
    url = url.replace("POST", post.get_absolute_url())
    before = asked(as_reader, url)
    mute_many(reader)
    after = asked(as_reader, url)
    assert after <= before
    assert url != "/" or after <= 9


def test_all_batches_ask_for_the_words_once(
    ada: Account, reader: Account, as_reader: Client
) -> None:
    for _ in range(3 * PAGE_SIZE + 3):
        say(ada, "spoiler")
    reader.mute_word("spoiler")
    with CaptureQueriesContext(connection) as queries:
        as_reader.get("/")
    sqls: list[Any] = [query["sql"] for query in queries]
    assert len([sql for sql in sqls if '"hides_followed"' in sql]) == 1
    assert len(sqls) <= 22
