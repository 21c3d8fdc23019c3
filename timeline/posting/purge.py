"""Taking away a deleted post, with all that hangs on it, a batch at a time."""

from django.db import transaction

from accounts.models import Account
from microblog.db.locks import lock_rows
from timeline.feeds import counters
from timeline.models import Bookmark, Like, LinkCard, Notification, Post

BATCH = 500


def remove_rows(post_id: int, *, at_once: bool = False) -> None:
    """Finish what Post.remove began. May run twice, and after an interruption.

    What others did with it goes in any case; what it said, with its pictures and its history, not
    while somebody has still to read it (Post.is_kept), unless all shall go `at_once`.
    """
    post = Post.objects.deleted().filter(pk=post_id).first()
    if post is None:
        return
    while retweets := list(post.retweets.order_by("pk").values_list("pk", "author")[:BATCH]):
        authors = {author for _, author in retweets}
        with transaction.atomic():
            lock_rows(Account.objects.filter(pk__in=authors))
            Post.objects.filter(pk__in=[pk for pk, _ in retweets]).delete()
            counters.recount(Account, authors)
    while likes := list(post.liked_by.values_list("pk", flat=True)[:BATCH]):
        Like.objects.filter(pk__in=likes).delete()
    while bookmarks := list(post.bookmarked_by.values_list("pk", flat=True)[:BATCH]):
        Bookmark.objects.filter(pk__in=bookmarks).delete()
    while told := list(post.notifications.values_list("pk", flat=True)[:BATCH]):
        Notification.objects.filter(pk__in=told).delete()
    counters.recount_around_post(post_id)
    if _remove_itself(post, at_once=at_once) and post.card_id:
        LinkCard.drop_unused(post.card_id)


@transaction.atomic
def _remove_itself(post: Post, *, at_once: bool) -> bool:
    """Delete the post itself, and tell whether it went.

    Who reports it locks it as well: the report is seen here, or finds nothing any more.
    """
    payers = set(post.media.values_list("payer", flat=True))
    lock_rows(Account.objects.filter(pk__in={post.author_id, *payers}))
    held = lock_rows(Post.objects.filter(pk__in=[pk for pk in (post.pk, post.above) if pk]))
    if post.pk not in held:  # somebody else took it away meanwhile
        return False
    if not at_once and post.is_kept:
        counters.recount(Post, [post.pk])
        return False
    for media in post.media.all():
        media.discard_files()
    post.media.all().delete_with_room()
    post.refresh_from_db(fields=["reply_to", "beyond_gap", "above"])
    Post.objects.bridge(post)
    post.delete()
    return True


def remove_left_over() -> None:
    """Finish whatever was deleted, and is kept for nobody any more."""
    last = 0
    while ids := list(
        Post.objects.deleted()
        .filter(pk__gt=last)
        .order_by("pk")
        .values_list("pk", flat=True)[:BATCH]
    ):
        for last in ids:
            remove_rows(last)
