"""What is found: a hundred queries of one community, answered alike by both databases."""

from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.models import Account
from conftest import make_account
from microblog.net.opengraph import Summary
from testing.scene import external, from_outside, picture, retweet
from timeline.models import LinkCard, Post
from timeline.posting.publish import publish
from timeline.search.find import Search
from timeline.search.query import read

SAID = {
    # by a letter each, in the order of time
    "a": ("ada", "2020-05-05", "The quick brown fox jumps over the lazy dog"),
    "b": ("ben", "2020-05-06", "A quick engine, and a slow one #engines"),
    "c": ("cal", "2021-01-01", "@ada Ada's café is open"),
    "d": ("ben", "2021-01-02", "Thank you for the fox"),
    "e": ("cal", "2021-01-03", "Steam engines are slow"),
    "f": ("ada", "2021-06-01", "Look"),
    "g": ("ben", "2021-06-02", "Read https://example.com/notes"),
    "h": ("ada", "2022-01-01", "日本語を話します"),
    "i": ("cal", "2022-01-02", "한국어 공부"),
    "j": ("ben", "2022-01-03", "ภาษาไทย"),
    "k": ("ada", "2022-01-04", "Straße in İstanbul, ｆｕｌｌ width"),
    "l": ("ben", "2022-01-05", "naïve NAIVE naive"),
    "m": ("ada", "2022-01-06", "Version 3.14 of C++ & 100%"),
    "n": ("ben", "2022-01-07", "don’t stop me now"),
    "o": ("ada", "2022-01-08", "foo_bar baz-qux example.org"),
    "p": ("cal", "2022-01-09", "or and not near"),
    "q": ("ben", "2022-01-10", "A popular engine"),
    "r": ("ada", "2023-12-31", "An engine on the last day"),
    "s": ("ben", "2024-01-01", "An engine on the first day #ENGINES #looms"),
    "t": ("cal", "2024-01-02", "日本 料理 🎉 party"),
    "u": ("ada", "2024-01-03", "@ben the zoo of zebras and pizza"),
    "v": ("ben", "2024-01-04", "пример ёлка שָׁלוֹם العَرَبِيَّة हिन्दी"),
    "w": ("ada", "2024-01-05", "one two three one two four"),
}
MORE: dict[str, dict[str, Any]] = {
    "d": {"reply_to": "a"},
    "e": {"quote_of": "b"},
    "f": {"attachments": [picture("A red engine in the snow"), picture()]},
    "t": {"attachments": [picture()]},
}
TABLE = [
    # words
    ("fox", "da"),
    ("FOX", "da"),
    ("fox quick", "a"),
    ("quick fox", "a"),
    ("quick", "ba"),
    ("slow engine", "eb"),
    ("nothing", ""),
    ("engine", "srqfeb"),
    ("engines", "seb"),
    ("engine day", "sr"),
    ("engine the", "srf"),
    ("eng", "srqfeb"),
    ("en", ""),
    ("eng slow", ""),
    ("the", "usrfda"),
    ("th", ""),
    ("t", "n"),
    ("a", "qfb"),
    ("look", "f"),
    ("snow", "f"),
    ("red snow", "f"),
    ("look snow", "f"),
    ("looming", "g"),
    ("read looming", "g"),
    ("notes", "g"),
    # no accents, no case, no width
    ("cafe", "c"),
    ("CAFÉ", "c"),
    ("strasse", "k"),
    ("STRASSE istanbul", "k"),
    ("İSTANBUL", "k"),
    ("full", "k"),
    ("naive", "l"),
    ("naïve", "l"),
    ("елка", "v"),
    ("ПРИМЕР", "v"),
    ("שלום", "v"),
    ("العربية", "v"),
    ("हिन्दी", "v"),
    ("हिन्दा", ""),
    # punctuation
    ("ada's", "c"),
    ("3.14", "m"),
    ("c++", "m"),
    ("100%", "m"),
    ("don't", "n"),
    ("dont", ""),
    ("foo", "o"),
    ("bar_foo", ""),
    ("foo_bar", "o"),
    ("qux", "o"),
    ("example", "og"),
    ("example.com", "g"),
    ("zoo", "u"),
    ("pizza zebras", "u"),
    ("zebra", "u"),
    ("z", ""),
    ("zz", ""),
    ("zza1", ""),
    ("z00007a", ""),
    ("🎉", "t"),
    # scripts without spaces
    ("日本", "th"),
    ("日本語", "h"),
    ("本語", "h"),
    ("語", "h"),
    ("す", "h"),
    ("日", "th"),
    ("本日", ""),
    ('"日本 料理"', "t"),
    ('"本 料理"', "t"),
    ('"日本料理"', ""),
    ("한국", "i"),
    ("국어", "i"),
    ("공부 한국어", "i"),
    ("ไทย", "j"),
    ("ษา", "j"),
    # phrases
    ('"quick brown"', "a"),
    ('"brown quick"', ""),
    ('"quick fox"', ""),
    ('"the lazy dog"', "a"),
    ('"the lazy do"', ""),
    ('"on the last"', "r"),
    ('"one two four"', "w"),
    ('"two three one"', "w"),
    ('"three two"', ""),
    ('"look a red"', ""),
    ('"fox', "da"),
    ('""', None),
    # what shall not be there
    ("engine -slow", "srqf"),
    ("engine -day -popular", "fb"),
    ('quick -"brown fox"', "b"),
    ("-the -engine from:ada", "womkh"),
    ("fox -fox", ""),
    # one of several
    ("fox OR party", "tda"),
    ("fox OR party OR pizza", "utda"),
    ("quick fox OR engine", "ba"),
    ('"last day" OR "first day"', "sr"),
    ("from:cal OR fox", "tpiedca"),
    ("fox OR -the from:cal", "tpiec"),
    ("OR", "p"),
    ("fox OR", "da"),
    ("or and not near", "p"),
    ("NOT", "pg"),
    # people
    ("from:ada", "wuromkhfa"),
    ("from:@ADA engine", "rf"),
    ("from:ada from:ben", ""),
    ("from:ada OR from:ben engine", "srqfb"),
    ("-from:ada engine", "sqeb"),
    ("from:nobody", ""),
    ("-from:nobody fox", "da"),
    ("from:eve engine", ""),
    ("to:ada", "d"),
    ("to:ada from:cal", ""),
    ("@ada", "dc"),
    ("@ben", "u"),
    ("@ada -is:reply", "c"),
    ("@nobody", ""),
    # tags
    ("#engines", "sb"),
    ("#ENGINES", "sb"),
    ("#engine", ""),
    ("#looms #engines", "s"),
    ("-#engines engine", "rqfe"),
    # what a post is and has
    ("has:media", "tf"),
    ("has:images from:ada", "f"),
    ("has:video", ""),
    ("has:alt", "f"),
    ("has:link", "og"),
    ("-has:link example", ""),
    ("HAS:MEDIA", "tf"),
    ("is:reply", "d"),
    ("is:quote", "e"),
    ("-is:quote slow", "b"),
    # what ada likes and keeps herself
    ("in:likes", "qd"),
    ("in:likes engine", "q"),
    ("in:bookmarks", "vtqb"),
    ("in:bookmarks engine", "qb"),
    ("in:bookmarks -popular", "vtb"),
    ("in:bookmarks -popular -slow", "vt"),
    ("IN:Bookmarks has:images", "t"),
    ("in:bookmarks fox", ""),
    ("in:bookmarks fox OR party", "t"),
    ("in:bookmarks from:ben", "vqb"),
    ("in:bookmarks from:nobody", ""),
    ("in:bookmarks #engines", "b"),
    ('in:bookmarks "a popular"', "q"),
    ("in:bookmarks in:likes", "q"),
    ("in:likes min_likes:2", "q"),
    ("in:bookmarks since:2024-01-01", "vt"),
    ("engine in:bookmarks until:2022-01-01", "b"),
    ("min_likes:1", "qda"),
    ("min_likes:2", "q"),
    ("min_likes:2 engine", "q"),
    ("min_likes:3", ""),
    ("min_likes:99999999999999 fox", ""),
    # when
    ("since:2024-01-01", "wvuts"),
    ("since:2023-12-31 engine", "sr"),
    ("until:2024-01-01 engine", "rqfeb"),
    ("since:2024-01-01 until:2024-01-02", "s"),
    ("until:1969-01-01", ""),
    ("since:9999-12-31", ""),
    ("since:0001-01-01 fox", "da"),
    # what is no operator
    ("foo:bar", "o"),
    ("foo:bar OR fox", "oda"),
    ("from:", ""),
    ("-", None),
    ('%_*"()', None),
    ("(fox)", "da"),
    ("fox*", "da"),
    ("fo*", ""),
    ("fox & party", ""),
    ("fox | dog", "a"),
    ("'fox'", "da"),
    ("fox\\", "da"),
]


