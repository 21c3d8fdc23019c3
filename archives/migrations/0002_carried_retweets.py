"""What was retweeted elsewhere is among the numbers that came along: it is no longer counted a second time."""

from typing import Any

from django.db import migrations
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce


def fill(apps: Any, _schema: Any) -> None:
    posts = apps.get_model("timeline", "Post").objects
    came = apps.get_model("archives", "ImportedId").objects.filter(post=OuterRef("pk"))
    posts.filter(Exists(came), kind="retweet").update(is_carried=True)
    done_here = posts.filter(retweet_of=OuterRef("pk"), is_carried=False, hidden_at=None, deleted_at=None, author__suspended_at=None)
    number = Subquery(done_here.order_by().values("retweet_of").annotate(n=Count("pk")).values("n"))
    posts.filter(pk__in=posts.filter(is_carried=True).values("retweet_of")).update(retweets_count=Coalesce(number, 0))


class Migration(migrations.Migration):

    dependencies = [
        ("archives", "0001_initial"),
        ("timeline", "0003_carried_retweets"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
