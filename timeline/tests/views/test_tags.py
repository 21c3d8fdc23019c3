"""Following a tag: its button, its posts at home, the list of those one follows."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from conftest import make_account
from testing.html import find, rows_of
from testing.scene import HTMX, retweet, say
from timeline.feeds import home
from timeline.feeds.home import home_page, newer_at_home
from timeline.models import Post, Tag, TagFollow
from timeline.models.entities import MOST_FOLLOWED_TAGS
from timeline.posting.erase_account import erase


@pytest.fixture
def looms(cal: Account) -> Tag:
    """A tag, with a post of Cal's, whom Ben does not follow."""
    say(cal, "First #looms")
    return Tag.objects.get(folded="looms")


def at_home(account: Account) -> list[tuple[int, str]]:
    return [(row.pk, row.topic) for row in home_page(account, None).rows]


# --- The button ---


def test_it_is_followed_and_unfollowed(ben: Account, looms: Tag, as_ben: Client) -> None:
    for _ in range(2):
        assert as_ben.post("/tags/looms/follow").url == "/tags/looms"  # type: ignore[attr-defined]
        assert TagFollow.objects.filter(account=ben, tag=looms).count() == 1
    (button,) = find(as_ben.get("/tags/looms"), "button", aria_label="Unfollow #looms")
    assert button.attrs["formaction"] == "/tags/looms/unfollow"
    for _ in range(2):
        as_ben.post("/tags/looms/unfollow")
        assert not TagFollow.objects.exists()


def test_any_spelling_is_the_same_tag(looms: Tag, as_ben: Client) -> None:
    as_ben.post("/tags/LOOMS/follow")
    as_ben.post("/tags/Looms/follow")
    assert TagFollow.objects.get().tag == looms


def test_htmx_gets_the_button_alone(looms: Tag, as_ben: Client) -> None:
    answer = as_ben.post("/tags/looms/follow", headers=HTMX)
    assert b"<html" not in answer.content
    assert find(answer, "button", aria_label="Unfollow #looms")


def test_a_visitor_signs_in_first(looms: Tag, visitor: Client) -> None:
    assert visitor.post("/tags/looms/follow").url.startswith("/account/login")  # type: ignore[attr-defined]
    assert not find(visitor.get("/tags/looms"), "p", class_="follow-tag")
    assert not TagFollow.objects.exists()


@pytest.mark.parametrize("verb", ["follow", "unfollow"])
def test_get_changes_nothing(looms: Tag, as_ben: Client, verb: str) -> None:
    assert as_ben.get(f"/tags/looms/{verb}").status_code == 405


def test_a_tag_that_nobody_used_cannot_be_followed(as_ben: Client) -> None:
    assert as_ben.post("/tags/nothing/follow").status_code == 404
    assert not find(as_ben.get("/tags/nothing"), "p", class_="follow-tag")


def test_so_many_and_no_more(ben: Account, looms: Tag, as_ben: Client) -> None:
    tags = Tag.objects.bulk_create(
        Tag(name=f"t{number}", folded=f"t{number}") for number in range(MOST_FOLLOWED_TAGS)
    )
    TagFollow.objects.bulk_create(TagFollow(account=ben, tag=tag) for tag in tags)
    answer = as_ben.post("/tags/looms/follow")
    assert answer.status_code == 403
    assert "Unfollow one first" in answer.content.decode()
    assert as_ben.post("/tags/t0/follow").status_code == 302, "it is followed already"


def test_who_is_frozen_cannot(ben: Account, looms: Tag, as_ben: Client) -> None:
    ben.freeze()
    assert as_ben.post("/tags/looms/follow").status_code == 403
    assert not TagFollow.objects.exists()


def test_the_list_of_them(ben: Account, looms: Tag, as_ben: Client) -> None:
    assert "You follow no tags" in as_ben.get("/settings/tags").content.decode()
    looms.follow(ben)
    page = as_ben.get("/settings/tags")
    assert find(page, "a", class_="word")[0].attrs["href"] == "/tags/looms"
    answer = as_ben.post("/tags/looms/unfollow", {"next": "/settings/tags"})
    assert answer.url == "/settings/tags"  # type: ignore[attr-defined]


# --- At home ---


def test_what_others_post_with_it_is_at_home_and_says_why(
    ada: Account, ben: Account, cal: Account, looms: Tag, as_ben: Client
) -> None:
    first = Post.objects.get()
    followed, own = say(ada, "Hers #looms"), say(ben, "Mine #looms")
    assert at_home(ben) == [(own.pk, ""), (followed.pk, "")]
    looms.follow(ben)
    assert at_home(ben) == [(own.pk, ""), (followed.pk, ""), (first.pk, "looms")]
    page = as_ben.get("/")
    (line,) = find(page, "p", class_="replying")
    assert line.text == "Because you follow #looms"
    looms.unfollow(ben)
    assert at_home(ben) == [(own.pk, ""), (followed.pk, "")]


