"""What files and drafts take; and drafts in an order that a page can be cut from. `manage.py recount` measures the files that are there."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import migrations, models
from django.db.models import F


def fill(apps: Any, _schema: Any) -> None:
    """Let the owner of each file pay for it, and say of each draft what its list shows."""
    apps.get_model("timeline", "Media").objects.update(payer=F("owner"))
    for draft in apps.get_model("timeline", "Draft").objects.iterator(chunk_size=100):
        draft.excerpt = next((text.strip() for text in draft.texts if text.strip()), "")[:280]
        draft.length, draft.bytes = len(draft.texts), len(json.dumps(draft.texts))
        draft.kept_id = (draft.updated_at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1) << 16
        draft.save()


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0003_storage"),
        ("timeline", "0001_initial"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="draft",
            name="draft_newest",
        ),
        migrations.AddField(
            model_name="draft",
            name="bytes",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="draft",
            name="excerpt",
            field=models.CharField(blank=True, default="", max_length=280),
        ),
        migrations.AddField(
            model_name="draft",
            name="kept_id",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="draft",
            name="length",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="media",
            name="bytes",
            field=models.PositiveBigIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="media",
            name="payer",
            field=models.BigIntegerField(default=0, editable=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(fields=["account", "-kept_id"], name="draft_order"),
        ),
        migrations.AddIndex(
            model_name="media",
            index=models.Index(fields=["payer"], name="media_payer"),
        ),
        migrations.RemoveField(
            model_name="draft",
            name="updated_at",
        ),
    ]