@pytest.fixture
def posts(ada: Account, ben: Account, cal: Account) -> dict[str, Post]:
    people = {"ada": ada, "ben": ben, "cal": cal}
    posts: dict[str, Post] = {}
    for letter, (author, day, words) in SAID.items():
        more = {
            name: posts[value] if name in ("reply_to", "quote_of") else value
            for name, value in MORE.get(letter, {}).items()
        }
        moment = datetime.fromisoformat(f"{day}T00:00:00").replace(tzinfo=UTC)
        posts[letter] = publish(people[author], words, moment=moment, limited=False, **more)
    for account, letter in ((ada, "q"), (cal, "q"), (ben, "a"), (ada, "d")):
        posts[letter].like(account)
    for account, letters in ((ada, "bqtv"), (cal, "ae"), (ben, "d")):
        for letter in letters:
            posts[letter].bookmark(account)
    card = LinkCard.objects.get(domain="example.com")
    card.keep(card.claim(), Summary("Looms, and looming", "A fox", ()), None)
    _say_what_is_not_found(cal, ada, posts["b"])
    return posts


def _say_what_is_not_found(cal: Account, ada: Account, retweeted: Post) -> None:
    retweet(cal, retweeted)
    from_outside(external(), "An engine from elsewhere")
    eve = make_account("eve")
    said = [
        *(publish(cal, f"A {state} engine") for state in ("hidden", "deleted")),
        publish(eve, "A protected engine, and a fox"),
    ]
    for post in said:
        post.bookmark(ada)
        post.like(ada)
    said[0].hide()
    said[1].remove()
    eve.protect()


def test_what_is_found(posts: dict[str, Post], ada: Account) -> None:
    letters = {post.pk: letter for letter, post in posts.items()}
    wrong = []
    for typed, expected in TABLE:
        query = read(typed)
        viewer = ada if query.places else None
        found = [] if query.is_empty else Search(query, viewer).newest(None).rows
        said = None if query.is_empty else "".join(letters.get(one.pk, "?") for one in found)
        if said != expected:
            wrong.append((typed, said, expected))
    assert not wrong, "\n".join(map(str, wrong))
    assert len(TABLE) >= 100
