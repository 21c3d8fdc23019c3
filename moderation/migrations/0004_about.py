"""What the site says of itself, and who may write it."""

import django.core.validators
import moderation.models.about
from django.contrib.auth.management import create_permissions
from django.db import migrations, models


def permit(apps, schema_editor):
    config = apps.get_app_config("moderation")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for group in Group.objects.filter(name="Administrators"):
        group.permissions.add(*Permission.objects.filter(content_type__app_label="moderation", content_type__model="about"))


class Migration(migrations.Migration):

    dependencies = [
        ('moderation', '0003_submission'),
    ]

    operations = [
        migrations.CreateModel(
            name='About',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.TextField(default=moderation.models.about.our_place, help_text='Plain text. A blank line begins a new paragraph; addresses become links.', validators=[django.core.validators.MaxLengthValidator(10000)], verbose_name='what this place is')),
                ('contact', models.TextField(default=moderation.models.about.our_contact, help_text='Plain text. A blank line begins a new paragraph; addresses become links.', validators=[django.core.validators.MaxLengthValidator(10000)], verbose_name='who runs it, and how to reach them')),
                ('privacy', models.TextField(default=moderation.models.about.our_privacy, help_text='Plain text. A blank line begins a new paragraph; addresses become links.', validators=[django.core.validators.MaxLengthValidator(10000)])),
            ],
            options={
                'verbose_name': 'about this site',
                'verbose_name_plural': 'about this site',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='about_is_one_row')],
            },
        ),
        migrations.RunPython(permit, migrations.RunPython.noop),
    ]
