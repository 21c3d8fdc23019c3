import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import moderation.models.about
import moderation.models.ticket
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DailyFigures",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(editable=False, unique=True)),
                (
                    "signups",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="sign-ups"),
                ),
                ("posts", models.PositiveIntegerField(default=0, editable=False)),
                ("reports", models.JSONField(default=dict, editable=False)),
                (
                    "removals",
                    models.JSONField(default=dict, editable=False, verbose_name="removal requests"),
                ),
                ("appeals", models.PositiveIntegerField(default=0, editable=False)),
                ("decisions", models.JSONField(default=dict, editable=False)),
                ("waits", models.JSONField(default=dict, editable=False)),
                ("media_bytes", models.BigIntegerField(editable=False, null=True)),
                ("measured_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "verbose_name": "daily figures",
                "verbose_name_plural": "daily figures",
            },
        ),
        migrations.CreateModel(
            name="Preset",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=100, unique=True)),
                (
                    "statement",
                    models.TextField(
                        help_text="Plain words, to the person: what they did, which rule it broke, what follows from it."
                    ),
                ),
            ],
            options={
                "ordering": ("title",),
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(editable=False, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Rule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                (
                    "text",
                    models.TextField(
                        blank=True,
                        default="",
                        help_text="Plain text; it may be empty where the title says all.",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="The smallest stands first."
                    ),
                ),
                (
                    "active",
                    models.BooleanField(
                        default=True,
                        help_text="Untick for a rule that no longer holds; what was decided by it stays.",
                    ),
                ),
            ],
            options={
                "ordering": ("position", "pk"),
            },
        ),
        migrations.CreateModel(
            name="About",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "place",
                    models.TextField(
                        default=moderation.models.about.our_place,
                        help_text="Plain text. A blank line begins a new paragraph; addresses become links.",
                        validators=[django.core.validators.MaxLengthValidator(10000)],
                        verbose_name="what this place is",
                    ),
                ),
                (
                    "contact",
                    models.TextField(
                        default=moderation.models.about.our_contact,
                        help_text="Plain text. A blank line begins a new paragraph; addresses become links.",
                        validators=[django.core.validators.MaxLengthValidator(10000)],
                        verbose_name="who runs it, and how to reach them",
                    ),
                ),
                (
                    "privacy",
                    models.TextField(
                        default=moderation.models.about.our_privacy,
                        help_text="Plain text. A blank line begins a new paragraph; addresses become links.",
                        validators=[django.core.validators.MaxLengthValidator(10000)],
                    ),
                ),
            ],
            options={
                "verbose_name": "about this site",
                "verbose_name_plural": "about this site",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="about_is_one_row")
                ],
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "account_number",
                    models.BigIntegerField(editable=False, verbose_name="id of the account"),
                ),
                (
                    "severity",
                    models.SmallIntegerField(
                        choices=[(0, "Nuisance"), (1, "Breach"), (2, "Harm"), (3, "Danger")],
                        default=0,
                        editable=False,
                    ),
                ),
                ("reports_count", models.PositiveIntegerField(default=0, editable=False)),
                ("removals_count", models.PositiveIntegerField(default=0, editable=False)),
                ("appeals_count", models.PositiveIntegerField(default=0, editable=False)),
                ("people_count", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "opened_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("closed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("assigned_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("snoozed_until", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="cases",
                        to="accounts.account",
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="cases",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "permissions": [
                    ("work_queue", "Can work through the queue of reports and removal requests")
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="made"
                    ),
                ),
                ("batch", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("none", "No action"),
                            ("warn", "Warn"),
                            ("sensitive", "Mark the posts as sensitive"),
                            ("hide", "Hide the posts"),
                            ("delete", "Delete the posts"),
                            ("limit", "Limit the account"),
                            ("freeze", "Freeze the account"),
                            ("suspend", "Suspend the account"),
                            ("remove", "Remove the account and its handle"),
                            ("ban", "Ban the e-mail address"),
                            ("lift", "Lifted"),
                            ("undo", "Undone"),
                            ("uphold", "Upheld on appeal"),
                            ("overturn", "Overturned on appeal"),
                            ("staff", "Done in the admin"),
                        ],
                        editable=False,
                        max_length=9,
                    ),
                ),
                (
                    "moderator_number",
                    models.BigIntegerField(editable=False, null=True, verbose_name="moderator"),
                ),
                (
                    "account_number",
                    models.BigIntegerField(editable=False, null=True, verbose_name="account"),
                ),
                ("post_ids", models.JSONField(default=list, editable=False, verbose_name="posts")),
                ("filings", models.JSONField(default=list, editable=False, verbose_name="decides")),
                ("rule", models.CharField(blank=True, default="", editable=False, max_length=200)),
                (
                    "statement",
                    models.TextField(
                        blank=True, default="", editable=False, verbose_name="reasons"
                    ),
                ),
                ("until", models.DateTimeField(editable=False, null=True)),
                (
                    "about",
                    models.BigIntegerField(
                        editable=False, null=True, verbose_name="about decision"
                    ),
                ),
                ("previous", models.CharField(editable=False, max_length=64)),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account_number", "-id"], name="decision_account"),
                    models.Index(fields=["batch"], name="decision_batch"),
                    models.Index(fields=["made_at"], name="decision_made"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "action__in",
                                [
                                    "none",
                                    "warn",
                                    "sensitive",
                                    "hide",
                                    "delete",
                                    "limit",
                                    "freeze",
                                    "suspend",
                                    "remove",
                                    "ban",
                                    "lift",
                                    "undo",
                                    "uphold",
                                    "overturn",
                                    "staff",
                                ],
                            )
                        ),
                        name="decision_action",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(db_index=True, editable=False, max_length=32)),
                (
                    "idempotency_key",
                    models.UUIDField(blank=True, editable=False, null=True, unique=True),
                ),
                ("from_moderator", models.BooleanField(default=False, editable=False)),
                ("text", models.TextField(editable=False)),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="sent"
                    ),
                ),
                (
                    "moderator",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(editable=False)),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="written"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="moderation.case",
                    ),
                ),
                (
                    "moderator",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        default=moderation.models.ticket.new_reference,
                        editable=False,
                        max_length=32,
                        unique=True,
                    ),
                ),
                ("batch", models.UUIDField(editable=False, unique=True)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("undone_at", models.DateTimeField(editable=False, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="accounts.account",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Sanction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("post_ids", models.JSONField(default=list, editable=False)),
                ("until", models.DateTimeField(editable=False, null=True)),
                ("due_at", models.DateTimeField(editable=False, null=True)),
                ("done_at", models.DateTimeField(editable=False, null=True)),
                ("ended_at", models.DateTimeField(editable=False, null=True)),
                ("ended_by", models.BigIntegerField(editable=False, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="sanctions",
                        to="accounts.account",
                    ),
                ),
                (
                    "decision",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sanction",
                        to="moderation.decision",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Ticket",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("report", "report"),
                            ("removal", "removal request"),
                            ("appeal", "appeal"),
                        ],
                        editable=False,
                        max_length=7,
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        default=moderation.models.ticket.new_reference,
                        editable=False,
                        max_length=32,
                        unique=True,
                    ),
                ),
                (
                    "idempotency_key",
                    models.UUIDField(blank=True, editable=False, null=True, unique=True),
                ),
                (
                    "account_number",
                    models.BigIntegerField(
                        editable=False, null=True, verbose_name="id of the account"
                    ),
                ),
                (
                    "post_ids",
                    models.JSONField(
                        blank=True, default=list, editable=False, verbose_name="posts"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("acted", "acted upon"),
                            ("dismissed", "dismissed"),
                            ("granted", "granted"),
                            ("refused", "refused"),
                            ("overturned", "overturned"),
                            ("upheld", "upheld"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="open",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("text", models.TextField(blank=True, default="", editable=False)),
                (
                    "email",
                    models.EmailField(
                        blank=True,
                        default="",
                        editable=False,
                        max_length=254,
                        verbose_name="e-mail address",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="sent"
                    ),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="confirmed"
                    ),
                ),
                (
                    "closed_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="closed"
                    ),
                ),
                (
                    "statement",
                    models.TextField(
                        blank=True, default="", editable=False, verbose_name="reasons"
                    ),
                ),
                (
                    "decision_number",
                    models.BigIntegerField(
                        blank=True,
                        db_index=True,
                        editable=False,
                        null=True,
                        verbose_name="decision",
                    ),
                ),
                ("told_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("spam", "Spam"),
                            ("harassment", "Harassment"),
                            ("hate", "Hate"),
                            ("illegal", "Something illegal"),
                            ("impersonation", "It pretends to be somebody else"),
                            ("self-harm", "Self-harm, or suicide"),
                            ("rule", "It breaks a rule of this site"),
                            ("other", "Something else"),
                        ],
                        default="",
                        editable=False,
                        max_length=13,
                    ),
                ),
                (
                    "keyword",
                    models.CharField(
                        blank=True,
                        default="",
                        editable=False,
                        max_length=200,
                        verbose_name="keyword rule",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("me", "It is me"),
                            ("picture", "It is my picture"),
                            ("rights", "My rights: a text or a picture that I made"),
                            ("law", "The law"),
                        ],
                        default="",
                        editable=False,
                        max_length=7,
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="tickets",
                        to="accounts.account",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="tickets",
                        to="moderation.case",
                    ),
                ),
                (
                    "notice",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="appeal",
                        to="moderation.notice",
                    ),
                ),
                (
                    "reporter",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="tickets_sent",
                        to="accounts.account",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="tickets",
                        to="moderation.rule",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.OrderBy(models.F("severity"), descending=True),
                models.F("opened_at"),
                models.F("id"),
                condition=models.Q(("closed_at", None)),
                name="case_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["account_number", "-id"], name="case_account"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)),
                fields=("account_number",),
                name="case_open_once",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["account", "-id"], name="notice_account"),
        ),
        migrations.AddIndex(
            model_name="sanction",
            index=models.Index(
                condition=models.Q(("ended_at", None), ("until__isnull", False)),
                fields=["until"],
                name="sanction_until",
            ),
        ),
        migrations.AddIndex(
            model_name="sanction",
            index=models.Index(
                condition=models.Q(
                    ("done_at", None), ("due_at__isnull", False), ("ended_at", None)
                ),
                fields=["due_at"],
                name="sanction_due",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["reporter", "created_at"], name="ticket_reporter"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["email", "created_at"], name="ticket_email"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["kind", "created_at"], name="ticket_created"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("closed_at", None), ("kind", "report")),
                fields=["category", "case"],
                name="ticket_category_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "report"),
                        ("state__in", ["open", "acted", "dismissed", "withdrawn"]),
                    ),
                    models.Q(
                        ("kind", "removal"),
                        ("state__in", ["open", "granted", "refused", "withdrawn"]),
                    ),
                    models.Q(
                        ("kind", "appeal"),
                        ("state__in", ["open", "overturned", "upheld", "withdrawn"]),
                    ),
                    _connector="OR",
                ),
                name="ticket_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "open"), ("closed_at__isnull", False), _connector="XOR"
                ),
                name="ticket_closed",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("category", ""), _negated=True),
                        ("kind", "report"),
                        ("notice", None),
                        ("reason", ""),
                    ),
                    models.Q(
                        models.Q(
                            ("category", ""), ("keyword", ""), ("reporter", None), ("rule", None)
                        ),
                        models.Q(("reason", ""), _negated=True),
                        ("kind", "removal"),
                        ("notice", None),
                    ),
                    models.Q(
                        models.Q(
                            ("category", ""), ("keyword", ""), ("reporter", None), ("rule", None)
                        ),
                        ("kind", "appeal"),
                        ("notice__isnull", False),
                        ("reason", ""),
                    ),
                    _connector="OR",
                ),
                name="ticket_filled_by_kind",
            ),
        ),
    ]
