"""Queries that are compiled once in a process, and asked with other values each time.

Django makes SQL of a QuerySet anew for each request, which takes longer than most of ours take in
the database: `@compiled` keeps it. PostgreSQL plans each query anew: `@prepared` has it keep the
plan as well. One plan for all values is for rows that are named by their keys; a walk that is short
for one author and long for another gets its own each time.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import blake2b
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import BigIntegerField, Model, QuerySet, TextField
from django.db.models.expressions import Expression
from django.db.models.sql import UpdateQuery

OFTEN = 5  # times

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


def column_names(model: type[Model], prefix: str = "") -> list[str]:
    """Return all that an instance of `model` is made of, for `values_list` and `from_db`."""
    return [f"{prefix}{field.attname}" for field in model._meta.concrete_fields]  # noqa: SLF001  (documented)


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

    @classmethod
    def of_update(cls, rows: "QuerySet[Any, Any]", **changes: Any) -> "Statement":
        """Return what changes `rows`, and answers with the key of each that there was."""
        query: Any = rows.query.chain(UpdateQuery)
        query.add_update_values(changes)
        sql, params = query.get_compiler(connection=connection).as_sql()
        key = rows.model._meta.pk.column  # noqa: SLF001  (documented)
        return cls(rows.query, f'{sql} RETURNING "{key}"', tuple(params), {})

    def ask(self, database: Any, values: dict[str, Value], *, plans_once: bool) -> list[Any]:
        adapt = _for_postgresql if database.vendor == "postgresql" else _for_sqlite
        params = [
            adapt(param, values[param.name]) if isinstance(param, Param) else adapt(None, param)
            for param in self.params
        ]
        with statement_cursor(database, plans_once=plans_once) as cursor:
            cursor.execute(self.sql, params)
            rows = list(cursor.fetchall())
        if notes := NOTES.get():
            notes.note(Question.again(self.sql, params, plans_once=plans_once), rows)
        if not self.converters:
            return rows
        compiler = self.query.get_compiler(connection=database)
        return list(compiler.apply_converters(rows, self.converters))


class Question(NamedTuple):
    """A Statement with its values, as the database gets them."""

    sql: str
    values: tuple[Any, ...] | None
    plans_once: bool | None  # None: where it is asked often

    @classmethod
    def again(cls, sql: str, values: Sequence[Any], *, plans_once: bool) -> "Question":
        """Return what asks the same anew. PostgreSQL may keep a plan of its own for these values,
        where there is none for all.
        """
        if plans_once or connection.vendor != "postgresql":
            return cls(sql, tuple(values), plans_once)
        return cls(psycopg.ClientCursor(connection.connection).mogrify(sql, values), None, None)


class Notes:
    """Every question that was asked, and a digest of the answers to all of them."""

    def __init__(self) -> None:
        self.questions: list[Question] = []
        self.others = 0  # that were asked otherwise
        self._told = blake2b(digest_size=16)

    @property
    def digest(self) -> bytes:
        return self._told.digest()

    def note(self, question: Question, rows: list[Any]) -> None:
        self.questions.append(question)
        self.others -= 1  # that `see` has counted
        self._told.update(repr(rows).encode())

    def see(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        self.others += 1
        return execute(sql, params, many, context)


NOTES: ContextVar[Notes | None] = ContextVar("notes", default=None)


@contextmanager
def noted() -> Iterator[Notes]:
    """Note what is asked within."""
    notes = Notes()
    token = NOTES.set(notes)
    try:
        with connection.execute_wrapper(notes.see):
            yield notes
    finally:
        NOTES.reset(token)


def digest_of(questions: Iterable[Question]) -> bytes:
    """Ask `questions` anew; return the digest of their answers."""
    database, told = connections[DEFAULT_DB_ALIAS], blake2b(digest_size=16)
    for plans_once, some in groupby(questions, key=attrgetter("plans_once")):
        with statement_cursor(database, plans_once=plans_once) as cursor:
            for question in some:
                cursor.execute(question.sql, question.values)
                told.update(repr(list(cursor.fetchall())).encode())
    return told.digest()


type Build = Callable[..., QuerySet[Any, Any] | Statement]


def prepared(build: Build) -> Callable[..., list[Any]]:
    """Make a function as `compiled` does, for a query of which PostgreSQL keeps the plan too."""
    return compiled(build, plans_once=True)


def compiled(build: Build, *, plans_once: bool = False) -> Callable[..., list[Any]]:
    """Make a function that asks the query which `build` returns, as rows of its columns.

    `build` gets a place for each value: a Param for a number, Params for some; None stays None, and
    is a shape of its own. It returns `values_list`, or a Statement, and looks at nothing but its
    arguments.
    """
    statements: dict[tuple[Any, ...], Statement] = {}

    def ask(**values: Value) -> list[Any]:
        database = connections[DEFAULT_DB_ALIAS]  # once: `connection` looks it up each time
        shape = (database.vendor, *[name for name, value in values.items() if value is None])
        if shape not in statements:
            built = build(**_places(values))
            statements[shape] = built if isinstance(built, Statement) else Statement.of(built)
        return statements[shape].ask(database, values, plans_once=plans_once)

    return ask


def _places(values: dict[str, Value]) -> dict[str, Param | None]:
    return {
        name: None if value is None else _KINDS.get(type(value), Params)(name)
        for name, value in values.items()
    }


_KINDS: dict[type, type[Param]] = {int: Param, str: TextParam}


def _for_postgresql(param: Param | None, value: Any) -> Any:
    """Return what PostgreSQL gets for `param`, always of one type, so that its plan fits."""
    if isinstance(param, Params):
        return f"{{{value if isinstance(value, int) else ','.join(map(str, value))}}}"
    return str(value) if type(value) is int else value


def _for_sqlite(param: Param | None, value: Any) -> Any:
    if isinstance(param, Params):
        return json.dumps([value] if isinstance(value, int) else list(value))
    return value


def untyped(values: Iterable[Any]) -> list[Any]:
    """Return values of SQL of our own as a plan wants them that is kept (see `_for_postgresql`)."""
    adapt = _for_postgresql if connection.vendor == "postgresql" else _for_sqlite
    return [adapt(None, value) for value in values]


class _ServerCursor(psycopg.Cursor[Any]):
    """Sends values beside the SQL, and has PostgreSQL keep the plan in the connection or not."""

    plans_once: bool | None = False

    def execute(self, query: Any, params: Any = None, **_: Any) -> Any:
        return super().execute(query, params, prepare=self.plans_once)


def statement_cursor(database: Any, *, plans_once: bool | None) -> Any:
    """Return a cursor of Django's; on PostgreSQL one that prepares, where that `plans_once` (None:
    what is asked again and again), unless a pooler stands between that keeps no statements
    (DISABLE_SERVER_SIDE_CURSORS says so).
    """
    if database.vendor != "postgresql":
        return database.cursor()
    database.close_if_health_check_failed()
    database.ensure_connection()
    cursor = _ServerCursor(database.connection)
    keeps_none = database.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")
    if plans_once is not False and not keeps_none:
        cursor.plans_once = plans_once
        database.connection.prepare_threshold = OFTEN  # without one, psycopg prepares nothing
    return database._prepare_cursor(cursor)  # noqa: SLF001
