"""An archive comes again, comes late, comes newer, or is interrupted."""

from itertools import count

import pytest
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import Account
from archives.importer import apply, files, importing
from archives.models import ImportedAccount, ImportedId
from testing.archives import (
    answering,
    at,
    entities,
    jpeg,
    many,
    photo,
    profile,
    snowflake,
    tweet,
    url,
)
from timeline.models import Like, Media, Post
from timeline.models.post_queryset import PostQuerySet
from timeline.search import index

OLD, NEW, NEWER = "2021-01-01T00:00:00.000Z", "2022-01-01T00:00:00.000Z", "2023-01-01T00:00:00.000Z"


def state() -> dict:
    """Return all that an import makes, without what differs from database to database."""
    accounts = {account.pk: str(account) for account in Account.objects.all()}
    rows = Post.objects.order_by("pk").values()
    return {
        "posts": [
            {**row, "author_id": accounts[row["author_id"]], "card_id": bool(row["card_id"])}
            for row in rows
        ],
        "accounts": sorted(
            Account.objects.values_list(
                "handle", "host", "posts_count", "media_count", "last_post_id", "avatar", "bio"
            )
        ),
        "media": list(
            Media.objects.order_by("post", "position").values_list(
                "post", "position", "key", "width"
            )
        ),
        "ids": sorted(ImportedId.objects.values_list("source_account", "source_id", "post")),
        "tags": sorted(
            Post.objects.filter(taggings__isnull=False).values_list("pk", "taggings__tag__folded")
        ),
    }


def test_a_second_run_adds_nothing(bring):
    tweets = list(many(120))
    bring(tweets)
    before = state()
    summary = bring(tweets)
    assert state() == before
    assert (summary.kinds.total(), summary.existing, summary.updated) == (0, 120, 0)


def test_a_newer_archive_adds_what_is_new_and_brings_numbers_up_to_date(bring):
    bring(
        [tweet("One", at(1), favorite_count="5"), tweet("RT @ben: x", at(2))],
        made=OLD,
        data={"follower": [{}] * 3, "following": [{}]},
    )
    summary = bring(
        [
            tweet("One", at(1), favorite_count="9", retweet_count="2"),
            tweet("RT @ben: x", at(2), favorite_count="7"),
            tweet("Two", at(3)),
        ],
        made=NEW,
        data={"follower": [{}] * 5},
    )
    one = Post.objects.get(text="One")
    assert (one.imported_likes, one.imported_retweets) == (9, 2)
    assert Post.objects.get(is_external=True).imported_likes == 7
    account = Account.objects.get(host="")
    assert (account.imported_followers, account.imported_following) == (5, 0)
    assert (summary.kinds.total(), summary.existing, summary.updated) == (1, 2, 2)


def test_an_original_has_the_highest_numbers_that_any_retweet_of_it_tells(bring):
    """In one run as in two: else what interrupts an import would show in its end state."""
    number = snowflake(at(0))

    def about(moment, likes, retweets):
        item = photo("https://t.co/p", "x.jpg", source_status_id_str=str(number))
        numbers = {"favorite_count": str(likes), "retweet_count": str(retweets)}
        return tweet(
            "RT @ben: Look https://t.co/p", moment, extended_entities={"media": [item]}, **numbers
        )

    def numbers():
        return (
            Post.objects.filter(is_external=True)
            .values_list("imported_likes", "imported_retweets")
            .get()
        )

    tweets = [about(at(1), 3, 4), about(at(2), 9, 1)]
    bring(tweets)
    assert numbers() == (9, 4)
    bring(tweets)
    assert numbers() == (9, 4)
    bring([about(at(3), 1, 7)], account="cal", owner_id="77")
    assert numbers() == (9, 7)


def test_what_was_retweeted_here_does_not_come_in_once_more(bring):
    number = snowflake(at(0))
    item = {"media": [photo("https://t.co/p", "x.jpg", source_status_id_str=str(number))]}
    bring(
        [tweet("RT @ben: Look https://t.co/p", at(1), extended_entities=item)],
        account="cal",
        owner_id="77",
    )
    bring([tweet("Hello", at(2))])
    retweet = Post.objects.get(is_external=True).retweet(Account.objects.get(handle="ada"))
    newer = [
        tweet("Hello", at(2)),
        tweet("RT @ben: Look https://t.co/p", at(3), extended_entities=item),
    ]
    summary = bring(newer, dry_run=True)
    assert (summary.kinds.total(), summary.existing) == (0, 2)
    summary = bring(newer)
    assert (summary.kinds.total(), summary.existing) == (0, 2)
    assert ImportedId.objects.get(source_id=str(snowflake(at(3)))).post == retweet


