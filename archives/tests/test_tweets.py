from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archives.x.archive import Owner
from archives.x.note import Notes
from archives.x.text import unescape, without_addressees, without_cut_link
from archives.x.tweet import SkippedError, Target, Tweet, convert
from testing.archives import answering, at, entities, photo, snowflake, tweet, url, video
from testing.effort import takes_less_than

ME = "https://twitter.com/ada/status"
OWNER = Owner(4242, "ada", "Ada Lovelace", None, frozenset({"old_ada"}))


def person(name: str, user_id: str) -> dict[str, str]:
    return {"name": name.title(), "screen_name": name, "id_str": user_id}


def test_a_plain_tweet_is_converted():
    moment = at(3, ms=250)
    raw = tweet("Hello", moment, favorite_count="12", retweet_count="3", possibly_sensitive=True)
    assert convert(raw) == Tweet(
        id=snowflake(moment),
        versions=(snowflake(moment),),
        moment=moment.replace(microsecond=0),
        text="Hello",
        likes=12,
        retweets=3,
        sensitive=True,
    )
    assert convert(raw["tweet"]) == convert(raw)  # as archives of 2019 have it


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Q &amp; A: 1 &lt; 2 &gt; 0", "Q & A: 1 < 2 > 0"),
        ("&amp;lt; is how one writes &lt;", "&lt; is how one writes <"),
        ("&quot;Oh&quot; &#39;no&#39;", "\"Oh\" 'no'"),
        ("see https://t.co/abc", "see https://example.com/?a=1&copy=2"),
        (
            "see https://t.co/abc, https://t.co/abcd",
            "see https://example.com/?a=1&copy=2, https://t.co/abcd",
        ),
        (
            "https://t.co/abc\nhttps://t.co/abc",
            "https://example.com/?a=1&copy=2\nhttps://example.com/?a=1&copy=2",
        ),
        ("evil \u202e text\x00", "evil  text"),
        ("a https://t.co/bad b", "a https://t.co/bad b"),
    ],
)
def test_text_is_as_its_reader_sees_it(raw, shown):
    links = entities(
        url("https://t.co/abc", "https://example.com/?a=1&copy=2"),
        url("https://t.co/bad", "javascript:alert(1)"),
    )
    assert convert(tweet(raw, entities=links)).text == shown


def test_links_of_early_tweets_are_replaced_too():
    links = entities(
        url("http://t.co/abc", "http://example.com/"),
        url("http://bit.ly/x", "http://example.com/long"),
    )
    assert (
        convert(tweet("http://t.co/abc http://bit.ly/x", entities=links)).text
        == "http://example.com/ http://example.com/long"
    )


def test_media_leave_no_link_behind():
    items = [
        photo("https://t.co/pic", "A.jpg", ext_alt_text="A cat"),
        photo("https://t.co/pic", "B.png?x=1"),
    ]
    found = convert(
        tweet("Look https://t.co/pic", extended_entities={"media": items}, number=7, moment=at(1))
    )
    assert found.text == "Look"
    assert [(file.kind, file.names, file.alt) for file in found.media] == [
        ("image", ("7-A.jpg",), "A cat"),
        ("image", ("7-B.png",), ""),
    ]


def test_of_a_video_the_best_variant_comes_first_and_a_gif_has_bitrate_0():
    item = video(
        "https://t.co/v", [("low.mp4", "256000"), ("high.mp4", "2176000"), ("mid.mp4", "832000")]
    )
    found = convert(tweet("https://t.co/v", extended_entities={"media": [item]}, number=7))
    assert [(file.kind, file.names) for file in found.media] == [
        ("video", ("7-high.mp4", "7-mid.mp4", "7-low.mp4"))
    ]
    item = video("https://t.co/v", [("a.mp4", "0")], kind="animated_gif")
    assert (
        convert(tweet("x https://t.co/v", extended_entities={"media": [item]}, number=7))
        .media[0]
        .kind
        == "gif"
    )