def test_replies_and_retweets_with_it_are_not(
    ada: Account, ben: Account, cal: Account, looms: Tag
) -> None:
    looms.follow(ben)
    first = Post.objects.get()
    say(cal, "A reply #looms", reply_to=first)
    retweet(make_account("dora"), first)
    assert at_home(ben) == [(first.pk, "looms")]


def test_what_somebody_followed_retweeted_stands_there_once(
    ada: Account, ben: Account, looms: Tag
) -> None:
    looms.follow(ben)
    again = retweet(ada, Post.objects.get())
    assert at_home(ben) == [(again.pk, "")]
    assert home_page(ben, None).rows[0].others == 0


def test_a_post_with_two_followed_tags_stands_there_once(
    ben: Account, cal: Account, looms: Tag
) -> None:
    both = say(cal, "#looms #tea")
    for tag in Tag.objects.all():
        tag.follow(ben)
    assert [pk for pk, _ in at_home(ben)] == [both.pk, Post.objects.earliest("pk").pk]


def block(ben: Account, cal: Account, post: Post) -> None:
    ben.block(cal)


def be_blocked(ben: Account, cal: Account, post: Post) -> None:
    cal.block(ben)


def mute(ben: Account, cal: Account, post: Post) -> None:
    ben.mute(cal)


def protect(ben: Account, cal: Account, post: Post) -> None:
    cal.protect()


def limit(ben: Account, cal: Account, post: Post) -> None:
    cal.limit()


def suspend(ben: Account, cal: Account, post: Post) -> None:
    cal.suspend()


def hide(ben: Account, cal: Account, post: Post) -> None:
    post.hide()


def remove(ben: Account, cal: Account, post: Post) -> None:
    post.remove()


@pytest.mark.parametrize(
    "deed",
    [block, be_blocked, mute, protect, limit, suspend, hide, remove],
    ids=lambda deed: deed.__name__,
)
def test_what_is_not_brought_home(ben: Account, cal: Account, looms: Tag, deed: Any) -> None:
    looms.follow(ben)
    post = Post.objects.with_original().get()
    deed(ben, cal, post)
    assert at_home(ben) == []
    assert newer_at_home(ben, 0).number == 0


def test_muted_words_hold_there_too(ben: Account, cal: Account, looms: Tag, as_ben: Client) -> None:
    looms.follow(ben)
    ben.mute_word("first")
    assert rows_of(as_ben.get("/")) == []


@pytest.mark.parametrize("many", [0, 500], ids=["of everybody", "author by author"])
def test_pages_leave_nothing_out(
    ada: Account,
    ben: Account,
    cal: Account,
    looms: Tag,
    monkeypatch: pytest.MonkeyPatch,
    many: int,
) -> None:
    """Of both together, over all pages: what a plain list has."""
    monkeypatch.setattr(home, "MANY", many)
    looms.follow(ben)
    expected = [Post.objects.get().pk]
    for number in range(70):
        author = (ada, cal, cal)[number % 3]
        tagged = number % 2 or author is ada
        post = say(author, f"{number} {'#looms' if tagged else ''}")
        expected += [post.pk] if tagged else []
    found, before = [], None
    while True:
        page = home_page(ben, before)
        found += [row.pk for row in page.rows]
        before = page.before
        if not before:
            break
    assert found == expected[::-1]


def test_home_asks_as_much_with_tags_as_without(
    ada: Account, ben: Account, cal: Account, looms: Tag, as_ben: Client
) -> None:
    say(ada, "Hello")
    as_ben.get("/")
    with CaptureQueriesContext(connection) as without:
        as_ben.get("/")
    looms.follow(ben)
    for number in range(20):
        say(cal, f"#looms {number}")
        tag, _ = Tag.objects.get_or_create(name=f"t{number}", folded=f"t{number}")
        tag.follow(ben)
    with CaptureQueriesContext(connection) as with_them:
        assert len(rows_of(as_ben.get("/"))) == 20
    assert len(with_them) == len(without)


def test_the_bar_of_home_counts_it(
    ben: Account, cal: Account, looms: Tag, as_ben: Client, django_assert_num_queries: Any
) -> None:
    looms.follow(ben)
    first = Post.objects.get().pk
    with django_assert_num_queries(4):  # session, user, who posted, what with these tags
        assert as_ben.get(f"/?after={first}", headers=HTMX).status_code == 204
    new = say(cal, "New #looms")
    say(cal, "Of something else", ago=timedelta(0))
    assert newer_at_home(ben, first) == (1, new.pk)
    assert newer_at_home(ben, new.pk).number == 0


def test_it_goes_with_the_account(ben: Account, looms: Tag) -> None:
    looms.follow(ben)
    ben.remove()
    erase(ben)
    assert not TagFollow.objects.exists()
