"""Home is read, not fanned out: the newest posts of those one follows, in a time that depends on
the page, not on the site.

The authors are read in the order of an upper bound of their newest post, twenty at a time, the
newest twenty posts of each, until the page's last row is newer than the bound of every author not
yet read. For who follows thousands, the newest posts of the site are looked at first: there enough
of them are theirs. What others posted with the tags that one follows is one author more.
"""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL

from accounts.models import Account, Follow
from microblog.db.prepared import Param, Params, Statement, prepared
from microblog.web.converters import MAX_ID
from microblog.web.pagination import PAGE_SIZE, Page
from timeline.feeds.records import ABOVE, PLACE, Entry
from timeline.feeds.wanted import wanted_page
from timeline.models import Post

AUTHORS_AT_ONCE = 20
BOUNDS_AT_ONCE = 200
PAGES_AT_ONCE = 3  # are read of those authors: of some rows the original stands there already
MOST_COUNTED = PAGE_SIZE  # of what is new; of more it says that there are more
# Who follows MANY looks at the newest posts, whosever they are: at LOOKED_AT of them, until some
# that are at home, CANDIDATES, are found.
MANY, LOOKED_AT, CANDIDATES = 500, 2000, 40


def home_page(reader: Account, before: int | None, size: int = PAGE_SIZE) -> Page:
    """The page of the home timeline of `reader` that begins after `before`; an original shows once
    on it, in its newest row.

    It has `size` rows, or fewer where one author retweeted what stands on it already again and
    again.
    """
    if reader.following_count >= MANY:
        found = _newest_at_home(reader, before)
        if len(_once_each(found)) > size:
            rows = _with_tagged(reader, found, before, size)
            return Page(rows, rows[-1].pk, before is None)
    return _page_by_author(reader, before, size)


def _with_tagged(reader: Account, found: list[Entry], before: int | None, size: int) -> list[Entry]:
    """Return the first rows of `found`, and of what the tags bring that `reader` follows."""
    if not reader.follows_tags:
        return _once_each(found)[:size]
    tagged = _newest(reader, [], size + 1, 0, before=before, with_tags=True)
    floor = _floor(tagged, size + 1, 0)
    return [entry for entry in _once_each([*found, *tagged]) if entry.pk >= floor][:size]


def _page_by_author(reader: Account, before: int | None, size: int) -> Page:
    found: list[Entry] = []
    floor = 0  # below it, posts of an author whose newest alone were read may be missing
    rows: list[Entry] = []
    with_tags = reader.follows_tags
    for authors, next_bound in _batches(reader, before):
        most, in_all = size + 1, PAGES_AT_ONCE * size
        newest = _newest(reader, authors, most, in_all, before=before, with_tags=with_tags)
        with_tags = False  # they are read with the first authors
        found += newest
        floor = max(floor, _floor(newest, most, in_all))
        rows = [entry for entry in _once_each(found) if entry.pk >= floor]
        if (len(rows) > size and rows[size].pk > next_bound) or floor > next_bound:
            break
    more = len(rows) > size or floor
    rows = rows[:size]
    return Page(rows, rows[-1].pk if rows and more else None, before is None)


class Newer(NamedTuple):
    """What came to somebody's home since a post: `number` rows, or more than MOST_COUNTED; and the
    post up to which all was looked at.
    """

    number: int
    until: int

    @property
    def shown(self) -> str:
        return f"{MOST_COUNTED}+" if self.number > MOST_COUNTED else str(self.number)


