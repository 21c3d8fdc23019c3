"""Retweeting: POST /posts/ID/retweet and …/unretweet."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import Account
from testing.html import find, read, rows_of
from testing.scene import HTMX, external, from_outside, retweet, say
from timeline.models import Post


@pytest.fixture
def post(ada: Account) -> Post:
    return say(ada, "Hello")


def retweets(post: Post) -> int:
    """The retweets, which the stored count must equal."""
    post.refresh_from_db()
    assert post.retweets_count == Post.objects.filter(retweet_of=post).count()
    return post.retweets_count


def test_plain(post: Post, ben: Account, as_ben: Client) -> None:
    response = as_ben.post(f"/posts/{post.pk}/retweet")
    assert (response.status_code, response["Location"]) == (302, post.get_absolute_url())
    assert retweets(post) == 1
    ben.refresh_from_db()
    assert ben.posts_count == 1
    response = as_ben.post(f"/posts/{post.pk}/unretweet")
    assert (response.status_code, response["Location"]) == (302, post.get_absolute_url())
    assert retweets(post) == 0
    ben.refresh_from_db()
    assert ben.posts_count == 0


def test_with_htmx_the_button_comes_back_and_offers_undo(post: Post, as_ben: Client) -> None:
    response = as_ben.post(f"/posts/{post.pk}/retweet", headers=HTMX)
    assert response.status_code == 200
    assert "retweet" in read(response)[0].classes
    assert find(
        response,
        "button",
        form="deed",
        formaction=f"/posts/{post.pk}/unretweet",
    )
    assert find(response, "button")[0].text == "Undo retweet"
    assert find(response, "a", href=f"/compose?quote={post.pk}")[0].text == "Quote"
    response = as_ben.post(f"/posts/{post.pk}/unretweet", headers=HTMX)
    assert find(response, "button")[0].text == "Retweet"


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_twice_is_once(post: Post, as_ben: Client, headers: dict[str, str]) -> None:
    for _ in range(2):
        assert as_ben.post(f"/posts/{post.pk}/retweet", headers=headers).status_code in (200, 302)
    assert retweets(post) == 1
    for _ in range(2):
        assert as_ben.post(f"/posts/{post.pk}/unretweet", headers=headers).status_code in (200, 302)
    assert retweets(post) == 0


def test_by_its_author(post: Post, ada: Account, as_ada: Client) -> None:
    as_ada.post(f"/posts/{post.pk}/retweet")
    assert rows_of(as_ada.get("/@ada"))[1:] == [post.pk]
    assert retweets(post) == 1


def test_somebody_elses_stays(post: Post, as_ben: Client, as_cal: Client) -> None:
    as_ben.post(f"/posts/{post.pk}/retweet")
    as_cal.post(f"/posts/{post.pk}/unretweet")
    assert retweets(post) == 1


@pytest.mark.parametrize("action", ["retweet", "unretweet"])
def test_by_a_visitor(post: Post, visitor: Client, action: str) -> None:
    assert visitor.post(f"/posts/{post.pk}/{action}")["Location"] == "/account/login/?next=/"
    assert (
        visitor.post(f"/posts/{post.pk}/{action}", headers=HTMX)["HX-Redirect"]
        == "/account/login/?next=/"
    )
    assert retweets(post) == 0


@pytest.mark.parametrize("action", ["retweet", "unretweet"])
def test_with_get_nothing_changes(post: Post, as_ben: Client, action: str) -> None:
    for method in ("get", "head", "put", "delete"):
        assert getattr(as_ben, method)(f"/posts/{post.pk}/{action}").status_code == 405
    assert retweets(post) == 0


@pytest.mark.parametrize("pk", ["0", "1", "9223372036854775808", "99999999999999999999", "-1", "x"])
def test_of_what_is_not_there(post: Post, as_ben: Client, pk: str) -> None:
    for action in ("retweet", "unretweet"):
        assert as_ben.post(f"/posts/{pk}/{action}").status_code == 404


def test_of_a_retweet_is_of_the_original(
    post: Post, ben: Account, cal: Account, as_ben: Client
) -> None:
    copy = retweet(cal, post)
    as_ben.post(f"/posts/{copy.pk}/retweet")
    assert ben.posts.get().retweet_of == post
    as_ben.post(f"/posts/{copy.pk}/unretweet")
    assert not ben.posts.exists()
    assert retweets(post) == 1, "Cal's stays"


def test_of_a_post_from_elsewhere(ben: Account, as_ben: Client) -> None:
    post = from_outside(external(), "From elsewhere", imported_retweets=203)
    response = as_ben.post(f"/posts/{post.pk}/retweet", headers=HTMX)
    assert "204 retweets" in find(response, "summary")[0].attrs["aria-label"]
    assert ben.posts.get().original == post


def test_it_shows_under_the_name_of_who_retweeted(post: Post, as_ben: Client) -> None:
    as_ben.post(f"/posts/{post.pk}/retweet")
    response = as_ben.get("/@ben")
    (row,) = find(response, "article")
    assert "Ben retweeted" in row.text
    assert "Ada Lovelace @ada" in row.text
    assert find(response, "p", class_="context")
    assert find(response, "button", formaction=f"/posts/{post.pk}/unretweet")


def test_quotes_are_among_the_retweets_that_a_post_shows(
    post: Post, ben: Account, cal: Account, as_ben: Client
) -> None:
    say(cal, "Look", quote_of=post)
    response = as_ben.post(f"/posts/{post.pk}/retweet", headers=HTMX)
    assert "2 retweets" in find(response, "summary")[0].attrs["aria-label"]


def test_a_row_shows_when_it_was_retweeted(ada: Account, ben: Account, visitor: Client) -> None:
    dated, undated = (
        say(ada, "Hello", ago=timedelta(days=6)),
        from_outside(external(), "From elsewhere", is_dated=False),
    )
    for post in (dated, undated):
        retweet(ben, post)
    times = [time.text for time in find(visitor.get("/@ben"), "time")]
    assert times == ["1d", "1d", "6d"] or times == ["23h", "23h", "6d"]
    links = [link for link in find(visitor.get("/@ben"), "a", class_="when") if link.within("p")]
    assert [link.attrs["href"] for link in links] == [
        undated.get_absolute_url(),
        dated.get_absolute_url(),
    ]
    (alone,) = find(visitor.get("/@grace@x.com"), "a", class_="when")
    assert alone.text == "See post"
