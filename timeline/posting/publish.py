"""Publishing: a post, or a thread of them, with all that hangs on it, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Account
from microblog.db.writing import Write
from microblog.media import uploads
from microblog.web.ratelimit import TooManyError
from timeline.models import Draft, KeywordRule, Media, Mention, Post, Revision
from timeline.models.permission import Audience, Verb
from timeline.posting import content, limits
from timeline.posting.attachments import Attachment
from timeline.posting.content import PostContent
from timeline.posting.keyword_filter import KeywordMatches, active_rules, check_keywords
from timeline.search import index
from timeline.search.document import Document

MAX_THREAD = 25  # posts


class GoneError(Exception):
    """What the post answers or quotes was taken away in this moment."""


@dataclass(frozen=True)
class PostInput:
    """What one post shall say and show, as its author gives it."""

    text: str
    attachments: Sequence[Attachment] = ()
    sensitive: bool = False


def publish(
    author: Account,
    body: str,
    *,
    attachments: Sequence[Attachment] = (),
    sensitive: bool = False,
    **more: Any,
) -> Post:
    """Put a post on the timeline of `author` and return it: a thread of one (`publish_thread`)."""
    return publish_thread(author, [PostInput(body, attachments, sensitive)], **more)


def publish_thread(
    author: Account,
    inputs: Sequence[PostInput],
    *,
    reply_to: Post | None = None,
    quote_of: Post | None = None,
    idempotency_key: UUID | None = None,
    may_reply: str = Audience.EVERYONE,
    may_quote: str = Audience.EVERYONE,
    moment: datetime | None = None,
    limited: bool = True,
) -> Post:
    """Put a post of each of `inputs` on the timeline of `author`, each but the first an answer to
    the one before; return the first.

    What the first answers or quotes may be a retweet: its original is meant. Whose last link is a
    post of this site quotes that post, if it quotes nothing yet. The same `idempotency_key`, of the
    form that was sent, never makes a second thread that begins with the same words: the first post
    of what it made is returned. What was kept of it as a draft goes. Where a rule holds one of them
    back, all are hidden from the beginning (`hidden_at`). `moment` dates them, and `limited` says
    whether the limits of authors hold. Raises GoneError, RefusedError, and TooManyError for now.
    """
    rules = active_rules(author)
    if limited and (sent := _count(author, inputs, idempotency_key)):
        return sent
    _check_targets(author, reply_to, quote_of, limited=limited)
    while True:
        posts = _prepare(author, inputs, quote_of)
        matches = _check_words(author, posts, rules, limited=limited)
        first = _begin(posts, reply_to, may_reply, may_quote)
        first.idempotency_key = idempotency_key
        try:
            _save(posts, matches, moment)
        except IntegrityError as error:
            sent = Post.objects.by(author).sent_by(idempotency_key) if idempotency_key else None
            if sent and _said(sent, first.text):
                return sent
            if sent and idempotency_key:
                # the form was sent from another page meanwhile, and here somebody wrote on in it
                idempotency_key = uuid5(idempotency_key, first.text)
                continue
            if _targets_are_gone(posts):
                raise GoneError from error
            raise
        return first


def _check_targets(
    author: Account, reply_to: Post | None, quote_of: Post | None, *, limited: bool
) -> None:
    for target, verb in ((reply_to, Verb.REPLY), (quote_of, Verb.QUOTE)):
        if target and limited:
            target.original.check_may(author, verb)


def _begin(
    posts: "Sequence[PreparedPost]", reply_to: Post | None, may_reply: str, may_quote: str
) -> Post:
    """Let the first answer `reply_to`, and return it.

    Each has the choice of who may reply, though only the first rules: a thread that loses its first
    post stays closed. Who may reply to a reply, its conversation says.
    """
    for prepared in posts:
        prepared.post.may_reply = Audience.EVERYONE if reply_to else may_reply
        prepared.post.may_quote = may_quote
    posts[0].post.reply_to = reply_to.original if reply_to else None
    return posts[0].post


def check_words(
    author: Account,
    inputs: Sequence[PostInput],
    alts: Sequence[str] = (),
    *,
    quote_of: Post | None = None,
) -> None:
    """Say before their pictures are opened what `publish_thread` would say of the words, and of
    `alts`.

    Raises RefusedError.
    """
    posts = _prepare(author, inputs, quote_of)
    _check_words(author, posts, active_rules(author), alts, limited=True)


def _count(
    author: Account, inputs: Sequence[PostInput], idempotency_key: UUID | None
) -> Post | None:
    """Count the posts and their pictures against the limits of `author`.

    Of a form sent twice the last post that they may publish is here already: it is returned, where
    counting it once more would be too many. Raises TooManyError and RefusedError.
    """
    try:
        limits.count_posts(author, len(inputs), sum(len(one.attachments) for one in inputs))
    except TooManyError:
        sent = Post.objects.by(author).sent_by(idempotency_key) if idempotency_key else None
        if sent and _said(sent, inputs[0].text):
            return sent
        raise
    return None


@dataclass
class PreparedPost:
    """A post that is about to be published, and what shall hang on it."""

    post: Post
    content: PostContent
    attachments: Sequence[Attachment]
    keys: list[str] = field(default_factory=list)  # of the files of its attachments, once stored

    @classmethod
    def of(cls, author: Account, given: PostInput, quote_of: Post | None) -> "PreparedPost":
        has_media = bool(given.attachments)
        composed = content.compose(author, given.text, quote_of=quote_of, has_media=has_media)
        post = Post(
            author=author,
            text=composed.text,
            html=composed.html,
            quote_of=composed.quote_of.original if composed.quote_of else None,
            media_count=len(given.attachments),
            sensitive=given.sensitive,
        )
        return cls(post, composed, given.attachments)

    @property
    def texts(self) -> list[str]:
        """Return all that it says, the descriptions of its pictures too."""
        return [self.post.text, *(attachment.alt for attachment in self.attachments)]

    def document(self, mentions: Sequence[Mention]) -> Document:
        """Return what it is found by, once it is saved and has `mentions`."""
        post = self.post
        return Document(
            author=post.author_id,
            kind=post.kind,
            text=post.text,
            html=post.html,
            card_title=post.card.title if post.card else "",
            media=tuple((one.kind, one.alt) for one in self.attachments),
            tags=self.content.tags,
            mentions=[mention.account_id for mention in mentions],
        )

    def store_files(self) -> None:
        for attachment in self.attachments:
            self.keys.append(uploads.store(attachment.picture.files))

    def discard_files(self) -> None:
        for key in self.keys:
            uploads.discard(key)

    def insert(self, above: Post | None, moment: datetime | None) -> None:
        """Save the post with its media, and count it.

        As an answer to `above`, where there is one: then later than that, however fast this machine
        is.
        """
        post = self.post
        if above:
            post.reply_to = above
            moment = max(moment or timezone.now(), above.created_at + timedelta(milliseconds=1))
        post.kind = _kind(post)
        post.insert(moment)
        post.update_counters(1)
        if self.attachments:
            self._insert_media()

    def _insert_media(self) -> None:
        media = [
            attachment.row(self.post, n, key)
            for n, (key, attachment) in enumerate(zip(self.keys, self.attachments, strict=True))
        ]
        self.post.author.take_room(sum(one.bytes for one in media))
        Media.objects.bulk_create(media)


def _kind(post: Post) -> Post.Kind:
    if post.reply_to:
        return Post.Kind.REPLY
    return Post.Kind.QUOTE if post.quote_of else Post.Kind.POST


def _prepare(
    author: Account, inputs: Sequence[PostInput], quote_of: Post | None
) -> list[PreparedPost]:
    """Return a thread of `inputs`, of which the first quotes `quote_of`."""
    return [
        PreparedPost.of(author, given, quote_of if n == 0 else None)
        for n, given in enumerate(inputs)
    ]


def _check_words(
    author: Account,
    posts: Sequence[PreparedPost],
    rules: Sequence[KeywordRule],
    alts: Sequence[str] = (),
    *,
    limited: bool,
) -> KeywordMatches:
    """Return what `rules` say of all of them, and of `alts`. Raises RefusedError."""
    for prepared in posts if limited else ():
        limits.check_text(author, prepared.content.parsed)
    texts = (text for prepared in posts for text in prepared.texts)
    return check_keywords(author, *texts, *alts, rules=rules)


def _save(posts: Sequence[PreparedPost], matches: KeywordMatches, moment: datetime | None) -> None:
    """Store their files, then their rows; where that fails, no file stays."""
    try:
        for prepared in posts:
            prepared.store_files()
        _insert(posts, matches, moment)
    except BaseException:
        for prepared in posts:
            prepared.discard_files()
        raise


@transaction.atomic
def _insert(
    posts: Sequence[PreparedPost], matches: KeywordMatches, moment: datetime | None
) -> None:
    contents = [(prepared.post, prepared.content) for prepared in posts]
    content.set_cards(contents)
    above: Post | None = None
    mentions: list[list[Mention]] = []
    documents: list[tuple[int, Document]] = []
    for prepared in posts:
        prepared.post.hidden_at = matches.hidden_at
        prepared.insert(above, moment)
        named_above = mentions[-1] if above else None
        mentions.append(content.mentions_of(prepared.post, prepared.content, named_above))
        documents.append((prepared.post.pk, prepared.document(mentions[-1])))
        matches.report(prepared.post, *prepared.texts)
        above = prepared.post
    besides = [*_end_of_draft(posts[0].post), index.insertion_of(documents)]
    content.insert_beside(contents, list(chain(*mentions)), *besides)


def _end_of_draft(post: Post) -> list[Write]:
    """Return what deletes the draft of which `post` was made."""
    key = post.idempotency_key
    return [Draft.objects.end_of(post.author, key)] if key else []


def _targets_are_gone(posts: Sequence[PreparedPost]) -> bool:
    """Tell whether something that they answer or quote has no row any more.

    What a further post answers is not there before it is.
    """
    ids = (posts[0].post.reply_to_id, *(prepared.post.quote_of_id for prepared in posts))
    targets = {pk for pk in ids if pk}
    return Post.objects.filter(pk__in=targets).count() < len(targets)


def _said(post: Post, body: str) -> bool:
    """Tell whether `post` says `body`, or did before it was edited."""
    return post.text == body or Revision.objects.of(post).filter(text=body).exists()
