"""Editing: what a post says anew, with all that hangs on its text, in one transaction.

What it said before stays to be read.
"""

from django.db import transaction
from django.utils import timezone

from accounts.models import RefusedError
from microblog.db.locks import lock_rows
from timeline.models import LinkCard, Post, Revision
from timeline.models.notification import tell_named, tell_retweeters
from timeline.posting import content, limits
from timeline.posting.content import PostContent
from timeline.posting.keyword_filter import check_keywords
from timeline.posting.publish import GoneError
from timeline.search import index


class TooLateError(Exception):
    """The time for editing is over."""


def edit(post: Post, body: str) -> None:
    """Let `post` say `body`.

    Its kind, its pictures and its time stay. What a rule holds back is hidden afterwards.

    Raises RefusedError, TooManyError, TooLateError, and GoneError for what is gone by now.
    """
    limits.count(limits.EDITS, post.author)
    revised = content.revise(post, body)
    with transaction.atomic():
        held = lock_rows(
            Post.objects.filter(pk=post.pk, hidden_at=None, deleted_at=None), "text", "card"
        ).get(post.pk)
        if not held:
            raise GoneError
        if not post.is_editable:
            raise TooLateError
        before, card = held
        if body == before:
            return
        limits.check_text(post.author, revised.parsed)
        if Revision.objects.of(post).count() >= limits.MAX_EDITS:
            raise RefusedError(limits.EDITED_OFTEN)
        matches = check_keywords(post.author, body, before=before)
        _save(post, revised, before)
        if card and card != post.card_id:
            LinkCard.drop_unused(card)
        if matches.holds_back:
            post.hide()
        matches.report(post)


def _save(post: Post, revised: PostContent, before: str) -> None:
    """Keep what it said `before` as a revision, and write what it says now."""
    now = timezone.now()
    Revision.objects.create(post=post, text=before, replaced_at=now)
    post.text, post.html, post.edited_at = revised.text, revised.html, now
    content.set_cards([(post, revised)])
    post.save(update_fields=["text", "html", "card", "edited_at"])
    content.replace_mentions(post, revised)
    content.replace_tags([(post, revised)])
    tell_named(post)
    tell_retweeters(post)
    index.follow([post.pk])
