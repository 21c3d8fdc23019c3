"""The number that changes with every commit of anything shown: see microblog.db.change_number."""

from typing import Any

from django.db import migrations, models

from microblog.db import change_number


def create_changes(apps: Any, schema_editor: Any) -> None:
    """On PostgreSQL a row for each change, as narrow as a row can be; vacuumed by how many come, for
    they are all folded away again.
    """
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE TABLE {change_number.CHANGES} (raised boolean NOT NULL DEFAULT true) WITH "
            "(autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0)"
        )
        # It has no key, which costs who writes: by this, logical replication can delete from it.
        schema_editor.execute(f"ALTER TABLE {change_number.CHANGES} REPLICA IDENTITY FULL")


def drop_changes(apps: Any, schema_editor: Any) -> None:
    change_number.TRIGGERS.take_down()
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TABLE {change_number.CHANGES}")


class Migration(migrations.Migration):
    dependencies = [("microblog", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="ChangeNumber",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("base", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="one_change_number"
                    )
                ],
            },
        ),
        migrations.RunPython(create_changes, drop_changes),
    ]
