"""How wide the small file of each picture is: until now its longer side had 680 pixels at most."""

from typing import Any

from django.db import migrations, models
from django.db.models import F, Value
from django.db.models.functions import Greatest, Round


def fill(apps: Any, _schema: Any) -> None:
    longer = Greatest("width", "height")
    shrunk = Greatest(Round(F("width") * 680.0 / longer), Value(1.0))
    pictures = apps.get_model("timeline", "Media").objects.filter(kind="image")
    pictures.alias(longer=longer).filter(longer__lte=680).update(small_width=F("width"))
    pictures.alias(longer=longer).filter(longer__gt=680).update(small_width=shrunk)


class Migration(migrations.Migration):
    dependencies = [("timeline", "0004_media_moves")]

    operations = [
        migrations.AddField("media", "small_width", models.PositiveIntegerField(default=0, editable=False)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
