"""Home is read, not fanned out: the newest posts of those one follows, in a time that depends on
the page, not on the site.

The authors are read in the order of an upper bound of their newest post, twenty at a time, the
newest twenty posts of each, until the page's last row is newer than the bound of every author not
yet read.
"""

import json
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from django.db import connection
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL

from accounts.models import Account
from microblog.web.pagination import PAGE_SIZE, Page
from timeline.models import Post

AUTHORS_AT_ONCE = 20
BOUNDS_AT_ONCE = 200


class Row(NamedTuple):
    pk: int
    original: int
    author: int


def home_page(reader: Account, before: int | None, size: int = PAGE_SIZE) -> Page:
    """The page of the home timeline of `reader` that begins after `before`; an original shows once
    on it, in its newest row.

    It has `size` rows, or fewer where one author retweeted what stands on it already again and
    again.
    """
    found: list[Row] = []
    floor = 0  # below it, posts of an author whose newest alone were read may be missing
    rows: list[int] = []
    for authors, next_bound in _batches(reader, before):
        newest = _newest(reader, authors, before, size + 1)
        found += newest
        floor = max(floor, _floor(newest, size + 1))
        rows = [pk for pk in _once_each(found) if pk >= floor]
        if (len(rows) > size and rows[size] > next_bound) or floor > next_bound:
            break
    more = len(rows) > size or floor
    rows = rows[:size]
    posts = Post.objects.with_original().in_bulk(rows)
    return Page(
        [posts[pk] for pk in rows if pk in posts],
        rows[-1] if rows and more else None,
        before is None,
    )


def _floor(newest: "list[Row]", most: int) -> int:
    """Return the id below which posts of authors may be missing, of whom `most` were read."""
    oldest: dict[int, list[int]] = {}
    for row in newest:
        oldest.setdefault(row.author, []).append(row.pk)
    return max((min(pks) for pks in oldest.values() if len(pks) == most), default=0)


def _once_each(found: "list[Row]") -> list[int]:
    """The ids, newest first, without those whose original is in a newer row already."""
    rows: dict[int, int] = {}
    for row in sorted(found, reverse=True):
        rows.setdefault(row.original, row.pk)
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
    newest = (
        Post.objects.filter(author=OuterRef("pk"), pk__lt=before).order_by("-pk").values("pk")[:1]
        if before is not None
        else None
    )
    authors = (
        Account.objects.visible_to(reader)
        .read_by(reader)
        .annotate(bound=F("last_post_id") if newest is None else Subquery(newest))
    )
    rest = authors.filter(bound__gt=0).order_by("-bound", "-pk")
    while chunk := list(rest.values_list("pk", "bound")[:BOUNDS_AT_ONCE]):
        yield from chunk
        if len(chunk) < BOUNDS_AT_ONCE:
            break
        pk, bound = chunk[-1]
        rest = rest.filter(Q(bound__lt=bound) | Q(bound=bound, pk__lt=pk))


def _newest(reader: Account, authors: list[int], before: int | None, most: int) -> list[Row]:
    """The newest posts of each of `authors`, at most `most` of each."""
    posts = (
        Post.objects.visible_to(reader)
        .met_by(reader, asked=authors)
        .filter(author_id=RawSQL("author.id", ()))
    )
    posts = posts.filter(pk__lt=before) if before is not None else posts
    newest, params = posts.order_by("-pk").values("pk")[:most].query.sql_with_params()
    each = _EACH[connection.vendor].format(newest=newest)
    columns = "post.id, COALESCE(post.retweet_of_id, post.id), post.author_id"
    sql = f"SELECT {columns} FROM {each}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(authors), *params])
        return [Row(*row) for row in cursor.fetchall()]


# The newest posts of each author, one short walk along the index for each; neither database says
# this as the other does.
_EACH = {
    "postgresql": """(SELECT value::bigint AS id FROM json_array_elements_text(%s::json)) author
        CROSS JOIN LATERAL ({newest}) newest JOIN timeline_post post ON post.id = newest.pk""",
    "sqlite": """(SELECT value AS id FROM json_each(%s)) author
        JOIN timeline_post post ON post.id IN ({newest})""",
}
