"""What the timeline does when an app below it, or its own models, tell or ask (connected in
timeline.apps). What takes long is a task.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.lookups import GreaterThan

from accounts.models import Account
from timeline import tasks
from timeline.models import LinkCard, Media, Notification, Post, TagFollow
from timeline.models.notification import tell_of_today
from timeline.search import index


def recount_around_account(account: Account, **_: Any) -> None:
    tasks.recount_around.enqueue(account.pk)


def erase_account(account: Account, **_: Any) -> None:
    tasks.erase_account.enqueue(account.pk)


def find_news(account: OuterRef, **_: Any) -> GreaterThan:
    return Notification.objects.newer_than_seen(account)


def find_followed_tags(account: OuterRef, **_: Any) -> Exists:
    return Exists(TagFollow.objects.filter(account=account))


def tell_of_follow(account_id: int, **_: Any) -> None:
    tell_of_today(Notification.Kind.FOLLOW, [account_id])


def tell_of_request(account_id: int, **_: Any) -> None:
    tell_of_today(Notification.Kind.REQUEST, [account_id])


def tell_of_approval(account_ids: list[int], **_: Any) -> None:
    tell_of_today(Notification.Kind.APPROVAL, account_ids)


def recount_rows(account_ids: Iterable[int] = (), post_ids: Iterable[int] = (), **_: Any) -> None:
    tasks.recount_these.enqueue(accounts=list(account_ids), posts=list(post_ids))


def recount_around_post(post: Post, **_: Any) -> None:
    tasks.recount_around_post.enqueue(post.pk)


def remove_post(post: Post, **_: Any) -> None:
    tasks.remove_post.enqueue(post.pk)


def follow_posts(post_ids: Collection[int], **_: Any) -> None:
    """Let the newest be found by what they say now, and all others as soon as that is kept."""
    ids = list(post_ids)
    index.follow(ids[: index.BATCH])
    if rest := ids[index.BATCH :]:
        transaction.on_commit(lambda: index.follow_all(rest))


def fetch_card(card: LinkCard, when: datetime | None = None, **_: Any) -> None:
    task = tasks.fetch_card.using(run_after=when) if when else tasks.fetch_card
    task.enqueue(card.pk)


def name_uploads(keys: Collection[str], **_: Any) -> set[str]:
    """Return those of `keys` that belong to a post's media or to the picture of a link card."""
    return {key for key in (*Media.objects.keys(keys), *LinkCard.objects.keys(keys)) if key}
