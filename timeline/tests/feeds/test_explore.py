"""Explore: everybody's newest posts and quotes."""

import pytest
from django.test import Client

from accounts.models import Account
from testing.html import find, rows_of
from testing.scene import HTMX, external, from_outside, retweet, say


def test_everybodys_posts_and_quotes(
    ada: Account, ben: Account, cal: Account, visitor: Client, as_cal: Client
) -> None:
    post = say(ada, "A post")
    quote = say(ben, "A quote", quote_of=post)
    say(ben, "A reply", reply_to=post)
    retweet(cal, post)
    from_outside(external(), "From elsewhere")
    picture = say(cal, "", pictures=1)
    for client in (visitor, as_cal):
        assert rows_of(client.get("/explore")) == [picture.pk, quote.pk, post.pk]


def test_empty(visitor: Client, db: None) -> None:
    assert b"Nobody has posted yet" in visitor.get("/explore").content


def test_the_end(ada: Account, visitor: Client) -> None:
    say(ada, "Hello")
    response = visitor.get("/explore?before=1")
    assert rows_of(response) == []
    assert b"You have reached the end." in response.content


def test_the_next_page_comes_as_a_fragment(ada: Account, visitor: Client) -> None:
    posts = [say(ada, f"Post {number}").pk for number in range(25)]
    (more,) = find(visitor.get("/explore"), "a", class_="more")
    assert (more.attrs["hx-get"], more.attrs["hx-trigger"], more.attrs["hx-swap"]) == (
        f"/explore?before={posts[5]}",
        "revealed",
        "outerHTML",
    )
    assert rows_of(visitor.get(more.attrs["hx-get"], headers=HTMX)) == posts[4::-1]


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_other_methods(as_ada: Client, method: str) -> None:
    assert getattr(as_ada, method)("/explore").status_code == 405
