"""A thread with a hole: what was deleted, or is not shown, is said in its place, and the way leads
on in both directions.
"""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Account
from testing.html import find, rows_of
from testing.scene import say
from timeline.models import Post

DELETED, UNAVAILABLE = "This post was deleted.", "This post is not available."


def gaps(client: Client, post: Post) -> list[str]:
    return [gap.text for gap in find(client.get(post.get_absolute_url()), "p", class_="gap")]


@pytest.fixture
def chain(ada: Account, ben: Account, cal: Account) -> list[Post]:
    posts: list[Post] = []
    for author in (ada, ben, cal, ben, ada):
        posts.append(say(author, f"Number {len(posts)}", reply_to=posts[-1] if posts else None))
    return posts


def test_a_deleted_post_in_the_middle(chain: list[Post], visitor: Client) -> None:
    chain[2].remove()
    for post in (chain[3], chain[4]):
        assert gaps(visitor, post) == [DELETED]
        assert rows_of(visitor.get(post.get_absolute_url()))[:3] == [
            chain[0].pk,
            chain[1].pk,
            chain[3].pk,
        ]
    assert gaps(visitor, chain[1]) == [DELETED]
    assert rows_of(visitor.get(chain[1].get_absolute_url())) == [
        chain[0].pk,
        chain[1].pk,
        chain[3].pk,
    ]
    chain[3].refresh_from_db()
    assert (chain[3].reply_to, chain[3].kind, chain[3].beyond_gap) == (None, "reply", chain[1])


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 1, 3), (2, 3, 1)])
def test_any_number_of_them_in_any_order(
    chain: list[Post], visitor: Client, order: tuple[int, ...]
) -> None:
    for number in order:
        Post.objects.get(pk=chain[number].pk).remove()
    assert gaps(visitor, chain[4]) == gaps(visitor, chain[0]) == [DELETED]
    assert rows_of(visitor.get(chain[4].get_absolute_url())) == [chain[0].pk, chain[4].pk]
    assert rows_of(visitor.get(chain[0].get_absolute_url())) == [chain[0].pk, chain[4].pk]


def test_the_first_of_all(chain: list[Post], visitor: Client) -> None:
    chain[0].remove()
    assert gaps(visitor, chain[1]) == []
    assert (
        "Replying to a post that is not available"
        in visitor.get(chain[1].get_absolute_url()).content.decode()
    )


@pytest.mark.parametrize(
    "way",
    [lambda post: post.hide(), lambda post: post.author.suspend()],
    ids=["hidden", "suspended"],
)
def test_what_is_not_shown(chain: list[Post], visitor: Client, way: Callable[[Post], None]) -> None:
    way(chain[2])
    assert gaps(visitor, chain[3]) == [UNAVAILABLE]
    assert rows_of(visitor.get(chain[3].get_absolute_url()))[:3] == [
        chain[0].pk,
        chain[1].pk,
        chain[3].pk,
    ]


def test_a_hole_in_a_thread_of_ones_own(ada: Account, visitor: Client) -> None:
    posts = [say(ada, "One")]
    for text in ("Two", "Three", "Four", "Five"):
        posts.append(say(ada, text, reply_to=posts[-1]))
    posts[1].remove()
    posts[3].hide()
    assert gaps(visitor, posts[0]) == [DELETED, UNAVAILABLE]
    assert rows_of(visitor.get(posts[0].get_absolute_url())) == [posts[n].pk for n in (0, 2, 4)]


def test_who_answered_anew_goes_on_there(ada: Account, visitor: Client) -> None:
    root = say(ada, "One")
    hidden = say(ada, "Two", reply_to=root)
    anew = say(ada, "Two, better", reply_to=root)
    say(ada, "Lost", reply_to=hidden)
    last = say(ada, "Three", reply_to=anew)
    hidden.hide()
    assert rows_of(visitor.get(root.get_absolute_url())) == [root.pk, anew.pk, last.pk]
    assert gaps(visitor, root) == []
