"""The tests' database: which tests need it, and how it is emptied after those that commit."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, connections, transaction
from django.test import SimpleTestCase, TransactionTestCase

from microblog.db import change_number
from moderation.enforcement import audit_log

# pytest-django's, and that of tests whose processes have a database of their own.
FIXTURES = {"db", "transactional_db", "live_server", "database_url"}


def is_needed_by(item: pytest.Item) -> bool:
    """Return whether a test asks for the database: by a fixture, its own or a fixture's, by
    pytest-django's mark, or as a TestCase of Django's. To all others it is closed.
    """
    return bool(
        FIXTURES.intersection(getattr(item, "fixturenames", ()))
        or item.get_closest_marker("django_db")
        or issubclass(getattr(item, "cls", None) or object, SimpleTestCase)
    )


def of_two_writers[Test: Callable[..., Any]](test: Test) -> Test:
    """Mark a test of what happens at once: it commits, and SQLite has one writer at a time."""
    return pytest.mark.postgresql(pytest.mark.django_db(transaction=True)(test))


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Do all deeds in the same moment, each in a thread and with a connection of its own; return
    what they return.
    """
    start = threading.Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return deed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


class Restorer:
    """Puts the database back to what it holds now, as fast as little was changed.

    Django empties all tables, and fills some of them again by `post_migrate`: on PostgreSQL that
    takes half a second, and what data migrations wrote is gone for the rest of the run.
    """

    def __init__(self) -> None:
        # The number of changes never comes back to what it was.
        kept = {"django_migrations", *change_number.TABLES, *_shadows()}
        self.tables = sorted(set(connection.introspection.table_names()) - kept)
        self.columns = _columns_of_models()
        self.rows = {name: self._rows_of(name) for name in self._filled()}

    def restore(self) -> None:
        """Delete and insert anew what differs. Keys between tables are compared at the end of the
        transaction, so that the order of the tables does not matter.
        """
        changed = [
            name
            for name in self._filled() | self.rows.keys()
            if name not in self.rows or self._rows_of(name) != self.rows[name]
        ]
        if audit_log.TABLE in changed:
            audit_log.TRIGGERS.take_down()
        with transaction.atomic(), connection.cursor() as cursor:
            for name in changed:
                cursor.execute(f"DELETE FROM {_quoted(name)}")
            for name in changed:
                for row in self.rows.get(name, ()):
                    places = ", ".join(["%s"] * len(row))
                    columns = f" ({self.columns[name]})" if name in self.columns else ""
                    cursor.execute(f"INSERT INTO {_quoted(name)}{columns} VALUES ({places})", row)
        if audit_log.TABLE in changed:
            audit_log.TRIGGERS.set_up()

    def _filled(self) -> set[str]:
        """Return the tables with rows in them, by one query."""
        one = "SELECT %s WHERE EXISTS (SELECT 1 FROM {})"
        queries = " UNION ALL ".join(one.format(_quoted(name)) for name in self.tables)
        with connection.cursor() as cursor:
            cursor.execute(queries, self.tables)
            return {name for (name,) in cursor.fetchall()}

    def _rows_of(self, name: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            columns = self.columns.get(name, "*")
            cursor.execute(f"SELECT {columns} FROM {_quoted(name)} ORDER BY 1")
            return list(cursor.fetchall())


def _shadows() -> set[str]:
    """Return the tables in which SQLite keeps a virtual one: they follow that."""
    if connection.vendor == "postgresql":
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pragma_table_list WHERE type = 'shadow'")
        return {name for (name,) in cursor.fetchall()}


def _columns_of_models() -> dict[str, str]:
    """Return, of the table of each model, the columns that the database does not fill by itself."""
    return {
        model._meta.db_table: ", ".join(
            _quoted(field.column)
            for field in model._meta.local_concrete_fields
            if not field.generated
        )
        for model in apps.get_models(include_auto_created=True)
    }


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def restore_after_tests_that_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a `Restorer` do what Django's `flush` does at the end of a TransactionTestCase, which
    pytest-django makes of a test with `transactional_db`.
    """
    restore: Callable[[], None] = Restorer().restore
    monkeypatch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: restore())
