"""What rows are made of, as the database has it: narrow tuples, by few queries that are compiled
once. Everything is asked through `visible_to`.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from django.db.models import OuterRef, Q, Subquery
from django.http import Http404

from accounts.handles import full_handle
from accounts.models import Account, Follow, Mute, MutedWord
from accounts.models.mute import words_in
from microblog.db.prepared import Params, prepared
from timeline.feeds.muted_words import MutedWords
from timeline.feeds.row import ShownMedia
from timeline.models import Bookmark, Like, Media, Mention, Post
from timeline.models.media import tint
from timeline.models.post_facts import PostFacts


class Entry(NamedTuple):
    """A place of a timeline: a post or a retweet, and the ids of what its row shows besides."""

    pk: int
    cursor: int
    author: int
    original_author: int | None
    original: int | None
    quoted: int | None
    answered: int | None
    quoted_by_original: int | None
    answered_by_original: int | None
    quoted_above: int | None = None  # by what it answers
    answered_above: int | None = None
    others: int = 0  # whose retweets of its original it stands for as well
    topic: str = ""  # the followed tag that brought it

    @classmethod
    def of(cls, post: Post) -> "Entry":
        """Return the place of `post`, which was read with its original."""
        first = post.retweet_of
        return cls(
            pk=post.pk,
            cursor=post.pk,
            author=post.author_id,
            original_author=first.author_id if first else None,
            original=post.retweet_of_id,
            quoted=post.quote_of_id,
            answered=post.reply_to_id,
            quoted_by_original=first.quote_of_id if first else None,
            answered_by_original=first.reply_to_id if first else None,
        )

    @property
    def shown(self) -> int:
        """The id of the post that its row shows."""
        return self.original or self.pk


PLACE = (
    *("pk", "cursor", "author", "retweet_of__author", "retweet_of", "quote_of", "reply_to"),
    *("retweet_of__quote_of", "retweet_of__reply_to"),
)
ABOVE = ("reply_to__quote_of", "reply_to__reply_to")  # for where what is answered is a row as well


class _Columns(NamedTuple):
    id: int
    author_id: int
    kind: str
    html: str
    sensitive: bool
    reply_to_id: int | None
    reply_to_handle: str
    reply_to_url: str
    above: int | None
    quote_of_id: int | None
    quote_handle: str
    quote_url: str
    retweet_of_id: int | None
    is_external: bool
    is_dated: bool
    origin_url: str
    imported_likes: int
    imported_retweets: int
    media_count: int
    likes_count: int
    retweets_count: int
    replies_count: int
    own_replies_count: int
    quotes_count: int
    is_edited: bool
    is_put_aside: bool
    author__handle: str
    author__host: str
    author__name: str
    author__avatar: str
    author_is_protected: bool
    card__url: str | None
    card__domain: str
    card__title: str
    card__description: str
    card__key: str | None
    card__width: int
    card__height: int
    my_like: int | None = None  # the viewer's
    my_retweet: int | None = None
    my_bookmark: int | None = None
    my_mute: int | None = None  # of its author, where mutes count
    my_follow: int | None = None


class PostRecord(PostFacts, _Columns):
    """A post or a retweet, of which those columns were read that a row shows, its author and its
    card with it; and what the viewer did with it.
    """

    __slots__ = ()

    @property
    def pk(self) -> int:
        return self.id

    @property
    def is_protected(self) -> bool:
        return self.author_is_protected

    @property
    def original(self) -> int:
        """The id of the post that its row shows."""
        return self.retweet_of_id or self.id


_OF_VISITORS = _Columns._fields[: _Columns._fields.index("my_like")]
_WITHOUT_MUTES = _Columns._fields[: _Columns._fields.index("my_mute")]


@prepared
def _posts(viewer: Any, ids: Params, asked: Params, muter: Any) -> Any:
    """Ask for those posts of `ids` that `viewer` may come across; of the `asked` authors, all that
    are visible. `muter` is the viewer again where mutes count.
    """
    posts = Post.objects.visible_to(viewer).met_by(viewer, asked=asked).with_ids(ids)
    posts = posts.annotate(
        is_edited=Q(edited_at__isnull=False),
        author_is_protected=Q(author__protected_at__isnull=False),
        is_put_aside=Q(put_aside_at__isnull=False),
    )
    if not viewer:
        return posts.values_list(*_OF_VISITORS)
    this = {"post": OuterRef("pk")}
    posts = posts.annotate(
        my_like=_first(Like.objects.by(viewer).filter(**this)),
        my_retweet=_first(Post.objects.by(viewer).filter(retweet_of=OuterRef("pk"))),
        my_bookmark=_first(Bookmark.objects.by(viewer).filter(**this)),
    )
    if not muter:
        return posts.values_list(*_WITHOUT_MUTES)
    author = OuterRef("author")
    return posts.annotate(
        my_mute=_first(Mute.objects.by(muter).standing().filter(muted=author)),
        my_follow=_first(Follow.objects.filter(follower=muter, followed=author)),
    ).values_list(*_Columns._fields)


def _first(rows: Any) -> Subquery:
    """Ask for one of `rows` of each post: of Exists, PostgreSQL may read all that the viewer ever
    liked.
    """
    return Subquery(rows.values("pk")[:1])


class Posts(dict[int, PostRecord]):
    """Posts by id; who asks for one that went meanwhile finds no page."""

    def __missing__(self, pk: int) -> PostRecord:
        raise Http404("It was taken away in this moment.")


def read_posts(
    entries: Sequence[Entry], viewer: Account | None, *, mutes_count: bool = False
) -> Posts:
    """Return all posts that rows of `entries` show: those themselves and their originals, and of
    what these quote and answer what `viewer` may come across; where `mutes_count`, with whether
    they mute and follow who said it.
    """
    if not entries:
        return Posts()
    ids = {pk for entry in entries for pk in (entry.pk, *entry[4:11]) if pk}
    asked = {author for entry in entries for author in entry[2:4] if author}
    reader = viewer.pk if viewer else None
    rows = _posts(viewer=reader, ids=ids, asked=asked, muter=reader if mutes_count else None)
    return Posts((row[0], PostRecord(*row)) for row in rows)


@prepared
def _muted_words(viewer: Any) -> Any:
    return MutedWord.objects.by(viewer).standing().in_one()


def read_muted_words(viewer: Account | None) -> MutedWords | None:
    """Return the words that `viewer` muted, none perhaps; None for who mutes neither words nor
    people.
    """
    if viewer is None:
        return None
    words = viewer.muted_words_in_one
    if words is None:
        words = "".join(text for (text,) in _muted_words(viewer=viewer.pk))
    return MutedWords(words_in(words)) if words or viewer.mutes_people else None


@prepared
def _media(posts: Any) -> Any:
    return Media.objects.of_posts(posts).values_list("post", *ShownMedia._fields[:-2], "color")


def read_media(posts: Collection[int]) -> dict[int, tuple[ShownMedia, ...]]:
    """Return the pictures and videos of the posts with these ids."""
    found = defaultdict(list)
    for post, *columns, color in _media(posts=posts) if posts else ():
        found[post].append(ShownMedia._make((*columns, tint(color), False)))
    return {post: tuple(media) for post, media in found.items()}


@prepared
def _addressees(viewer: Any, posts: Any) -> Any:
    seen = Account.objects.visible_to(viewer)
    return Mention.objects.addressing(posts, seen).values_list(
        "post", "account__handle", "account__host"
    )


def read_addressees(posts: Collection[int], viewer: Account | None) -> dict[int, list[str]]:
    """Return whom the replies with these ids are written to, as rows name them, in order."""
    found = defaultdict(list)
    asked = {"viewer": viewer.pk if viewer else None, "posts": posts}
    for post, handle, host in _addressees(**asked) if posts else ():
        found[post].append(f"@{full_handle(handle, host)}")
    return found
