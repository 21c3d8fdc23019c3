"""Detaching: whoever was quoted takes their post out of the quote.

GET /posts/QUOTE_ID/detach asks, POST does it.
"""

import pytest
from django.test import Client

from accounts.models import Account
from testing.html import find, rows_of
from testing.scene import HTMX, say
from timeline.feeds import counters
from timeline.models import Post


@pytest.fixture
def post(ada: Account) -> Post:
    return say(ada, "Mine alone")


@pytest.fixture
def quote(post: Post, ben: Account) -> Post:
    return say(ben, "Look at that", quote_of=post)


def test_it_asks_first(post: Post, quote: Post, as_ada: Client) -> None:
    page = as_ada.get(f"/posts/{quote.pk}/detach")
    assert page.status_code == 200
    assert find(page, "form", method="post", action=f"/posts/{quote.pk}/detach")
    assert rows_of(page) == [quote.pk]
    quote.refresh_from_db()
    assert quote.quote_of == post


def test_detach_takes_ones_post_out_of_the_quote(
    post: Post, quote: Post, as_ada: Client, as_ben: Client, visitor: Client
) -> None:
    response = as_ada.post(f"/posts/{quote.pk}/detach")
    assert (response.status_code, response["Location"]) == (302, quote.get_absolute_url())
    quote.refresh_from_db()
    post.refresh_from_db()
    assert (quote.kind, quote.quote_of, post.quotes_count) == ("quote", None, 0)
    for client in (as_ada, as_ben, visitor):
        page = client.get(quote.get_absolute_url())
        assert [one.text for one in find(page, "blockquote")] == ["This post is unavailable."]
        assert "Mine alone" not in page.content.decode()
        assert rows_of(client.get(f"{post.get_absolute_url()}/quotes")) == []
    assert not any(counters.recount_everything().values())


def test_with_htmx_the_whole_page_changes(quote: Post, as_ada: Client) -> None:
    assert (
        as_ada.post(f"/posts/{quote.pk}/detach", headers=HTMX)["HX-Redirect"]
        == quote.get_absolute_url()
    )


def test_twice_counts_once(post: Post, quote: Post, ben: Account, as_ada: Client) -> None:
    say(ben, "And once more", quote_of=post)
    as_ada.post(f"/posts/{quote.pk}/detach")
    assert as_ada.post(f"/posts/{quote.pk}/detach").status_code == 404
    quote.detach()
    post.refresh_from_db()
    assert post.quotes_count == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_else_and_a_visitor_cannot_detach(
    post: Post, quote: Post, as_ben: Client, as_cal: Client, visitor: Client, method: str
) -> None:
    for client in (as_ben, as_cal):
        assert getattr(client, method)(f"/posts/{quote.pk}/detach").status_code == 404
    assert getattr(visitor, method)(f"/posts/{quote.pk}/detach")["Location"].startswith(
        "/account/login/"
    )
    quote.refresh_from_db()
    assert quote.quote_of == post


def test_what_is_no_quote_cannot_be_detached(post: Post, as_ada: Client) -> None:
    for pk in (post.pk, 1):
        assert as_ada.post(f"/posts/{pk}/detach").status_code == 404


def test_reply_that_quotes_can_be_detached(post: Post, ben: Account, as_ada: Client) -> None:
    reply = say(ben, "Both", reply_to=say(ben, "A question"), quote_of=post)
    as_ada.post(f"/posts/{reply.pk}/detach")
    reply.refresh_from_db()
    assert (reply.kind, reply.quote_of, reply.reply_to is not None) == ("reply", None, True)
    assert not any(counters.recount_everything().values())


def test_a_hidden_quote_was_not_counted(post: Post, quote: Post) -> None:
    quote.hide()
    quote.detach()
    post.refresh_from_db()
    assert post.quotes_count == 0
    quote.unhide()
    assert not any(counters.recount_everything().values())


def test_it_is_offered_to_whoever_was_quoted(
    quote: Post, as_ada: Client, as_ben: Client, visitor: Client
) -> None:
    url = f"/posts/{quote.pk}/detach"
    assert find(as_ada.get(quote.get_absolute_url()), "a", href=url)
    for client in (as_ben, visitor):
        assert not find(client.get(quote.get_absolute_url()), "a", href=url)
