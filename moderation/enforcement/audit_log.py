"""The database's own word that the record of decisions is only ever added to: nobody changes,
deletes or empties it.
"""

from django.db import connection

TABLE = "moderation_decision"
NAMES = ("decision_no_update", "decision_no_delete")
_REFUSAL = "The record of decisions cannot be changed."

_SQLITE = [
    f"CREATE TRIGGER IF NOT EXISTS decision_no_{verb.lower()} BEFORE {verb} ON {TABLE} BEGIN "
    f"SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    for verb in ("UPDATE", "DELETE")
]
# To empty an empty table is no harm, and test suites do.
_POSTGRESQL = [
    f"""CREATE OR REPLACE FUNCTION decision_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP <> 'TRUNCATE' OR EXISTS (SELECT 1 FROM {TABLE})
        THEN RAISE EXCEPTION '{_REFUSAL}'; END IF; RETURN NULL; END $$""",  # noqa: S608  (our words)
    (
        f"CREATE OR REPLACE TRIGGER decision_no_update BEFORE UPDATE ON {TABLE} FOR EACH ROW "
        "EXECUTE FUNCTION decision_stays()"
    ),
    (
        f"CREATE OR REPLACE TRIGGER decision_no_delete BEFORE DELETE ON {TABLE} FOR EACH ROW "
        "EXECUTE FUNCTION decision_stays()"
    ),
    (
        f"CREATE OR REPLACE TRIGGER decision_no_truncate BEFORE TRUNCATE ON {TABLE} FOR EACH "
        "STATEMENT EXECUTE FUNCTION decision_stays()"
    ),
]


def set_up() -> None:
    """Make the triggers that are missing: after every migration, because SQLite loses them when a
    migration rebuilds the table.
    """
    with connection.cursor() as cursor:
        for statement in _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE:
            cursor.execute(statement)


def take_down() -> None:
    """Without them, until `set_up`.

    Nothing in the site calls this; the tests do, which empty all tables.
    """
    of = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in wanted():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{of}")


def missing() -> list[str]:
    """The names of the triggers that are not in place."""
    return sorted(wanted() - _present())


def wanted() -> set[str]:
    return {*NAMES, "decision_no_truncate"} if connection.vendor == "postgresql" else set(NAMES)


def _present() -> set[str]:
    sql = (
        "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled <> 'D' AND "
        "NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [TABLE])
        return {name for (name,) in cursor.fetchall()}
