"""Publishing: a post with all that hangs on it, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.models import Account
from microblog import text, uploads
from microblog.images import Picture
from microblog.video import Video
from timeline import limits
from timeline.links import card_for, quote_by_link
from timeline.models import Media, Mention, Post, Tag, Tagging
from timeline.screening import screen

MAX_PICTURES = 4
MAX_ALT = 1500
PICTURE_WIDTHS = {"small": 680, "large": 2048}


class GoneError(Exception):
    """What the post answers or quotes was taken away in this moment."""


@dataclass(frozen=True)
class Attachment:
    """A picture or a video to publish, and what it shows in words."""

    picture: Picture | Video
    alt: str = ""

    def row(self, post: Post, position: int, key: str) -> Media:
        seen = {"width": self.picture.width, "height": self.picture.height, "color": self.picture.color, "alt": self.alt}
        if isinstance(self.picture, Video):
            seen |= {"kind": Media.Kind.VIDEO, "container": self.picture.container}
        return Media(post=post, owner=post.author_id, position=position, key=key, **seen)


def publish(
    author: Account,
    body: str,
    *,
    reply_to: Post | None = None,
    quote_of: Post | None = None,
    attachments: Sequence[Attachment] = (),
    sensitive: bool = False,
    submission: UUID | None = None,
    moment: datetime | None = None,
) -> Post:
    """Put a post on the timeline of `author` and return it. What it answers or quotes may be a retweet: its original is meant.

    Whose last link is a post of this site quotes that post, if it quotes nothing yet. The same `submission` (of the form that was
    sent) never makes a second post: the first is returned. What a rule holds back is hidden from the beginning (`hidden_at`).
    Raises GoneError, RefusedError, and TooManyError where it is for now.
    """
    if moment is None:
        limits.check(author, len(attachments))
    if not quote_of:
        body, quote_of = quote_by_link(author, body)
    parsed = text.parse(body)
    if moment is None:
        limits.check_text(author, parsed)
    screening = screen(author, body, *(attachment.alt for attachment in attachments))
    post = Post(
        author=author,
        kind=Post.Kind.REPLY if reply_to else Post.Kind.QUOTE if quote_of else Post.Kind.POST,
        text=body,
        reply_to=reply_to.original if reply_to else None,
        quote_of=quote_of.original if quote_of else None,
        media_count=len(attachments),
        sensitive=sensitive,
        submission=submission,
        hidden_at=screening.hidden_at,
    )
    mentioned = list(Account.objects.visible_to(author).named_any(parsed.mentions)) if parsed.mentions else []
    post.html = parsed.html({account.full_handle.lower(): account.get_absolute_url() for account in mentioned}.get, tag_url)
    keys = [uploads.store(attachment.picture.files) for attachment in attachments]
    try:
        with transaction.atomic():
            if not quote_of and not attachments:
                post.card = card_for(body, parsed)
            post.insert(moment)
            post.count(1)
            Mention.objects.bulk_create(Mention(post=post, account=account) for account in mentioned if not account.is_external)
            set_tags(post, parsed.tags)
            Media.objects.bulk_create(
                attachment.row(post, n, key) for n, (key, attachment) in enumerate(zip(keys, attachments, strict=True))
            )
            screening.tell(post)
    except BaseException as error:
        for key in keys:
            uploads.discard(key)
        if not isinstance(error, IntegrityError):
            raise
        sent = submission and Post.objects.by(author).filter(submission=submission).first()
        if sent:
            return sent
        targets = [target for target in (post.reply_to_id, post.quote_of_id) if target]
        if Post.objects.filter(pk__in=targets).count() < len(targets):
            raise GoneError from error
        raise
    return post


def tag_url(tag: str) -> str:
    return Tag(name=tag).get_absolute_url()


def set_tags(post: Post, tags: dict[str, str]) -> None:
    """Let `post` carry `tags` (as typed, by their folded form)."""
    if tags:
        Tag.objects.bulk_create((Tag(name=name, folded=folded) for folded, name in tags.items()), ignore_conflicts=True)
        Tagging.objects.bulk_create(Tagging(post=post, tag=tag) for tag in Tag.objects.filter(folded__in=tags))
