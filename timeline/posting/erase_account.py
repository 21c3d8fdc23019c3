"""Taking away an account with all that it put here: its posts and retweets, its likes and follows,
its files, and who signed in as it.
"""

from functools import partial
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from accounts.models import Account, AccountWord, Block, Follow, FollowRequest, Mute, MutedWord
from microblog.media import uploads
from timeline.feeds import counters
from timeline.models import Bookmark, Draft, Like, Mention, Notification, Post, TagFollow
from timeline.models.post_standing import KEPT_AT_MOST
from timeline.posting import purge
from timeline.search import index
from timeline.signals import account_erasing, deleted_account_checked

BATCH = 500
# What others did about it, and it about them: of posts, who looks for them counts anew.
BESIDE: list[tuple[type[models.Model], str]] = [
    *((model, "account") for model in (AccountWord, Like, Bookmark, Draft, MutedWord, TagFollow)),
    (Notification, "recipient"),
    *((model, end) for model in (Follow, FollowRequest) for end in ("follower", "followed")),
    *((Block, end) for end in ("blocker", "blocked")),
    *((Mute, end) for end in ("muter", "muted")),
]
PROFILE = ("name", "bio", "bio_html", "location", "website", "avatar", "banner")


def erase(account: Account, *, at_once: bool = False) -> None:
    """Delete `account`, which nobody sees and no count counts, a batch at a time.

    What a report is about, and somebody has still to read, stays for as long as a deleted post
    does, unless all shall go `at_once`. May run twice, and after an interruption.
    """
    counters.recount_around_account(account.pk)
    _remove_posts(account, at_once=at_once)
    for model, end in BESIDE:
        rows = model._default_manager.filter(**{end: account})  # noqa: SLF001  (documented)
        while ids := list(rows.values_list("pk", flat=True)[:BATCH]):
            rows.filter(pk__in=ids).delete()
    _remove_mentions(account)
    account_erasing.send(Account, account=account)
    if at_once or not (_is_kept(account) or Post.objects.by(account).exists()):
        _remove_itself(account)
    elif not _is_kept(account):
        _blank(account)


def erase_left_over() -> None:
    """Finish whatever was deleted, and is kept for nobody any more."""
    for account in Account.objects.removed():
        erase(account)


def _remove_posts(account: Account, *, at_once: bool) -> None:
    posts, last = Post.objects.by(account).order_by("pk"), 0
    while ids := list(posts.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        Post.objects.with_ids(ids).undeleted().update(deleted_at=timezone.now())
        for last in ids:
            purge.remove_rows(last, at_once=at_once)


def _remove_mentions(account: Account) -> None:
    mentions = Mention.objects.filter(account=account)
    while ids := list(mentions.values_list("post", flat=True)[:BATCH]):
        with transaction.atomic():
            mentions.filter(post__in=ids).delete()
            index.follow(ids)


def _is_kept(account: Account) -> bool:
    """Tell whether somebody has still to read its profile."""
    return bool(
        account.deleted_at
        and account.deleted_at > timezone.now() - KEPT_AT_MOST
        and any(kept for _, kept in deleted_account_checked.send(Account, account=account))
    )


def _remove_itself(account: Account) -> None:
    with transaction.atomic():
        user = account.user
        _discard_pictures(account)
        account.delete()
        if user:
            user.delete()


def _blank(account: Account) -> None:
    """Take away what it says of itself, while a post of it is kept."""
    with transaction.atomic():
        _discard_pictures(account)
        blank: dict[str, Any] = dict.fromkeys(PROFILE, "")
        Account.objects.filter(pk=account.pk).update(**blank, avatar_bytes=0, banner_bytes=0)
        counters.recount(Account, [account.pk])


def _discard_pictures(account: Account) -> None:
    for key in filter(None, (account.avatar, account.banner)):
        transaction.on_commit(partial(uploads.discard, key))