def test_names_of_files_cannot_climb():
    item = photo("https://t.co/p", "x")
    item["media_url_https"] = "https://pbs.twimg.com/media/..%2f..\\x/é.jpg"
    assert convert(tweet("hi", extended_entities={"media": [item]})).media[0].names == ()


def test_a_tweet_has_at_most_four_media():
    items = [photo("https://t.co/p", f"{n}.jpg") for n in range(9)]
    assert len(convert(tweet("hi", extended_entities={"media": items})).media) == 4


# --- Replies ---


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("@ben Yes", "Yes"),
        ("@BEN\nYes", "Yes"),
        ("@ben @cal is right", "@cal is right"),
        ("@cal @ben Yes", "@cal @ben Yes"),
        ("@ben @ben is what he is called", "@ben is what he is called"),
        ("@ben's idea", "@ben's idea"),
        ("@ben: yes", "@ben: yes"),
        ("@benny Yes", "@benny Yes"),
        ("@ben", "@ben"),
        ("@ben @cal ", "@ben @cal"),
        ("Yes @ben", "Yes @ben"),
        ("@bén is no handle", "@bén is no handle"),
    ],
)
def test_a_reply_hides_the_name_that_the_page_says(text, shown):
    found = convert(tweet(text, **answering(5, "ben", "6")), None, OWNER)
    assert (found.kind, found.text, found.reply_to) == ("reply", shown, Target(5, "ben"))


@pytest.mark.parametrize("name", ["ada", "Old_Ada", "unheard_of"])
def test_in_ones_own_thread_nobody_is_an_addressee(name):
    for text in (f"@{name} said so", "@ben is right", "And so on"):
        found = convert(tweet(text, **answering(5, name)), None, OWNER)
        assert (found.text, found.reply_to) == (text, Target(5, "ada", is_own=True))


def test_whom_a_reply_answers_is_found_by_the_id():
    more = {
        "in_reply_to_user_id_str": "6",
        "entities": {"user_mentions": [{"screen_name": "cal", "id_str": "7"}, person("Ben", "6")]},
    }
    found = convert(tweet("@Ben @cal Yes", **more), None, OWNER)
    assert (found.text, found.reply_to) == ("@cal Yes", Target(None, "Ben"))


# --- Who is who ---


@pytest.mark.parametrize(
    ("name", "user_id", "is_own"),
    [
        ("ada", None, True),
        ("OLD_ADA", None, True),
        ("ben", None, False),
        ("ben", "4242", True),
        ("ada", "6", False),
        ("old_ada", "6", False),
    ],
)
def test_a_person_is_known_by_the_id_and_else_by_any_handle_of_theirs(name, user_id, is_own):
    found = entities()
    found["user_mentions"] = [person(name, user_id or "-1")]
    assert convert(tweet(f"I am @{name}.", entities=found), None, OWNER).own_names == (
        {name.lower()} if is_own else frozenset()
    )
    retweet = convert(tweet(f"RT @{name}: x", entities=found), None, OWNER).retweet_of
    assert (retweet.handle, retweet.is_own) == ("ada" if is_own else name, is_own)
    reply = convert(tweet("x", **answering(5, name, user_id or "")), None, OWNER).reply_to
    assert (reply.handle, reply.is_own) == ("ada" if is_own else name, is_own)


def test_a_picture_alone_can_be_a_reply():
    found = convert(
        tweet(
            "@ben https://t.co/p",
            **answering(5, "ben"),
            extended_entities={"media": [photo("https://t.co/p", "x.jpg")]},
        )
    )
    assert found.text == ""


def test_what_a_reply_answers_may_be_half_known():
    assert convert(tweet("@a x", in_reply_to_status_id_str="5")).reply_to == Target(5, "")
    assert (
        convert(tweet("@a x", in_reply_to_status_id_str="5")).reply_to.url
        == "https://x.com/i/status/5"
    )
    assert convert(tweet("@a x", in_reply_to_screen_name="ben")).reply_to == Target(None, "ben")
    assert convert(tweet("@a x")).reply_to is None
    assert convert(tweet("@a x")).text == "@a x"


