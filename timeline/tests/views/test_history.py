"""What a post said before: /@handle/ID/history."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import Account
from microblog.text.diff import Piece, changes
from testing.html import find, read
from testing.scene import HTMX, retweet, say
from timeline.models import Post, Revision
from timeline.posting.edit import edit


@pytest.fixture
def post(ada: Account) -> Post:
    post = say(ada, "Helo big world", ago=timedelta())
    edit(post, "Hello big world")
    edit(post, "Hello big world <b>again</b>")
    return post


def test_each_version_with_what_changed_the_newest_first(post: Post, visitor: Client) -> None:
    page = visitor.get(f"{post.get_absolute_url()}/history")
    assert page.status_code == 200
    texts = [
        one.text for one in find(page, "p", class_="text") if "version" in one.inside[-1].classes
    ]
    assert texts == [
        "Hello big world <b>again</b>",
        "HeloHello big world",
        "Helo big world",
    ]
    assert [one.text for one in find(page, "ins")] == ["<b>again</b>", "Hello"]
    assert [one.text for one in find(page, "del")] == ["Helo"]
    assert len(find(page, "time")) >= 3


def test_a_fragment_is_the_part_of_the_page(post: Post, visitor: Client) -> None:
    assert (
        read(visitor.get(f"{post.get_absolute_url()}/history", headers=HTMX))[0].attrs["id"]
        == "versions"
    )


def test_post_that_was_never_edited_has_one_version(ada: Account, visitor: Client) -> None:
    page = visitor.get(f"{say(ada, 'Hello').get_absolute_url()}/history")
    assert page.status_code == 200
    assert len(find(page, "div", class_="version")) == 1
    assert "Never edited" in page.content.decode()


def test_another_address_leads_to_the_posts(post: Post, ben: Account, visitor: Client) -> None:
    copy = retweet(ben, post)
    for url in (f"/@ben/{post.pk}/history", f"/@ben/{copy.pk}/history"):
        response = visitor.get(url)
        assert (response.status_code, response["Location"]) == (
            301,
            f"{post.get_absolute_url()}/history",
        )
    assert visitor.get("/@ada/1/history").status_code == 404
    assert visitor.post(f"{post.get_absolute_url()}/history").status_code == 405


def test_it_is_as_invisible_as_the_post(
    post: Post, ada: Account, as_ada: Client, visitor: Client
) -> None:
    url = f"{post.get_absolute_url()}/history"
    post.hide()
    assert [client.get(url).status_code for client in (visitor, as_ada)] == [404, 404]
    post.unhide()
    assert visitor.get(url).status_code == 200
    post.remove()
    assert visitor.get(url).status_code == 404
    assert not Revision.objects.exists()


def test_many_versions_are_paged_and_each_is_there_once(ada: Account, visitor: Client) -> None:
    post = say(ada, "Version 0", ago=timedelta())
    for number in range(1, 46):
        edit(post, f"Version {number}")
    url, new = f"{post.get_absolute_url()}/history", []
    step = url
    while step:
        page = visitor.get(step)
        new += [one.text for one in find(page, "ins")]
        more = find(page, "a", class_="more")
        step = url + more[0].attrs["href"] if more else ""
    assert new == [str(number) for number in range(45, 0, -1)]
    assert find(page, "p", class_="text")[-1].text == "Version 0"
    assert visitor.get(f"{url}?before=1").status_code == 200
    assert visitor.get(f"{url}?before=x").status_code == 404


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("", "", []),
        ("a", "a", [("same", "a")]),
        ("", "a b", [("new", "a b")]),
        ("a b", "", [("old", "a b")]),
        (
            "one two three",
            "one 2 three",
            [("same", "one "), ("old", "two"), ("new", "2"), ("same", " three")],
        ),
        ("one two three", "1 2 three", [("old", "one two"), ("new", "1 2"), ("same", " three")]),
        ("東京は雨", "東京は晴", [("same", "東京は"), ("old", "雨"), ("new", "晴")]),
    ],
)
def test_what_changed_word_by_word(before: str, after: str, pieces: list[tuple[str, str]]) -> None:
    assert changes(before, after) == [Piece(*piece) for piece in pieces]


@pytest.mark.parametrize(
    ("before", "after"),
    [("a b c d", "d c  b a"), ("a\n\nb", "a b"), ("x " * 5000, "x y " * 5000), ("a a a", "a a")],
)
def test_both_texts_are_in_it(before: str, after: str) -> None:
    pieces = changes(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "old") == after
