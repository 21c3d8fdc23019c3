"""The index of search: a table that is not the same on both databases (docs/decisions/search.md)."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import timeline.models.search_entry
from timeline.search import index

POSTGRESQL = """
    CREATE TABLE timeline_searchentry (
        rowid bigint PRIMARY KEY REFERENCES timeline_post DEFERRABLE INITIALLY DEFERRED,
        words tsvector NOT NULL
    );
    CREATE INDEX search_words ON timeline_searchentry USING gin (words)
        WITH (gin_pending_list_limit = 512)
"""
SQLITE = "CREATE VIRTUAL TABLE timeline_searchentry USING fts5 (words, tokenize = 'ascii')"


def create(apps: Any, schema_editor: Any) -> None:
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(POSTGRESQL if is_postgresql else SQLITE)


def drop(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute("DROP TABLE timeline_searchentry")


def fill(apps: Any, schema_editor: Any) -> None:
    index.reindex()


class Migration(migrations.Migration):
    dependencies = [("timeline", "0005_who_answers_drafts")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(create, drop)],
            state_operations=[
                migrations.CreateModel(
                    name="SearchEntry",
                    fields=[
                        (
                            "post",
                            models.OneToOneField(
                                db_column="rowid",
                                editable=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="search_entry",
                                serialize=False,
                                to="timeline.post",
                            ),
                        ),
                        ("words", timeline.models.search_entry.WordsField(editable=False)),
                    ],
                    options={"verbose_name_plural": "search entries"},
                ),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
