"""The two roles, and the words that moderators begin with."""

from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.models import Q

APPS = ("auth", "accounts", "timeline", "moderation")
LOOKS = Q(
    content_type__app_label__in=("accounts", "timeline", "moderation"), codename__startswith="view_"
)
SETTINGS = (
    "rule",
    "preset",
    "about",
    "signuppolicy",
    "invitation",
    "blockeddomain",
    "blockedrange",
    "reservedhandle",
    "bannedemail",
    "keywordrule",
)
SETS = Q(
    content_type__app_label__in=("accounts", "timeline", "moderation"),
    content_type__model__in=SETTINGS,
)
WORKS = Q(content_type__app_label="moderation", codename="work_queue")
VERBS = Q(
    codename__in=(
        "change_account",
        "change_application",
        "change_post",
        "delete_post",
        "change_user",
        "delete_linkcard",
        "change_linkcard",
        "delete_formerhandle",
    )
)
PRESETS = {
    "Spam": "You posted the same again and again, or advertised to people who had not asked for it. That is spam, and it has no place here.",
    "Harassment": "What you wrote goes after a person. Disagree with what somebody says as much as you like, and leave the person alone.",
    "Hate": "What you wrote puts people down for who they are. That has no place here.",
    "Somebody else's name": "Your account looks as if it were somebody else's. Say in your name or bio that it is not, or choose another handle.",
    "Pictures that not everybody wants to see": "Your pictures show what not everybody wants to come across. Please mark such pictures as sensitive.",
}


def make(apps, schema_editor):
    for label in APPS:
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, wanted in {
        "Moderators": WORKS,
        "Administrators": WORKS | LOOKS | SETS | VERBS,
    }.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*Permission.objects.filter(wanted))
    Preset = apps.get_model("moderation", "Preset")
    for title, statement in PRESETS.items():
        Preset.objects.get_or_create(title=title, defaults={"statement": statement})


class Migration(migrations.Migration):
    dependencies = [
        ("moderation", "0001_initial"),
        ("accounts", "0001_initial"),
        ("timeline", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
