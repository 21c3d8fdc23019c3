"""A post's own page: GET /@HANDLE/ID, with what it answers above it and its replies below."""

import pytest
from django.test import Client

from accounts.models import Account
from testing.html import find, rows_of
from testing.scene import HTMX, external, from_outside, retweet, say
from timeline.models import Post


@pytest.fixture
def post(ada: Account) -> Post:
    return say(ada, "Hello world")


def test_the_page(post: Post, visitor: Client) -> None:
    response = visitor.get(post.get_absolute_url())
    assert response.status_code == 200
    assert find(response, "title")[0].text == "Ada Lovelace: “Hello world” · Microblog"
    assert (
        find(response, "link", rel="canonical")[0].attrs["href"].endswith(post.get_absolute_url())
    )
    (row,) = find(response, "article")
    assert "main" in row.classes
    (time,) = find(response, "time")
    assert str(post.created_at.year) in time.text, "the whole date"
    assert b"No replies yet" in response.content
    assert find(
        response, "a", class_="primary", href=f"/account/login/?next={post.get_absolute_url()}"
    )


def test_who_can_reply_is_not_told_that_nobody_did(post: Post, as_ben: Client) -> None:
    """The form above says it."""
    assert b"No replies yet" not in as_ben.get(post.get_absolute_url()).content


def test_one_can_reply_there(post: Post, as_ben: Client, visitor: Client) -> None:
    url = f"/compose?reply_to={post.pk}"
    assert find(as_ben.get(post.get_absolute_url()), "a", href=url, class_="prompt")
    assert not find(visitor.get(post.get_absolute_url()), "a", class_="prompt")


def test_what_it_answers_stands_above_and_replies_below(
    ada: Account, ben: Account, cal: Account, visitor: Client
) -> None:
    root = say(ada, "Root")
    above = say(ben, "Above", reply_to=root)
    post = say(cal, "The post", reply_to=above)
    first, second = say(ada, "First reply", reply_to=post), say(ben, "Second reply", reply_to=post)
    say(ada, "Beside", reply_to=root)
    say(ben, "Below a reply", reply_to=first)
    response = visitor.get(post.get_absolute_url())
    assert rows_of(response) == [root.pk, above.pk, post.pk, second.pk, first.pk]
    assert [row.attrs["id"] for row in find(response, "article", class_="main")] == [f"p{post.pk}"]
    rows = find(response, "article")[:3]
    assert not [row for row in rows if "Replying to" in row.text], "one sees what each answers"


def test_an_authors_thread_stands_right_below(ada: Account, ben: Account, visitor: Client) -> None:
    root = say(ada, "One")
    other = say(ben, "A reply", reply_to=root)
    two = say(ada, "Two", reply_to=root)
    three = say(ada, "Three", reply_to=two)
    assert rows_of(visitor.get(root.get_absolute_url())) == [root.pk, two.pk, three.pk, other.pk]
    assert rows_of(visitor.get(three.get_absolute_url())) == [root.pk, two.pk, three.pk]


def test_what_was_never_here_is_a_link(ada: Account, visitor: Client) -> None:
    post = Post(
        author=ada,
        kind="reply",
        text="Yes",
        html="Yes",
        reply_to_handle="hal",
        reply_to_url="https://x.com/hal/status/1",
    )
    post.insert()
    response = visitor.get(post.get_absolute_url())
    assert find(response, "p", class_="away")[0].text == "A post by @hal that is not here"
    assert {
        link.attrs["rel"] for link in find(response, "a", href="https://x.com/hal/status/1")
    } == {"nofollow noopener ugc"}


def test_replies_have_pages(post: Post, ben: Account, visitor: Client) -> None:
    replies = [say(ben, f"Reply {number}", reply_to=post).pk for number in range(25)]
    response = visitor.get(post.get_absolute_url())
    assert rows_of(response) == [post.pk, *replies[:4:-1]]
    (more,) = find(response, "a", class_="more")
    fragment = visitor.get(more.attrs["hx-get"], headers=HTMX)
    assert rows_of(fragment) == replies[4::-1]


def test_a_long_thread_is_bounded(ada: Account, visitor: Client) -> None:
    posts = [say(ada, "Root")]
    for number in range(120):
        posts.append(say(ada, f"Post {number}", reply_to=posts[-1]))
    rows = rows_of(visitor.get(posts[60].get_absolute_url()))
    assert posts[60].pk in rows
    assert len(rows) <= 102


@pytest.mark.parametrize("handle", ["ben", "nobody", "ADA", "ada@x.com"])
def test_under_a_wrong_handle_it_leads_to_the_right_one(
    post: Post, ben: Account, visitor: Client, handle: str
) -> None:
    response = visitor.get(f"/@{handle}/{post.pk}")
    assert (response.status_code, response["Location"]) == (301, post.get_absolute_url())


def test_a_retweets_own_address_leads_to_the_original(
    post: Post, ben: Account, visitor: Client
) -> None:
    copy = retweet(ben, post)
    assert visitor.get(f"/@ben/{copy.pk}")["Location"] == post.get_absolute_url()


@pytest.mark.parametrize(
    "pk",
    [
        "0",
        "1",
        "007",
        "9223372036854775807",
        "9223372036854775808",
        "9" * 19,
        "9" * 20,
        "9" * 100,
        "x",
        "-1",
        "1.0",
        "%D9%A3",
    ],
)
def test_what_is_not_there(post: Post, visitor: Client, as_ada: Client, pk: str) -> None:
    for client in (visitor, as_ada):
        assert client.get(f"/@ada/{pk}").status_code == 404


def test_a_post_from_elsewhere(as_ben: Client) -> None:
    post = from_outside(external(), "From elsewhere", imported_likes=41, imported_retweets=9_012)
    response = as_ben.get("/@grace@x.com/" + str(post.pk))
    assert response.status_code == 200
    assert find(response, "p", class_="origin")[0].text == "See the original on x.com"
    assert not find(response, "a", class_="prompt"), "its author would not see a reply"
    assert not find(response, "a", href=f"/compose?reply_to={post.pk}")
    assert find(response, "a", href=f"/compose?quote={post.pk}")
    assert "9K" in find(response, "article")[0].text


def test_a_post_of_pictures_alone_has_a_title(ada: Account, visitor: Client) -> None:
    response = visitor.get(say(ada, "", pictures=1).get_absolute_url())
    assert "Ada Lovelace" in find(response, "title")[0].text


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_other_methods(post: Post, as_ada: Client, method: str) -> None:
    assert getattr(as_ada, method)(post.get_absolute_url()).status_code == 405


def test_a_reply_opens_where_it_stands(post: Post, ben: Account, visitor: Client) -> None:
    reply = say(ben, "A reply", reply_to=post)
    (row,) = [
        row
        for row in find(visitor.get(reply.get_absolute_url()), "article")
        if "autofocus" in row.attrs
    ]
    assert (row.attrs["id"], row.attrs["tabindex"]) == (f"p{reply.pk}", "-1")
    assert not [
        row
        for row in find(visitor.get(post.get_absolute_url()), "article")
        if "autofocus" in row.attrs
    ]
