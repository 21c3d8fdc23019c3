"""What an account was called elsewhere, so that old links lead here."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('archives', '0002_carried_retweets'),
    ]

    operations = [
        migrations.AddField(
            model_name='importedaccount',
            name='former_handles',
            field=models.TextField(blank=True, default=''),
        ),
    ]
