"""The rows of a made-up community, as values: a field for each column that differs from row to row.

All other columns have the default of their model (timeline.populate.writing). Times are in
milliseconds since 1970 until they become a column.
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)


class UserRow(NamedTuple):
    id: int
    email: str
    password: str
    date_joined: str


class EmailRow(NamedTuple):
    user_id: int
    email: str
    verified: bool
    primary: bool


class AccountRow(NamedTuple):
    id: int
    handle: str
    user_id: int | None
    name: str
    bio: str
    bio_html: str
    location: str
    website: str
    avatar: str
    avatar_bytes: int
    joined_at: str
    followers_count: int
    following_count: int
    posts_count: int
    media_count: int
    stored_bytes: int
    last_post_id: int


class FollowRow(NamedTuple):
    follower_id: int
    followed_id: int
    created_at: str


class PostRow(NamedTuple):
    id: int
    author_id: int
    kind: str
    text: str = ""
    html: str = ""
    sensitive: bool = False
    reply_to_id: int | None = None
    quote_of_id: int | None = None
    retweet_of_id: int | None = None
    card_id: int | None = None
    media_count: int = 0
    likes_count: int = 0
    retweets_count: int = 0
    replies_count: int = 0
    own_replies_count: int = 0
    quotes_count: int = 0


class MediaRow(NamedTuple):
    post_id: int
    owner: int
    payer: int
    bytes: int
    position: int
    kind: str
    key: str
    alt: str
    color: str
    width: int
    height: int
    small_width: int


class CardRow(NamedTuple):
    id: int
    url: str
    domain: str
    title: str
    description: str
    key: str | None
    width: int
    height: int
    fetched_at: str
    due_at: str


class TagRow(NamedTuple):
    id: int
    name: str
    folded: str


class TaggingRow(NamedTuple):
    tag_id: int
    post_id: int


class MentionRow(NamedTuple):
    post_id: int
    account_id: int
    is_addressee: bool


class SearchRow(NamedTuple):
    rowid: int  # of the post
    words: str


class WordRow(NamedTuple):
    account_id: int
    word: str


class LikeRow(NamedTuple):
    account_id: int
    post_id: int
    created_at: str


class BookmarkRow(NamedTuple):
    account_id: int
    post_id: int
    created_at: str


class PinRow(NamedTuple):
    account_id: int
    post_id: int


type Row = (
    UserRow
    | EmailRow
    | AccountRow
    | FollowRow
    | PostRow
    | MediaRow
    | CardRow
    | TagRow
    | TaggingRow
    | MentionRow
    | SearchRow
    | WordRow
    | LikeRow
    | BookmarkRow
    | PinRow
)


def moment(when: int) -> str:
    """Return the time as either database takes it, in UTC."""
    return (_EPOCH + timedelta(0, 0, 0, when)).isoformat(" ")
