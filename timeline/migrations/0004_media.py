from django.db import migrations, models


def name_owners(apps, schema_editor):
    Post = apps.get_model("timeline", "Post")
    author = Post.objects.filter(pk=models.OuterRef("post")).values("author")
    apps.get_model("timeline", "Media").objects.update(owner=models.Subquery(author))


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0003_after_posting"),
    ]

    operations = [
        migrations.AddField(
            model_name="media",
            name="color",
            field=models.CharField(blank=True, default="", editable=False, max_length=7, verbose_name="colour"),
        ),
        migrations.AddField(
            model_name="media",
            name="owner",
            field=models.BigIntegerField(default=0, editable=False),
        ),
        migrations.RunPython(name_owners, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="media",
            index=models.Index(
                condition=models.Q(("alt", ""), ("kind", "image")), fields=["owner", "-post", "position"], name="media_undescribed"
            ),
        ),
    ]
