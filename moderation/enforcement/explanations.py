"""What people read of decisions about them: what was done, and to which posts, whose words are read
from the posts, and so are there no longer than they are.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import Truncator

from microblog.text import clean
from moderation.enforcement.actions import told
from moderation.models import Notice
from timeline import ids
from timeline.models import Media, Post

MAX_POSTS = 20
MAX_CHARACTERS = 1000
IN_MAIL = 5  # posts


@dataclass(frozen=True)
class ToldPost:
    """What a post said and when, and how many pictures it has; of one that is gone, only when."""

    posted_at: datetime
    is_gone: bool
    text: str = ""
    media: str = ""

    @property
    def lines(self) -> list[str]:
        """Return its lines for a mail, in which each of them is marked as a quotation."""
        return [line for line in self.text.splitlines() if line.strip()]


def explained(notice: Notice, limit: int = MAX_POSTS) -> dict[str, Any]:
    """Return what page and mail show of `notice`, and of `limit` posts at most: three queries."""
    decisions = list(notice.decisions())
    named = sorted({pk for decision in decisions for pk in decision.post_ids}, reverse=True)
    shown = named[:limit]
    posts = Post.objects.in_bulk(shown)
    media = Counter((one.post_id, one.kind) for one in Media.objects.of_posts(list(posts)))
    return {
        "notice": notice,
        "decisions": decisions,
        "sentences": [told(decision) for decision in decisions],
        "told": {
            "posts": [_told_post(pk, posts.get(pk), media) for pk in shown],
            "number_more": len(named) - len(shown),
        },
    }


def _told_post(pk: int, post: Post | None, media: Counter[tuple[int, str]]) -> ToldPost:
    if post is None:
        return ToldPost(ids.time_of(pk), is_gone=True)
    pictures, videos = media[pk, "image"], media[pk, "video"] + media[pk, "gif"]
    counted = [_number(pictures, "picture"), _number(videos, "video")]
    return ToldPost(
        post.created_at,
        is_gone=False,
        text=Truncator(clean(post.text)).chars(MAX_CHARACTERS),
        media=", ".join(filter(None, counted)),
    )


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}" if number else ""
