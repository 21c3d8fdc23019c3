"""Taking away an account with all that it put here: its posts and retweets, its likes and follows,
its files, and who signed in as it.
"""

from functools import partial

from django.db import transaction
from django.utils import timezone

from accounts.models import Account, Follow
from microblog.media import uploads
from timeline.feeds import counters
from timeline.models import Bookmark, Like, Post
from timeline.posting import purge

BATCH = 500


def erase(account: Account) -> None:
    """Delete `account`, which is suspended and so counts nowhere, a batch at a time.

    May run twice, and after an interruption.
    """
    counters.recount_around_account(account.pk)
    posts = Post.objects.by(account)
    while ids := list(posts.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        posts.filter(pk__in=ids, deleted_at=None).update(deleted_at=timezone.now())
        for pk in ids:
            purge.remove_rows(pk, at_once=True)
    for rows in (
        Like.objects.filter(account=account),
        Bookmark.objects.filter(account=account),
        Follow.objects.filter(follower=account),
        Follow.objects.filter(followed=account),
    ):
        while ids := list(rows.values_list("pk", flat=True)[:BATCH]):
            rows.model._default_manager.filter(pk__in=ids).delete()  # noqa: SLF001  (documented)
    with transaction.atomic():
        keys = [key for key in (account.avatar, account.banner) if key]
        user = account.user
        account.delete()
        if user:
            user.delete()
        for key in keys:
            transaction.on_commit(partial(uploads.discard, key))
