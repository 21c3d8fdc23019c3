"""What the columns of a post say, whether they were read into a Post or a row of a timeline."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from microblog.text import shown_lines
from timeline import ids

MOST_LINES = 15  # what is longer is cut at ten (timeline.css), so that whoever reads on finds more
MOST_LINES_QUOTED = 12  # likewise at eight


class PostFacts:
    """For a class with the columns of a post as attributes."""

    @property
    def created_at(self: Any) -> datetime:
        return ids.time_of(self.pk)

    @property
    def likes(self: Any) -> int:
        """Those counted here and those carried over from an archive."""
        return self.likes_count + self.imported_likes  # type: ignore[no-any-return]

    @property
    def all_retweets(self: Any) -> int:
        """Likewise, without the quotes."""
        return self.retweets_count + self.imported_retweets  # type: ignore[no-any-return]

    @property
    def retweets_and_quotes(self: Any) -> int:
        """As X counts: quotes are among the retweets that a post shows."""
        return self.all_retweets + self.quotes_count  # type: ignore[no-any-return]

    @property
    def is_long(self: Any) -> bool:
        """Whether a list shows its beginning alone; its own page shows all of it."""
        return _fills(self.html, MOST_LINES)

    @property
    def is_long_for_a_quote(self: Any) -> bool:
        """Whether a post that quotes it shows its beginning alone."""
        return _fills(self.html, MOST_LINES_QUOTED)

    @property
    def is_editable(self: Any) -> bool:
        """Whether the time for editing it lasts."""
        return self.retweet_of_id is None and timezone.now() < self.created_at + timedelta(
            seconds=settings.POST_EDIT_WINDOW
        )


def _fills(html: str, lines: int) -> bool:
    """Return whether `html` fills more than `lines`; what is short even with its elements does
    not, and need not be read.
    """
    return html.count("\n") + 1 + len(html) // 60 > lines and shown_lines(html) > lines
