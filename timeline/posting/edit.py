"""Editing: what a post says anew, with all that hangs on its text, in one transaction.

What it said before stays to be read.
"""

from django.db import transaction
from django.utils import timezone

from accounts.models import Account, RefusedError
from microblog import text
from microblog.db.locks import lock_rows
from timeline.models import LinkCard, Mention, Post, Revision, Tagging
from timeline.posting import limits
from timeline.posting.keyword_filter import screen
from timeline.posting.publish import GoneError, make_tags, set_tags, tag_url


class TooLateError(Exception):
    """The time for editing is over."""


def edit(post: Post, body: str) -> None:
    """Let `post` say `body`.

    Its kind, its pictures and its time stay. What a rule holds back is hidden afterwards.

    Raises RefusedError, TooManyError, TooLateError, and GoneError for what is gone by now.
    """
    limits.count(limits.EDITS, post.author)
    parsed = text.parse(body)
    mentioned = (
        list(Account.objects.visible_to(post.author).named_any(parsed.mentions))
        if parsed.mentions
        else []
    )
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
        limits.check_text(post.author, parsed)
        if Revision.objects.of(post).count() >= limits.MAX_EDITS:
            raise RefusedError(limits.EDITED_OFTEN)
        screening = screen(post.author, body, before=before)
        now = timezone.now()
        Revision.objects.create(post=post, text=before, replaced_at=now)
        post.text, post.edited_at = body, now
        post.html = parsed.html(
            {account.full_handle.lower(): account.get_absolute_url() for account in mentioned}.get,
            tag_url,
        )
        with_card = parsed.links and not (post.quote_of_id or post.quote_url or post.media_count)
        post.card = LinkCard.for_url(parsed.links[-1]) if with_card else None
        post.save(update_fields=["text", "html", "card", "edited_at"])
        _name_anew(post, [account for account in mentioned if not account.is_external])
        Tagging.objects.filter(post=post).delete()
        make_tags(parsed.tags)
        set_tags(post, parsed.tags)
        if post.card:
            post.card.refresh()
        if card and card != post.card_id:
            LinkCard.drop_unused(card)
        if screening.holds_back:
            post.hide()
        screening.tell(post)


def _name_anew(post: Post, accounts: list[Account]) -> None:
    """Who is named in both texts keeps the row: nobody is told twice.

    So does whom it is written to.
    """
    Mention.objects.filter(post=post, is_addressee=False).exclude(account__in=accounts).delete()
    Mention.objects.bulk_create(
        (Mention(post=post, account=account) for account in accounts), ignore_conflicts=True
    )