# --- Quotes ---


@pytest.mark.parametrize(
    ("target", "quoted"),
    [
        ("https://twitter.com/ben/status/55", Target(55, "ben")),
        ("https://x.com/ben/status/55?s=20", Target(55, "ben")),
        ("http://mobile.twitter.com/ben/statuses/55", Target(55, "ben")),
        ("https://twitter.com/i/web/status/55", Target(55, "")),
        ("https://twitter.com/ben/status/55/photo/1", Target(55, "ben")),
        ("https://twitter.com/ben/status/7", None),
        ("https://nottwitter.com/ben/status/55", None),
        ("https://twitter.com/ben/status/999999999999999999999", None),
        ("https://twitter.com/ben", None),
    ],
)
def test_a_quote_is_a_link_to_another_tweet(target, quoted):
    found = convert(
        tweet("So true https://t.co/q", number=7, entities=entities(url("https://t.co/q", target)))
    )
    assert found.quote_of == quoted
    assert found.text == ("So true" if quoted else f"So true {target}")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Look at https://t.co/q and tell me", "Look at https://x.com/b/status/2 and tell me"),
        ("See https://t.co/q.", "See https://x.com/b/status/2."),
        ("Look https://t.co/q", "Look"),
        ("Look\n\nhttps://t.co/q \n", "Look"),
        ("Look https://t.co/q https://t.co/p", "Look"),
        ("Look https://t.co/p https://t.co/q", "Look"),
        (
            "Look https://t.co/q https://t.co/z https://t.co/p",
            "Look https://x.com/b/status/2 https://example.com/z",
        ),
        ("In https://t.co/p you see", "In https://twitter.com/ada/status/7/photo/1 you see"),
        ("https://t.co/q is https://t.co/q", "https://x.com/b/status/2 is"),
    ],
)
def test_a_link_that_the_page_shows_is_hidden_at_the_end_alone(text, shown):
    links = entities(
        url("https://t.co/q", "https://x.com/b/status/2"),
        url("https://t.co/z", "https://example.com/z"),
    )
    media = {"media": [photo("https://t.co/p", "x.jpg", tweet_id=7)]}
    found = convert(tweet(text, number=7, entities=links, extended_entities=media))
    assert (found.text, found.quote_of) == (shown, Target(2, "b"))
    assert all(link in shown for link in found.links)


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("https://ja.wikipedia.org/wiki/日本", "https://ja.wikipedia.org/wiki/日本"),
        ("https://a.example/«x»(", "https://a.example/«x»("),
        ("https://a.example/e\u0301?x=\u202e", "https://a.example/e%CC%81?x=%E2%80%AE"),
    ],
)
def test_a_link_is_kept_whole(address, written):
    found = convert(
        tweet("見よhttps://t.co/a。&amp;", entities=entities(url("https://t.co/a", address)))
    )
    assert (found.text, found.links) == (f"見よ{written}。&", (written,))


def test_the_last_link_to_a_tweet_is_the_quote():
    links = entities(
        url("https://t.co/a", "https://x.com/a/status/1"),
        url("https://t.co/b", "https://x.com/b/status/2"),
    )
    found = convert(tweet("https://t.co/a and https://t.co/b", number=7, entities=links))
    assert (found.text, found.quote_of) == ("https://x.com/a/status/1 and", Target(2, "b"))


def test_a_reply_may_quote_and_another_picture_beside_ones_own_is_no_quote():
    link = entities(url("https://t.co/q", "https://x.com/b/status/2/photo/1"))
    assert convert(
        tweet("@b https://t.co/q", entities=link, **answering(5, "b"))
    ).quote_of == Target(2, "b")
    media = {"media": [photo("https://t.co/p", "x.jpg")]}
    assert (
        convert(
            tweet("see https://t.co/q https://t.co/p", entities=link, extended_entities=media)
        ).quote_of
        is None
    )


