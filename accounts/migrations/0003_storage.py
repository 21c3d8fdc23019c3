"""What the files of an account take."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0002_session_epoch"),
    ]

    operations = [
        migrations.AddField(
            model_name="account",
            name="avatar_bytes",
            field=models.PositiveBigIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="account",
            name="banner_bytes",
            field=models.PositiveBigIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="account",
            name="stored_bytes",
            field=models.PositiveBigIntegerField(default=0, editable=False, verbose_name="storage"),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(condition=models.Q(("stored_bytes__gt", 0)), fields=["-stored_bytes"], name="account_largest"),
        ),
    ]
