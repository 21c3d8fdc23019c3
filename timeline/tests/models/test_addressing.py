"""Whom a reply is written to: stored with it, and said above it."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import Account
from conftest import make_account
from testing.html import find
from testing.scene import say
from timeline.models import Mention, Post
from timeline.posting.addressees import MOST
from timeline.posting.edit import edit
from timeline.posting.publish import PostInput, publish_thread


def written_to(post: Post) -> list[str]:
    """The handles of whom the rows of `post` address, in order."""
    return [
        mention.account.handle for mention in post.mentions.order_by("pk") if mention.is_addressee
    ]


def line(client: Client, post: Post) -> str:
    """What stands above the reply `post` where it stands alone."""
    lines = {
        text.within("article").attrs["id"]: text.text
        for text in find(client.get("/tags/alone"), "p", class_="replying")
    }
    return lines.get(f"p{post.pk}", "")


def test_the_author_and_whom_that_post_was_written_to(
    ada: Account, ben: Account, cal: Account, visitor: Client
) -> None:
    root = say(ada, "Hello @dan, in the middle of a text")
    first = say(ben, "Yes", reply_to=root)
    second = say(cal, "No #alone", reply_to=first)
    assert (written_to(first), written_to(second)) == (["ada"], ["ben", "ada"])
    assert line(visitor, second) == "Replying to @ben and @ada"


def test_nobody_is_written_to_by_themselves(ada: Account, ben: Account) -> None:
    first = say(ben, "Yes", reply_to=say(ada, "Hello"))
    assert written_to(say(ada, "Well", reply_to=first)) == ["ben"]
    assert written_to(say(ben, "And", reply_to=first)) == ["ada"]


def test_whom_a_text_begins_with_is_written_to(
    ada: Account, ben: Account, cal: Account, visitor: Client
) -> None:
    """And is not said twice: the text shows it."""
    post = say(ada, "@cal @nobody hello")
    reply = say(ben, "@ada yes #alone", reply_to=post)
    assert written_to(reply) == ["cal"]
    assert {mention.account.handle for mention in reply.mentions.all()} == {"ada", "cal"}
    assert line(visitor, reply) == "Replying to @cal"
    assert written_to(say(cal, "Well", reply_to=reply)) == ["ben", "ada"]
    assert line(visitor, say(cal, "@ada #alone", reply_to=post)) == "Replying to @ada", (
        "a reply always says that it is one"
    )


@pytest.mark.parametrize(
    ("others", "said"),
    [
        (1, "@p0"),
        (2, "@p1 and @p0"),
        (3, "@p2, @p1 and @p0"),
        (4, "@p3, @p2 and 2 others"),
        (6, "@p5, @p4 and 4 others"),
    ],
)
def test_up_to_three_are_named(ada: Account, visitor: Client, others: int, said: str) -> None:
    post: Post | None = None
    for number in range(others):
        post = say(make_account(f"p{number}"), "Said", reply_to=post)
    last = say(ada, "All of you #alone", reply_to=post)
    assert len(written_to(last)) == others
    assert line(visitor, last) == f"Replying to {said}"


def test_reply_is_written_to_at_most_so_many(ada: Account, ben: Account) -> None:
    root = say(ben, "All")
    people = Account.objects.bulk_create(
        Account(handle=f"p{number}", name="P") for number in range(MOST + 5)
    )
    Mention.objects.bulk_create(
        Mention(post=root, account=account, is_addressee=True) for account in people
    )
    assert written_to(say(ada, "Yes", reply_to=root)) == [
        "ben",
        *(f"p{number}" for number in range(MOST - 1)),
    ]


def test_a_thread_stays_written_to_whom_it_began(ada: Account, ben: Account) -> None:
    first = publish_thread(ben, [PostInput("One"), PostInput("Two")], reply_to=say(ada, "Hello"))
    assert written_to(first.replies.get()) == ["ada"]


def test_who_is_suspended_is_not_named(
    ada: Account, ben: Account, cal: Account, visitor: Client
) -> None:
    first = say(ben, "Yes", reply_to=say(cal, "Hello"))
    second = say(ada, "Well #alone", reply_to=first)
    cal.suspend()
    assert line(visitor, second) == "Replying to @ben"
    assert written_to(say(ada, "Again", reply_to=first)) == ["ben"]


def test_an_edit_changes_nobody(ada: Account, ben: Account, cal: Account) -> None:
    reply = say(ben, "Yes @cal", reply_to=say(ada, "Hello"), ago=timedelta(seconds=5))
    edit(reply, "No")
    assert written_to(reply) == ["ada"]
    assert not reply.mentions.filter(account=cal).exists()


def test_the_composer_says_whom_a_reply_will_be_written_to(
    ada: Account, ben: Account, cal: Account, as_cal: Client
) -> None:
    root = say(ada, "Hello")
    reply = say(ben, "Yes", reply_to=root)
    response = as_cal.get(f"/compose?reply_to={reply.pk}")
    (said,) = [text for text in find(response, "p", class_="replying") if text.within("form")]
    assert said.text == "Replying to @ben and @ada"
    own = say(cal, "To myself")
    assert not [
        text
        for text in find(as_cal.get(f"/compose?reply_to={own.pk}"), "p", class_="replying")
        if text.within("form")
    ]