def test_a_first_dry_run_sees_what_the_account_retweeted_here(bring, ada):
    """Though no archive ever came into that account."""
    known = str(snowflake(at(1)))
    item = {"media": [photo("https://t.co/p", "a.jpg", source_status_id_str=known)]}
    look = tweet("RT @ben: Look https://t.co/p", at(3), extended_entities=item)
    bring([look], account="cal", owner_id="77")
    Post.objects.get(is_external=True).retweet(ada)
    for dry_run in (True, False):
        summary = bring([look], account="ada", handle="ada", dry_run=dry_run)
        assert (summary.kinds.total(), summary.existing) == (0, 1)


def test_an_older_archive_adds_what_is_missing_and_changes_nothing_else(bring):
    about = {"profile": profile(bio="New"), "follower": [{}] * 9}
    bring([tweet("One", at(1), favorite_count="9")], made=NEW, data=about)
    older = [
        tweet("One", at(1), favorite_count="5", full_text="Won"),
        tweet("Deleted on X since", at(0)),
    ]
    bring(older, made=OLD, data={"profile": profile(bio="Old"), "follower": [{}]})
    one, account = Post.objects.get(text="One"), Account.objects.get()
    assert (one.imported_likes, account.bio, account.imported_followers, account.posts_count) == (
        9,
        "New",
        9,
        2,
    )
    assert ImportedAccount.objects.get().made_at.year == 2022


def test_a_newer_version_of_an_edited_tweet_replaces_the_text(bring):
    first, second = snowflake(at(1)), snowflake(at(1, 60))
    bring([tweet("Frist #typo", at(1), first)], made=OLD)
    post = Post.objects.get()
    later = {
        "edit": {
            "initialTweetId": str(first),
            "editControlInitial": {"editTweetIds": [str(first), str(second)]},
        }
    }
    bring(
        [
            tweet("Frist #typo", at(1), first),
            tweet("First #fixed", at(1, 60), second, edit_info=later),
        ],
        made=NEW,
    )
    post.refresh_from_db()
    assert (post.text, Post.objects.count()) == ("First #fixed", 1)
    assert [tagging.tag.name for tagging in post.taggings.all()] == ["fixed"]
    assert ImportedId.objects.filter(post=post).count() == 2
    bring([tweet("Frist #typo", at(1), first)], made=OLD)
    post.refresh_from_db()
    assert post.text == "First #fixed"


def test_what_was_edited_here_stays(bring):
    first, second = snowflake(at(1)), snowflake(at(1, 60))
    bring([tweet("Frist", at(1), first)], made=OLD)
    post = Post.objects.get()
    Post.objects.filter(pk=post.pk).update(text="Mine", edited_at=timezone.now())
    index.follow([post.pk])
    later = {
        "edit": {
            "initialTweetId": str(first),
            "editControlInitial": {"editTweetIds": [str(first), str(second)]},
        }
    }
    bring(
        [
            tweet("Frist", at(1), first),
            tweet("First", at(1, 60), second, edit_info=later, favorite_count="7"),
        ],
        made=NEW,
    )
    post.refresh_from_db()
    assert (post.text, post.imported_likes) == ("Mine", 7)


def test_an_edit_cannot_change_the_kind(bring):
    first, second = snowflake(at(1)), snowflake(at(1, 60))
    bring([tweet("See", at(1), first)], made=OLD)
    later = {
        "edit": {
            "initialTweetId": str(first),
            "editControlInitial": {"editTweetIds": [str(first), str(second)]},
        }
    }
    link = entities(url("https://t.co/q", "https://twitter.com/ben/status/5"))
    bring(
        [tweet("See https://t.co/q", at(1, 60), second, edit_info=later, entities=link)], made=NEW
    )
    post = Post.objects.get()
    assert (post.kind, post.text) == ("post", "See https://x.com/ben/status/5")


def test_what_its_owner_deleted_stays_deleted(bring):
    first = snowflake(at(1))
    tweets = [tweet("One", at(1), first), tweet("RT @ben: x", at(2)), tweet("Three", at(3))]
    bring(tweets)
    Post.objects.get(text="One").remove()
    Post.objects.get(kind="retweet").remove()
    later = {
        "edit": {
            "initialTweetId": str(first),
            "editControlInitial": {"editTweetIds": [str(first), str(first + 1)]},
        }
    }
    more = [
        tweet("Won", at(1), first + 1, edit_info=later),
        tweet("A reply", at(4), **answering(first)),
    ]
    summary = bring([*tweets, *more], made=NEWER)
    assert not Post.objects.filter(text__in=["One", "Won"]).exists()
    assert not Post.objects.filter(kind="retweet").exists()
    assert (summary.deleted, summary.existing, summary.kinds.total()) == (2, 1, 1)
    reply = Post.objects.get(text="A reply")
    assert (reply.kind, reply.reply_to, reply.reply_to_url) == ("reply", None, "")
    assert bring([*tweets, *more], made=NEWER).deleted == 2


def test_what_waits_to_be_deleted_stays_deleted_too(bring):
    bring([tweet("One", at(1))])
    Post.objects.update(deleted_at=at(9))
    Account.objects.update(posts_count=0)
    assert bring([tweet("One", at(1))]).deleted == 1


