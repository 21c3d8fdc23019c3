"""The words by which people are found."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import microblog.db.fields
from accounts.models import AccountWord


def fill(apps: Any, schema_editor: Any) -> None:
    AccountWord.objects.follow_all()


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_leaving'),
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
