"""How often its own author answered a post, so that a row need not ask who answered it."""

from django.db import migrations, models

COUNT = """
UPDATE timeline_post SET own_replies_count = (
    SELECT COUNT(*) FROM timeline_post reply
    JOIN accounts_account author ON author.id = reply.author_id
    WHERE reply.reply_to_id = timeline_post.id AND reply.author_id = timeline_post.author_id
        AND reply.hidden_at IS NULL AND reply.deleted_at IS NULL AND author.suspended_at IS NULL
) WHERE replies_count > 0
"""


class Migration(migrations.Migration):
    dependencies = [("timeline", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="post",
            name="own_replies_count",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
    ]
