import django.db.models.deletion
import django.db.models.functions.comparison
import microblog.db.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="LinkCard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("url", models.TextField(unique=True)),
                ("domain", models.TextField()),
                ("title", models.TextField(blank=True, default="")),
                ("description", models.TextField(blank=True, default="")),
                (
                    "key",
                    models.CharField(
                        blank=True, editable=False, max_length=32, null=True, unique=True
                    ),
                ),
                ("width", models.PositiveIntegerField(default=0, editable=False)),
                ("height", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "fetched_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="last fetched"
                    ),
                ),
                ("due_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                (
                    "folded",
                    microblog.db.fields.KeyField(editable=False, max_length=300, unique=True),
                ),
            ],
        ),
        migrations.CreateModel(
            name="KeywordRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "words",
                    models.TextField(
                        help_text="One word or phrase a line, up to 200. Capitals, spaces and full-width letters do not matter; accents do."
                    ),
                ),
                (
                    "anywhere",
                    models.BooleanField(
                        default=False,
                        help_text="Else whole words alone. Where a script has no spaces, both are the same.",
                        verbose_name="inside of words too",
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("refuse", "Refuse: the author is told, and nothing is posted"),
                            ("hold", "Hold back: hidden until a moderator unhides it"),
                            ("report", "Report: posted, and a moderator is told"),
                        ],
                        default="report",
                        max_length=6,
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[("everybody", "Everybody"), ("newcomers", "Newcomers only")],
                        default="everybody",
                        max_length=9,
                        verbose_name="for whom",
                    ),
                ),
                (
                    "message",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="What an author reads whose post is refused. Empty: a sentence that names no word.",
                        max_length=300,
                    ),
                ),
                ("active", models.BooleanField(default=False, editable=False)),
                ("tried", models.CharField(blank=True, default="", editable=False, max_length=64)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("active", False),
                            models.Q(("tried", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="keyword_rule_tried_first",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("action__in", ["refuse", "hold", "report"])),
                        name="keyword_rule_action",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scope__in", ["everybody", "newcomers"])),
                        name="keyword_rule_scope",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("post", "Post"),
                            ("reply", "Reply"),
                            ("quote", "Quote"),
                            ("retweet", "Retweet"),
                        ],
                        default="post",
                        editable=False,
                        max_length=7,
                    ),
                ),
                ("text", models.TextField(blank=True, default="")),
                ("html", models.TextField(blank=True, default="", editable=False)),
                (
                    "sensitive",
                    models.BooleanField(
                        default=False, help_text="Its pictures are shown only to who asks for them."
                    ),
                ),
                ("reply_to_handle", models.TextField(blank=True, default="", editable=False)),
                ("reply_to_url", models.TextField(blank=True, default="", editable=False)),
                ("quote_handle", models.TextField(blank=True, default="", editable=False)),
                ("quote_url", models.TextField(blank=True, default="", editable=False)),
                ("is_external", models.BooleanField(default=False, editable=False)),
                ("is_dated", models.BooleanField(default=True, editable=False)),
                ("origin_url", models.TextField(blank=True, default="", editable=False)),
                (
                    "imported_likes",
                    models.PositiveIntegerField(default=0, verbose_name="likes elsewhere"),
                ),
                (
                    "imported_retweets",
                    models.PositiveIntegerField(default=0, verbose_name="retweets elsewhere"),
                ),
                ("is_imported_retweet", models.BooleanField(default=False, editable=False)),
                ("media_count", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("likes_count", models.PositiveIntegerField(default=0, editable=False)),
                ("retweets_count", models.PositiveIntegerField(default=0, editable=False)),
                ("replies_count", models.PositiveIntegerField(default=0, editable=False)),
                ("quotes_count", models.PositiveIntegerField(default=0, editable=False)),
                ("idempotency_key", models.UUIDField(blank=True, editable=False, null=True)),
                (
                    "edited_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="edited"
                    ),
                ),
                ("uncounted_at", models.DateTimeField(editable=False, null=True)),
                (
                    "hidden_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="hidden"
                    ),
                ),
                (
                    "deleted_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="deleted"
                    ),
                ),
                (
                    "above",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.comparison.Coalesce(
                            "reply_to", "beyond_gap"
                        ),
                        output_field=models.BigIntegerField(null=True),
                    ),
                ),
                (
                    "is_reply",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Q(("kind", "reply")),
                        output_field=models.BooleanField(),
                    ),
                ),
                (
                    "has_media",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Q(("media_count__gt", 0)),
                        output_field=models.BooleanField(),
                    ),
                ),
                (
                    "is_listed",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Q(
                            ("kind__in", ["post", "quote"]), ("is_external", False)
                        ),
                        output_field=models.BooleanField(),
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="posts",
                        to="accounts.account",
                    ),
                ),
                (
                    "beyond_gap",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        help_text="Of a reply to what was deleted: the nearest post above that is still here.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="below_gap",
                        to="timeline.post",
                    ),
                ),
                (
                    "card",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="posts",
                        to="timeline.linkcard",
                    ),
                ),
                (
                    "quote_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="quotes",
                        to="timeline.post",
                    ),
                ),
                (
                    "reply_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="replies",
                        to="timeline.post",
                    ),
                ),
                (
                    "retweet_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="retweets",
                        to="timeline.post",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Pin",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pin",
                        to="accounts.account",
                    ),
                ),
                (
                    "post",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pinned_by",
                        to="timeline.post",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_addressee", models.BooleanField(default=False)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mentioned_in",
                        to="accounts.account",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mentions",
                        to="timeline.post",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Media",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("owner", models.BigIntegerField(default=0, editable=False)),
                ("payer", models.BigIntegerField(default=0, editable=False)),
                ("bytes", models.PositiveBigIntegerField(default=0, editable=False)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "kind",
                    models.CharField(
                        choices=[("image", "Image"), ("video", "Video"), ("gif", "GIF")],
                        default="image",
                        max_length=5,
                    ),
                ),
                ("key", models.CharField(editable=False, max_length=32, unique=True)),
                ("moves", models.BooleanField(default=False, editable=False)),
                (
                    "container",
                    models.CharField(
                        choices=[("mp4", "MP4"), ("webm", "WebM")],
                        default="mp4",
                        editable=False,
                        max_length=4,
                    ),
                ),
                ("alt", models.TextField(blank=True, default="", verbose_name="description")),
                (
                    "color",
                    models.CharField(
                        blank=True, default="", editable=False, max_length=7, verbose_name="colour"
                    ),
                ),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("small_width", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="media",
                        to="timeline.post",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "media",
                "ordering": ("post", "position"),
            },
        ),
        migrations.CreateModel(
            name="Like",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="likes",
                        to="accounts.account",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="liked_by",
                        to="timeline.post",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("idempotency_key", models.UUIDField(editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("post", "post"), ("reply", "reply"), ("quote", "quote")],
                        default="post",
                        max_length=7,
                    ),
                ),
                ("texts", models.JSONField(default=list)),
                ("excerpt", models.CharField(blank=True, default="", max_length=280)),
                ("length", models.PositiveSmallIntegerField(default=1)),
                ("bytes", models.PositiveIntegerField(default=0)),
                ("kept_id", models.BigIntegerField(default=0)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="accounts.account",
                    ),
                ),
                (
                    "quote_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="timeline.post",
                    ),
                ),
                (
                    "reply_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="timeline.post",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Bookmark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bookmarks",
                        to="accounts.account",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bookmarked_by",
                        to="timeline.post",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("replaced_at", models.DateTimeField()),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revisions",
                        to="timeline.post",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Tagging",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="taggings",
                        to="timeline.post",
                    ),
                ),
                (
                    "tag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="taggings",
                        to="timeline.tag",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(fields=["author", "id"], name="post_author"),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(fields=["author", "is_reply", "id"], name="post_tab"),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(fields=["author", "has_media", "id"], name="post_media_tab"),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(fields=["is_listed", "id"], name="post_explore"),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(fields=["above", "id"], name="post_above"),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                condition=models.Q(("retweet_of__isnull", False)),
                fields=["retweet_of", "id"],
                name="post_retweets",
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                condition=models.Q(("quote_of__isnull", False)),
                fields=["quote_of", "id"],
                name="post_quotes",
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", False)),
                fields=["id"],
                name="post_deleted",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["post", "reply", "quote", "retweet"])),
                name="post_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "retweet"), ("retweet_of", None), _connector="XOR"),
                name="post_retweet_has_original",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "retweet"), _negated=True),
                    models.Q(
                        ("card", None),
                        ("html", ""),
                        ("media_count", 0),
                        ("quote_of", None),
                        ("reply_to", None),
                        ("text", ""),
                    ),
                    _connector="OR",
                ),
                name="post_retweet_is_bare",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "reply"),
                    models.Q(("beyond_gap", None), ("reply_to", None), ("reply_to_url", "")),
                    _connector="OR",
                ),
                name="post_only_replies_reply",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["reply", "quote"]),
                    models.Q(("quote_of", None), ("quote_url", "")),
                    _connector="OR",
                ),
                name="post_only_quotes_quote",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(
                fields=("author", "retweet_of"), name="post_retweet_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(
                fields=("author", "idempotency_key"), name="post_idempotency_key_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="mention",
            constraint=models.UniqueConstraint(fields=("account", "post"), name="mention_once"),
        ),
        migrations.AddIndex(
            model_name="media",
            index=models.Index(
                condition=models.Q(("alt", ""), ("kind", "image")),
                fields=["owner", "-post", "position"],
                name="media_undescribed",
            ),
        ),
        migrations.AddIndex(
            model_name="media",
            index=models.Index(fields=["payer"], name="media_payer"),
        ),
        migrations.AddConstraint(
            model_name="media",
            constraint=models.UniqueConstraint(fields=("post", "position"), name="media_position"),
        ),
        migrations.AddConstraint(
            model_name="media",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["image", "video", "gif"])), name="media_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="media",
            constraint=models.CheckConstraint(
                condition=models.Q(("container__in", ["mp4", "webm"])), name="media_container"
            ),
        ),
        migrations.AddIndex(
            model_name="like",
            index=models.Index(fields=["account", "id"], name="like_account"),
        ),
        migrations.AddIndex(
            model_name="like",
            index=models.Index(fields=["post", "id"], name="like_post"),
        ),
        migrations.AddConstraint(
            model_name="like",
            constraint=models.UniqueConstraint(fields=("post", "account"), name="like_once"),
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(fields=["account", "-kept_id"], name="draft_order"),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                fields=("account", "idempotency_key"), name="draft_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["post", "reply", "quote"])), name="draft_kind"
            ),
        ),
        migrations.AddIndex(
            model_name="bookmark",
            index=models.Index(fields=["account", "id"], name="bookmark_account"),
        ),
        migrations.AddConstraint(
            model_name="bookmark",
            constraint=models.UniqueConstraint(fields=("post", "account"), name="bookmark_once"),
        ),
        migrations.AddConstraint(
            model_name="tagging",
            constraint=models.UniqueConstraint(fields=("tag", "post"), name="tag_once"),
        ),
    ]
