"""Home is read, not fanned out: the newest posts of those one follows, in a time that depends on
the page, not on the site.

The authors are read in the order of an upper bound of their newest post, twenty at a time, the
newest twenty posts of each, until the page's last row is newer than the bound of every author not
yet read. For who follows thousands, the newest posts of the site are looked at first: there enough
of them are theirs.
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
        rows = _once_each(_newest_at_home(reader, before))
        if len(rows) > size:
            return Page(rows[:size], rows[size - 1].pk, before is None)
    return _page_by_author(reader, before, size)


def _page_by_author(reader: Account, before: int | None, size: int) -> Page:
    found: list[Entry] = []
    floor = 0  # below it, posts of an author whose newest alone were read may be missing
    rows: list[Entry] = []
    for authors, next_bound in _batches(reader, before):
        most, in_all = size + 1, PAGES_AT_ONCE * size
        newest = _newest(reader, authors, most, in_all, before=before)
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

    Where nobody at home posted since, that is one query, and two where none of it is seen.
    """
    authors = _bounds(reader=reader.pk, before=None, bound=None, last=None, after=after)
    if not authors:
        return Newer(0, after)
    most = MOST_COUNTED + 1
    newest = _newest(reader, [pk for pk, _ in authors], most, most * len(authors), after=after)
    rows = _once_each(newest)

    def read(before: int | None) -> Page:
        left = [row for row in rows if before is None or row.pk < before]
        size = MOST_COUNTED + 1
        return Page(left[:size], left[size - 1].pk if len(left) > size else None)

    return Newer(len(wanted_page(read, reader, None).page.rows), authors[0][1])


def is_any_newer(after: int | str) -> bool:
    """Tell whether anybody posted anything since the post `after`: else no home has news."""
    return bool(_any_newer(after=int(after)))


@prepared
def _any_newer(after: Param) -> Any:
    return Post.objects.filter(pk__gt=after).values_list("pk")[:1]


def _floor(newest: list[Entry], most: int, in_all: int) -> int:
    """Return the id below which posts of authors may be missing: of each author `most` were read,
    `in_all` so many.
    """
    if len(newest) == in_all:
        return newest[-1].pk
    oldest: dict[int, list[int]] = {}
    for entry in newest:
        oldest.setdefault(entry.author, []).append(entry.pk)
    return max((min(pks) for pks in oldest.values() if len(pks) == most), default=0)


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
    of the author after it (0: none).
    """
    authors = _authors(reader, before)
    following = next(authors, None)
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
) -> list[Entry]:
    """The newest posts of each of `authors`, at most `most` of each; of all these the newest,
    `in_all`.
    """
    rows = _newest_of_each(most)(
        reader=reader.pk,
        authors=authors,
        before=MAX_ID if before is None else before,
        after=after,
        in_all=in_all,
    )
    return [Entry(*row) for row in rows]


@cache
def _newest_of_each(most: int) -> Callable[..., list[Any]]:
    # One plan for all authors is right here: the walk is along the index for each of them.
    @prepared
    def newest(
        reader: Any, authors: Params, before: Param, after: Param, in_all: Param
    ) -> Statement:
        posts = Post.objects.visible_to(reader).met_by(reader, asked=authors).wanted_by(reader)
        posts = posts.filter(author_id=RawSQL("author.id", ()), pk__lt=before, pk__gt=after)
        posts = posts.order_by("-pk")
        is_postgresql = connection.vendor == "postgresql"
        columns = (*PLACE, *ABOVE) if is_postgresql else ("pk",)
        each = Statement.of(posts.annotate(cursor=F("pk")).values_list(*columns)[:most])
        sql = (_LATERAL if is_postgresql else _EACH_BY_ID).format(newest=each.sql)
        return each._replace(sql=sql, params=(authors, *each.params, in_all))

    return newest


# The newest posts of each author, one short walk along the index for each; neither database says
# this as the other does.
_LATERAL = """SELECT newest.*
    FROM unnest(%s::bigint[]) author(id) CROSS JOIN LATERAL ({newest}) newest
    ORDER BY 1 DESC LIMIT %s"""
_EACH_BY_ID = """SELECT post.id, post.id, post.author_id, original.author_id, post.retweet_of_id,
    post.quote_of_id, post.reply_to_id, original.quote_of_id, original.reply_to_id,
    above.quote_of_id, above.reply_to_id
    FROM (SELECT value AS id FROM json_each(%s)) author
    JOIN timeline_post post ON post.id IN ({newest})
    LEFT JOIN timeline_post original ON original.id = post.retweet_of_id
    LEFT JOIN timeline_post above ON above.id = post.reply_to_id
    ORDER BY 1 DESC LIMIT %s"""
