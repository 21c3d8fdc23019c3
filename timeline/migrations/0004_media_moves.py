"""Which pictures move, and so can be stopped."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('timeline', '0003_carried_retweets'),
    ]

    operations = [
        migrations.AddField(
            model_name='media',
            name='moves',
            field=models.BooleanField(default=False, editable=False),
        ),
    ]