def newer_at_home(reader: Account, after: int) -> Newer:
    """Count the rows that the home of `reader` has above the post `after`.

    Where nobody at home posted since, that is one query, and two where none of it is seen, or where
    it follows tags.
    """
    authors = _bounds(reader=reader.pk, before=None, bound=None, last=None, after=after)
    with_tags = reader.follows_tags
    if not authors and not with_tags:
        return Newer(0, after)
    most, ids = MOST_COUNTED + 1, [pk for pk, _ in authors]
    newest = _newest(reader, ids, most, most * len(ids), after=after, with_tags=with_tags)
    rows = _once_each(newest)

    def read(before: int | None) -> Page:
        left = [row for row in rows if before is None or row.pk < before]
        size = MOST_COUNTED + 1
        return Page(left[:size], left[size - 1].pk if len(left) > size else None)

    until = max([after, *(bound for _, bound in authors[:1]), *(row.pk for row in rows[:1])])
    return Newer(len(wanted_page(read, reader, None).page.rows), until)


def is_any_newer(after: int | str) -> bool:
    """Tell whether anybody posted anything since the post `after`: else no home has news."""
    return bool(_any_newer(after=int(after)))


@prepared
def _any_newer(after: Param) -> Any:
    # Along the ids: where none is newer, PostgreSQL would read all posts to know it.
    return Post.objects.filter(pk__gt=after).order_by("-pk").values_list("pk")[:1]


def _floor(newest: list[Entry], most: int, in_all: int) -> int:
    """Return the id below which posts may be missing: of each author, and of all followed tags,
    `most` were read, of all authors `in_all`.
    """
    oldest: dict[int, list[int]] = {}
    for entry in newest:
        oldest.setdefault(0 if entry.topic else entry.author, []).append(entry.pk)
    floor = max((min(pks) for pks in oldest.values() if len(pks) == most), default=0)
    of_authors = [entry.pk for entry in newest if not entry.topic]
    return max(floor, min(of_authors)) if of_authors and len(of_authors) == in_all else floor


def _once_each(found: list[Entry]) -> list[Entry]:
    """The entries, newest first, without those whose original is in a newer one already, which
    says how many others retweeted it.
    """
    rows: dict[int, Entry] = {}
    for entry in sorted(found, key=lambda entry: entry.pk, reverse=True):
        first = rows.setdefault(entry.shown, entry)
        if first is not entry and entry.original:
            rows[entry.shown] = first._replace(others=first.others + 1)
    return list(rows.values())


def _batches(reader: Account, before: int | None) -> Iterator[tuple[list[int], int]]:
    """The authors to read, twenty at a time and the highest bound first, each batch with the bound
    of the author after it (0: none). Where nobody posted, and it follows tags, one batch is empty.
    """
    authors = _authors(reader, before)
    following = next(authors, None)
    if not following and reader.follows_tags:
        yield [], 0
    while following:
        batch = [following, *islice(authors, AUTHORS_AT_ONCE - 1)]
        following = next(authors, None)
        yield [pk for pk, _ in batch], following[1] if following else 0


def _authors(reader: Account, before: int | None) -> Iterator[tuple[int, int]]:
    """Those whom `reader` follows, and the reader: the id of each and the bound of their newest
    post before the cursor.
    """
    last: tuple[int, int] | tuple[None, None] = (None, None)
    while chunk := _bounds(reader=reader.pk, before=before, bound=last[1], last=last[0], after=0):
        yield from chunk
        if len(chunk) < BOUNDS_AT_ONCE:
            break
        last = chunk[-1]


@prepared
def _bounds(
    reader: Any, before: Param | None, bound: Param | None, last: Param | None, after: Param
) -> Any:
    authors: Any = Account.objects.visible_to(reader).wanted_by(reader)
    if before:
        newest = Post.objects.filter(author=OuterRef("pk"), pk__lt=before).order_by("-pk")
        authors = authors.annotate(bound=Subquery(newest.values("pk")[:1]))
    else:
        authors = authors.annotate(bound=F("last_post_id"))
    ids = Account.objects.ids_at_home(reader)
    if connection.vendor == "postgresql":
        return _bounds_of_each(authors, ids, bound, last, after)
    if bound:
        authors = authors.filter(Q(bound__lt=bound) | Q(bound=bound, pk__lt=last))
    authors = authors.filter(pk__in=ids, bound__gt=after).order_by("-bound", "-pk")
    return authors.values_list("pk", "bound")[:BOUNDS_AT_ONCE]


