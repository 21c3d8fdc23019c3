"""Liking: POST /posts/ID/like and …/unlike."""

from urllib.parse import unquote

import pytest
from django.test import Client

from accounts.models import Account
from testing.html import find, read
from testing.scene import HTMX, external, from_outside, retweet, say
from timeline.models import Like, Post


@pytest.fixture
def post(ada: Account) -> Post:
    return say(ada, "Hello")


def likes(post: Post) -> int:
    """The likes, which the stored count must equal."""
    post.refresh_from_db()
    assert post.likes_count == post.liked_by.count()
    return post.likes_count


def test_plain(post: Post, as_ben: Client) -> None:
    response = as_ben.post(f"/posts/{post.pk}/like")
    assert (response.status_code, response["Location"]) == (302, post.get_absolute_url())
    assert likes(post) == 1
    response = as_ben.post(f"/posts/{post.pk}/unlike")
    assert (response.status_code, response["Location"]) == (302, post.get_absolute_url())
    assert likes(post) == 0


def test_back_to_where_it_was(post: Post, as_ben: Client) -> None:
    assert (
        as_ben.post(f"/posts/{post.pk}/like", {"next": "/explore?before=5"})["Location"]
        == f"/explore?before=5#p{post.pk}"
    )
    assert (
        as_ben.post(f"/posts/{post.pk}/like", {"next": "https://evil.example/"})["Location"]
        == post.get_absolute_url()
    )


def test_with_htmx_the_button_comes_back_and_does_the_reverse(post: Post, as_ben: Client) -> None:
    response = as_ben.post(f"/posts/{post.pk}/like", headers=HTMX)
    assert response.status_code == 200
    assert "like" in read(response)[0].classes
    assert find(
        response,
        "button",
        form="deed",
        formaction=f"/posts/{post.pk}/unlike",
    )
    (button,) = find(response, "button")
    assert button.attrs["aria-pressed"] == "true"
    assert "1 like" in button.attrs["aria-label"]
    response = as_ben.post(f"/posts/{post.pk}/unlike", headers=HTMX)
    assert find(response, "button")[0].attrs["aria-pressed"] == "false"


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_twice_is_once(post: Post, as_ben: Client, headers: dict[str, str]) -> None:
    for _ in range(2):
        assert as_ben.post(f"/posts/{post.pk}/like", headers=headers).status_code in (200, 302)
    assert likes(post) == 1
    for _ in range(2):
        assert as_ben.post(f"/posts/{post.pk}/unlike", headers=headers).status_code in (200, 302)
    assert likes(post) == 0


def test_by_several_people_and_by_its_author(
    post: Post, as_ada: Client, as_ben: Client, as_cal: Client
) -> None:
    for client in (as_ada, as_ben, as_cal):
        client.post(f"/posts/{post.pk}/like")
    as_cal.post(f"/posts/{post.pk}/unlike")
    assert likes(post) == 2


@pytest.mark.parametrize("action", ["like", "unlike"])
def test_by_a_visitor(post: Post, visitor: Client, action: str) -> None:
    referer = {"Referer": f"http://testserver{post.get_absolute_url()}"}
    response = visitor.post(f"/posts/{post.pk}/{action}", headers=referer)
    assert (
        response["Location"]
        == f"/account/login/?next={post.get_absolute_url().replace('@', '%40')}"
    )
    response = visitor.post(f"/posts/{post.pk}/{action}", headers={**referer, **HTMX})
    assert response["HX-Redirect"].startswith("/account/login/")
    assert likes(post) == 0


@pytest.mark.parametrize("action", ["like", "unlike"])
def test_with_get_nothing_changes(post: Post, as_ben: Client, action: str) -> None:
    for method in ("get", "head", "put", "delete"):
        assert getattr(as_ben, method)(f"/posts/{post.pk}/{action}").status_code == 405
    assert likes(post) == 0


@pytest.mark.parametrize(
    "pk",
    [
        "0",
        "1",
        "9223372036854775807",
        "9223372036854775808",
        "99999999999999999999",
        "-1",
        "x",
        "1e3",
        "%D9%A3",
    ],
)
def test_of_what_is_not_there(post: Post, as_ben: Client, pk: str) -> None:
    for action in ("like", "unlike"):
        assert as_ben.post(f"/posts/{pk}/{action}").status_code == 404
    assert not Like.objects.exists()


def test_of_a_retweet_is_of_the_original(post: Post, cal: Account, as_ben: Client) -> None:
    copy = retweet(cal, post)
    response = as_ben.post(f"/posts/{copy.pk}/like", headers=HTMX)
    assert find(response, "button", formaction=f"/posts/{post.pk}/unlike")
    assert likes(post) == 1
    assert likes(copy) == 0


def test_of_a_post_from_elsewhere_adds_to_what_it_had_there(as_ben: Client) -> None:
    post = from_outside(external(), "From elsewhere", imported_likes=41)
    response = as_ben.post(f"/posts/{post.pk}/like", headers=HTMX)
    assert "42 likes" in find(response, "button")[0].attrs["aria-label"]


def test_the_page_shows_whether_i_like_it(post: Post, as_ben: Client, as_cal: Client) -> None:
    as_ben.post(f"/posts/{post.pk}/like")
    assert find(as_ben.get("/explore"), "button", formaction=f"/posts/{post.pk}/unlike")
    assert find(as_cal.get("/explore"), "button", formaction=f"/posts/{post.pk}/like")


def test_a_visitors_button_leads_to_sign_in_and_back(post: Post, visitor: Client) -> None:
    (link,) = [
        link
        for link in find(visitor.get("/explore"), "a")
        if "Sign in to like" in link.attrs.get("aria-label", "")
    ]
    assert unquote(link.attrs["href"]) == f"/account/login/?next={post.get_absolute_url()}"


@pytest.mark.parametrize("page", ["/explore", "/@ada"])
def test_without_javascript_one_comes_back_to_the_row(
    ada: Account, as_ben: Client, page: str
) -> None:
    post = say(ada, "Hello")
    shown = as_ben.get(page)
    (field,) = [
        field
        for field in find(shown, "input", name="next")
        if field.within("form").attrs.get("id") == "deed"
    ]
    buttons = [button for button in find(shown, "button", form="deed") if button.within("article")]
    assert len(buttons) > 1
    for button in buttons:
        sent = {"next": field.attrs["value"]}
        assert as_ben.post(button.attrs["formaction"], sent)["Location"] == f"{page}#p{post.pk}"


def test_without_javascript_one_comes_back_to_the_retweet_that_showed_it(
    ada: Account, cal: Account, as_ben: Client
) -> None:
    post = say(cal, "Hello")
    row = retweet(ada, post)
    for button in find(as_ben.get("/@ada"), "button", form="deed"):
        if button.within("article"):
            sent = {"next": "/@ada", button.attrs["name"]: button.attrs["value"]}
            url = as_ben.post(button.attrs["formaction"], sent)["Location"]
            assert url == f"/@ada#p{row.pk}"
