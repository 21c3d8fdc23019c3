"""Who retweeted a post, who likes it, and its quotes: /@handle/ID/retweets, …/quotes, …/likes."""

import pytest
from django.test import Client

from accounts.models import Account
from conftest import make_account
from testing.html import find, read, rows_of
from testing.scene import HTMX, retweet, say
from timeline.models import Post

TABS = ("retweets", "quotes", "likes")


@pytest.fixture
def post(ada: Account) -> Post:
    return say(ada, "Hello")


def people_of(response: object) -> list[str]:
    """The addresses of those who are listed, in order."""
    return [
        link.attrs["href"]
        for link in find(response, "a", class_="author")
        if any("rows" in above.classes for above in link.inside)
    ]


def test_likes_the_last_first(post: Post, ben: Account, cal: Account, as_ada: Client) -> None:
    for account in (cal, ben):
        post.like(account)
    page = as_ada.get(f"{post.get_absolute_url()}/likes")
    assert page.status_code == 200
    assert people_of(page) == ["/@ben", "/@cal"]
    (tab,) = find(page, "a", aria_current="page", hx_target="#reactions-tab")
    assert tab.text == "Likes"


def test_who_likes_a_post_its_author_alone_sees(
    post: Post, ben: Account, as_ben: Client, visitor: Client
) -> None:
    post.like(ben)
    url = post.get_absolute_url()
    for client in (as_ben, visitor):
        for more in ("", "?before=1"):
            for headers in ({}, HTMX):
                response = client.get(f"{url}/likes{more}", headers=headers)
                assert response.status_code == 403
                assert "/@ben" not in [
                    link.attrs["href"] for link in find(response, "a", class_="author")
                ]
                assert "Only @ada sees who likes this post" in response.content.decode()
        assert not find(client.get(f"{url}/retweets"), "a", href=f"{url}/likes")
        assert not find(client.get(url), "a", href=f"{url}/likes")
        assert "1 Like" in find(client.get(url), "ul", class_="figures")[0].text


def test_retweets_the_last_first(post: Post, ben: Account, cal: Account, visitor: Client) -> None:
    for account in (cal, ben):
        retweet(account, post)
    assert people_of(visitor.get(f"{post.get_absolute_url()}/retweets")) == ["/@ben", "/@cal"]


def test_quotes_the_last_first(post: Post, ben: Account, cal: Account, visitor: Client) -> None:
    quotes = [say(account, "Look", quote_of=post) for account in (ben, cal)]
    say(cal, "Not a quote", reply_to=post)
    page = visitor.get(f"{post.get_absolute_url()}/quotes")
    assert rows_of(page) == [quotes[1].pk, quotes[0].pk]
    assert "Hello" in page.content.decode()


@pytest.mark.parametrize("tab", TABS)
def test_a_fragment_is_the_part_of_the_page(post: Post, as_ada: Client, tab: str) -> None:
    fragment = as_ada.get(f"{post.get_absolute_url()}/{tab}", headers=HTMX)
    assert read(fragment)[0].attrs["id"] == "reactions-tab"
    assert b"<html" not in fragment.content


def test_who_is_gone_is_not_listed(
    post: Post, ben: Account, cal: Account, visitor: Client, as_ada: Client
) -> None:
    url = post.get_absolute_url()
    post.like(ben)
    shared = retweet(ben, post)
    quote = say(ben, "Look", quote_of=post)
    shared.hide()
    assert people_of(visitor.get(f"{url}/retweets")) == []
    shared.unhide()
    quote.hide()
    assert rows_of(visitor.get(f"{url}/quotes")) == []
    quote.unhide()
    assert people_of(visitor.get(f"{url}/retweets")) == ["/@ben"]
    ben.suspend()
    assert people_of(as_ada.get(f"{url}/likes")) == people_of(visitor.get(f"{url}/retweets")) == []
    assert rows_of(visitor.get(f"{url}/quotes")) == []


@pytest.mark.parametrize("tab", TABS)
def test_a_post_that_is_gone_has_no_lists(
    post: Post, ben: Account, as_ada: Client, visitor: Client, tab: str
) -> None:
    post.like(ben)
    url = f"{post.get_absolute_url()}/{tab}"
    post.hide()
    assert [client.get(url).status_code for client in (visitor, as_ada)] == [404, 404]
    post.unhide()
    assert as_ada.get(url).status_code == 200
    post.remove()
    assert as_ada.get(url).status_code == 404


@pytest.mark.parametrize("tab", TABS)
def test_another_address_leads_to_the_posts(
    post: Post, ben: Account, as_ada: Client, tab: str
) -> None:
    copy = retweet(ben, post)
    for url in (f"/@ben/{post.pk}/{tab}", f"/@ADA/{post.pk}/{tab}", f"/@ben/{copy.pk}/{tab}"):
        response = as_ada.get(url)
        assert (response.status_code, response["Location"]) == (
            301,
            f"{post.get_absolute_url()}/{tab}",
        ), url
    for url in (f"/@ada/1/{tab}", f"/@ada/x/{tab}", f"{post.get_absolute_url()}/{tab}?before=x"):
        assert as_ada.get(url).status_code == 404, url
    assert as_ada.post(f"{post.get_absolute_url()}/{tab}").status_code == 405


def test_empty_each_says_so(post: Post, as_ada: Client) -> None:
    for tab, words in (
        ("retweets", "No retweets here yet"),
        ("quotes", "No quotes yet"),
        ("likes", "No likes here yet"),
    ):
        assert words in as_ada.get(f"{post.get_absolute_url()}/{tab}").content.decode()


def test_what_was_carried_over_is_said(post: Post, ben: Account, as_ada: Client) -> None:
    Post.objects.filter(pk=post.pk).update(imported_likes=9012, imported_retweets=3)
    post.like(ben)
    page = as_ada.get(f"{post.get_absolute_url()}/likes")
    assert "9,012 more liked it elsewhere; the archive does not name them." in page.content.decode()
    assert people_of(page) == ["/@ben"]
    assert (
        "3 more retweeted it elsewhere"
        in as_ada.get(f"{post.get_absolute_url()}/retweets").content.decode()
    )


@pytest.mark.parametrize("tab", ["retweets", "likes"])
def test_pages_go_on(post: Post, as_ada: Client, tab: str) -> None:
    people = [make_account(f"p{number}") for number in range(25)]
    for account in people:
        retweet(account, post) if tab == "retweets" else post.like(account)
    url = f"{post.get_absolute_url()}/{tab}"
    first = as_ada.get(url)
    (more,) = find(first, "a", class_="more")
    second = as_ada.get(url + more.attrs["href"])
    assert people_of(first) + people_of(second) == [
        account.get_absolute_url() for account in reversed(people)
    ]
    assert len(people_of(first)) == 20


def test_the_post_page_leads_there(
    post: Post, ben: Account, visitor: Client, as_ada: Client
) -> None:
    assert not find(visitor.get(post.get_absolute_url()), "ul", class_="figures")
    post.like(ben)
    retweet(ben, post)
    say(ben, "Look", quote_of=post)
    (figures,) = find(visitor.get(post.get_absolute_url()), "ul", class_="figures")
    assert figures.text == "1 Retweet 1 Quote 1 Like"
    page = as_ada.get(post.get_absolute_url())
    assert all(find(page, "a", href=f"{post.get_absolute_url()}/{tab}") for tab in TABS)
