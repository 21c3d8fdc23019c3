"""Pages of what their reader did not ask for, without what has words that they muted."""

from collections.abc import Callable
from typing import Any, NamedTuple

from accounts.models import Account
from microblog.web.pagination import Page
from timeline.feeds.hydrate import Hydrated, hydrate
from timeline.feeds.records import read_muted_words

MOST_BATCHES = 3


class WantedPage(NamedTuple):
    """What is left of a page of entries: `page`, hydrated."""

    page: Page
    hydrated: Hydrated
    is_all_muted: bool  # nothing is left, though there was something

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing, here and after it, and was nothing."""
        return not (self.page.rows or self.page.before or self.is_all_muted)

    @property
    def context(self) -> dict[str, Any]:
        """What the template of a list knows of it (timeline/components/rows.html)."""
        return {"page": self.hydrated.page(self.page), "is_all_muted": self.is_all_muted}


def wanted_page(
    read: Callable[[int | None], Page],
    viewer: Account | None,
    before: int | None,
    *,
    is_own: bool = False,
) -> WantedPage:
    """Return what `viewer` wants of the page that `read` finds after the cursor `before`.

    Where nothing is left it reads on, three pages at most: the page may be shorter than others, and
    is empty only where there is no more, or all three were. Of what `is_own`, such as bookmarks,
    all is wanted.
    """
    muted = None if is_own else read_muted_words(viewer)
    was_muted, after = False, before
    for _ in range(MOST_BATCHES):
        page = read(after)
        hydrated = hydrate(page.rows, viewer, muted=muted)
        rows = hydrated.wanted(page.rows)
        was_muted = was_muted or len(rows) < len(page.rows)
        after = page.before
        if rows or after is None:
            break
    is_all_muted = bool(muted) and was_muted and not rows
    return WantedPage(Page(rows, after, before is None), hydrated, is_all_muted)
