"""The index of search: a table that is not the same on both databases (docs/decisions/search.md)."""

from collections import defaultdict
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import timeline.models.search_entry
from microblog.db.words import upsert
from microblog.db.writing import run
from timeline.search.document import Document

BATCH = 500
TABLE = "timeline_searchentry"

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
    """Let every post be found, by columns as they are in this migration."""
    posts = apps.get_model("timeline", "Post").objects.filter(retweet_of=None, is_external=False)
    columns = ("pk", "author", "kind", "text", "html", "card__title")
    last = 0
    while rows := list(posts.filter(pk__gt=last).order_by("pk").values_list(*columns)[:BATCH]):
        last = rows[-1][0]
        media, tags, named = (
            _beside(apps, rows, *what)
            for what in (
                ("Media", "kind", "alt"),
                ("Tagging", "tag__folded"),
                ("Mention", "account"),
            )
        )
        documents = {
            pk: Document(
                *(author, kind, text, html, title or "", tuple(media[pk])),
                [tag for (tag,) in tags[pk]],
                [account for (account,) in named[pk]],
            )
            for pk, author, kind, text, html, title in rows
        }
        run(*upsert(TABLE, [(pk, document.words) for pk, document in documents.items()]))


def _beside(apps: Any, rows: list[Any], model: str, *columns: str) -> dict[int, list[Any]]:
    found = defaultdict(list)
    beside = apps.get_model("timeline", model).objects.filter(post__in=[row[0] for row in rows])
    for post, *values in beside.order_by("pk").values_list("post", *columns):
        found[post].append(tuple(values))
    return found


class Migration(migrations.Migration):
    dependencies = [("timeline", "0006_notifications")]

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
