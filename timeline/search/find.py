"""What is found: pages of posts, of those that their reader may see.

The index says which posts a query means, the newest first, so many at a time; then the posts are
asked for by their ids, as every list is. So nothing is sorted or read of all that has a word.
"""

import math
from collections.abc import Sequence
from time import monotonic
from typing import Any

from accounts.finding import accounts_named
from accounts.models import Account
from microblog.db.prepared import Param, Params, prepared
from microblog.db.time_limit import TooSlowError, time_limit
from microblog.db.words import All, Among, Mark, newest, newest_among
from microblog.web.converters import MAX_ID
from microblog.web.pagination import PAGE_SIZE, Page
from timeline.feeds.records import PLACE, Entry
from timeline.models import Post
from timeline.search import document
from timeline.search.index import TABLE
from timeline.search.query import NotSignedInError, Query

AT_ONCE, MOST_BATCHES = 100, 5  # hits that a page of the newest looks at
RANKED = 1000  # hits, of which the best come first
LONGEST = 2.0  # seconds that one search may take of the index
_OWN = {"bookmarks": "timeline_bookmark", "likes": "timeline_like"}
SIGN_IN = "Only you see what you like and keep: sign in, to look among it."


class Search:
    """What `query` finds for `viewer`; with media alone, where `has_media`.

    Raises NotSignedInError where it looks among what is somebody's own.
    """

    def __init__(self, query: Query, viewer: Account | None, *, has_media: bool = False) -> None:
        self.query, self.viewer = query, viewer
        self.ends_at = monotonic() + LONGEST
        self.among = _among(query, viewer)
        people = accounts_named(sorted(query.handles), viewer)
        accounts = {account.full_handle.lower(): account.pk for account in people}
        self.authors = [accounts[name] for name in query.authors & accounts.keys()]
        self.asked = query.asked(accounts)
        if has_media:
            media = Mark(document.MEDIA)
            self.asked = All((self.asked, media)) if self.asked else media

    def newest(self, before: int | None) -> Page:
        """Return the page that begins after the id `before`. Raises TooSlowError."""
        found: list[Entry] = []
        end = min(self.query.end, MAX_ID if before is None else before)
        for _ in range(MOST_BATCHES):
            hits = self._hits(end, AT_ONCE)
            found += self._entries(_newest, hits)
            is_last = len(hits) < AT_ONCE
            if len(found) > PAGE_SIZE:
                return Page(found[:PAGE_SIZE], found[PAGE_SIZE - 1].cursor, before is None)
            if is_last:
                return Page(found, None, before is None)
            end = hits[-1]
        return Page(found, end, before is None)

    def best(self, before: int | None) -> Page:
        """Return the page that begins after the post `before`, of the RANKED newest, the best
        first. Raises TooSlowError.
        """
        found = self._entries(_best, self._hits(self.query.end, RANKED))
        start = 0
        if before is not None:
            places = [place for place, entry in enumerate(found, 1) if entry.pk == before]
            start = places[0] if places else len(found)
        rows, rest = found[start : start + PAGE_SIZE], found[start + PAGE_SIZE :]
        return Page(rows, rows[-1].pk if rest else None, before is None)

    def _entries(self, ask: Any, hits: Sequence[int]) -> list[Entry]:
        if not hits:
            return []
        rows = ask(
            viewer=self.viewer.pk if self.viewer else None,
            ids=hits,
            asked=self.authors,
            likes=self.query.min_likes,
            own=1 if self.among else None,
        )
        return [Entry(*row[: len(PLACE)]) for row in rows]

    def _hits(self, end: int, most: int) -> list[int]:
        """Return the newest ids below `end` that the index has, `most` of them. However often it is
        asked, it has so long in all.
        """
        left = self.ends_at - monotonic()
        if left <= 0:
            raise TooSlowError
        with time_limit(math.ceil(left * 1000)):
            if self.among:
                span = self.query.first, end
                return newest_among(self.among, TABLE, self.asked, span, most)
            return newest(TABLE, self.asked, self.query.first, end, most)


def _among(query: Query, viewer: Account | None) -> Among | None:
    """Return where `query` looks, where that is not everywhere."""
    if not query.places:
        return None
    if viewer is None:
        raise NotSignedInError(SIGN_IN)
    tables = [_OWN[place] for place in sorted(query.places)]
    selects = [f"SELECT post_id AS key FROM {name} WHERE account_id = %s" for name in tables]  # noqa: S608  (ours)
    return Among(" INTERSECT ".join(selects), (viewer.pk,) * len(tables))


def _seen(viewer: Any, ids: Params, asked: Params, likes: Param, own: Any) -> Any:
    """Return what `viewer` finds of the posts with these ids: of their `own`, whatever they would
    not come across, as their lists have it.
    """
    seen = Post.objects.visible_to(viewer)
    if not own:
        seen = seen.met_by(viewer, asked=asked).wanted_by(viewer)
    return seen.with_ids(ids).liked_at_least(likes)


@prepared
def _newest(**values: Any) -> Any:
    return _seen(**values).newest_first().values_list(*PLACE)


@prepared
def _best(**values: Any) -> Any:
    return _seen(**values).best_first().values_list(*PLACE)
