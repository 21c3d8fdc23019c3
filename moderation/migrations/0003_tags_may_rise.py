"""Administrators may say of a tag that it does not rise."""

from django.db import migrations


def allow(apps, schema_editor):
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    change = Permission.objects.filter(content_type__app_label="timeline", codename="change_tag")
    for group in Group.objects.filter(name="Administrators"):
        group.permissions.add(*change)


class Migration(migrations.Migration):
    dependencies = [
        ("moderation", "0002_roles"),
        ("timeline", "0010_tags_followed_and_rising"),
    ]

    operations = [migrations.RunPython(allow, migrations.RunPython.noop)]
