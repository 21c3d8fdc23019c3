"""The rows of a community come into the tables: by COPY on PostgreSQL, in bulk on SQLite.

While they come, the tables have no indexes, and no foreign keys and unique constraints where those
can be taken away; these are made again at the end, and then say whether all rows keep to them.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.models import EmailAddress
from django.core.management.color import no_style
from django.db import connection, models

from accounts.models import Account, AccountWord, Follow, User
from timeline.models import (
    Bookmark,
    Like,
    LinkCard,
    Media,
    Mention,
    Pin,
    Post,
    SearchEntry,
    Tag,
    Tagging,
)
from timeline.populate import rows

MODELS: dict[type[Any], type[models.Model]] = {
    rows.UserRow: User,
    rows.EmailRow: EmailAddress,
    rows.AccountRow: Account,
    rows.FollowRow: Follow,
    rows.PostRow: Post,
    rows.MediaRow: Media,
    rows.CardRow: LinkCard,
    rows.TagRow: Tag,
    rows.TaggingRow: Tagging,
    rows.MentionRow: Mention,
    rows.SearchRow: SearchEntry,
    rows.WordRow: AccountWord,
    rows.LikeRow: Like,
    rows.BookmarkRow: Bookmark,
    rows.PinRow: Pin,
}
BATCH = 10_000  # rows of a table that come in at once
# what no text holds
_END_OF_FIELD, _END_OF_ROW = "\x1f", "\x1e"


class Table:
    """A table, and the rows that are to come into it. What no row of a `kind` says is everywhere
    the default of the model.
    """

    def __init__(self, kind: type[Any], model: type[models.Model]) -> None:
        meta = model._meta  # noqa: SLF001  (documented)
        self.model, self.name, self.varying = model, meta.db_table, kind._fields
        self.constant = {
            str(field.column): json.dumps(value) if isinstance(value, list) else value
            for field in meta.concrete_fields
            if not (field.generated or field.primary_key or field.attname in kind._fields)
            for value in [field.get_default()]
        }
        self.columns = ", ".join(f'"{column}"' for column in (*self.varying, *self.constant))
        self.waiting: list[rows.Row] = []

    def write(self) -> int:
        """Write what waits; return how many rows."""
        if connection.vendor == "postgresql":
            self._copy()
        else:
            self._insert()
        written = len(self.waiting)
        self.waiting.clear()
        return written

    def _places(self, constants: Iterable[str]) -> list[str]:
        return [*(["%s"] * len(self.varying)), *constants]

    def _copy(self) -> None:
        line = _END_OF_FIELD.join(self._places(map(str, self.constant.values())))
        text = "".join([f"{line % row}{_END_OF_ROW}" for row in self.waiting])
        text = text.replace("\\", "\\\\").replace("\n", "\\n").replace(_END_OF_ROW, "\n")
        sql = (
            f'COPY "{self.name}" ({self.columns}) FROM STDIN '
            f"(DELIMITER '{_END_OF_FIELD}', NULL 'None')"
        )
        with connection.cursor() as cursor, cursor.copy(sql) as copy:
            copy.write(text)

    def _insert(self) -> None:
        places = ", ".join(self._places(map(_literal, self.constant.values())))
        sql = f'INSERT INTO "{self.name}" ({self.columns}) VALUES ({places})'  # noqa: S608  (our own words)
        with connection.cursor() as cursor:
            cursor.executemany(sql, self.waiting)


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    return f"'{value}'" if isinstance(value, str) else str(int(value))


def write(all_rows: Iterable[rows.Row]) -> Iterator[int]:
    """Write all rows, inside of a transaction; yield now and then how many of them were posts."""
    tables = {kind: Table(kind, model) for kind, model in MODELS.items()}
    with _bare([table.name for table in tables.values()]):
        for row in all_rows:
            table = tables[type(row)]
            table.waiting.append(row)
            if len(table.waiting) == BATCH:
                written = table.write()
                yield written if table.model is Post else 0
        for table in tables.values():
            written = table.write()
            yield written if table.model is Post else 0
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), list(MODELS.values())):
            cursor.execute(sql)


# --- The tables without what makes them slow to fill ---


@contextmanager
def _bare(names: list[str]) -> Iterator[None]:
    """Take indexes and constraints away, and make them again at the end. What fails in between
    takes back all of it, with the transaction.
    """
    taken_from = _of_postgresql if connection.vendor == "postgresql" else _of_sqlite
    with connection.cursor() as cursor:
        taken = list(taken_from(cursor, names))
        for drop, _ in taken:
            cursor.execute(drop)
    yield
    with connection.cursor() as cursor:
        for _, make in reversed(taken):
            cursor.execute(make)


def _of_postgresql(cursor: Any, names: list[str]) -> Iterator[tuple[str, str]]:
    """Yield what drops and what makes each: foreign keys first."""
    cursor.execute(
        """SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
        FROM pg_constraint WHERE conrelid = ANY (%s::regclass[]) AND contype IN ('f', 'u')
        ORDER BY contype, conname""",
        [names],
    )
    for table, name, definition in cursor.fetchall():
        yield (
            f"ALTER TABLE {table} DROP CONSTRAINT {name}",
            f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}",
        )
    cursor.execute(
        """SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
        FROM pg_index WHERE indrelid = ANY (%s::regclass[])
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
        ORDER BY 1""",
        [names],
    )
    for name, definition in cursor.fetchall():
        yield f"DROP INDEX {name}", definition


def _of_sqlite(cursor: Any, names: list[str]) -> Iterator[tuple[str, str]]:
    """Likewise; the constraints are part of the tables, and stay."""
    places = ", ".join(["%s"] * len(names))
    cursor.execute(
        f"""SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL
        AND tbl_name IN ({places}) ORDER BY name""",  # noqa: S608  (our own words)
        names,
    )
    for name, sql in cursor.fetchall():
        yield f'DROP INDEX "{name}"', sql
