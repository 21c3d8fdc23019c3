"""How much one may publish within an hour. No counter is kept: a post's id is its time, so that one short walk along an index tells."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Account, FrozenError
from microblog.limits import TooManyError
from timeline import ids
from timeline.models import Post

WINDOW = timedelta(hours=1)
POSTS = 100  # retweets among them
UPLOADS = 200  # pictures and videos


def check(author: Account, uploads: int = 0) -> None:
    """Raises TooManyError where one more post, with so many pictures and videos, is more than `author` may publish by now; FrozenError.

    What was deleted counts no longer: it takes no room and nobody sees it.
    """
    if author.frozen_at:
        raise FrozenError
    recent = list(Post.objects.by(author).since(timezone.now() - WINDOW).newest_first().values_list("pk", "media_count")[:POSTS])
    if len(recent) == POSTS:
        raise TooManyError(f"You have posted {POSTS} times within the hour.", ids.time_of(recent[-1][0]) + WINDOW)
    for pk, count in recent if uploads else ():
        uploads += count
        if uploads > UPLOADS:
            raise TooManyError(f"You would have sent more than {UPLOADS} pictures within the hour.", ids.time_of(pk) + WINDOW)
