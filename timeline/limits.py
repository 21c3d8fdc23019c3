"""How much one may publish within an hour, and a newcomer put into a post.

No counter is kept: a post's id is its time, so that one short walk along an index tells.
"""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Account, RefusedError
from accounts.models.admission import FEWEST_POSTS
from microblog.ratelimit import TooManyError
from microblog.text import Parsed
from timeline import ids
from timeline.models import Post

WINDOW = timedelta(hours=1)
POSTS = 100  # retweets among them
UPLOADS = 200  # pictures and videos


def check(author: Account, uploads: int = 0, posts: int = 1) -> None:
    """Raises TooManyError where so many more posts, with so many pictures and videos, are more than `author` may publish by now.

    Raises RefusedError for who is frozen.

    What was deleted counts no longer: it takes no room and nobody sees it.
    """
    author.check_may_write()
    recent = list(Post.objects.by(author).since(timezone.now() - WINDOW).newest_first().values_list("pk", "media_count")[:POSTS])
    most = _most(author, len(recent) + posts - 1)
    beyond = len(recent) + posts - most
    if beyond > 0:
        said = f"You have posted {most} times" if posts == 1 else f"That would be more than {most} posts"
        room_after = ids.time_of(recent[max(0, len(recent) - beyond)][0]) if recent else timezone.now()
        raise TooManyError(f"{said} within the hour.", room_after + WINDOW)
    for pk, count in recent if uploads else ():
        uploads += count
        if uploads > UPLOADS:
            raise TooManyError(f"You would have sent more than {UPLOADS} pictures within the hour.", ids.time_of(pk) + WINDOW)


def _most(author: Account, recent: int) -> int:
    """How many posts an hour `author` may publish. Few are everybody's, so that this seldom asks."""
    limits = author.newcomer_limits if recent >= FEWEST_POSTS else None
    return min(POSTS, max(FEWEST_POSTS, limits.newcomer_posts)) if limits else POSTS


def check_text(author: Account, parsed: Parsed) -> None:
    """Raises RefusedError for who is frozen, and where a newcomer puts more links or mentions into a post than they may."""
    author.check_may_write()
    limits = author.newcomer_limits if parsed.links or parsed.mentions else None
    if limits is None:
        return
    until = limits.came_of_age(author)
    when = f" From {until:%-d %B} on you can put in more." if until and timezone.now() < until and not limits.newcomer_followers else ""
    for what, number, most in (
        ("links", len(parsed.links), limits.newcomer_links),
        ("mentions", len(parsed.mentions), limits.newcomer_mentions),
    ):
        if number > most:
            said = f"For the first days here, a post holds up to {most} {what}; this has {number}."
            raise RefusedError(f"{said} Take out {number - most}, and send it again.{when}")
