"""Pinning: POST /posts/ID/pin and …/unpin; one post stands first on the profile."""

import pytest
from django.test import Client

from accounts.models import Account
from testing.html import find, rows_of
from testing.scene import HTMX, retweet, say
from timeline.models import Pin, Post


@pytest.fixture
def posts(ada: Account) -> list[Post]:
    return [say(ada, f"Number {number}") for number in range(25)]


def pinned_on(response: object) -> list[str]:
    return [line.text for line in find(response, "p", class_="context") if line.text == "Pinned"]


def test_plain(posts: list[Post], as_ada: Client, visitor: Client) -> None:
    response = as_ada.post(f"/posts/{posts[0].pk}/pin")
    assert (response.status_code, response["Location"]) == (302, "/@ada")
    for client in (as_ada, visitor):
        page = client.get("/@ada")
        assert rows_of(page) == [posts[0].pk, *(post.pk for post in reversed(posts[6:]))]
        assert pinned_on(page) == ["Pinned"]
    response = as_ada.post(f"/posts/{posts[0].pk}/unpin")
    assert response["Location"] == "/@ada"
    page = visitor.get("/@ada")
    assert rows_of(page)[0] == posts[-1].pk
    assert pinned_on(page) == []


def test_with_htmx_the_whole_page_changes(posts: list[Post], as_ada: Client) -> None:
    for action in ("pin", "unpin"):
        assert as_ada.post(f"/posts/{posts[0].pk}/{action}", headers=HTMX)["HX-Redirect"] == "/@ada"


def test_twice_is_once(posts: list[Post], as_ada: Client) -> None:
    for _ in range(2):
        as_ada.post(f"/posts/{posts[0].pk}/pin")
    assert Pin.objects.count() == 1
    for _ in range(2):
        assert as_ada.post(f"/posts/{posts[0].pk}/unpin").status_code == 302
    assert not Pin.objects.exists()


def test_another_takes_its_place(posts: list[Post], as_ada: Client) -> None:
    as_ada.post(f"/posts/{posts[0].pk}/pin")
    as_ada.post(f"/posts/{posts[24].pk}/pin")
    as_ada.post(f"/posts/{posts[0].pk}/unpin")
    page = as_ada.get("/@ada")
    assert rows_of(page) == [post.pk for post in reversed(posts[5:])]
    assert pinned_on(page) == ["Pinned"]


def test_it_is_first_on_the_first_page_of_the_posts_alone(
    posts: list[Post], ada: Account, visitor: Client
) -> None:
    posts[0].pin()
    (more,) = find(visitor.get("/@ada"), "a", class_="more")
    second = visitor.get(f"/@ada{more.attrs['href']}")
    assert rows_of(second) == [post.pk for post in reversed(posts[:6])]
    assert pinned_on(second) == []
    for url in ("/@ada/replies", "/@ada/media", "/explore", posts[0].get_absolute_url()):
        assert pinned_on(visitor.get(url)) == [], url
    assert rows_of(visitor.get("/@ada", headers=HTMX))[0] == posts[0].pk


def test_a_reply_can_be_pinned(ada: Account, ben: Account, as_ada: Client, visitor: Client) -> None:
    reply = say(ada, "I answer", reply_to=say(ben, "A question"))
    as_ada.post(f"/posts/{reply.pk}/pin")
    assert rows_of(visitor.get("/@ada")) == [reply.pk]


@pytest.mark.parametrize("action", ["pin", "unpin"])
def test_by_somebody_else_by_a_visitor_and_with_get(
    posts: list[Post], as_ada: Client, as_ben: Client, visitor: Client, action: str
) -> None:
    posts[0].pin()
    assert as_ben.post(f"/posts/{posts[1].pk}/{action}").status_code == 404
    assert visitor.post(f"/posts/{posts[1].pk}/{action}")["Location"].startswith("/account/login/")
    assert as_ada.get(f"/posts/{posts[1].pk}/{action}").status_code == 405
    assert as_ada.post(f"/posts/1/{action}").status_code == 404
    assert Pin.objects.get().post == posts[0]


def test_a_retweet_cannot_be_pinned(ada: Account, ben: Account, as_ada: Client) -> None:
    for post in (retweet(ada, say(ben, "Ben's")), retweet(ada, say(ada, "Ada's"))):
        assert as_ada.post(f"/posts/{post.pk}/pin").status_code == 404


def test_what_is_gone_is_not_pinned(posts: list[Post], ada: Account, visitor: Client) -> None:
    posts[0].pin()
    posts[0].hide()
    assert pinned_on(visitor.get("/@ada")) == []
    posts[0].unhide()
    assert pinned_on(visitor.get("/@ada")) == ["Pinned"]
    posts[0].remove()
    assert not Pin.objects.exists()
    posts[0].pin()
    assert not Pin.objects.exists()


def test_own_reply_can_be_pinned_from_the_tab_of_replies(
    ada: Account, ben: Account, as_ada: Client, as_ben: Client
) -> None:
    reply = say(ada, "I answer", reply_to=say(ben, "A question"))
    pins = find(as_ada.get("/@ada/replies"), "button", formaction=f"/posts/{reply.pk}/pin")
    assert len(pins) == 1
    assert not find(as_ben.get("/@ada/replies"), "button", formaction=f"/posts/{reply.pk}/pin")


def test_it_is_offered_on_ones_own_posts_only(
    posts: list[Post], as_ada: Client, as_ben: Client
) -> None:
    url = posts[0].get_absolute_url()
    assert find(as_ada.get(url), "button", formaction=f"/posts/{posts[0].pk}/pin")
    posts[0].pin()
    for page in (as_ada.get(url), as_ada.get("/@ada")):
        assert find(page, "button", formaction=f"/posts/{posts[0].pk}/unpin")
    for page in (as_ben.get(url), as_ben.get("/@ada")):
        assert not find(page, "button", formaction=f"/posts/{posts[0].pk}/unpin")


def test_from_the_menu_of_a_row_of_ones_own_profile(
    ada: Account, as_ada: Client, as_ben: Client
) -> None:
    post = say(ada, "Hello")
    (button,) = find(as_ada.get("/@ada"), "button", formaction=f"/posts/{post.pk}/pin")
    assert find(as_ada.get("/@ada"), "form", id=button.attrs["form"], method="post")
    assert not find(as_ben.get("/@ada"), "button", formaction=f"/posts/{post.pk}/pin")
    as_ada.post(button.attrs["formaction"])
    assert not find(as_ada.get("/@ada"), "button", formaction=f"/posts/{post.pk}/pin")