def _bounds_of_each(
    authors: Any, ids: Any, bound: Param | None, last: Param | None, after: Param
) -> Statement:
    """Ask for each of the `ids` by itself, along the primary key: else PostgreSQL reads all
    accounts of the site for who follows a thousand.
    """
    each = Statement.of(authors.filter(pk=RawSQL("at_home.id", ())).values_list("pk", "bound")[:1])
    at_home, following = Statement.of(ids), (bound, last) if bound else ()
    sql = f"""SELECT author.pk, author.bound FROM ({at_home.sql}) at_home(id)
        CROSS JOIN LATERAL ({each.sql}) author
        WHERE author.bound > %s {"AND (author.bound, author.pk) < (%s, %s)" if bound else ""}
        ORDER BY author.bound DESC, author.pk DESC LIMIT {BOUNDS_AT_ONCE}"""  # noqa: S608  (ours)
    return each._replace(sql=sql, params=(*at_home.params, *each.params, after, *following))


def _newest_at_home(reader: Account, before: int | None) -> list[Entry]:
    """The newest posts at home, CANDIDATES at most, of the LOOKED_AT newest of the site."""
    rows = _of_everybody(reader=reader.pk, before=MAX_ID if before is None else before)
    return [Entry(*row) for row in rows]


@prepared
def _of_everybody(reader: Any, before: Param) -> Any:
    # A LIMIT, so that each author is looked up by itself: else PostgreSQL reads all who are
    # followed.
    is_followed = Statement.of(
        Follow.objects.filter(follower=reader, followed=RawSQL("newest.author_id", ())).values_list(
            "pk"
        )[:1]
    )
    sql = f"""SELECT newest.id FROM (
            SELECT id, author_id FROM timeline_post WHERE id < %s ORDER BY id DESC LIMIT {LOOKED_AT}
        ) newest
        WHERE newest.author_id = %s OR ({is_followed.sql}) IS NOT NULL
        ORDER BY newest.id DESC LIMIT {CANDIDATES}"""  # noqa: S608  (ours)
    params = (before, reader, *is_followed.params)
    candidates = RawSQL(sql, params)  # noqa: S611  (ours)
    posts = Post.objects.visible_to(reader).met_by(reader).wanted_by(reader)
    found = posts.filter(pk__in=candidates).order_by("-pk").annotate(cursor=F("pk"))
    return found.values_list(*PLACE, *ABOVE)


def _newest(
    reader: Account,
    authors: list[int],
    most: int,
    in_all: int,
    *,
    before: int | None = None,
    after: int = 0,
    with_tags: bool,
) -> list[Entry]:
    """The newest posts of each of `authors`, at most `most` of each; of all these the newest,
    `in_all`. `with_tags`, the newest `most` as well that others posted with the tags which `reader`
    follows.
    """
    rows = _newest_of_each(most, with_tags)(
        reader=reader.pk,
        authors=authors,
        before=MAX_ID if before is None else before,
        after=after,
        in_all=in_all,
    )
    return [Entry(*row[:-1])._replace(topic=row[-1]) for row in rows]


@cache
def _newest_of_each(most: int, with_tags: bool) -> Callable[..., list[Any]]:  # noqa: FBT001  (a key)
    # One plan for all authors is right here: the walk is along the index for each of them.
    @prepared
    def newest(
        reader: Any, authors: Params, before: Param, after: Param, in_all: Param
    ) -> Statement:
        posts = Post.objects.visible_to(reader).met_by(reader, asked=authors).wanted_by(reader)
        posts = posts.filter(author_id=RawSQL("author.id", ()), pk__lt=before, pk__gt=after)
        is_postgresql = connection.vendor == "postgresql"
        each = _each(posts, most)
        sql = (_LATERAL if is_postgresql else _EACH_BY_ID).format(newest=each.sql)
        found = each._replace(sql=sql, params=(authors, *each.params, in_all))
        return _and_of_tags(found, reader, before, after, most) if with_tags else found

    return newest


