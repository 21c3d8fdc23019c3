from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("timeline", "0001_initial")]

    operations = [
        migrations.RenameField("post", "carried_likes", "imported_likes"),
        migrations.RenameField("post", "carried_retweets", "imported_retweets"),
        migrations.RenameField("post", "is_carried", "is_imported_retweet"),
    ]
