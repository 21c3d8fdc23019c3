"""Queries that are compiled once in a process, and asked with other values each time.

Django makes SQL of a QuerySet anew for each request, which takes longer than most of ours take in
the database; and PostgreSQL plans each anew. `@prepared` keeps both: the SQL here, the plan there.
"""

import json
from collections.abc import Callable, Collection
from typing import Any, NamedTuple

import psycopg
from django.db import connection
from django.db.models import BigIntegerField, QuerySet, TextField
from django.db.models.expressions import Expression

type Value = int | str | Collection[int] | None


class Param(Expression):
    """The place of a number in a query: of a key, too, so that it stands for a row of a model."""

    output_field = BigIntegerField()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    @property
    def pk(self) -> "Param":
        return self

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


class TextParam(Param):
    """The place of a text."""

    output_field = TextField()  # type: ignore[assignment]


class Params(Param):
    """The place of any number of numbers, behind `__in`: however many, the SQL is the same; it may
    be that of a Param as well.

    On PostgreSQL it is an array, for `= ANY` (microblog.db.lookups).
    """

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        is_array = connection.vendor == "postgresql"
        return "%s::bigint[]" if is_array else "(SELECT value FROM json_each(%s))", (self,)


class Statement(NamedTuple):
    """A query that was compiled."""

    query: Any
    sql: str
    params: tuple[Any, ...]  # a Param where a value has still to come
    converters: dict[int, Any]  # of columns that the database has otherwise, by their places

    @classmethod
    def of(cls, rows: "QuerySet[Any, Any]") -> "Statement":
        compiler = rows.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        selected = [column for column, *_ in compiler.select[: compiler.col_count]]
        return cls(rows.query, sql, tuple(params), compiler.get_converters(selected))

    def ask(self, values: dict[str, Value]) -> list[Any]:
        with _cursor() as cursor:
            cursor.execute(self.sql, [_adapt(param, values) for param in self.params])
            rows = cursor.fetchall()
        if not self.converters:
            return list(rows)
        compiler = self.query.get_compiler(connection=connection)
        return list(compiler.apply_converters(rows, self.converters))


def prepared(
    build: "Callable[..., QuerySet[Any, Any] | Statement]",
) -> Callable[..., list[Any]]:
    """Make a function that asks the query which `build` returns, as rows of its columns.

    `build` gets a place for each value: a Param for a number, Params for some; None stays None, and
    is a shape of its own. It returns `values_list`, and looks at nothing but its arguments.
    """
    statements: dict[tuple[Any, ...], Statement] = {}

    def ask(**values: Value) -> list[Any]:
        shape = (connection.vendor, *(name for name, value in values.items() if value is None))
        if shape not in statements:
            built = build(**_places(values))
            statements[shape] = built if isinstance(built, Statement) else Statement.of(built)
        return statements[shape].ask(values)

    return ask


def _places(values: dict[str, Value]) -> dict[str, Param | None]:
    return {
        name: None if value is None else _KINDS.get(type(value), Params)(name)
        for name, value in values.items()
    }


_KINDS: dict[type, type[Param]] = {int: Param, str: TextParam}


def _adapt(param: Any, values: dict[str, Value]) -> Any:
    """Return what the database gets for `param`, always of one type, so that its plan fits."""
    value: Any = values[param.name] if isinstance(param, Param) else param
    is_postgresql = connection.vendor == "postgresql"
    if isinstance(param, Params):
        value = [value] if isinstance(value, int) else value
        return f"{{{','.join(map(str, value))}}}" if is_postgresql else json.dumps(list(value))
    return str(value) if is_postgresql and type(value) is int else value


class _PreparingCursor(psycopg.Cursor[Any]):
    """Has PostgreSQL plan each statement once in a connection."""

    def execute(self, query: Any, params: Any = None, **_: Any) -> Any:
        return super().execute(query, params, prepare=True)


def _cursor() -> Any:
    """Return a cursor of Django's; on PostgreSQL one that prepares, unless a pooler stands between
    that keeps no statements (DISABLE_SERVER_SIDE_CURSORS says so).
    """
    keeps_none = connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")
    if connection.vendor != "postgresql" or keeps_none:
        return connection.cursor()
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    cursor = _PreparingCursor(connection.connection)
    return connection._prepare_cursor(cursor)  # type: ignore[attr-defined]  # noqa: SLF001
