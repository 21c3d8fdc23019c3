import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("timeline", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportedAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=20)),
                ("source_id", models.CharField(max_length=100)),
                ("handle", models.CharField(max_length=30)),
                ("former_handles", models.TextField(blank=True, default="")),
                ("made_at", models.DateTimeField(null=True, verbose_name="archive made")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="imported_accounts",
                        to="accounts.account",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        django.db.models.functions.text.Lower("handle"),
                        models.F("source"),
                        name="imported_account_handle",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "source_id"), name="imported_account_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportedId",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=20)),
                ("source_account", models.CharField(blank=True, max_length=100)),
                ("source_id", models.CharField(max_length=100)),
                (
                    "post",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="imported_ids",
                        to="timeline.post",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source_id", "source_account", "source"), name="imported_id_once"
                    )
                ],
            },
        ),
    ]