def _each(posts: Any, most: int) -> Statement:
    """Ask for the newest of `posts`: what Entry has of them, on SQLite their ids alone."""
    columns = (*PLACE, *ABOVE) if connection.vendor == "postgresql" else ("pk",)
    return Statement.of(posts.order_by("-pk").annotate(cursor=F("pk")).values_list(*columns)[:most])


def _and_of_tags(
    authors: Statement, reader: Any, before: Param, after: Param, most: int
) -> Statement:
    """Ask as well for what others posted with the tags that `reader` follows; of those whom they
    follow, they have it anyway.
    """
    mine = Follow.objects.filter(follower=reader, followed=OuterRef("author")).values("pk")[:1]
    posts = Post.objects.visible_to(reader).discoverable().wanted_by(reader).listed()
    posts = posts.alias(mine=Subquery(mine)).filter(mine=None).exclude(author=reader)
    if connection.vendor == "postgresql":
        each, walk = _each(posts.filter(pk=RawSQL("near.post_id", ())), 1), _LATERAL_OF_TAGS
        params = (*authors.params, reader, before, after, *each.params)
    else:
        nearest = RawSQL(_NEAREST, (before, after))  # noqa: S611  (ours)
        each, walk = _each(posts.filter(pk__in=nearest), most), _TAGS_BY_ID
        params = (*authors.params, reader, *each.params)
    tagged = walk.format(newest=each.sql, most=most)
    sql = f"""SELECT * FROM ({authors.sql}) known
        UNION ALL SELECT * FROM ({tagged} ORDER BY 1 DESC LIMIT {most}) tagged"""  # noqa: S608
    return authors._replace(sql=sql, params=params)


# The newest posts of each author, one short walk along the index for each; neither database says
# this as the other does.
_LATERAL = """SELECT newest.*, '' AS topic
    FROM unnest(%s::bigint[]) author(id) CROSS JOIN LATERAL ({newest}) newest
    ORDER BY 1 DESC LIMIT %s"""
_COLUMNS_BY_ID = """post.id, post.id, post.author_id, original.author_id, post.retweet_of_id,
    post.quote_of_id, post.reply_to_id, original.quote_of_id, original.reply_to_id,
    above.quote_of_id, above.reply_to_id"""
_BESIDE_BY_ID = """LEFT JOIN timeline_post original ON original.id = post.retweet_of_id
    LEFT JOIN timeline_post above ON above.id = post.reply_to_id"""
_EACH_BY_ID = f"""SELECT {_COLUMNS_BY_ID}, '' AS topic
    FROM (SELECT value AS id FROM json_each(%s)) author
    JOIN timeline_post post ON post.id IN ({{newest}})
    {_BESIDE_BY_ID}
    ORDER BY 1 DESC LIMIT %s"""  # noqa: S608  (ours)
# Likewise of each followed tag, of which so many taggings are looked at.
_NEAREST = """SELECT post_id FROM timeline_tagging
    WHERE tag_id = followed.id AND post_id < %s AND post_id > %s
    ORDER BY post_id DESC LIMIT 100"""
_FOLLOWED = """(SELECT tag.id, tag.name FROM timeline_tagfollow mine
    JOIN timeline_tag tag ON tag.id = mine.tag_id WHERE mine.account_id = %s) followed"""
_LATERAL_OF_TAGS = f"""SELECT newest.*, followed.name FROM {_FOLLOWED}
    CROSS JOIN LATERAL (SELECT newest.* FROM ({_NEAREST}) near
        CROSS JOIN LATERAL ({{newest}}) newest ORDER BY near.post_id DESC LIMIT {{most}}) newest"""  # noqa: S608
_TAGS_BY_ID = f"""SELECT {_COLUMNS_BY_ID}, followed.name FROM {_FOLLOWED}
    JOIN timeline_post post ON post.id IN ({{newest}})
    {_BESIDE_BY_ID}"""  # noqa: S608
