"""Publishing: what hangs on a post becomes rows when it is saved, and the database refuses what no
kind of post may hold.
"""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Account
from microblog.media import uploads
from testing.scene import external, from_outside, picture, say
from timeline.models import Like, LinkCard, Media, Mention, Post, Tag
from timeline.posting.publish import GoneError, publish


def kept_files() -> int:
    folders, _ = default_storage.listdir("") if default_storage.exists("") else ([], [])
    return sum(
        len(default_storage.listdir(f"{two}/{key}")[1])
        for two in folders
        for key in default_storage.listdir(two)[0]
    )


# --- Kinds ---


def test_the_kind_follows_from_the_target(ada: Account, ben: Account) -> None:
    post = publish(ben, "A post")
    assert post.kind == "post"
    assert publish(ada, "A reply", reply_to=post).kind == "reply"
    assert publish(ada, "A quote", quote_of=post).kind == "quote"
    both = publish(ada, "Both", reply_to=post, quote_of=post)
    assert (both.kind, both.reply_to, both.quote_of) == ("reply", post, post)
    made = post.retweet(ada)
    assert made
    assert (made.kind, made.retweet_of, made.text, made.original) == ("retweet", post, "", post)


def test_what_is_done_to_a_retweet_is_done_to_the_original(
    ada: Account, ben: Account, cal: Account
) -> None:
    post = publish(ada, "The original")
    copy = post.retweet(ben)
    assert copy
    assert publish(cal, "No", reply_to=copy).reply_to == post
    assert publish(cal, "Look", quote_of=copy).quote_of == post
    again = copy.retweet(cal)
    assert again
    assert again.retweet_of == post
    copy.like(cal)
    assert Like.objects.get().post == post


def test_retweets_and_likes_act_once(ada: Account, ben: Account) -> None:
    post = publish(ada, "Hello")
    first, second = post.retweet(ben), post.retweet(ben)
    assert first == second
    for _ in range(2):
        post.like(ben)
    assert (Post.objects.filter(retweet_of=post).count(), post.liked_by.count()) == (1, 1)
    for _ in range(2):
        post.unretweet(ben)
        post.unlike(ben)
    assert (Post.objects.filter(retweet_of=post).count(), post.liked_by.count()) == (0, 0)
    post.refresh_from_db()
    assert (post.likes_count, post.retweets_count) == (0, 0)


# --- Mentions, tags, links ---


def test_mentions_of_local_people_become_rows_and_links(ada: Account, ben: Account) -> None:
    post = publish(ada, "@BEN and @ben and @nobody")
    assert [mention.account for mention in Mention.objects.filter(post=post)] == [ben]
    assert post.html == '<a href="/@ben">@BEN</a> and <a href="/@ben">@ben</a> and @nobody'


def test_a_mention_of_somebody_elsewhere_is_a_link_alone(ada: Account) -> None:
    external()
    post = publish(ada, "@grace@x.com, not @grace")
    assert post.html == '<a href="/@grace@x.com">@grace@x.com</a>, not @grace'
    assert not Mention.objects.exists()


def test_a_suspended_account_is_not_mentioned(ada: Account, ben: Account) -> None:
    ben.suspend()
    assert publish(ada, "Hello @ben").html == "Hello @ben"
    assert not Mention.objects.exists()


def test_tags_become_rows_one_for_all_spellings(ada: Account, ben: Account) -> None:
    first = publish(ada, "#Engines #engines #日本")
    second = publish(ben, "#ENGINES")
    assert sorted(Tag.objects.values_list("name", "folded")) == [
        ("Engines", "engines"),
        ("日本", "日本"),
    ]
    assert list(Post.objects.tagged(Tag.objects.get(folded="engines")).order_by("pk")) == sorted(
        [first, second], key=lambda post: post.pk
    )
    assert '<a href="/tags/%E6%97%A5%E6%9C%AC">#日本</a>' in first.html


