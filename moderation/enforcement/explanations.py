"""What people are shown of the posts that were decided about: read from the posts, and so no longer
there than they are.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.text import Truncator

from microblog.text import clean
from moderation.models import Decision
from timeline import ids
from timeline.models import Media, Post

MOST_POSTS = 20
MOST_CHARACTERS = 1000
IN_MAIL = 5


@dataclass(frozen=True)
class ToldPost:
    """What one of them said and when, and how many pictures it has.

    `is_gone`: that is all that is known by now.
    """

    said_at: datetime
    is_gone: bool
    text: str = ""
    media: str = ""

    @property
    def lines(self) -> list[str]:
        """For a mail, in which each of them is marked as a quotation."""
        return [line for line in self.text.splitlines() if line.strip()]


@dataclass(frozen=True)
class ToldPosts:
    posts: list[ToldPost]
    number: int

    @property
    def number_more(self) -> int:
        return self.number - len(self.posts)


def told_posts(decisions: Iterable[Decision], most: int = MOST_POSTS) -> ToldPosts:
    """The posts that `decisions` are about, the newest first and `most` of them: two queries."""
    named = sorted({pk for decision in decisions for pk in decision.post_ids}, reverse=True)
    posts = Post.objects.in_bulk(named[:most])
    media = Counter((one.post_id, one.kind) for one in Media.objects.of_posts(list(posts)))
    return ToldPosts([_told(pk, posts.get(pk), media) for pk in named[:most]], len(named))


def _told(pk: int, post: Post | None, media: Counter[tuple[int, str]]) -> ToldPost:
    if post is None:
        return ToldPost(ids.time_of(pk), is_gone=True)
    pictures, videos = media[pk, "image"], media[pk, "video"] + media[pk, "gif"]
    counted = [_number(pictures, "picture"), _number(videos, "video")]
    return ToldPost(
        post.created_at,
        is_gone=False,
        text=Truncator(clean(post.text)).chars(MOST_CHARACTERS),
        media=", ".join(filter(None, counted)),
    )


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}" if number else ""