# --- Retweets ---


def test_a_retweet_is_its_originals_text():
    found = convert(
        tweet(
            "RT @Ben_1: Fish &amp; chips\nfor all",
            entities=entities(mentions=[("ben_1", "Ben \u202eB")]),
        )
    )
    assert found.kind == "retweet"
    assert found.retweet_of == Target(None, "Ben_1", "Ben B")
    assert found.text == "Fish & chips\nfor all"


def test_the_original_is_known_by_its_media():
    item = photo("https://t.co/p", "x.jpg", source_status_id_str="55")
    assert convert(
        tweet("RT @ben: Look https://t.co/p", extended_entities={"media": [item]})
    ).retweet_of == Target(55, "ben", "ben")
    item = photo("https://t.co/p", "x.jpg", tweet_id=66)
    found = convert(tweet("RT @ben: Look https://t.co/p", extended_entities={"media": [item]}))
    assert (found.retweet_of, found.text) == (Target(66, "ben", "ben"), "Look")


@pytest.mark.parametrize("end", ["https://t.co/abc", "https://t.", "https:", "http", "ht"])
def test_a_piece_of_a_link_is_cut_off(end):
    assert convert(tweet(f"RT @ben: Read this: {end}…")).text == "Read this:…"


def test_a_text_that_only_resembles_a_retweet_is_none():
    assert convert(tweet("RT @ben, you said so")).kind == "post"
    assert convert(tweet("So RT @ben: x")).kind == "post"
    assert convert(tweet("RT @a_name_that_is_longer_than_thirty_: x")).kind == "post"


# --- Edits and notes ---


def test_all_versions_of_an_edit_are_known():
    control = {"editTweetIds": ["10", "11", "x", None, "12"], "editsRemaining": "3"}
    assert convert(tweet("a", number=10, edit_info={"initial": control})).versions == (10, 11, 12)
    later = {"edit": {"initialTweetId": "10", "editControlInitial": control}}
    assert convert(tweet("a", number=12, edit_info=later)).versions == (10, 11, 12)


LONG = (
    "It was the best of times & it was the worst of times, it was the age of https://t.co/n "
    "wisdom. " * 6
)


def note(text: str, moment: datetime, ms: int = 300) -> dict:
    stamp = moment.strftime(f"%Y-%m-%dT%H:%M:%S.{ms}Z")
    urls = [
        {
            "shortUrl": "https://t.co/n",
            "expandedUrl": "https://example.com/n",
            "displayUrl": "e",
            "fromIndex": "0",
            "toIndex": "9",
        }
    ]
    return {
        "noteTweet": {
            "noteTweetId": "1",
            "createdAt": stamp,
            "core": {"text": text, "urls": urls, "mentions": []},
        }
    }


@pytest.mark.parametrize(
    "stub",
    [
        LONG[:270],
        LONG[:270] + "…",
        LONG[:270] + "… https://t.co/self",
        LONG[:270].replace("&", "&amp;"),
        "@ben " + LONG[:250],
    ],
)
@pytest.mark.parametrize("text", [LONG, LONG.replace("&", "&amp;")])
def test_a_long_text_is_joined_to_its_tweet(stub, text):
    notes = Notes()
    notes.add(note("Something else of that second", at(1)))
    notes.add(note(text, at(1)))
    notes.add(note(text + " but later", at(2)))
    found = convert(tweet(stub, at(1), **answering(5, "ben", "6")), notes)
    assert found.text == LONG.replace("https://t.co/n", "https://example.com/n").strip()
    assert found.links == ("https://example.com/n",)
    assert notes.unjoined == 2
    notes.close()