def test_what_is_kept_apart_unseen_makes_nothing(
    as_ada: Client, ada: Account, ben: Account
) -> None:
    as_ada.post(
        "/compose",
        {"text": "@\u200bben b\u00aden@\ufeffben #\u200btag exa\u200bmple.com \u200f@ben\u2060"},
    )
    post = Post.objects.get()
    assert (
        post.text == "@\u200bben b\u2060en@\u2060ben #\u200btag exa\u200bmple.com \u200f@ben\u2060"
    )
    assert post.html.count("<a ") == 1
    assert Mention.objects.count() == 1, "as the last one is apart from nothing"
    assert (Tag.objects.count(), post.card) == (0, None)


def test_the_last_link_is_the_card(ada: Account) -> None:
    post = publish(ada, "https://one.example/a and https://www.two.example/b")
    assert post.card
    assert (post.card.url, post.card.domain) == ("https://www.two.example/b", "two.example")
    assert publish(ada, "again https://www.two.example/b").card == post.card
    assert LinkCard.objects.count() == 1


def test_a_quote_or_a_picture_takes_the_place_of_a_card(ada: Account, ben: Account) -> None:
    post = publish(ben, "Hello")
    assert publish(ada, "https://one.example/", quote_of=post).card is None
    assert publish(ada, "https://one.example/", attachments=[picture()]).card is None


def test_text_is_kept_as_written_and_shown_escaped(ada: Account) -> None:
    post = publish(ada, "<b>bold & \"quoted\"</b>\nnext 'line'")
    post.refresh_from_db()
    assert post.text == "<b>bold & \"quoted\"</b>\nnext 'line'"
    assert post.html == "&lt;b&gt;bold &amp; &quot;quoted&quot;&lt;/b&gt;\nnext &#x27;line&#x27;"


# --- Pictures ---


def test_pictures_are_kept_in_order_with_their_words(ada: Account) -> None:
    post = publish(ada, "", attachments=[picture("One"), picture("Two")])
    first, second = Media.objects.of_posts([post.pk])
    assert [
        (media.position, media.alt, media.width, media.height) for media in (first, second)
    ] == [
        (0, "One", 1200, 900),
        (1, "Two", 1200, 900),
    ]
    assert first.key != second.key
    with default_storage.open(uploads.path(first.key, "small.webp")) as file:
        assert file.read() == b"a small picture"
    assert (post.media_count, post.has_media) == (2, True)


def test_what_fails_leaves_no_file_and_no_row(ada: Account) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        # the database has no description that is None
        publish(ada, "#tag", attachments=[picture(), picture(None)])
    ada.refresh_from_db()
    assert not ada.posts.exists()
    assert ada.posts_count == 0
    assert kept_files() == 0
    assert not Tag.objects.exists()


def test_one_idempotency_key_posts_once(ada: Account, ben: Account) -> None:
    idempotency_key = uuid4()
    first = publish(ada, "Hello", idempotency_key=idempotency_key, attachments=[picture()])
    files = kept_files()
    second = publish(ada, "Hello", idempotency_key=idempotency_key, attachments=[picture()])
    assert first == second
    assert (Post.objects.count(), Media.objects.count(), kept_files()) == (1, 1, files)
    ada.refresh_from_db()
    assert (ada.posts_count, ada.media_count) == (1, 1)
    assert publish(ben, "Hello", idempotency_key=idempotency_key) != first, (
        "a key is somebody's own"
    )


# --- What the database refuses ---


