"""How much one may post, and do with posts; and how much a newcomer may put into one.

The first table is all of it, the same for everybody, staff too. What is counted is the deed, before
it is done (microblog.web.ratelimit): to delete a post, to take back a like, or to be refused by a
rule makes no room. Of a newcomer's posts, SignupPolicy knows how many.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from django.utils import timezone

from accounts.models import Account, RefusedError
from accounts.models.registration import FEWEST_POSTS
from microblog.text import Parsed
from microblog.web import ratelimit
from microblog.web.ratelimit import Limit, spend, spent

HOUR = timedelta(hours=1)

# replies, quotes and retweets among them
POSTS = Limit("posts", 100, HOUR, "You have posted {most} times within the hour.")
# and videos
UPLOADS = Limit(
    "uploads", 200, HOUR, "You would have sent more than {most} pictures within the hour."
)
EDITS = Limit("edits", 60, HOUR, "You have edited {most} times within the hour.")
DESCRIPTIONS = Limit(
    "descriptions", 500, HOUR, "You have described {most} pictures within the hour."
)
LIKES = Limit("likes", 1000, HOUR, "You have liked {most} times within the hour.")
BOOKMARKS = Limit("bookmarks", 1000, HOUR, "You have bookmarked {most} times within the hour.")
TAG_FOLLOWS = Limit(
    "tag_follows", 400, HOUR, "You have followed tags {most} times within the hour."
)
# a page keeps one a second after the last key
DRAFTS = Limit("drafts", 3600, HOUR, "Drafts were kept {most} times within the hour.")

MAX_EDITS = 50  # of one post: each leaves a version behind, which everybody can read
MAX_DRAFTS = 100  # of an account; the oldest make room
MAX_DRAFT = 50_000  # characters of a draft in all
MAX_DRAFTS_BYTES = 1_000_000  # of all drafts of an account; the oldest make room

EDITED_OFTEN = (
    f"This post was edited {MAX_EDITS} times, and stays as it is now. You can delete it and write "
    "anew."
)


def count(limit: Limit, account: Account, amount: int = 1) -> None:
    """Count `amount` of what `limit` is about for `account`, outside of any transaction.

    Raises TooManyError; then nothing is counted.
    """
    spend(_in_words(limit), account.pk, amount)


def count_posts(author: Account, posts: int, uploads: int) -> None:
    """Count so many posts, with so many pictures and videos.

    Raises TooManyError, and RefusedError for who is frozen.
    """
    author.check_may_write()
    spend(_posts_of(author, posts), author.pk, posts)
    if uploads:
        count(UPLOADS, author, uploads)


def check(author: Account, uploads: int = 0, posts: int = 1) -> None:
    """Raise what counting these posts and storing the pictures would raise, as far as one can tell
    without doing it; nothing is counted.
    """
    author.check_may_write()
    if spent(POSTS, author.pk) + posts > min(FEWEST_POSTS, POSTS.most):
        ratelimit.check(_posts_of(author, posts), author.pk, posts)
    if uploads:
        ratelimit.check(_in_words(UPLOADS), author.pk, uploads)
        author.check_room()


def _posts_of(author: Account, posts: int) -> Limit:
    """Return how many posts an hour `author` may publish, and what who wanted more is told."""
    newcomer = author.newcomer_limits
    most = min(POSTS.most, max(FEWEST_POSTS, newcomer.newcomer_posts)) if newcomer else POSTS.most
    refusal = "That would be more than {most} posts within the hour."
    limit = POSTS if posts == 1 else replace(POSTS, refusal=refusal)
    return _in_words(replace(limit, most=most))


def _in_words(limit: Limit) -> Limit:
    return replace(limit, refusal=limit.refusal.format(most=limit.most))


def kept_of(sizes: Collection[tuple[int, int]]) -> set[int]:
    """Return the ids of the drafts that an account keeps, of `sizes` (id and bytes, the newest
    first): as many as both limits allow, and the newest always.
    """
    kept: set[int] = set()
    taken = 0
    for pk, size in sizes:
        taken += size
        if kept and (taken > MAX_DRAFTS_BYTES or len(kept) == MAX_DRAFTS):
            break
        kept.add(pk)
    return kept


def check_text(author: Account, parsed: Parsed) -> None:
    """Raise RefusedError for who is frozen, and where a newcomer links or mentions too much."""
    author.check_may_write()
    limits = author.newcomer_limits if parsed.links or parsed.mentions else None
    if limits is None:
        return
    until = limits.came_of_age(author)
    when = (
        f" From {until:%-d %B} on you can put in more."
        if until and timezone.now() < until and not limits.newcomer_followers
        else ""
    )
    for what, number, most in (
        ("links", len(parsed.links), limits.newcomer_links),
        ("mentions", len(parsed.mentions), limits.newcomer_mentions),
    ):
        if number > most:
            limit = f"For the first days here, a post holds up to {most} {what}; this has {number}."
            raise RefusedError(f"{limit} Take out {number - most}, and send it again.{when}")
