"""Triggers: what the database does by itself when rows change, whoever changes them.

They are made after every migrate, because SQLite loses those of a table that a migration rebuilds;
`check --database default` names those that are missing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core import checks
from django.db import connection, transaction


@dataclass(frozen=True)
class Trigger:
    """One trigger on one table. What it does has another name when it does something else: one that
    is there is left alone.
    """

    name: str
    table: str
    event: str  # "BEFORE UPDATE"
    level: str = "ROW"  # or "STATEMENT", which SQLite does not have


@dataclass(frozen=True)
class Group:
    """Triggers that all do one thing, and the table that it needs."""

    prefix: str  # of their names, and of no other's: one with another name is not ours
    function: str  # its name, on PostgreSQL
    table: str
    triggers: Callable[[], Iterable[Trigger]]
    sqlite: str  # the statement that each of them runs
    postgresql: str  # the body of the function, in PL/pgSQL, which each of them calls

    def wanted(self) -> dict[str, Trigger]:
        """Return the triggers of the tables that are there, by name."""
        tables = set(connection.introspection.table_names())
        if self.table not in tables:
            return {}
        return {one.name: one for one in self.triggers() if one.table in tables}

    def missing(self) -> list[str]:
        """Return the names of those that are not in place."""
        return sorted(self.wanted().keys() - self._present().keys())

    def set_up(self) -> None:
        """Make those that are missing, and take away those that nobody wants any more."""
        wanted, present = self.wanted(), self._present()
        if connection.vendor == "postgresql" and wanted:
            _execute(
                f"CREATE OR REPLACE FUNCTION {self.function}() RETURNS trigger LANGUAGE plpgsql "
                f"AS $$ BEGIN {self.postgresql} END $$"
            )
        made = [self._make(wanted[name]) for name in wanted.keys() - present.keys()]
        self._run(made + [_drop(name, present[name]) for name in present.keys() - wanted.keys()])

    def take_down(self) -> None:
        """Do without them, until `set_up`."""
        self._run([_drop(name, table) for name, table in self._present().items()])

    def _run(self, statements: list[str]) -> None:
        """On SQLite at once, since each transaction waits for the disk. On PostgreSQL one by one,
        since each holds a table until it is committed.
        """
        if connection.vendor == "postgresql" or not statements:
            _execute(*statements)
        else:
            with transaction.atomic():
                _execute(*statements)

    def _make(self, one: Trigger) -> str:
        if connection.vendor == "postgresql":  # "or replace": where somebody disabled it
            return (
                f"CREATE OR REPLACE TRIGGER {one.name} {one.event} ON {one.table} "
                f"FOR EACH {one.level} EXECUTE FUNCTION {self.function}()"
            )
        return f"CREATE TRIGGER {one.name} {one.event} ON {one.table} BEGIN {self.sqlite}; END"

    def _present(self) -> dict[str, str]:
        """Return the table of each trigger of this group that works, by name."""
        sql = (
            "SELECT tgname, tgrelid::regclass::text FROM pg_trigger "
            "WHERE tgenabled <> 'D' AND NOT tgisinternal AND pg_table_is_visible(tgrelid)"
            if connection.vendor == "postgresql"
            else "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return {name: on for name, on in cursor.fetchall() if name.startswith(self.prefix)}


GROUPS: list[Group] = []  # each added in AppConfig.ready of the app that has it


def set_up_all(**_: Any) -> None:
    for group in GROUPS:
        group.set_up()


@checks.register(checks.Tags.database)
def check_triggers(databases: Iterable[str] | None = None, **_: Any) -> list[checks.CheckMessage]:
    """A warning and no error: `migrate`, which mends it, asks first."""
    missing = [name for group in GROUPS for name in group.missing()] if databases else []
    if not missing:
        return []
    return [
        checks.Warning(
            f"The database has lost triggers: {', '.join(missing)}.",
            hint="`manage.py migrate` makes them.",
            id="microblog.W001",
        )
    ]


def _drop(name: str, table: str) -> str:
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    return f"DROP TRIGGER IF EXISTS {name}{on}"


def _execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
