"""A long post is folded in lists and whole on its own page."""

import pytest
from django.test import Client

from accounts.models import Account
from testing.html import find, rows_of
from testing.scene import external, from_outside, retweet, say
from timeline.models import Post

LONG_LINK = "https://example.com/" + "x" * 4000


@pytest.mark.parametrize(
    ("text", "is_long"),
    [
        ("", False),
        ("word " * 56, False),
        ("日" * 140, False),
        ("line\n" * 10, False),
        ("\n".join("line" for _ in range(15)), False),
        ("\n".join("line" for _ in range(16)), True),
        ("a\n" * 100 + "the end", True),
        ("\n".join([LONG_LINK] * 10), False),  # shown as ten short ones
        ("<&>" * 90, False),
    ],
)
def test_what_is_long(ada: Account, text: str, is_long: bool) -> None:
    assert say(ada, text.strip(), pictures=not text).is_long == is_long


def test_an_imported_note_is_long(ada: Account) -> None:
    assert from_outside(external(), "word " * 4000).is_long


def test_more_is_on_its_own_page(ada: Account, ben: Account, visitor: Client) -> None:
    post = say(ada, "a\n" * 100 + "the end")
    reply = say(ben, "I see", reply_to=post)
    retweet(ben, post)
    for path in ("/explore", "/@ada", "/@ben", reply.get_absolute_url()):
        response = visitor.get(path)
        assert [
            link.attrs["href"]
            for link in find(response, "a", class_="thread")
            if link.text == "Show more"
        ] == [post.get_absolute_url()]
        assert len(find(response, "div", class_="folded")) == 1
    page = visitor.get(post.get_absolute_url())
    assert rows_of(page)
    assert not find(page, "div", class_="folded")
    assert "Show more" not in page.content.decode()
    assert "the end" in find(page, "div", class_="text")[0].text


def test_a_short_post_is_whole(ada: Account, visitor: Client) -> None:
    say(ada, "Hello\nworld")
    assert "Show more" not in visitor.get("/@ada").content.decode()
    assert not Post.objects.get().is_long


def test_a_long_quote_says_that_there_is_more(ada: Account, ben: Account, visitor: Client) -> None:
    long = say(ada, "\n".join("line" for _ in range(13)))
    say(ben, "See", quote_of=long)
    say(ben, "See", quote_of=say(ada, "\n".join("line" for _ in range(12))))
    quotes = find(visitor.get("/@ben"), "blockquote", class_="quoted")
    assert ["Show more" in quote.text for quote in quotes] == [False, True]
    (more,) = [
        link
        for link in find(visitor.get("/@ben"), "a", class_="thread")
        if link.within("blockquote")
    ]
    assert more.attrs["href"] == long.get_absolute_url()
