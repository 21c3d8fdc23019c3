"""The site's own tables, that of the database cache among them: `migrate` alone completes a database."""

from typing import Any

from django.core.management import call_command
from django.db import migrations, models


def make_cache_table(apps: Any, schema_editor: Any) -> None:
    call_command("createcachetable", "cache", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Spending",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("amount", models.BigIntegerField()),
                ("last_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["ends_at"], name="spending_ends")],
            },
        ),
        migrations.RunPython(make_cache_table, migrations.RunPython.noop),
    ]
