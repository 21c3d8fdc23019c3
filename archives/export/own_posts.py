"""What an account posted, some hundred at a time, with all that hangs on each."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Account
from timeline.models import Media, Mention, Post, Revision, Tagging
from timeline.models.post_queryset import PostQuerySet

BATCH = 200


@dataclass(frozen=True)
class Target:
    """A post that another one answers, quotes or shows; `is_seen`: its words may be told."""

    post: Post
    is_seen: bool


@dataclass
class OwnPost:
    """A post, and what belongs to it."""

    post: Post
    is_pinned: bool
    media: list[Media] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    revisions: list[Revision] = field(default_factory=list)
    answered: Target | None = None
    quoted: Target | None = None
    original: Target | None = None
    original_media: list[Media] = field(default_factory=list)  # that came with an own archive


def posts_of(account: Account) -> PostQuerySet:
    """Return what is hers: hidden ones too, and none that was deleted."""
    return Post.objects.by(account).undeleted()


def walk(account: Account, newest: int, *, newest_first: bool = False) -> Iterator[OwnPost]:
    """Yield all up to the id `newest`, which was the last one when the archive was begun."""
    posts = posts_of(account).select_related("card").with_pin()
    order, beyond = ("-pk", "pk__lt") if newest_first else ("pk", "pk__gt")
    posts = posts.filter(pk__lte=newest).order_by(order)
    batch = list(posts[:BATCH])
    while batch:
        yield from _complete(batch, account)
        batch = list(posts.filter(**{beyond: batch[-1].pk})[:BATCH])


def _complete(batch: list[Post], account: Account) -> Iterator[OwnPost]:
    ids = [post.pk for post in batch]
    hang_on = {
        "media": _by_post(Media.objects.of_posts(ids)),
        "tags": _by_post(
            Tagging.objects.filter(post__in=ids).select_related("tag").order_by("pk"),
            lambda row: row.tag.name,
        ),
        "mentions": _by_post(
            Mention.objects.filter(post__in=ids).select_related("account").order_by("pk")
        ),
        "revisions": _by_post(Revision.objects.of_posts(ids).order_by("pk")),
    }
    keys = [(post.reply_to_id, post.quote_of_id, post.retweet_of_id) for post in batch]
    targets = targets_of((key for row in keys for key in row), account)
    shown = {post.retweet_of_id for post in batch if post.retweet_of_id}
    seen = [pk for pk in shown if pk in targets and targets[pk].is_seen]
    brought = _by_post(Media.objects.of_posts(seen).filter(payer=account.pk))
    for post in batch:
        post.author = account
        yield OwnPost(
            post,
            is_pinned=post.is_pinned,
            **{name: rows[post.pk] for name, rows in hang_on.items()},
            answered=targets.get(post.reply_to_id or 0),
            quoted=targets.get(post.quote_of_id or 0),
            original=targets.get(post.retweet_of_id or 0),
            original_media=brought[post.retweet_of_id or 0],
        )


def targets_of(ids: Iterable[int | None], account: Account) -> dict[int, Target]:
    """Return the posts with these ids, each with whether `account` may see it: its own it may."""
    wanted = {pk for pk in ids if pk}
    if not wanted:
        return {}
    named = Post.objects.with_ids(wanted).with_author()
    seen = set(Post.objects.visible_to(account).with_ids(wanted).values_list("pk", flat=True))
    return {
        post.pk: Target(
            post, post.pk in seen or (post.author_id == account.pk and not post.deleted_at)
        )
        for post in named
    }


def _by_post(
    rows: Iterable[Any], value: Callable[[Any], Any] = lambda row: row
) -> defaultdict[int, list[Any]]:
    found = defaultdict(list)
    for row in rows:
        found[row.post_id].append(value(row))
    return found