def test_a_note_without_the_names_of_its_tweet_keeps_them():
    notes = Notes()
    notes.add(note(LONG, at(1)))
    found = convert(tweet("@ben @cal " + LONG[:250], at(1), **answering(5, "ben", "6")), notes)
    assert found.text.startswith("@cal It was the best")
    notes.close()


def test_a_text_that_begins_no_note_stays():
    notes = Notes()
    notes.add(note(LONG, at(1)))
    for text in ("It", "It was the worst of times and so on, and so on, and so on"):
        assert convert(tweet(text, at(1)), notes).text == text
    assert notes.unjoined == 1
    notes.close()


# --- What is left out ---


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (None, "no id"),
        ([], "no id"),
        ({"tweet": {"id_str": "-5", "full_text": "x"}}, "no id"),
        ({"tweet": {"id_str": "²", "full_text": "x"}}, "no id"),
        ({"tweet": {"id_str": "9" * 30, "full_text": "x"}}, "no id"),
        (tweet("x", full_text=None), "no text"),
        (tweet("", number=5), "nothing in it"),
        (tweet("\u200b \n", number=5), "nothing in it"),
        (tweet("x", number=5, created_at="Tue Foo 99 11:11:11 +0000 2019"), "date"),
    ],
)
def test_a_malformed_tweet_is_skipped_with_its_reason(raw, reason):
    with pytest.raises(SkippedError, match=reason):
        convert(raw)


def test_a_date_comes_from_the_id_where_there_is_none():
    assert convert(tweet("x", at(9, ms=7), created_at="soon")).moment == at(9, ms=7)
    early = convert(tweet("x", number=5, created_at="Tue Mar 19 14:05:17 +0200 2019"))
    assert early.moment == datetime(2019, 3, 19, 12, 5, 17, tzinfo=UTC)


KEYS = st.sampled_from(
    """tweet id_str id full_text created_at entities urls url expanded_url media extended_entities
    user_mentions screen_name name type sizes large w h video_info variants bitrate content_type
    aspect_ratio edit_info initial edit editTweetIds initialTweetId editControlInitial
    in_reply_to_status_id_str in_reply_to_screen_name favorite_count possibly_sensitive
    ext_alt_text media_url source_status_id_str""".split()
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        [
            "RT @ben: x",
            "https://t.co/a",
            "https://x.com/a/status/5",
            "5",
            "\ud800",
            "a\x00b",
            "Tue Mar 19 14:05:17 +0000 2019",
        ]
    )
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=8),
    max_leaves=40,
)


@pytest.mark.slow
@settings(max_examples=400)
@given(JSON, st.dictionaries(KEYS, JSON, max_size=12))
def test_anything_is_a_tweet_or_is_skipped(anything, fields):
    notes = Notes()
    notes.add(anything)
    for raw in (
        anything,
        {"tweet": fields},
        {**tweet("@a &amp; https://t.co/a")["tweet"], **fields},
    ):
        try:
            found = convert(raw, notes)
        except SkippedError:
            continue
        assert found.id in found.versions
        for text in (found.text, found.media_url, *(file.alt for file in found.media)):
            text.encode()
            assert "\x00" not in text
    notes.close()


@pytest.mark.parametrize(
    "text",
    [
        " " * 900_000 + "x…",
        "RT @ben: " + " " * 900_000 + "x…",
        "@a " * 300_000,
        "https://t.co/a " * 60_000,
        "&amp;" * 180_000,
    ],
)
@pytest.mark.parametrize("more", [{}, answering(5)])
def test_no_text_takes_long(text, more):
    notes = Notes()
    notes.add(note(LONG, at(1)))
    with takes_less_than(1), suppress(SkippedError):
        convert(tweet(text, at(1), **more), notes)
    notes.close()


@given(st.text(alphabet="@ab \n&;lt…h:/"))
def test_the_small_steps_take_any_text(text):
    for step in (unescape, without_addressees, without_cut_link):
        assert isinstance(step(text), str)
