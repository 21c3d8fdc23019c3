"""Taking away a deleted post: its retweets, its likes, its bookmarks, its files and its row, a batch at a time."""

from django.db import transaction

from accounts.models import Account
from microblog.locks import hold
from timeline import counts
from timeline.models import Bookmark, Like, LinkCard, Post

BATCH = 500


def remove_rows(post_id: int) -> None:
    """Finish what Post.remove began. May run twice, and after an interruption."""
    post = Post.objects.filter(pk=post_id).exclude(deleted_at=None).first()
    if post is None:
        return
    while retweets := list(post.retweets.order_by("pk").values_list("pk", "author")[:BATCH]):
        authors = {author for _, author in retweets}
        with transaction.atomic():
            hold(Account.objects.filter(pk__in=authors))
            Post.objects.filter(pk__in=[pk for pk, _ in retweets]).delete()
            counts.recount(Account, authors)
    while likes := list(post.liked_by.values_list("pk", flat=True)[:BATCH]):
        Like.objects.filter(pk__in=likes).delete()
    while bookmarks := list(post.bookmarked_by.values_list("pk", flat=True)[:BATCH]):
        Bookmark.objects.filter(pk__in=bookmarks).delete()
    for media in post.media.all():
        media.discard_files()
    counts.recount_around_post(post_id)
    post.media.all().delete_with_room()
    with transaction.atomic():
        hold(Post.objects.filter(pk__in=[pk for pk in (post_id, post.above) if pk]))
        post.refresh_from_db(fields=["reply_to", "beyond_gap", "above"])
        Post.objects.bridge(post)
        post.delete()
    if post.card_id:
        LinkCard.drop_unused(post.card_id)
