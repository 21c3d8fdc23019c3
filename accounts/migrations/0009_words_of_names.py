"""The words by which people are found."""

from itertools import batched
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import microblog.db.fields
from accounts.models.account_word import words_of

BATCH = 500


def fill(apps: Any, schema_editor: Any) -> None:
    """Let who is here be found, by columns as they are in this migration."""
    accounts, words = apps.get_model("accounts", "Account"), apps.get_model("accounts", "AccountWord")
    people = accounts.objects.filter(host="", deleted_at=None).only("handle", "name")
    for batch in batched(people.iterator(chunk_size=BATCH), BATCH):
        words.objects.bulk_create(
            words(account_id=one.pk, word=word) for one in batch for word in sorted(words_of(one))
        )


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_follow_days'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccountWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', microblog.db.fields.KeyField(max_length=64)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='words', to='accounts.account')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('word', 'account'), name='account_word_once')],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