def refused(ada: Account, **fields: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Post(author=ada, **fields).insert()


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param(lambda post, card: {"kind": "shout"}, id="unknown kind"),
        pytest.param(lambda post, card: {"kind": "retweet"}, id="a retweet of nothing"),
        pytest.param(
            lambda post, card: {"kind": "post", "retweet_of": post}, id="a post that retweets"
        ),
        pytest.param(
            lambda post, card: {"kind": "quote", "retweet_of": post, "quote_of": post},
            id="a quote that retweets",
        ),
        pytest.param(
            lambda post, card: {"kind": "retweet", "retweet_of": post, "text": "Hm"},
            id="a retweet with text",
        ),
        pytest.param(
            lambda post, card: {"kind": "retweet", "retweet_of": post, "html": "Hm"},
            id="a retweet with HTML",
        ),
        pytest.param(
            lambda post, card: {"kind": "retweet", "retweet_of": post, "media_count": 1},
            id="a retweet with a picture",
        ),
        pytest.param(
            lambda post, card: {"kind": "retweet", "retweet_of": post, "card": card},
            id="a retweet with a card",
        ),
        pytest.param(
            lambda post, card: {"kind": "retweet", "retweet_of": post, "reply_to": post},
            id="a retweet that replies",
        ),
        pytest.param(
            lambda post, card: {"kind": "retweet", "retweet_of": post, "quote_of": post},
            id="a retweet that quotes",
        ),
        pytest.param(
            lambda post, card: {"kind": "post", "reply_to": post}, id="a post that replies"
        ),
        pytest.param(
            lambda post, card: {"kind": "quote", "reply_to": post, "quote_of": post},
            id="a quote that replies",
        ),
        pytest.param(
            lambda post, card: {"kind": "post", "reply_to_url": "https://x.com/"},
            id="a post that replies elsewhere",
        ),
        pytest.param(
            lambda post, card: {"kind": "post", "quote_of": post}, id="a post that quotes"
        ),
        pytest.param(
            lambda post, card: {"kind": "post", "quote_url": "https://x.com/"},
            id="a post that quotes elsewhere",
        ),
    ],
)
def test_no_kind_holds_what_it_may_not(ada: Account, fields: Callable[..., dict[str, Any]]) -> None:
    post = publish(ada, "The target")
    refused(
        ada,
        **fields(post, LinkCard.objects.for_urls(["https://example.com/"])["https://example.com/"]),
    )
    assert Post.objects.count() == 1


def test_a_second_retweet_is_refused_by_the_database_too(ada: Account, ben: Account) -> None:
    post = publish(ada, "Hello")
    post.retweet(ben)
    refused(ben, kind="retweet", retweet_of=post)


def test_a_second_like_is_refused_by_the_database_too(ada: Account) -> None:
    post = publish(ada, "Hello")
    post.like(ada)
    with pytest.raises(IntegrityError), transaction.atomic():
        Like.objects.create(account=ada, post=post)


def test_text_may_be_empty_where_there_is_a_picture(ada: Account) -> None:
    assert say(ada, "", pictures=1).text == ""


def test_when_its_target_goes_a_reply_stays_a_reply(ada: Account, ben: Account) -> None:
    target = publish(ben, "Soon gone")
    reply, quote = publish(ada, "No", reply_to=target), publish(ada, "Look", quote_of=target)
    target.retweet(ada)
    target.remove()
    reply.refresh_from_db()
    quote.refresh_from_db()
    assert (reply.kind, reply.reply_to) == ("reply", None)
    assert (quote.kind, quote.quote_of) == ("quote", None)
    assert set(Post.objects.all()) == {reply, quote}, "a retweet is gone with its original"


# --- What walks along an index ---


def test_posts_and_quotes_from_here_are_listed(ada: Account, ben: Account) -> None:
    post = say(ada, "A post")
    quote, reply = say(ben, "A quote", quote_of=post), say(ben, "A reply", reply_to=post)
    post.retweet(ben)
    outside = from_outside(external(), "From elsewhere")
    assert set(Post.objects.listed()) == {post, quote}
    assert set(Post.objects.replies_only()) == {reply}
    assert outside in Post.objects.top_level()


def test_the_bound_of_an_account_is_raised_and_never_lowered(ada: Account) -> None:
    assert ada.last_post_id == 0
    newest = publish(ada, "New")
    say(ada, "Older")
    ada.refresh_from_db()
    assert ada.last_post_id == newest.pk
    newest.remove()
    ada.refresh_from_db()
    assert ada.last_post_id == newest.pk


@pytest.mark.django_db(transaction=True)
def test_target_taken_away_in_this_moment_is_gone(
    ada: Account, publish: Callable[..., Post]
) -> None:
    target = publish(ada, "Here")
    Post.objects.filter(pk=target.pk).delete()
    with pytest.raises(GoneError):
        publish(ada, "An answer", reply_to=target)
    assert not Post.objects.exists()
