"""What one row of a timeline shows, as one frozen value: its template reads nothing else.

Two rows that show the same are equal, with one hash and one JSON: they are tuples that hold str,
int, bool, None, and tuples of those. Nothing here asks a database, a request or a clock: what makes
them does (timeline.feeds.hydrate).
"""

from typing import Any, NamedTuple

from accounts.models.account_facts import AccountFacts
from microblog.text.age import Age
from timeline.models.media import MediaFacts


class _Author(NamedTuple):
    pk: int
    handle: str
    host: str  # "" for who is here
    name: str
    avatar: str  # the key of its upload, or ""
    is_protected: bool = False


class ShownAuthor(AccountFacts, _Author):
    """Who said it, or retweeted it; components of accounts read it as they read an Account."""

    __slots__ = ()


class _Media(NamedTuple):
    id: int
    kind: str
    key: str
    container: str
    moves: bool
    alt: str
    width: int
    height: int
    small_width: int
    tint: str  # the class for its colour while it loads, or ""
    loads_first: bool  # of its page


class ShownMedia(MediaFacts, _Media):
    """A picture or a video of a post."""

    __slots__ = ()


class ShownCard(NamedTuple):
    """What a link shows of the page behind it; `picture` is an address, or ""."""

    url: str
    domain: str
    title: str
    description: str
    picture: str
    width: int
    height: int


class ShownPost(NamedTuple):
    """What a post shows wherever it stands: in a row of its own, or in one that quotes it."""

    id: int
    url: str
    author: ShownAuthor
    posted: Age | None  # None: nobody knows when
    html: str
    is_long: bool  # its beginning alone is shown
    is_sensitive: bool
    media: tuple[ShownMedia, ...]


class AbsentPost(NamedTuple):
    """A post elsewhere that is answered or quoted: its address, and whose it is, where known."""

    url: str = ""
    handle: str = ""


class MutedPost(NamedTuple):
    """A post that is quoted, of somebody whom the viewer muted: its address."""

    url: str
    is_muted: bool = True


class Addressees(NamedTuple):
    """Whom a reply is written to: handles of people here and how many more; or an absent post."""

    handles: tuple[str, ...] = ()
    others: int = 0
    absent: AbsentPost = AbsentPost()


class Menu(NamedTuple):
    """What one may do with the post besides, and where it came from."""

    origin_url: str
    is_own: bool
    may_edit: bool
    may_pin: bool  # or unpin, where `is_pinned`
    is_pinned: bool
    may_detach: bool
    aside: str  # "hide" or "show" this reply, for whose post it answers; else ""


class Details(NamedTuple):
    """What the page of a post says of it, and no other row does."""

    origin_url: str
    date: str  # in words, to the minute; "" where nobody knows
    machine_date: str
    retweets: int
    quotes: int
    likes: int
    shows_who_likes: bool
    rules: tuple[str, ...]  # who may answer and quote it, where not everyone may


class Reactions(NamedTuple):
    """The buttons below a post: how often each was pressed, and whether the viewer did."""

    id: int  # of the post
    url: str
    row_id: int | None  # where on its page one comes back to
    is_external: bool
    is_protected: bool  # nobody can retweet it
    is_signed_in: bool
    replies: int
    retweets: int  # with the quotes
    likes: int
    is_retweeted: bool
    is_liked: bool
    is_bookmarked: bool


class Row(NamedTuple):
    """A post as it stands on a page, or a retweet, which shows its original."""

    id: int  # of the post or the retweet
    post: ShownPost
    gap: str  # what stands above it in the place of what it answers, or ""
    absent_parent: AbsentPost | None  # likewise: a link to it
    retweeter: ShownAuthor | None
    other_retweeters: int  # in whose place it stands as well
    retweeted: Age | None
    addressees: Addressees | None  # None: what it answers, if anything, stands above it
    card: ShownCard | None
    quoted: ShownPost | AbsentPost | MutedPost | None
    has_quote: bool  # seen or not
    is_edited: bool
    is_reply: bool
    is_pinned: bool  # and shown as such
    is_focus: bool  # its page is about it
    is_chained: bool  # a line leads to the row below
    is_read_only: bool
    has_thread: bool  # its author went on, and that is not shown here
    menu: Menu | None
    details: Details | None
    reactions: Reactions | None
    topic: str = ""  # the tag that its viewer follows, where nothing else brought it
    muted: str = ""  # what the viewer muted of it, where that is folded: "person", "word"


# what has fields, and nothing that is made of them
_FIELDS_ALONE = {ShownCard, ShownPost, AbsentPost, MutedPost, Addressees, Menu, Details, Reactions}


def opened(value: tuple[Any, ...]) -> dict[str, Any]:
    """Return what a row says, and all within, by the names of the fields.

    A template looks for a key first, then for an attribute: of a tuple, each name that it reads
    costs an exception. So rows are rendered in an eighth less time.
    """
    fields = zip(value._fields, value, strict=True)  # type: ignore[attr-defined]
    return {name: opened(one) if type(one) in _FIELDS_ALONE else one for name, one in fields}
