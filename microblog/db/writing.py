"""Writing rows by SQL that is made once in a process, and in few statements."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Field, Model

from microblog.db.prepared import statement_cursor, untyped

type Write = tuple[str, Sequence[Any]]  # SQL that changes rows, and its values


def insert_row(row: Model) -> bool:
    """Insert `row` under the key that it has; return whether that key was free.

    It is what `save(force_insert=True)` does, without signals, and breaks no transaction where the
    key is taken. Raises IntegrityError for all else that the database will not have.
    """
    sql, fields = _insertion(type(row), connection.vendor)
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]  # noqa: FBT003  (Django's)
    if not run(sql, values):
        return False
    row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001  (documented)
    return True


@cache
def _insertion(model: type[Model], vendor: str) -> tuple[str, list["Field[Any, Any]"]]:
    meta = model._meta  # noqa: SLF001  (documented)
    fields = [field for field in meta.local_concrete_fields if not field.generated]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(["%s"] * len(fields))
    sql = (
        f'INSERT INTO "{meta.db_table}" ({columns}) VALUES ({places}) '  # noqa: S608  (Django's names)
        f'ON CONFLICT ("{meta.pk.column}") DO NOTHING'
    )
    return sql, fields


def run_together(*writes: Write) -> list[int]:
    """Do `writes`, of which none looks at what another changes; return how many rows each changed.

    PostgreSQL does them in one statement.
    """
    if connection.vendor != "postgresql":
        return [run(*write) for write in writes]
    parts = ", ".join(f"w{n} AS ({sql} RETURNING 1)" for n, (sql, _) in enumerate(writes))
    counts = ", ".join(f"(SELECT count(*) FROM w{n})" for n in range(len(writes)))  # noqa: S608
    values = untyped(value for _, more in writes for value in more)
    with statement_cursor(connections[DEFAULT_DB_ALIAS], plans_once=True) as cursor:
        cursor.execute(f"WITH {parts} SELECT {counts}", values)
        return list(cursor.fetchone())


def run(sql: str, values: Sequence[Any]) -> int:
    """Do one write, of which PostgreSQL keeps the plan; return how many rows it changed."""
    with statement_cursor(connections[DEFAULT_DB_ALIAS], plans_once=True) as cursor:
        cursor.execute(sql, untyped(values))
        return int(cursor.rowcount)