def test_a_removed_original_takes_its_retweets_along(bring):
    pictures = {
        "extended_entities": {
            "media": [photo("https://t.co/p", "x.jpg", source_status_id_str=str(snowflake(at(2))))]
        }
    }
    bring([tweet("RT @ben: Look https://t.co/p", at(4), **pictures)])
    Post.objects.get(is_external=True).remove()
    summary = bring(
        [tweet("RT @ben: Look https://t.co/p", at(5), **pictures)], account="cal", owner_id="77"
    )
    assert summary.deleted == 1
    assert not Post.objects.exists()


def test_a_retweet_of_a_hidden_original_is_not_counted(bring):
    pictures = {
        "extended_entities": {
            "media": [photo("https://t.co/p", "x.jpg", source_status_id_str=str(snowflake(at(2))))]
        }
    }
    bring([tweet("RT @ben: Look https://t.co/p", at(4), **pictures)])
    Post.objects.get(is_external=True).hide()
    bring([tweet("RT @ben: Look https://t.co/p", at(5), **pictures)], account="cal", owner_id="77")
    assert Account.objects.get(handle="cal").posts_count == 0
    Post.objects.get(is_external=True).author.suspend()
    bring([tweet("RT @ben: Another", at(6))], account="cal", owner_id="77")
    assert Account.objects.get(handle="cal").posts_count == 0


def test_what_happened_here_meanwhile_is_kept(bring, ben):
    bring([tweet("One", at(1))], account="lovelace", made=OLD)
    post = Post.objects.get()
    post.like(ben)
    post.retweet(ben)
    bring([tweet("One", at(1), favorite_count="3")], account="lovelace", made=NEWER)
    post.refresh_from_db()
    assert (post.likes, post.likes_count, post.retweets_count) == (4, 1, 1)
    assert Like.objects.count() == 1


def test_an_account_that_was_deleted_can_come_anew(bring):
    bring([tweet("One", at(1))])
    Post.objects.all().delete()
    Account.objects.all().delete()
    assert bring([tweet("One", at(1))]).kinds.total() == 1


# --- Interrupted ---


class PowerCutError(Exception):
    pass


def full_archive() -> tuple[list, dict]:
    pictures = [
        tweet(
            f"Picture {n} https://t.co/p #pic",
            at(400 + n),
            snowflake(at(400 + n)),
            extended_entities={"media": [photo("https://t.co/p", f"{n}.jpg")]},
        )
        for n in range(6)
    ]
    names = {
        f"data/tweets_media/{snowflake(at(400 + n))}-{n}.jpg": jpeg(100 + n, 50) for n in range(6)
    }
    return [*many(40), *pictures], names


@pytest.mark.both_databases
@pytest.mark.slow
@pytest.mark.parametrize(
    "where", [*((Post.objects.__class__, "bulk_create", n) for n in range(1, 8, 2)), (None, "", 3)]
)
def test_an_interrupted_import_is_completed_by_the_next(
    bring, monkeypatch, where, tmp_path_factory, settings
):
    tweets, pictures = full_archive()
    monkeypatch.setattr(importing, "BATCH", 7)
    bring(tweets, files=pictures)
    whole = state()
    for model in (ImportedId, ImportedAccount, Media, Post, Account):
        model.objects.all().delete()
    kind, _, at_call = where
    calls = count(1)
    with monkeypatch.context() as patch:
        if kind:
            real = PostQuerySet.bulk_create

            def cut(self, *args, **more):
                if next(calls) == at_call:
                    raise PowerCutError
                return real(self, *args, **more)

            patch.setattr(PostQuerySet, "bulk_create", cut)
        else:
            store = files.uploads.store

            def cut_store(*args, **more):
                if next(calls) == at_call:
                    raise PowerCutError
                return store(*args, **more)

            patch.setattr(files.uploads, "store", cut_store)
        with pytest.raises(PowerCutError):
            bring(tweets, files=pictures)
    assert state() != whole
    bring(tweets, files=pictures)
    assert state() == whole


def test_a_batch_is_all_or_nothing(bring, monkeypatch):
    monkeypatch.setattr(apply.Batch, "_count", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        bring([tweet("#One", at(1))])
    assert not Post.objects.exists()
    assert not ImportedId.objects.exists()


def test_somebody_who_writes_the_same_at_the_same_time_is_no_error(bring, monkeypatch):
    real = apply.Batch._insert
    calls = count(1)

    def collide(self):
        if next(calls) == 1:
            raise IntegrityError
        real(self)

    monkeypatch.setattr(apply.Batch, "_insert", collide)
    assert bring([tweet("One", at(1))]).kinds.total() == 1
    assert Post.objects.count() == 1


def test_an_account_that_is_suspended_takes_no_archive(bring):
    bring([tweet("One", at(1))])
    Account.objects.get().suspend()
    with pytest.raises(Exception, match="suspended"):
        bring([tweet("One", at(1)), tweet("Two", at(2))])
    assert Post.objects.count() == 1
