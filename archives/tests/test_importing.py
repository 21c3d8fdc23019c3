"""What becomes of each kind of tweet."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import Account
from archives.models import ImportedId
from archives.reader.container import ArchiveError
from archives.x.archive import CIRCLE_WINDOW
from conftest import make_account
from testing.archives import (
    answering,
    at,
    entities,
    jpeg,
    photo,
    profile,
    snowflake,
    tweet,
    url,
    video,
)
from testing.pictures import png_bomb
from testing.videos import mp4
from timeline.feeds.counters import recount_everything
from timeline.models import LinkCard, Mention, Post, Tag
from timeline.search.find import Search
from timeline.search.query import read

ME = "https://twitter.com/ada/status"


def posts() -> list[Post]:
    """Return what the importing account put on its timeline, the oldest first."""
    return list(
        Post.objects.filter(author__host="")
        .select_related("retweet_of__author", "card")
        .order_by("pk")
    )


def test_a_plain_tweet_becomes_a_post(bring):
    bring([tweet("Hello &amp; welcome", at(3, 7, 123), favorite_count="118", retweet_count="4")])
    (post,) = posts()
    assert (post.kind, post.text, post.html) == ("post", "Hello & welcome", "Hello &amp; welcome")
    assert post.created_at == at(3, 7, 123)
    assert (post.likes, post.retweets_and_quotes, post.likes_count) == (118, 4, 0)
    account = Account.objects.get()
    assert (account.handle, account.name, account.posts_count, account.last_post_id) == (
        "ada",
        "Ada Lovelace",
        1,
        post.pk,
    )
    assert account.joined_at == datetime(2011, 6, 23, 13, 4, 14, tzinfo=UTC)


def test_a_thread_posted_in_one_second_keeps_its_order(bring):
    moment = at(5, 1)
    ids = [snowflake(moment, low) for low in range(5)]
    thread = [
        tweet(f"{n}", moment, number, **(answering(ids[n - 1]) if n else {}))
        for n, number in enumerate(ids)
    ]
    bring(reversed(thread))
    assert [post.text for post in posts()] == ["0", "1", "2", "3", "4"]
    assert [post.reply_to_id for post in posts()] == [None, *(post.pk for post in posts()[:-1])]
    assert [post.replies_count for post in posts()] == [1, 1, 1, 1, 0]
    assert [post.own_replies_count for post in posts()] == [1, 1, 1, 1, 0]
    assert {post.created_at for post in posts()} == {moment}


def test_early_tweets_and_made_up_ids_have_the_archives_date_and_xs_order(bring):
    early = datetime(2009, 5, 1, 12, tzinfo=UTC)
    bring(
        [
            tweet("second", early, 1_000_065_536),
            tweet("first", early, 1_000_065_535),
            tweet("odd", at(9), 1_589_594_490_826_010_624),
        ]
    )
    assert [(post.text, post.created_at) for post in posts()] == [
        ("first", early),
        ("second", early),
        ("odd", at(9)),
    ]


def test_a_taken_id_is_passed_over(bring):
    bring([tweet("One", at(3))])
    taken = posts()[0].pk
    bring([tweet("Two", at(3))], account="two", owner_id="77")
    assert [(post.pk, post.text) for post in posts()] == [(taken, "One"), (taken + 1, "Two")]


def test_a_reply_to_somebody_else_leads_to_x(bring):
    bring([tweet("@ben Yes", **answering(55, "ben", "6"))])
    (post,) = posts()
    assert (post.kind, post.text, post.reply_to, post.reply_to_handle) == (
        "reply",
        "Yes",
        None,
        "ben",
    )
    assert post.reply_to_url == "https://x.com/ben/status/55"


def test_a_quote_shows_ones_own_post_and_leads_to_somebody_elses(bring):
    own = snowflake(at(1))
    bring(
        [
            tweet("First", at(1), own),
            tweet(
                "Mine https://t.co/a",
                at(2),
                entities=entities(url("https://t.co/a", f"{ME}/{own}")),
            ),
            tweet(
                "Theirs https://t.co/b",
                at(3),
                entities=entities(url("https://t.co/b", "https://twitter.com/ben/status/55?s=20")),
            ),
        ]
    )
    first, mine, theirs = posts()
    assert (mine.kind, mine.text, mine.quote_of, first.quotes_count) == ("quote", "Mine", first, 1)
    assert (theirs.kind, theirs.text, theirs.quote_of) == ("quote", "Theirs", None)
    assert (theirs.quote_handle, theirs.quote_url) == ("ben", "https://x.com/ben/status/55")
    assert not LinkCard.objects.exists()


def test_a_retweet_shows_a_post_of_an_external_account(bring):
    make_account("ben")
    moment = at(8)
    text = "RT @Ben: Fish &amp; chips #food"
    summary = bring(
        [
            tweet(
                text,
                moment,
                retweet_count="7",
                favorite_count="9",
                entities=entities(mentions=[("Ben", "Benjamin")]),
            )
        ]
    )
    (post,) = posts()
    original = post.retweet_of
    assert (post.kind, post.text, post.created_at) == ("retweet", "", moment)
    assert (str(original.author), original.author.name, original.author.user) == (
        "@Ben@x.com",
        "Benjamin",
        None,
    )
    assert (original.kind, original.text, original.is_external) == (
        "post",
        "Fish & chips #food",
        True,
    )
    assert (original.imported_likes, original.imported_retweets, original.retweets_count) == (
        9,
        7,
        0,
    )
    assert (original.is_dated, original.pk) == (False, post.pk - 1)
    assert original.origin_url == f"https://x.com/ada/status/{snowflake(moment)}"
    assert not Tag.objects.exists()
    assert summary.kinds == {"retweet": 1}


def test_originals_whose_id_is_known_are_one_and_have_their_own_date(bring):
    number = snowflake(at(2, 3, 456))
    pictures = {
        "extended_entities": {
            "media": [photo("https://t.co/p", "x.jpg", source_status_id_str=str(number))]
        }
    }
    bring([tweet("RT @ben: Look https://t.co/p", at(4), **pictures)])
    bring([tweet("RT @ben: Look https://t.co/p", at(5), **pictures)], account="cal", owner_id="77")
    first, second = posts()
    assert first.retweet_of == second.retweet_of
    original = first.retweet_of
    assert (original.is_dated, original.created_at, original.retweets.count()) == (
        True,
        at(2, 3, 456),
        2,
    )
    assert original.origin_url == f"https://x.com/ben/status/{number}"
    assert Account.objects.get(host="x.com").posts_count == 1


def test_the_same_original_retweeted_twice_is_one_retweet(bring):
    pictures = {
        "extended_entities": {
            "media": [photo("https://t.co/p", "x.jpg", source_status_id_str=str(snowflake(at(2))))]
        }
    }
    summary = bring(
        [
            tweet("RT @ben: Look https://t.co/p", at(4), **pictures),
            tweet("RT @ben: Look https://t.co/p", at(5), **pictures),
        ]
    )
    assert len(posts()) == 1
    assert (summary.kinds.total(), summary.existing) == (1, 1)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Image size")
def test_a_dry_run_foretells_the_figures(bring):
    """Of a first run, of one after it, and of one after something was deleted here."""
    known = str(snowflake(at(0)))

    def look(moment, original=known, handle="ben"):
        item = photo("https://t.co/p", "x.jpg", source_status_id_str=str(original))
        return tweet(
            f"RT @{handle}: Look https://t.co/p", moment, extended_entities={"media": [item]}
        )

    def picture(day, name):
        return tweet(
            f"{name} https://t.co/p",
            at(day),
            extended_entities={"media": [photo("https://t.co/p", name)]},
        )

    names = ["whole.jpg", "cut.jpg", "none.jpg", "empty.jpg", "absent.jpg", "bomb.png"]
    video_item = {"media": [video("https://t.co/v", [("v.mp4", "9")])]}
    content = {
        "whole.jpg": jpeg(),
        "cut.jpg": jpeg()[: len(jpeg()) // 2],
        "none.jpg": b"<svg/>",
        "empty.jpg": b"",
        "bomb.png": png_bomb(30_000, 30_000),
    }
    files = {
        f"data/tweets_media/{snowflake(at(20 + n))}-{name}": content[name]
        for n, name in enumerate(names)
        if name in content
    }
    files |= {
        f"data/tweets_media/{snowflake(at(30))}-v.mp4": mp4(),
        f"data/tweets_media/{snowflake(at(31))}-v.mp4": b"\0\0\0\x18ftypmp42",
    }
    tweets = [
        *(picture(20 + n, name) for n, name in enumerate(names)),
        *(tweet("https://t.co/v", at(day), extended_entities=video_item) for day in (30, 31)),
        *(look(at(day)) for day in (1, 2)),
        tweet("Mine", at(3), snowflake(at(3))),
        look(at(4), snowflake(at(3)), "ada"),
        tweet("RT @ada: Mine", at(5)),
        tweet("RT @ada: Lost", at(6)),
        tweet("RT @cal: Some words", at(7)),
        look(at(8), snowflake(at(7)), "cal"),
        tweet(
            "Of the future", number=snowflake(at(9)), created_at="Tue Mar 19 14:05:17 +0000 2039"
        ),
        {"tweet": {}},
    ]

    def figures(summary):
        return {
            name: getattr(summary, name)
            for name in (
                "kinds",
                "existing",
                "deleted",
                "skipped",
                "media",
                "missing",
                "first",
                "last",
                "versions",
            )
        }

    def run():
        dry = figures(bring(tweets, files=files, dry_run=True))
        assert figures(bring(tweets, files=files)) == dry
        return dry

    dry = run()
    assert (dry["kinds"]["retweet"], dry["existing"], dry["media"], dry["missing"].total()) == (
        4,
        2,
        2,
        6,
    )
    assert dry["skipped"]["retweets of own tweets that are not in the archive"] == 1
    assert run()["kinds"].total() == 0
    Post.objects.get(text="Mine").remove()
    for original in Post.objects.filter(is_external=True):
        original.remove()
    assert run()["deleted"] > 0


def test_a_retweet_of_oneself_shows_ones_own_post(bring):
    long = "It was the best of times, it was the worst of times, it was the age of wisdom. " * 3
    known = snowflake(at(1))
    item = photo("https://t.co/p", "x.jpg", source_status_id_str=str(known))
    quoting = entities(url("https://t.co/q", "https://x.com/dan/status/77"))
    summary = bring(
        [
            tweet("With a picture", at(1), known),
            tweet("Short", at(2)),
            tweet(long, at(3)),
            tweet(
                "RT @ADA: With a picture https://t.co/p", at(4), extended_entities={"media": [item]}
            ),
            tweet("RT @ada: Short", at(5)),
            tweet(f"RT @ada: {long}"[:139] + "…", at(6)),
            tweet("RT @ada: What I deleted", at(7)),
            tweet(
                "@ben @cal is right https://t.co/q",
                at(3, 1),
                **answering(5, "ben", "6"),
                entities=quoting,
            ),
            tweet("RT @ada: @ben @cal is right https://t.co/q", at(8), entities=quoting),
        ]
    )
    first, short, longer, reply, *retweets = posts()
    assert [post.retweet_of for post in retweets] == [first, short, longer, reply]
    assert reply.text == "@cal is right"
    assert [post.all_retweets for post in (first, short, longer)] == [0, 0, 0]
    assert summary.skipped == {"retweets of own tweets that are not in the archive": 1}
    assert not Account.objects.filter(host="x.com").exists()


def test_a_retweet_that_came_along_is_counted_once(bring):
    """By the number that came with it, also when the archive comes again; what is done here is
    added, and taken away again.
    """
    zed, own = make_account("zed"), snowflake(at(1))
    picture = {
        "extended_entities": {
            "media": [photo("https://t.co/p", "x.jpg", source_status_id_str=str(snowflake(at(0))))]
        }
    }
    tweets = [
        tweet("Mine", at(1), own, retweet_count="15"),
        tweet("RT @ada: Mine", at(2), retweet_count="15"),
        tweet("RT @cal: Theirs https://t.co/p", at(3), retweet_count="20", **picture),
        tweet(
            "Quoting https://t.co/q", at(4), entities=entities(url("https://t.co/q", f"{ME}/{own}"))
        ),
    ]
    for _ in range(2):
        bring(tweets)
        mine, theirs = Post.objects.get(text="Mine"), Post.objects.get(is_external=True)
        assert (mine.all_retweets, mine.quotes_count, theirs.all_retweets) == (15, 1, 20)
    bring(
        [tweet("RT @cal: Theirs https://t.co/p", at(5), retweet_count="20", **picture)],
        account="dan",
        owner_id="77",
    )

    def numbers():
        assert not any(recount_everything().values())
        return [Post.objects.get(pk=post.pk).all_retweets for post in (mine, theirs)]

    assert numbers() == [15, 20]
    for post in (mine, theirs):
        post.retweet(zed)
    assert numbers() == [16, 21]
    for post in (mine, theirs):
        post.unretweet(zed)
        post.unretweet(Account.objects.get(handle="ada"))
    assert numbers() == [15, 20]
    Account.objects.get(handle="dan").suspend()
    assert numbers() == [15, 20]


def test_what_concerns_a_retweet_concerns_its_original(bring):
    number = snowflake(at(1))
    item = photo("https://t.co/p", "x.jpg", source_status_id_str=str(number))
    bring(
        [
            tweet("RT @ben: x", at(1), number),
            tweet("RT @ada: x https://t.co/p", at(2), extended_entities={"media": [item]}),
        ]
    )
    bring([tweet("RT @ben: x", at(1), number), tweet("Indeed", at(3), **answering(number))])
    retweet, reply = posts()
    assert retweet.kind == "retweet"
    assert reply.reply_to == retweet.retweet_of


def test_names_never_lead_to_a_local_account(bring):
    for handle in ("ben", "cal"):
        make_account(handle)
    bring(
        [
            tweet("I am @ada, with @ben, @cal and @dan@mastodon.example", at(2)),
            tweet("RT @cal: hi", at(3)),
        ],
        handle="lovelace",
    )
    html = Post.objects.get(kind="post", is_external=False).html
    assert '<a href="/@lovelace">@ada</a>' in html
    assert '<a href="https://x.com/ben">@ben</a>' in html
    assert '<a href="/@cal@x.com">@cal</a>' in html
    assert "@dan@mastodon.example" in html
    assert "/@ben" not in html.replace("https://x.com", "")
    assert 'href="/@dan' not in html
    assert not Mention.objects.exists()


def test_tags_and_link_cards_come_in(bring):
    link = entities(url("https://t.co/a", "https://www.example.com/a"))
    bring([tweet(f"{n} #Rain and #rain https://t.co/a", at(n), entities=link) for n in (1, 2)])
    assert [(tag.name, tag.taggings.count()) for tag in Tag.objects.all()] == [("Rain", 2)]
    assert {post.card.domain for post in posts()} == {"example.com"}


def test_links_that_no_index_takes_have_no_card(bring):
    links = ["https://example.com/" + "a" * 3000, "http://[::1/x", "https://example.com/ok"]
    bring(
        [
            tweet("x https://t.co/a", at(n), entities=entities(url("https://t.co/a", link)))
            for n, link in enumerate(links, 1)
        ]
    )
    assert [bool(post.card) for post in posts()] == [False, False, True]


def test_an_edited_tweet_is_its_last_version_at_the_time_of_its_first(bring):
    ids = [snowflake(at(1, n)) for n in (0, 30, 60)]
    control = {"editTweetIds": [str(number) for number in ids]}
    first = {"initial": control}
    later = {"edit": {"initialTweetId": str(ids[0]), "editControlInitial": control}}
    summary = bring(
        [
            tweet("Last", at(1, 60), ids[2], edit_info=later),
            tweet("Frist", at(1), ids[0], edit_info=first),
            tweet("First", at(1, 30), ids[1], edit_info=later),
            tweet("An answer", at(2), **answering(ids[1])),
        ]
    )
    post, answer = posts()
    assert (post.text, post.created_at, answer.reply_to) == ("Last", at(1), post)
    assert set(ImportedId.objects.filter(post=post).values_list("source_id", flat=True)) == {
        str(number) for number in ids
    }
    assert (summary.kinds.total(), summary.versions) == (2, 2)


def test_the_same_tweet_twice_in_an_archive_is_one_post(bring):
    bring(
        [tweet("x", at(1)), tweet("x", at(1))],
        data={"tweets-part1": [tweet("x", at(1)), tweet("y", at(2))]},
    )
    assert [post.text for post in posts()] == ["x", "y"]


def test_old_archives_with_other_names_come_in(bring):
    files = {
        "data/tweet.js": b"window.YTD.tweet.part0 = ["
        + json.dumps(tweet("Old", at(1))["tweet"]).encode()
        + b"]"
    }
    bring(files=files, data={"tweets": None})
    assert [post.text for post in posts()] == ["Old"]


# --- What is left out ---


def test_broken_tweets_are_counted_by_their_reason(bring):
    body = (
        b'window.x = [{"tweet": {"id_str": oops}}, {"tweet": {"id_str": "5"}}, {"tweet": 7}, null]'
    )
    summary = bring(files={"data/tweets.js": body})
    assert summary.skipped == {
        "broken: this is no JSON": 1,
        "no tweet: it has no text": 1,
        "no tweet: it has no id": 2,
    }


def test_dates_that_cannot_be_are_left_out(bring):
    ahead = datetime.now(UTC) + timedelta(days=3)
    summary = bring(
        [tweet("x", ahead), tweet("y", datetime(1999, 1, 1, tzinfo=UTC), 5), tweet("z", at(1))]
    )
    assert summary.skipped.total() == 2
    assert [post.text for post in posts()] == ["z"]


def test_what_was_for_few_is_never_published(bring, capsys):
    private = {
        name: [tweet(f"secret {name}", at(n))]
        for n, name in enumerate(
            ["deleted-tweets", "twitter-circle-tweet", "direct-messages", "deleted-note-tweet"], 30
        )
    }
    listed = [tweet("secret deleted-tweets", at(30)), tweet("secret twitter-circle-tweet", at(31))]
    summary = bring([*listed, tweet("Public", at(1))], data=private)
    assert [post.text for post in posts()] == ["Public"]
    assert summary.skipped == {"Circle tweets": 1, "tweets that were deleted on X": 1}
    assert not Post.objects.filter(text__contains="secret").exists()


def test_posts_in_communities_come_in(bring):
    when, _ = CIRCLE_WINDOW
    one, two = (
        tweet(
            "In a community https://t.co/p",
            when,
            extended_entities={"media": [photo("https://t.co/p", "a.jpg")]},
        ),
        tweet("Another"),
    )
    data = {
        "community-tweet": [one],
        "community-tweet-part1": [two],
        "twitter-circle": [{"twitterCircle": {"id": "1"}}],
    }
    files = {f"data/community_tweet_media/{snowflake(when)}-a.jpg": jpeg()}
    summary = bring([tweet("Of then", when + timedelta(days=1))], data=data, files=files)
    assert [(post.text, post.media_count) for post in posts()] == [
        ("Another", 0),
        ("In a community", 1),
    ]
    assert summary.kinds.total() == 2
    assert summary.skipped.total() == 1


@pytest.mark.parametrize("dry_run", [True, False])
def test_files_with_posts_that_are_not_read_are_named_and_counted(bring, dry_run):
    names = [
        "deleted-tweets",
        "deleted-tweets-part1",
        "twitter-circle-tweet",
        "super-follow-tweet",
        "twitter-article",
        "tweet-headers",
        "ad-x",
    ]
    data = {name: [tweet("x", at(n))] * (n + 1) for n, name in enumerate(names)}
    files = {"data/subscriber-posts.js": b"garbage"}
    summary = bring(
        [tweet("Public", at(30))],
        data={**data, "deleted-note-tweet": []},
        files=files,
        dry_run=dry_run,
    )
    assert summary.unread == {
        "data/deleted-tweets.js": 1,
        "data/deleted-tweets-part1.js": 2,
        "data/twitter-circle-tweet.js": 3,
        "data/super-follow-tweet.js": 4,
        "data/twitter-article.js": 5,
        "data/subscriber-posts.js": None,
    }
    lines = list(summary.lines())
    assert "Files with posts that are not read: 6" in lines
    assert "  4: data/super-follow-tweet.js" in lines


def test_a_tweet_that_is_too_large_is_one_and_named(bring):
    summary = bring([tweet("One", at(1)), tweet("x" * 3_000_000, at(2)), tweet("Three", at(3))])
    assert [post.text for post in posts()] == ["One", "Three"]
    assert summary.skipped == {
        "larger than a megabyte, which no tweet is: entry 2 of data/tweets.js": 1
    }


def test_a_former_handle_of_ones_own_is_oneself(bring):
    change = {
        "changedAt": "2019-01-01T00:00:00.000Z",
        "changedFrom": "old_name",
        "changedTo": "ada",
    }
    data = {
        "screen-name-change": [
            {"screenNameChange": {"accountId": "4242", "screenNameChange": change}}
        ],
        "profile": profile(bio="Once @old_name"),
    }
    first = snowflake(at(1))
    bring(
        [
            tweet("Written then", at(1), first),
            tweet("RT @old_name: Written then", at(2)),
            tweet("As @old_name I wrote with @ben", at(3)),
            tweet("@old_name and more", at(4), **answering(first, "old_name")),
        ],
        data=data,
    )
    then, retweet, mention, reply = posts()
    assert retweet.retweet_of == then
    assert (
        '<a href="/@ada">@old_name</a> I wrote with <a href="https://x.com/ben">@ben</a>'
        in mention.html
    )
    assert (reply.text, reply.reply_to) == ("@old_name and more", then)
    account = Account.objects.get()
    assert 'href="/@ada"' in account.bio_html


def test_a_link_of_an_archive_is_whole_in_text_card_and_bio(bring):
    address = "https://ja.wikipedia.org/wiki/日本!«x»"
    links = entities(url("https://t.co/a", address))
    bring(
        [tweet("見よhttps://t.co/aだ", entities=links)],
        data={"profile": profile(bio="https://t.co/aだ")},
    )
    (post,) = posts()
    assert f'href="{address}"' in post.html
    assert post.card.url == address
    assert f'href="{address}"' in Account.objects.get().bio_html


@pytest.mark.parametrize("name", ["twitter-circle", "twitter-circle-member"])
def test_the_time_of_circles_is_left_out_where_there_was_one(bring, name):
    start, end = CIRCLE_WINDOW
    tweets = [
        tweet(f"{n}", moment)
        for n, moment in enumerate(
            [start - timedelta(seconds=1), start, end - timedelta(seconds=1), end]
        )
    ]
    circle = {name: [{"twitterCircle": {"id": "1", "ownerUserId": "4242"}}]}
    summary = bring(tweets, data=circle)
    assert [post.text for post in posts()] == ["0", "3"]
    assert summary.skipped.total() == 2
    assert "--circle-window publish" in "\n".join(summary.lines())
    bring(tweets, data=circle, publish_circle_window=True)
    assert [post.text for post in posts()] == ["0", "1", "2", "3"]


def test_without_a_circle_that_time_comes_in_but_circle_tweets_do_not(bring):
    start, _ = CIRCLE_WINDOW
    bring([tweet("x", start)], data={"twitter-circle": []})
    assert [post.text for post in posts()] == ["x"]
    circle = {"twitter-circle-tweet": [tweet("y", start + timedelta(days=1))]}
    bring([tweet("y", start + timedelta(days=1))], data=circle, publish_circle_window=True)
    assert [post.text for post in posts()] == ["x"]


def test_a_broken_list_of_circle_tweets_is_refused(bring):
    with pytest.raises(ArchiveError, match="Circle"):
        bring(
            [tweet("x", at(1))],
            files={"data/twitter-circle-tweet.js": b'window.x = [{"tweet": {"id": oops}}]'},
        )
    assert not Post.objects.exists()


def test_texts_are_cleaned_and_cut_at_25000(bring):
    bring([tweet("a\u202eb\x00 <script>" + "é" * 30_000)])
    (post,) = posts()
    assert post.text.startswith("ab <script>éé")
    assert len(post.text) == 25_000
    assert "<script" not in post.html


def test_what_is_imported_is_found(bring):
    bring([tweet("Hello #engines", at(1)), tweet("And good bye", at(2))])
    for typed in ("hello", "#engines", "from:ada bye"):
        assert len(Search(read(typed), None).newest(None).rows) == 1, typed
