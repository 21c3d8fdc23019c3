"""The database's own word that the record of decisions is only ever added to: nobody changes,
deletes or empties it.
"""

from collections.abc import Iterator

from django.db import connection

from microblog.db.triggers import Group, Trigger

TABLE = "moderation_decision"
_REFUSAL = "The record of decisions cannot be changed."


def _triggers() -> Iterator[Trigger]:
    yield Trigger("decision_no_update", TABLE, "BEFORE UPDATE")
    yield Trigger("decision_no_delete", TABLE, "BEFORE DELETE")
    if connection.vendor == "postgresql":
        yield Trigger("decision_no_truncate", TABLE, "BEFORE TRUNCATE", "STATEMENT")


TRIGGERS = Group(
    prefix="decision_no_",
    function="decision_stays",
    table=TABLE,
    triggers=_triggers,
    sqlite=f"SELECT RAISE(ABORT, '{_REFUSAL}')",
    # To empty an empty table is no harm, and test suites do.
    postgresql=f"""IF TG_OP <> 'TRUNCATE' OR EXISTS (SELECT 1 FROM {TABLE})
        THEN RAISE EXCEPTION '{_REFUSAL}'; END IF; RETURN NULL;""",  # noqa: S608  (our words)
)
