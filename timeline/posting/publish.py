"""Publishing: a post, or a thread of them, with all that hangs on it, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Account
from microblog import text
from microblog.media import uploads
from microblog.media.images import Picture
from microblog.media.video import Video
from microblog.web.ratelimit import TooManyError
from timeline.models import Draft, LinkCard, Media, Mention, Post, Revision, Tag, Tagging
from timeline.posting import limits
from timeline.posting.addressees import mentions
from timeline.posting.keyword_filter import Screening, screen
from timeline.posting.last_link import card_url, quote_by_link

MAX_PICTURES = 4
MAX_THREAD = 25
MAX_ALT = 1500
# of the longer side, and of the shorter one at least (images.fit)
PICTURE_SIZES = {"small": (680, 382), "large": (2048, 1080)}


class GoneError(Exception):
    """What the post answers or quotes was taken away in this moment."""


@dataclass(frozen=True)
class Attachment:
    """A picture or a video to publish, and what it shows in words."""

    picture: Picture | Video
    alt: str = ""

    def row(self, post: Post, position: int, key: str) -> Media:
        owner, size = post.author_id, uploads.size_of(self.picture.files)
        seen: dict[str, Any] = {
            "width": self.picture.width,
            "height": self.picture.height,
            "color": self.picture.color,
            "alt": self.alt,
        }
        if isinstance(self.picture, Video):
            seen |= {"kind": Media.Kind.VIDEO, "container": self.picture.container}
        else:
            seen["moves"] = self.picture.moves
            seen["small_width"] = self.picture.widths.get("small.webp", self.picture.width)
        return Media(
            post=post, owner=owner, payer=owner, bytes=size, position=position, key=key, **seen
        )


@dataclass(frozen=True)
class Content:
    """What one post says and shows."""

    text: str
    attachments: Sequence[Attachment] = ()
    sensitive: bool = False


def publish(
    author: Account,
    body: str,
    *,
    attachments: Sequence[Attachment] = (),
    sensitive: bool = False,
    reply_to: Post | None = None,
    quote_of: Post | None = None,
    submission: UUID | None = None,
    moment: datetime | None = None,
    limited: bool = True,
) -> Post:
    """Put a post on the timeline of `author` and return it: a thread of one (`publish_thread`)."""
    content = Content(body, attachments, sensitive)
    targets = {"reply_to": reply_to, "quote_of": quote_of}
    return publish_thread(
        author, [content], **targets, submission=submission, moment=moment, limited=limited
    )


def publish_thread(
    author: Account,
    contents: Sequence[Content],
    *,
    reply_to: Post | None = None,
    quote_of: Post | None = None,
    submission: UUID | None = None,
    moment: datetime | None = None,
    limited: bool = True,
) -> Post:
    """Put a post of each of `contents` on the timeline of `author`, each but the first an answer to
    the one before; return the first.

    What the first answers or quotes may be a retweet: its original is meant. Whose last link is a
    post of this site quotes that post, if it quotes nothing yet. The same `submission` (of the form
    that was sent) never makes a second thread that begins with the same words: the first post of
    what it made is returned. What was kept of it as a draft goes. Where a rule holds one of them
    back, all are hidden from the beginning (`hidden_at`). `moment` dates them, and `limited` is
    whether the limits of authors hold. Raises GoneError, RefusedError, and TooManyError where it is
    for now.
    """
    if limited:
        try:
            limits.count_posts(
                author, len(contents), sum(len(content.attachments) for content in contents)
            )
        except TooManyError:
            sent = submission and Post.objects.by(author).sent_by(submission)
            # the last one that they may: sent twice, it is here
            if sent and _said(sent, contents[0].text):
                return sent
            raise
    return _publish(
        author,
        contents,
        reply_to=reply_to,
        quote_of=quote_of,
        submission=submission,
        moment=moment,
        limited=limited,
    )


def _publish(
    author: Account,
    contents: Sequence[Content],
    *,
    reply_to: Post | None,
    quote_of: Post | None,
    submission: UUID | None,
    moment: datetime | None,
    limited: bool,
) -> Post:
    pieces = [
        _Piece.of(author, content, quote_of if n == 0 else None)
        for n, content in enumerate(contents)
    ]
    screening = _screen(author, pieces, limited=limited)
    first = pieces[0].post
    first.reply_to, first.submission = reply_to.original if reply_to else None, submission
    try:
        for piece in pieces:
            piece.store()
        _insert(pieces, screening, moment)
    except BaseException as error:
        for piece in pieces:
            piece.discard()
        if not isinstance(error, IntegrityError):
            raise
        sent = submission and Post.objects.by(author).sent_by(submission)
        if sent and _said(sent, first.text):
            return sent
        # the form was sent from another page meanwhile, and here somebody wrote on in it
        if sent and submission:
            again = uuid5(submission, first.text)
            return _publish(
                author,
                contents,
                reply_to=reply_to,
                quote_of=quote_of,
                submission=again,
                moment=moment,
                limited=limited,
            )
        if _targets_are_gone(pieces):
            raise GoneError from error
        raise
    return first


def check_words(
    author: Account,
    contents: Sequence[Content],
    alts: Sequence[str] = (),
    *,
    quote_of: Post | None = None,
) -> None:
    """Say before their pictures are opened what `publish_thread` would say of the words.

    Raises RefusedError.
    """
    pieces = [
        _Piece.of(author, content, quote_of if n == 0 else None)
        for n, content in enumerate(contents)
    ]
    _screen(author, pieces, alts, limited=True)


def _screen(
    author: Account, pieces: "list[_Piece]", alts: Sequence[str] = (), *, limited: bool
) -> Screening:
    """What the rules about words say of all of them, and of `alts`. Raises RefusedError."""
    for piece in pieces if limited else ():
        limits.check_text(author, piece.parsed)
    return screen(author, *(said for piece in pieces for said in piece.texts), *alts)


@transaction.atomic
def _insert(pieces: "list[_Piece]", screening: Screening, moment: datetime | None) -> None:
    _set_cards(pieces)
    above: Post | None = None
    for piece in pieces:
        piece.post.hidden_at = screening.hidden_at
        piece.insert(above, moment)
        screening.tell(piece.post, *piece.texts)
        above = piece.post
    _set_tags(pieces)
    first = pieces[0].post
    if first.submission:
        Draft.objects.by(first.author).of_form(first.submission).delete()


def _targets_are_gone(pieces: "list[_Piece]") -> bool:
    """Whether something that they answer or quote has no row any more.

    What a further post answers is not there before it is.
    """
    targets = {
        pk
        for pk in (pieces[0].post.reply_to_id, *(piece.post.quote_of_id for piece in pieces))
        if pk
    }
    return Post.objects.filter(pk__in=targets).count() < len(targets)


def _said(post: Post, body: str) -> bool:
    """Whether `post` says `body`, or did before it was edited."""
    return post.text == body or Revision.objects.of(post).filter(text=body).exists()


@dataclass
class _Piece:
    """A post that is about to be published, and what shall hang on it."""

    post: Post
    parsed: text.Parsed
    mentioned: list[Account]
    attachments: Sequence[Attachment]
    card_url: str
    keys: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, author: Account, content: Content, quote_of: Post | None) -> "_Piece":
        body = content.text
        if not quote_of:
            body, quote_of = quote_by_link(author, body)
        parsed = text.parse(body)
        post = Post(
            author=author,
            text=body,
            quote_of=quote_of.original if quote_of else None,
            media_count=len(content.attachments),
            sensitive=content.sensitive,
        )
        mentioned = (
            list(Account.objects.visible_to(author).named_any(parsed.mentions))
            if parsed.mentions
            else []
        )
        post.html = parsed.html(
            {account.full_handle.lower(): account.get_absolute_url() for account in mentioned}.get,
            tag_url,
        )
        url = "" if quote_of or content.attachments else card_url(body, parsed)
        return cls(post, parsed, mentioned, content.attachments, url)

    @property
    def texts(self) -> list[str]:
        """All that it says."""
        return [self.post.text, *(attachment.alt for attachment in self.attachments)]

    def store(self) -> None:
        for attachment in self.attachments:
            self.keys.append(uploads.store(attachment.picture.files))

    def discard(self) -> None:
        for key in self.keys:
            uploads.discard(key)

    def insert(self, above: Post | None, moment: datetime | None) -> None:
        """As an answer to `above`, where there is one: then later than that, however fast this
        machine is.
        """
        post = self.post
        if above:
            post.reply_to = above
            moment = max(moment or timezone.now(), above.created_at + timedelta(milliseconds=1))
        post.kind = (
            Post.Kind.REPLY
            if post.reply_to
            else Post.Kind.QUOTE
            if post.quote_of
            else Post.Kind.POST
        )
        post.insert(moment)
        post.update_counters(1)
        Mention.objects.bulk_create(mentions(post, self.parsed, self.mentioned))
        media = [
            attachment.row(post, n, key)
            for n, (key, attachment) in enumerate(zip(self.keys, self.attachments, strict=True))
        ]
        post.author.take_room(sum(one.bytes for one in media))
        Media.objects.bulk_create(media)


def _set_cards(pieces: list[_Piece]) -> None:
    """In the order of their addresses, so that two who publish the same links at once do not wait
    for each other in a circle.
    """
    for piece in sorted(
        (piece for piece in pieces if piece.card_url), key=lambda piece: piece.card_url
    ):
        piece.post.card = LinkCard.for_url(piece.card_url)
        if piece.post.card:
            piece.post.card.refresh()


def _set_tags(pieces: list[_Piece]) -> None:
    make_tags(
        {folded: name for piece in reversed(pieces) for folded, name in piece.parsed.tags.items()}
    )
    for piece in pieces:
        set_tags(piece.post, piece.parsed.tags)


def tag_url(tag: str) -> str:
    return Tag(name=tag).get_absolute_url()


def make_tags(tags: dict[str, str]) -> None:
    """Let there be a Tag for each of `tags` (as typed, by their folded form): in their order, for
    the same reason as cards.
    """
    if tags:
        Tag.objects.bulk_create(
            (Tag(name=name, folded=folded) for folded, name in sorted(tags.items())),
            ignore_conflicts=True,
        )


def set_tags(post: Post, tags: dict[str, str]) -> None:
    """Let `post` carry `tags`, which are there."""
    if tags:
        Tagging.objects.bulk_create(
            Tagging(post=post, tag=tag) for tag in Tag.objects.filter(folded__in=tags)
        )
