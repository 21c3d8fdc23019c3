"""How much one may publish within an hour. No counter is kept: a post's id is its time, so that one short walk along an index tells."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Account
from microblog.limits import TooManyError
from timeline import ids
from timeline.models import Post

WINDOW = timedelta(hours=1)
POSTS = 100  # retweets among them
UPLOADS = 200  # pictures and videos


def check(author: Account, uploads: int = 0, posts: int = 1) -> None:
    """Raises TooManyError where so many more posts, with so many pictures and videos, are more than `author` may publish by now.

    What was deleted counts no longer: it takes no room and nobody sees it.
    """
    recent = list(Post.objects.by(author).since(timezone.now() - WINDOW).newest_first().values_list("pk", "media_count")[:POSTS])
    beyond = len(recent) + posts - POSTS
    if beyond > 0:
        said = f"You have posted {POSTS} times" if posts == 1 else f"That would be more than {POSTS} posts"
        room_after = ids.time_of(recent[max(0, len(recent) - beyond)][0]) if recent else timezone.now()
        raise TooManyError(f"{said} within the hour.", room_after + WINDOW)
    for pk, count in recent if uploads else ():
        uploads += count
        if uploads > UPLOADS:
            raise TooManyError(f"You would have sent more than {UPLOADS} pictures within the hour.", ids.time_of(pk) + WINDOW)
