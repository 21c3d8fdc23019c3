"""What people read of decisions about them: what was done, and to which posts, whose words are read
from the posts, and so are there no longer than they are.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.text import Truncator

from microblog.text import clean
from moderation.enforcement.actions import told
from moderation.models import Decision
from timeline import ids
from timeline.models import Media, Post

MAX_POSTS = 20
MAX_CHARACTERS = 1000
IN_MAIL = 5


def sentences(decisions: Iterable[Decision]) -> list[str]:
    """Tell the person whom `decisions` concern what was done: a sentence each."""
    return [told(decision) for decision in decisions]


@dataclass(frozen=True)
class ToldPost:
    """What a post said and when, and how many pictures it has.

    `is_gone`: that is all that is known by now.
    """

    said_at: datetime
    is_gone: bool
    text: str = ""
    media: str = ""

    @property
    def lines(self) -> list[str]:
        """Return its lines for a mail, in which each of them is marked as a quotation."""
        return [line for line in self.text.splitlines() if line.strip()]


@dataclass(frozen=True)
class ToldPosts:
    posts: list[ToldPost]
    number: int

    @property
    def number_more(self) -> int:
        return self.number - len(self.posts)


def told_posts(decisions: Iterable[Decision], limit: int = MAX_POSTS) -> ToldPosts:
    """Return the posts that `decisions` are about, the newest first and at most `limit`: two
    queries.
    """
    named = sorted({pk for decision in decisions for pk in decision.post_ids}, reverse=True)
    posts = Post.objects.in_bulk(named[:limit])
    media = Counter((one.post_id, one.kind) for one in Media.objects.of_posts(list(posts)))
    return ToldPosts([_told_post(pk, posts.get(pk), media) for pk in named[:limit]], len(named))


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
