"""Bookmarking: POST /posts/ID/bookmark and …/unbookmark, and /bookmarks."""

import pytest
from django.test import Client

from accounts.models import Account
from testing.html import find, read, rows_of
from testing.scene import HTMX, retweet, say
from timeline.models import Bookmark, Post


@pytest.fixture
def post(ada: Account) -> Post:
    return say(ada, "Hello")


def test_plain(post: Post, as_ben: Client) -> None:
    response = as_ben.post(f"/posts/{post.pk}/bookmark")
    assert (response.status_code, response["Location"]) == (302, post.get_absolute_url())
    assert rows_of(as_ben.get("/bookmarks")) == [post.pk]
    response = as_ben.post(f"/posts/{post.pk}/unbookmark", {"next": "/bookmarks"})
    assert response["Location"] == f"/bookmarks#p{post.pk}"
    assert rows_of(as_ben.get("/bookmarks")) == []


def test_with_htmx_the_button_comes_back_and_does_the_reverse(post: Post, as_ben: Client) -> None:
    for action, reverse, pressed in (
        ("bookmark", "unbookmark", "true"),
        ("unbookmark", "bookmark", "false"),
    ):
        response = as_ben.post(f"/posts/{post.pk}/{action}", headers=HTMX)
        assert response.status_code == 200
        assert "bookmark" in read(response)[0].classes
        (button,) = find(
            response,
            "button",
            form="deed",
            formaction=f"/posts/{post.pk}/{reverse}",
        )
        assert (button.attrs["aria-pressed"], button.attrs["aria-label"]) == (pressed, "Bookmark")


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_twice_is_once(post: Post, as_ben: Client, headers: dict[str, str]) -> None:
    for _ in range(2):
        assert as_ben.post(f"/posts/{post.pk}/bookmark", headers=headers).status_code in (200, 302)
    assert Bookmark.objects.count() == 1
    for _ in range(2):
        assert as_ben.post(f"/posts/{post.pk}/unbookmark", headers=headers).status_code in (
            200,
            302,
        )
    assert not Bookmark.objects.exists()


def test_everybody_has_their_own(
    post: Post, as_ada: Client, as_ben: Client, as_cal: Client
) -> None:
    for client in (as_ada, as_ben):
        client.post(f"/posts/{post.pk}/bookmark")
    as_ada.post(f"/posts/{post.pk}/unbookmark")
    assert [rows_of(client.get("/bookmarks")) for client in (as_ada, as_ben, as_cal)] == [
        [],
        [post.pk],
        [],
    ]


@pytest.mark.parametrize("action", ["bookmark", "unbookmark"])
def test_by_a_visitor(post: Post, visitor: Client, action: str) -> None:
    response = visitor.post(f"/posts/{post.pk}/{action}")
    assert response["Location"].startswith("/account/login/")
    assert visitor.post(f"/posts/{post.pk}/{action}", headers=HTMX)["HX-Redirect"].startswith(
        "/account/login/"
    )
    assert not Bookmark.objects.exists()


def test_a_visitor_has_no_page_and_no_button(post: Post, visitor: Client) -> None:
    assert visitor.get("/bookmarks")["Location"] == "/account/login/?next=/bookmarks"
    for url in ("/explore", post.get_absolute_url()):
        page = visitor.get(url)
        assert not find(page, "button", formaction=f"/posts/{post.pk}/bookmark")
        assert not find(page, "a", href="/bookmarks")


@pytest.mark.parametrize("action", ["bookmark", "unbookmark"])
def test_with_get_nothing_changes(post: Post, as_ben: Client, action: str) -> None:
    for method in ("get", "head", "put", "delete"):
        assert getattr(as_ben, method)(f"/posts/{post.pk}/{action}").status_code == 405
    assert not Bookmark.objects.exists()


@pytest.mark.parametrize("pk", ["0", "1", "9223372036854775808", "-1", "x"])
def test_of_what_is_not_there(post: Post, as_ben: Client, pk: str) -> None:
    for action in ("bookmark", "unbookmark"):
        assert as_ben.post(f"/posts/{pk}/{action}").status_code == 404


def test_of_a_retweet_is_of_the_original(post: Post, cal: Account, as_ben: Client) -> None:
    copy = retweet(cal, post)
    as_ben.post(f"/posts/{copy.pk}/bookmark", headers=HTMX)
    assert rows_of(as_ben.get("/bookmarks")) == [post.pk]


def test_of_what_goes_in_the_same_instant(post: Post, ben: Account) -> None:
    post.remove()
    post.bookmark(ben)
    assert not Bookmark.objects.exists()


def test_what_was_bookmarked_last_is_first_and_pages_go_on(
    ada: Account, ben: Account, as_ben: Client
) -> None:
    posts = [say(ada, f"Number {number}") for number in range(25)]
    for post in posts:
        post.bookmark(ben)
    posts[0].unbookmark(ben)
    posts[0].bookmark(ben)
    first = as_ben.get("/bookmarks")
    expected = [posts[0].pk, *(post.pk for post in reversed(posts[1:]))]
    assert rows_of(first) == expected[:20]
    (more,) = find(first, "a", class_="more")
    second = as_ben.get(f"/bookmarks{more.attrs['href']}", headers=HTMX)
    assert read(second)[0].attrs["id"] == "timeline"
    assert rows_of(second) == expected[20:]


@pytest.mark.parametrize("cursor", ["x", "-1", "99999999999999999999"])
def test_a_cursor_that_is_none(as_ben: Client, cursor: str) -> None:
    assert as_ben.get(f"/bookmarks?before={cursor}").status_code == 404


def test_empty_it_says_so(as_ben: Client) -> None:
    assert "Nothing bookmarked yet" in as_ben.get("/bookmarks").content.decode()
    assert find(as_ben.get("/"), "a", href="/bookmarks")
    assert find(as_ben.get("/settings"), "a", href="/bookmarks")


def test_the_pages_show_whether_i_keep_it(post: Post, as_ben: Client, as_cal: Client) -> None:
    as_ben.post(f"/posts/{post.pk}/bookmark")
    for url in ("/explore", post.get_absolute_url(), "/bookmarks"):
        assert find(as_ben.get(url), "button", formaction=f"/posts/{post.pk}/unbookmark"), url
    assert find(as_cal.get("/explore"), "button", formaction=f"/posts/{post.pk}/bookmark")


def test_what_is_gone_is_gone_from_here(ada: Account, ben: Account, as_ben: Client) -> None:
    hidden, deleted = say(ada, "Hidden"), say(ada, "Deleted")
    for post in (hidden, deleted):
        post.bookmark(ben)
    hidden.hide()
    deleted.remove()
    assert rows_of(as_ben.get("/bookmarks")) == []
    hidden.unhide()
    assert rows_of(as_ben.get("/bookmarks")) == [hidden.pk]
    assert Bookmark.objects.count() == 1
    ada.suspend()
    assert rows_of(as_ben.get("/bookmarks")) == []
