"""Describe pictures and videos in words."""

from django.db import transaction

from accounts.models import RefusedError
from timeline.models import Media
from timeline.posting import limits
from timeline.posting.keyword_filter import check_keywords
from timeline.search import index

GONE = "This picture is gone: its post was deleted meanwhile."


def describe(media: Media, alt: str) -> None:
    """Let `alt` say what `media` shows.

    Raises RefusedError for who is frozen, where a rule of the site does not have it, and where it
    is gone; and TooManyError.
    """
    media.post.author.check_may_write()
    limits.count(limits.DESCRIPTIONS, media.post.author)
    _save(media, alt)


@transaction.atomic
def _save(media: Media, alt: str) -> None:
    matches = check_keywords(media.post.author, alt, before=media.alt)
    if not Media.objects.filter(pk=media.pk).update(alt=alt):
        raise RefusedError(GONE)
    media.alt = alt
    index.follow([media.post_id])
    if matches.holds_back:
        media.post.hide()
    matches.report(media.post)
