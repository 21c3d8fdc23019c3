"""Describe pictures and videos in words."""

from django.db import transaction

from timeline.models import Media
from timeline.posting import limits
from timeline.posting.keyword_filter import check_keywords
from timeline.search import index


def describe(media: Media, alt: str) -> None:
    """Let `alt` say what `media` shows.

    Raises RefusedError for who is frozen, and where a rule of the site does not have it; and
    TooManyError.
    """
    media.post.author.check_may_write()
    limits.count(limits.DESCRIPTIONS, media.post.author)
    _save(media, alt)


@transaction.atomic
def _save(media: Media, alt: str) -> None:
    matches = check_keywords(media.post.author, alt, before=media.alt)
    media.alt = alt
    media.save(update_fields=["alt"])
    index.follow([media.post_id])
    if matches.holds_back:
        media.post.hide()
    matches.report(media.post)
