"""The timelines of pages, each by one query that is compiled once: what stands in them, in which
order. Home has a module of its own.
"""

from collections.abc import Callable, Collection
from typing import Any

from accounts.models import Account
from microblog.db.prepared import Param, Params, compiled, prepared
from microblog.web.converters import MAX_ID
from microblog.web.pagination import PAGE_SIZE, Page
from timeline.feeds.records import ABOVE, PLACE, Entry
from timeline.models import Post

FEW = 500  # posts, of which all can be read where a plan is not the best


class Timeline:
    """Posts in the order of their `cursor`; `posts` returns them, for a viewer and further values,
    with the places of these (microblog.db.prepared).

    A walk is planned each time, but one along so few posts that it matters little how.
    """

    def __init__(self, posts: Callable[..., Any], *more: str) -> None:
        def build(viewer: Any, before: Param, **params: Any) -> Any:
            rows = posts(viewer, **params).filter(cursor__lt=before)
            return rows.values_list(*PLACE, *more)[: PAGE_SIZE + 1]

        self._ask, self._ask_few = compiled(build), prepared(build)

    def page(
        self,
        viewer: Account | None,
        before: int | None,
        size: int = PAGE_SIZE,
        *,
        among: int | None = None,
        **values: int,
    ) -> Page:
        """Return the page of entries that begins after the cursor `before`, of at most `size`;
        `among` how many posts they are looked for, where that is known.
        """
        cursor = MAX_ID if before is None else before
        ask = self._ask if among is None or among > FEW else self._ask_few
        rows = ask(viewer=viewer.pk if viewer else None, before=cursor, **values)
        entries = [Entry(*row) for row in rows]
        more = len(entries) > size
        return Page(entries[:size], entries[size - 1].cursor if more else None, before is None)


def _by(viewer: Any, account: Any) -> Any:
    """Return what `account` posted, whose page was asked for."""
    met = Post.objects.visible_to(viewer).met_by(viewer, asked=Params(account.name))
    return met.by(account).newest_first()


def _explore(viewer: Any) -> Any:
    return Post.objects.visible_to(viewer).wanted_by(viewer).listed().discoverable().newest_first()


def _tag(viewer: Any, tag: Any) -> Any:
    wanted = Post.objects.visible_to(viewer).wanted_by(viewer)
    return wanted.tagged(tag).discoverable().newest_first()


def _answers(viewer: Any, post: Any, author: Param, without: Param) -> Any:
    """Return the replies to `post` of `author`, `without` the one that goes on with a thread."""
    return _answering(viewer, post, author).not_put_aside().exclude(pk=without).newest_first()


def _put_aside(viewer: Any, post: Any, author: Param) -> Any:
    return _answering(viewer, post, author).put_aside().newest_first()


def _answering(viewer: Any, post: Any, author: Param) -> Any:
    met = Post.objects.visible_to(viewer).met_by(viewer, asked=Params(author.name))
    return met.answering(post)


def _quotes(viewer: Any, post: Any, author: Param) -> Any:
    met = Post.objects.visible_to(viewer).met_by(viewer, asked=Params(author.name))
    return met.wanted_by(viewer).quoting(post).newest_first()


def _quotes_of_own(viewer: Any, post: Any) -> Any:
    return Post.objects.visible_to(viewer).wanted_by(viewer).quoting(post).newest_first()


OF_TABS = {
    # without the one that stands pinned above them
    "posts": Timeline(
        lambda viewer, account, pinned: _by(viewer, account).top_level().exclude(pk=pinned)
    ),
    "replies": Timeline(lambda viewer, account: _by(viewer, account).replies_only(), *ABOVE),
    "media": Timeline(lambda viewer, account: _by(viewer, account).with_media()),
    "likes": Timeline(lambda viewer, account: Post.objects.visible_to(viewer).liked_by(account)),
}
EXPLORE = Timeline(_explore)
TAG = Timeline(_tag)
BOOKMARKS = Timeline(lambda viewer, account: Post.objects.visible_to(viewer).bookmarked_by(account))
ANSWERS = Timeline(_answers)
PUT_ASIDE = Timeline(_put_aside)
QUOTES = Timeline(_quotes)
QUOTES_OF_OWN = Timeline(_quotes_of_own)


@prepared
def _pinned(viewer: Any, account: Any) -> Any:
    return _by(viewer, account).pinned_by(account).values_list(*PLACE)


def pinned(viewer: Account | None, account: Account) -> Entry | None:
    """Return what `account` shows first on its profile, where `viewer` sees it."""
    rows = _pinned(viewer=viewer.pk if viewer else None, account=account.pk)
    return Entry(*rows[0]) if rows else None


@prepared
def _met(viewer: Any, ids: Params, author: Param) -> Any:
    met = Post.objects.visible_to(viewer).met_by(viewer, asked=Params(author.name))
    return met.with_ids(ids).newest_first().values_list(*PLACE)


def met(viewer: Account | None, ids: Collection[int], author: int) -> dict[int, Entry]:
    """Return those of `ids` that `viewer` may come across on the page of a post by `author`."""
    values = {"viewer": viewer.pk if viewer else None, "ids": ids, "author": author}
    return {row[0]: Entry(*row) for row in _met(**values)} if ids else {}
