"""The database's own word that the record of decisions is only ever added to: nobody changes,
deletes or empties it.
"""

from django.db import connection

TABLE = "moderation_decision"
_REFUSAL = "The record of decisions cannot be changed."
_SQLITE = {
    f"decision_no_{verb}": (
        f"CREATE TRIGGER IF NOT EXISTS decision_no_{verb} BEFORE {verb} ON {TABLE} BEGIN "
        f"SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    )
    for verb in ("update", "delete")
}
_POSTGRESQL = {
    f"decision_no_{verb}": (
        f"CREATE OR REPLACE TRIGGER decision_no_{verb} BEFORE {verb} ON {TABLE} "
        f"FOR EACH {each} EXECUTE FUNCTION decision_stays()"
    )
    for verb, each in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT"))
}
# To empty an empty table is no harm, and test suites do.
_FUNCTION = f"""CREATE OR REPLACE FUNCTION decision_stays() RETURNS trigger
    LANGUAGE plpgsql AS $$ BEGIN IF TG_OP <> 'TRUNCATE' OR EXISTS (SELECT 1 FROM {TABLE})
    THEN RAISE EXCEPTION '{_REFUSAL}'; END IF; RETURN NULL; END $$"""  # noqa: S608  (our words)


def triggers() -> dict[str, str]:
    """Return what makes each of the triggers, by its name."""
    return _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE


def set_up() -> None:
    """Make the triggers that are missing: after every migration, because SQLite loses them when a
    migration rebuilds the table.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for statement in triggers().values():
            cursor.execute(statement)


def missing() -> list[str]:
    """Return the names of the triggers that are not in place."""
    sql = (
        "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled <> 'D' AND "
        "NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [TABLE])
        return sorted(triggers().keys() - {name for (name,) in cursor.fetchall()})
