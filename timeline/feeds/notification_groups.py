"""Groups of what somebody is told, and who is in each, by one statement that is compiled once.

Who is in a group is read each time, through `visible_to` and `wanted_by`, so that what was taken
back, and who was blocked, muted or suspended, is in none; a group with nobody left is not there.
"""

from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import (
    BigIntegerField,
    Case,
    Exists,
    F,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import Exact

from accounts.models import Account, Follow, FollowRequest
from microblog.db.prepared import Param, Params, Statement, prepared
from microblog.web.converters import MAX_ID
from microblog.web.pagination import PAGE_SIZE, Page
from timeline.feeds.records import Entry
from timeline.models import Like, Notification, NotificationSettings, Post
from timeline.models.notification import MENTIONS

Kind = Notification.Kind
MOST_COUNTED = 100  # people of a group, besides the first
MOST_UNREAD = 20  # groups that the navigation counts: "20+"
LOOKED_AT = 200  # groups, of which those are left out in which nobody is left
TABS = ("all", "mentions", "filtered")
OF_POSTS = (*MENTIONS, Kind.EDIT.value)  # who is in it is who wrote the post
FROM_SITE = (Kind.DECISION.value, Kind.IMPORT.value, Kind.EXPORT.value)  # nobody is in it


# --- Who is in a group of a kind, as far as they stand ---


class _Source(NamedTuple):
    """Where it stands: the `rows` for a viewer, the key of a row that leads to the `account`, and
    the order in which the newest is first. `while_so`: of the notification, what must hold.
    """

    rows: Callable[[Any], Any]
    account: str
    newest_first: str = "-pk"
    while_so: Q = Q()


def _of_the_day(rows: Any) -> Any:
    day = OuterRef("day")
    return rows.filter(created_at__gte=day, created_at__lt=day + Value(timedelta(days=1)))


def _followers(viewer: Any) -> Any:
    return _of_the_day(Follow.objects.filter(followed=viewer))


def _asking(viewer: Any) -> Any:
    return _of_the_day(FollowRequest.objects.filter(followed=viewer))


def _accepting(viewer: Any) -> Any:
    return _of_the_day(Follow.objects.filter(follower=viewer, was_asked_for=True))


def _liking(_: Any) -> Any:
    return Like.objects.filter(post=OuterRef("post"))


def _retweeting(_: Any) -> Any:
    retweets = Post.objects.done_here().undeleted().filter(hidden_at=None)
    return retweets.filter(retweet_of=OuterRef("post"))


def _post_that(concerns: str) -> _Source:
    """Return the source of groups that are one post, which `concerns` the viewer by this key."""
    return _Source(
        lambda viewer: Post.objects.filter(pk=OuterRef("post"), **{concerns: viewer}), "author"
    )


_POST_STANDS = Q(post__hidden_at=None, post__deleted_at=None)
_SOURCES = {
    Kind.FOLLOW: _Source(_followers, "follower", "-created_at"),
    # of who is protected no longer, nothing is asked
    Kind.REQUEST: _Source(_asking, "follower", while_so=Q(recipient__protected_at__isnull=False)),
    Kind.APPROVAL: _Source(_accepting, "followed", "-created_at"),
    Kind.REPLY: _post_that("mentions__account"),  # what it answers may be gone
    Kind.MENTION: _post_that("mentions__account"),
    Kind.QUOTE: _post_that("quote_of__author"),
    Kind.RETWEET: _Source(_retweeting, "author", while_so=_POST_STANDS),
    Kind.LIKE: _Source(_liking, "account", while_so=_POST_STANDS),
    Kind.EDIT: _post_that("retweets__author"),
}


class _Joined(Subquery):
    """The column `member` of all rows, as one text: "12,7"; null where there is none."""

    output_field = TextField()
    template = "(SELECT string_agg(CAST(one.member AS text), ',') FROM (%(subquery)s) one)"

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "(SELECT group_concat(one.member, ',') FROM (%(subquery)s) one)"
        return self.as_sql(compiler, connection, template=template, **more)


def _members(kind: Kind, viewer: Any, *, is_filtered: bool) -> _Joined:
    """Return the ids of who is in the group, the newest first, one more than is counted; of a kind
    that is limited those whom `viewer` follows, or all others where that `is_filtered`.

    Each is looked up by itself: joined, PostgreSQL would read and sort a whole crowd.
    """
    source = _SOURCES[kind]
    they = OuterRef(source.account)
    standing = Account.objects.standing().filter(pk=they).values("pk")[:1]
    known = Exists(Follow.objects.filter(follower=viewer, followed=they))
    wanted = Q(~known) if is_filtered else Q(Exact(OuterRef("is_limited"), 0)) | Q(known)
    rows = source.rows(viewer).alias(standing=Subquery(standing))
    rows = rows.filter(wanted, standing__isnull=False).order_by(source.newest_first)
    return _Joined(rows.values(member=F(f"{source.account}_id"))[: MOST_COUNTED + 1])


# --- Which groups there are ---


def _setting(viewer: Any, column: str) -> Coalesce:
    kept = NotificationSettings.objects.filter(account=viewer).values(column)
    return Coalesce(Subquery(kept), Value(0), output_field=BigIntegerField())


def _groups(viewer: Any, *, is_filtered: bool = False) -> Any:
    """Return the groups of the kinds that `viewer` wants, with who is in them, the newest first."""

    kind: Any = F("kind")

    def says(column: str) -> Any:
        return _setting(viewer, column).bitrightshift(kind).bitand(1)

    members = (
        When(Q(kind=kind) & source.while_so, then=_members(kind, viewer, is_filtered=is_filtered))
        for kind, source in _SOURCES.items()
    )
    from_site = When(kind__in=FROM_SITE, then=Value(""))
    groups: Any = Notification.objects.to(viewer).newest_first()
    groups = groups.alias(is_off=says("off"), is_limited=says("limited")).annotate(
        members=Case(*members, from_site, output_field=TextField()),
        seen_id=_setting(viewer, "seen_id"),
        limited=_setting(viewer, "limited"),
    )
    return groups.filter(is_off=0, **({"is_limited": 1} if is_filtered else {}))


def _that_are_met(groups: Any, viewer: Any, most: int) -> Statement:
    """Return the first of `groups` that `viewer` may come across and did not turn away, `most` at
    most, with the ids of those of their members.

    A group is looked at when the one before it was: the walk ends as soon as there are enough. (A
    limit keeps the planner from looking at each twice.)
    """
    listed = Statement.of(groups.values_list(*_COLUMNS)[:LOOKED_AT])
    people = Account.objects.visible_to(viewer).met_by(viewer).wanted_by(viewer)
    posts = Post.objects.visible_to(viewer).met_by(viewer).wanted_by(viewer)
    is_postgresql = connection.vendor == "postgresql"
    among, joined = _ON_POSTGRESQL if is_postgresql else _ON_SQLITE
    told = people.filter(pk__in=RawSQL(among, ()))  # noqa: S611  (ours)
    met_people = Statement.of(told.values_list("pk"))
    written = posts.filter(pk=RawSQL("told.post_id", ()))
    met_posts = Statement.of(written.values_list(Cast("author_id", TextField())))
    sql = f"""SELECT * FROM (
        SELECT told.*, CASE WHEN told.members IS NULL THEN NULL
            WHEN told.kind IN {FROM_SITE} THEN ''
            WHEN told.kind IN {OF_POSTS} THEN ({met_posts.sql})
            ELSE (SELECT {joined} FROM ({met_people.sql}) met) END AS met
        FROM ({listed.sql}) told LIMIT {LOOKED_AT}) told
        WHERE told.met IS NOT NULL LIMIT {most}"""  # noqa: S608  (ours)
    params = (*met_posts.params, *met_people.params, *listed.params)
    return listed._replace(sql=sql, params=params)


# whom to look among, and how their ids become one text
_ON_POSTGRESQL = (
    "SELECT unnest(CAST(string_to_array(told.members, ',') AS bigint[]))",
    "string_agg(CAST(met.pk AS text), ',')",
)
_ON_SQLITE = (
    "SELECT value FROM json_each('[' || told.members || ']')",
    "group_concat(met.pk, ',')",
)


@prepared
def _unread(viewer: Any) -> Any:
    groups = _groups(viewer).filter(newest_id__gt=_setting(viewer, "seen_id"))
    return _that_are_met(groups, viewer, MOST_UNREAD + 1)


def count_unread(viewer: Account) -> int:
    """Return how many groups `viewer` has not seen, at most MOST_UNREAD + 1."""
    return len(_unread(viewer=viewer.pk))


_COLUMNS = (
    *("pk", "cursor", "kind", "members", "seen_id", "limited"),
    *("post_id", "post__author_id", "post__quote_of_id", "post__reply_to_id"),
)


class Group(NamedTuple):
    """A place of the page: a group, its post, and the ids of who is in it."""

    pk: int
    cursor: int
    kind: int
    members: str  # the newest first
    seen_id: int
    limited: int
    post: int | None
    author: int
    quoted: int | None
    answered: int | None
    met: str  # those of them whom the viewer may come across

    @property
    def is_unread(self) -> bool:
        return self.cursor > self.seen_id

    @property
    def people(self) -> list[int]:
        met = set(self.met.split(","))
        return [int(member) for member in self.members.split(",") if member and member in met]

    @property
    def entry(self) -> Entry | None:
        """Return its post as a place of a timeline; with what that quotes and answers where the
        post itself is shown.
        """
        if self.post is None:
            return None
        beside = (self.quoted, self.answered) if self.kind in MENTIONS else (None, None)
        return Entry(self.post, self.cursor, self.author, None, None, *beside, None, None)


@prepared
def _page(viewer: Any, before: Param, mentions: Any, filtered: Any) -> Any:
    groups = _groups(viewer, is_filtered=bool(filtered)).filter(cursor__lt=before)
    if mentions:
        groups = groups.filter(is_mention=True)
    return _that_are_met(groups, viewer, PAGE_SIZE + 1)


@prepared
def _news(viewer: Any, since: Param, until: Param, kinds: Params) -> Any:
    groups = _groups(viewer).filter(cursor__gt=since, cursor__lte=until, kind__in=kinds)
    unseen = groups.filter(newest_id__gt=_setting(viewer, "seen_id"))
    return _that_are_met(unseen, viewer, PAGE_SIZE + 1)


def read_news(viewer: Account, since: int, until: int, kinds: Collection[int]) -> Page:
    """Return the newest groups of these `kinds` that `viewer` has not seen, of a time."""
    rows = _news(viewer=viewer.pk, since=since, until=until, kinds=sorted(kinds))
    groups = [Group(*row) for row in rows]
    more = len(groups) > PAGE_SIZE
    return Page(groups[:PAGE_SIZE], groups[PAGE_SIZE - 1].cursor if more else None)


def read_page(viewer: Account, tab: str, before: int | None) -> Page:
    """Return the groups of a `tab` (TABS) that stand after the cursor `before`."""
    chosen = {name: 1 if name == tab else None for name in TABS[1:]}
    cursor = MAX_ID if before is None else before
    groups = [Group(*row) for row in _page(viewer=viewer.pk, before=cursor, **chosen)]
    more = len(groups) > PAGE_SIZE
    return Page(groups[:PAGE_SIZE], groups[PAGE_SIZE - 1].cursor if more else None, before is None)
