"""The index follows what posts say and what people are called, whatever changes it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import Account, AccountWord
from microblog.db import words
from microblog.net.opengraph import Summary
from testing.database import at_once, of_two_writers
from testing.scene import from_outside, retweet, say
from timeline.models import LinkCard, Media, Post, SearchEntry
from timeline.posting import purge
from timeline.posting.describe import describe
from timeline.posting.edit import edit
from timeline.posting.erase_account import erase
from timeline.search import index
from timeline.search.find import Search
from timeline.search.people import people_called
from timeline.search.query import read

NOW = timedelta()


def found(typed: str) -> list[int]:
    return [entry.pk for entry in Search(read(typed), None).newest(None).rows]


def called(typed: str) -> list[str]:
    return [person.handle for person in people_called(typed, None, None).rows]


@pytest.fixture(autouse=True)
def _is_right_in_the_end(db: None) -> Iterator[None]:
    """Whatever a test does: afterwards there is nothing to mend."""
    yield
    assert (index.reindex(), AccountWord.objects.follow_all()) == (0, 0)


def test_a_post_is_found_as_soon_as_it_is_there(as_ada: Client) -> None:
    as_ada.post("/compose", {"text": "Hello #engines"})
    post = Post.objects.get()
    assert found("hello") == found("#engines") == found("from:ada") == [post.pk]


def test_a_thread_is_found_by_what_each_says(ada: Account) -> None:
    first = say(ada, "First")
    reply = say(ada, "Second", reply_to=first)
    assert (found("first"), found("second"), found("is:reply")) == (
        [first.pk],
        [reply.pk],
        [reply.pk],
    )


def test_an_edited_post_is_found_by_what_it_says_now(ada: Account, ben: Account) -> None:
    post = say(ada, "Helo @ben #frist https://example.com", ago=NOW)
    edit(post, "Hello #first")
    assert found("hello") == found("#first") == [post.pk]
    assert found("helo") == found("#frist") == found("@ben") == found("has:link") == []


def test_a_picture_is_found_by_what_it_shows(ada: Account) -> None:
    post = say(ada, "Look", pictures=1)
    assert found("picture") == [post.pk]
    describe(Media.objects.get(), "A red engine")
    assert (found("picture"), found("red engine")) == ([], [post.pk])
    describe(Media.objects.get(), "")
    assert (found("engine"), found("has:alt"), found("has:images")) == ([], [], [post.pk])


def test_a_card_is_found_by_its_title(ada: Account) -> None:
    post = say(ada, "Read https://example.com/looms")
    card = LinkCard.objects.get()
    card.keep(card.claim(), Summary("Looms and weavers", "", ()), None)
    assert found("weavers") == [post.pk]
    card.refresh_from_db()
    card.delete()
    assert (found("weavers"), found("looms")) == ([], [post.pk])


def test_a_card_that_is_known_is_found_at_once(ada: Account) -> None:
    say(ada, "Read https://example.com/looms")
    card = LinkCard.objects.get()
    card.keep(card.claim(), Summary("Looms and weavers", "", ()), None)
    again = say(ada, "Again: https://example.com/looms")
    assert again.pk in found("weavers")


def test_of_a_crowd_with_one_card_each_is_found(
    ada: Account, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(index, "BATCH", 2)
    posts = [say(ada, f"{n} https://example.com/looms").pk for n in range(5)]
    card = LinkCard.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        card.keep(card.claim(), Summary("Weavers", "", ()), None)
    assert found("weavers") == posts[::-1]


def test_what_is_deleted_is_found_no_more_and_goes_with_its_post(ada: Account) -> None:
    post = say(ada, "Hello")
    post.remove()
    assert found("hello") == []
    purge.remove_rows(post.pk)
    assert not SearchEntry.objects.exists()


def test_what_is_hidden_is_found_again_when_it_is_shown(ada: Account) -> None:
    post = say(ada, "Hello")
    post.hide()
    assert found("hello") == []
    post.unhide()
    assert found("hello") == [post.pk]


def test_retweets_and_posts_from_elsewhere_are_no_results(ada: Account, ben: Account) -> None:
    grace = Account.objects.create(handle="grace", host="x.com", name="Grace")
    post = say(ada, "Hello")
    retweet(ben, post)
    from_outside(grace, "Hello from elsewhere")
    assert found("hello") == [post.pk]


def test_who_is_named_and_goes_leaves_no_trace(ada: Account, ben: Account) -> None:
    post = say(ada, "Hello @ben")
    assert found("@ben") == [post.pk]
    ben.suspend()
    erase(Account.objects.get(pk=ben.pk))


def test_reindex_mends(ada: Account, capsys: pytest.CaptureFixture[str]) -> None:
    posts = [say(ada, f"Hello {number}") for number in ("one", "two", "three")]
    Post.objects.filter(pk=posts[0].pk).update(text="Changed behind its back")
    SearchEntry.objects.filter(pk=posts[1].pk).delete()
    Account.objects.filter(pk=ada.pk).update(name="Augusta")
    call_command("reindex")
    assert found("hello") == [posts[2].pk, posts[1].pk]
    assert found("behind") == [posts[0].pk]
    assert (called("augusta"), called("lovelace")) == (["ada"], [])
    call_command("reindex")
    mended, right = capsys.readouterr().out.splitlines()
    assert mended == "Mended: 2 posts, and 2 words of people's names."
    assert right == "Every post and everybody is found."


@of_two_writers
def test_two_descriptions_at_once_are_both_found(ada: Account) -> None:
    post = say(ada, "Look", pictures=2)
    first, second = Media.objects.order_by("position")
    at_once(lambda: describe(first, "engine"), lambda: describe(second, "loom"))
    assert found("engine loom") == [post.pk]


# --- People ---


def test_somebody_is_found_by_handle_and_by_each_word_of_their_name(ada: Account) -> None:
    for typed in ("ad", "ADA", "@ada", "love", "lovelace ada", "ada lovelace", "Áda"):
        assert called(typed) == ["ada"], typed
    for typed in ("lace", "da", "ada ben", "", "%", "_"):
        assert called(typed) == [], typed


def test_a_new_name_and_a_new_handle_are_found_at_once(ada: Account) -> None:
    ada.edit(name="Augusta King")
    assert (called("augusta"), called("lovelace")) == (["ada"], [])
    ada.change_handle("countess")
    assert (called("count"), called("ada")) == (["countess"], [])


def test_nobody_finds_who_is_gone_or_from_elsewhere(ada: Account, ben: Account) -> None:
    Account.objects.create(handle="adam", host="x.com", name="Adam")
    assert called("ada") == ["ada"]
    ada.suspend()
    assert called("ada") == []


def test_who_blocks_is_not_found(ada: Account, ben: Account) -> None:
    ada.block(ben)
    assert people_called("ada", ben, None).rows == []


def test_whom_one_follows_comes_first_then_who_is_followed_most(
    ada: Account, ben: Account, cal: Account
) -> None:
    for account in (ada, ben, cal):
        account.edit(name="Same")
    ada.follow(cal)
    assert called("same")[0] in {"ada", "cal"}
    assert [one.handle for one in people_called("same", ben, None).rows] == ["ada", "cal", "ben"]


# --- What is found of many ---


@pytest.mark.parametrize("most", [1, 3, 10, 40])
@pytest.mark.parametrize(("looked_at", "walked"), [(1, 4), (4, 10), (7, 8), (30, 100)])
def test_whichever_way_it_is_found_it_is_the_same(
    ada: Account, monkeypatch: pytest.MonkeyPatch, most: int, looked_at: int, walked: int
) -> None:
    monkeypatch.setattr(words, "LOOKED_AT", looked_at)
    monkeypatch.setattr(words, "WALKED", walked)
    posts = [say(ada, f"{n % 2 or 'even'} {'rare' if n % 11 == 3 else ''}").pk for n in range(30)]
    for typed, expected in (("even", posts[::2]), ("rare", posts[3::11]), ("-even", posts[1::2])):
        asked = read(f"{typed} ").asked({})
        for first, end in ((0, 2**63 - 1), (posts[5], posts[25]), (posts[9], posts[9])):
            found = words.newest(index.TABLE, asked, first, end, most)
            assert found == [pk for pk in reversed(expected) if first <= pk < end][:most]
