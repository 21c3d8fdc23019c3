"""One number that changes with every commit of anything that a visitor may be shown: what was made
of rows while it was read is still right as long as it is the same.

Triggers raise it (see docs/decisions/change-number.md). An app's AppConfig names in `shown` the
models that they stand on, and all its others in `not_shown`.
"""

import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, models, transaction

from microblog.db.prepared import statement_cursor
from microblog.db.triggers import Group, Trigger

BASE = "microblog_changenumber"
CHANGES = "microblog_change"  # on PostgreSQL alone: a row for each change that is not in the base
TABLES = (BASE, CHANGES)
PREFIX = "microblog_changed_"
FOLD_AT = 1000  # rows that a reader counts before it folds them
BATCH = 10_000  # rows that one transaction folds

# One statement, so that base and rows are of one moment.
_READ = {
    "postgresql": f"SELECT base, (SELECT count(*) FROM {CHANGES}) FROM {BASE}",  # noqa: S608  (ours)
    "sqlite": f"SELECT base, 0 FROM {BASE}",  # noqa: S608  (ours)
}
_HOLD = f"SELECT 1 FROM {BASE} FOR UPDATE SKIP LOCKED"  # noqa: S608  (ours)
_FOLD = f"""
    WITH folded AS (
        DELETE FROM {CHANGES} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {CHANGES} LIMIT %s))
        RETURNING 1
    ), counted AS (SELECT count(*) AS number FROM folded)
    UPDATE {BASE} SET base = base + number FROM counted RETURNING number
"""  # noqa: S608  (ours)
# Deleted rows are in the way of who counts, until their room is free.
_SWEEP = f"VACUUM (TRUNCATE false, SKIP_LOCKED) {CHANGES}"
_JUMP = f"""
    INSERT INTO {BASE} (id, base) VALUES (1, %s) ON CONFLICT (id) DO UPDATE SET
        base = CASE WHEN excluded.base > {BASE}.base THEN excluded.base ELSE {BASE}.base + 1 END
"""  # noqa: S608  (ours)


def current() -> int:
    """Return the number, by one query. Whoever keeps what it makes of rows reads it before them.

    Within a transaction it counts what that transaction has changed, and goes back when that is
    rolled back: what is made there is not for others.
    """
    with statement_cursor(connections[DEFAULT_DB_ALIAS], plans_once=True) as cursor:
        cursor.execute(_READ[connection.vendor])
        row = cursor.fetchone()
    if row is None:  # somebody emptied all tables: nothing that is kept is right
        return time.time_ns()
    base, pending = row
    if pending >= FOLD_AT and not connection.in_atomic_block:
        with suppress(DatabaseError):  # a reader can do without
            fold()
    return int(base + pending)


def fold() -> int:
    """Move rows into the base, BATCH at most, and return how many; 0 as well while somebody else is
    at it. The number stays what it is.

    Who writes waits for nobody: their rows are not visible yet, and nobody else changes the base.
    """
    if connection.vendor != "postgresql":
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        # A lost fold loses nothing: rows and base are both as they were.
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute(_HOLD)
        if cursor.fetchone() is None:
            return 0
        # Another statement, so that it sees what the last who held the base has committed.
        cursor.execute(_FOLD, [BATCH])
        folded = int(cursor.fetchone()[0])
    if folded and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(_SWEEP)
    return folded


def fold_all() -> None:
    while fold() == BATCH:
        pass


def jump(**_: Any) -> None:
    """Make the number one that never was, by the clock, so that nothing kept before is right.

    After every migrate: a table that was rebuilt had no triggers meanwhile; a database may have
    been put back to what it was yesterday.
    """
    if BASE in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(_JUMP, [time.time_ns() // 1000])


def shown_models() -> Iterator[type[models.Model]]:
    """Yield the models of which a visitor may be shown something."""
    for config in apps.get_app_configs():
        for name in getattr(config, "shown", ()):
            yield config.get_model(name)


def _triggers() -> Iterator[Trigger]:
    for model in shown_models():
        table = model._meta.db_table  # noqa: SLF001  (documented)
        if connection.vendor == "postgresql":
            event = "AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE"
            yield Trigger(f"{PREFIX}{table}", table, event, "STATEMENT")
        else:
            for verb in ("INSERT", "UPDATE", "DELETE"):
                yield Trigger(f"{PREFIX}{table}_{verb.lower()}", table, f"AFTER {verb}")


TRIGGERS = Group(
    prefix=PREFIX,
    function="microblog_changed",
    table=BASE,
    triggers=_triggers,
    sqlite=f"UPDATE {BASE} SET base = base + 1",  # noqa: S608  (ours)
    postgresql=f"INSERT INTO {CHANGES} DEFAULT VALUES; RETURN NULL;",
)
