import accounts.models.blocklists
import accounts.models.registration
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import microblog.db.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="BannedEmail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="banned"
                    ),
                ),
            ],
            options={
                "verbose_name": "banned e-mail address",
                "verbose_name_plural": "banned e-mail addresses",
            },
        ),
        migrations.CreateModel(
            name="BlockedDomain",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "domain",
                    models.CharField(
                        help_text="Such as mail.example, which means box.mail.example as well.",
                        max_length=253,
                        unique=True,
                    ),
                ),
                (
                    "until",
                    models.DateTimeField(blank=True, help_text="Empty: for good.", null=True),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="Why. Only staff read this.",
                        max_length=200,
                    ),
                ),
            ],
            options={
                "verbose_name": "blocked e-mail domain",
            },
        ),
        migrations.CreateModel(
            name="BlockedRange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "network",
                    models.CharField(
                        help_text="An address, or a range such as 192.0.2.0/24 or 2001:db8:12::/48.",
                        max_length=49,
                        unique=True,
                        verbose_name="range",
                    ),
                ),
                ("first", models.CharField(editable=False, max_length=33)),
                ("last", models.CharField(editable=False, max_length=33)),
                ("until", models.DateTimeField(default=accounts.models.blocklists.in_a_month)),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="Why. Only staff read this.",
                        max_length=200,
                    ),
                ),
            ],
            options={
                "verbose_name": "blocked network range",
            },
        ),
        migrations.CreateModel(
            name="RemovedHandle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
            ],
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False, help_text="May enter the admin.", verbose_name="staff"
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Untick to close the door without deleting anything.",
                        verbose_name="active",
                    ),
                ),
                ("session_epoch", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "date_joined",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "wanted_handle",
                    models.CharField(blank=True, default="", editable=False, max_length=15),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("handle", models.CharField(max_length=30)),
                ("host", models.CharField(blank=True, default="", editable=False, max_length=100)),
                ("name", models.TextField()),
                ("bio", models.TextField(blank=True, default="")),
                ("bio_html", models.TextField(blank=True, default="", editable=False)),
                ("location", models.TextField(blank=True, default="")),
                ("website", models.TextField(blank=True, default="")),
                ("avatar", models.CharField(blank=True, default="", editable=False, max_length=32)),
                ("banner", models.CharField(blank=True, default="", editable=False, max_length=32)),
                ("avatar_bytes", models.PositiveBigIntegerField(default=0, editable=False)),
                ("banner_bytes", models.PositiveBigIntegerField(default=0, editable=False)),
                ("joined_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("edited_fields", models.JSONField(default=list, editable=False)),
                ("followers_count", models.PositiveIntegerField(default=0, editable=False)),
                ("following_count", models.PositiveIntegerField(default=0, editable=False)),
                ("posts_count", models.PositiveIntegerField(default=0, editable=False)),
                ("media_count", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "stored_bytes",
                    models.PositiveBigIntegerField(
                        default=0, editable=False, verbose_name="storage"
                    ),
                ),
                (
                    "imported_followers",
                    models.PositiveIntegerField(default=0, verbose_name="followers elsewhere"),
                ),
                (
                    "imported_following",
                    models.PositiveIntegerField(default=0, verbose_name="following elsewhere"),
                ),
                ("last_post_id", models.BigIntegerField(default=0, editable=False)),
                (
                    "suspended_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="suspended"
                    ),
                ),
                ("uncounted_at", models.DateTimeField(editable=False, null=True)),
                (
                    "limited_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="limited"
                    ),
                ),
                (
                    "frozen_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="frozen"
                    ),
                ),
                ("unread_notices", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "folded_handle",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Lower("handle"),
                        output_field=microblog.db.fields.KeyField(max_length=30),
                    ),
                ),
                (
                    "folded_name",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Lower(
                            django.db.models.functions.text.Left("name", 50)
                        ),
                        output_field=microblog.db.fields.KeyField(max_length=50),
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="account",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AddressChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("before", models.EmailField(max_length=254)),
                ("email", models.EmailField(max_length=254)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("changed_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="address_changes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Application",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(editable=False, verbose_name="reason to join")),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="asked"
                    ),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="address confirmed"
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="application",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "application to join",
                "verbose_name_plural": "applications to join",
            },
        ),
        migrations.CreateModel(
            name="Follow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "followed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="followed_by",
                        to="accounts.account",
                    ),
                ),
                (
                    "follower",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follows",
                        to="accounts.account",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FormerHandle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("handle", models.CharField(max_length=30)),
                ("until", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_handles",
                        to="accounts.account",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "token",
                    models.CharField(
                        default=accounts.models.registration.new_token,
                        editable=False,
                        max_length=32,
                        unique=True,
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="For whom it is. Only staff read this.",
                        max_length=200,
                    ),
                ),
                (
                    "uses",
                    models.PositiveIntegerField(
                        default=1,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="for how many people",
                    ),
                ),
                (
                    "used",
                    models.PositiveIntegerField(
                        default=0, editable=False, verbose_name="came by it"
                    ),
                ),
                (
                    "until",
                    models.DateTimeField(
                        default=accounts.models.registration.in_a_week, verbose_name="valid until"
                    ),
                ),
                (
                    "made_by",
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
            name="ReservedHandle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("handle", models.CharField(help_text="Without the @.", max_length=15)),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="Why. Only staff read this.",
                        max_length=200,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("handle"),
                        name="reserved_handle_unique",
                        violation_error_message="This handle is reserved already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SignupPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("open", "Open: anybody signs up"),
                            ("approval", "By approval: they say why, and wait for a moderator"),
                            ("invitation", "By invitation: with a link that staff made"),
                            ("closed", "Closed: nobody signs up"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="sign-up",
                    ),
                ),
                (
                    "fill_seconds",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="In seconds, at most 2; 0 for none. What is sent sooner comes back, and can be sent again at once.",
                        validators=[django.core.validators.MaxValueValidator(2)],
                        verbose_name="shortest time to fill in the form",
                    ),
                ),
                (
                    "question",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="A question of your own that who signs up has to answer, or nothing.",
                        max_length=200,
                    ),
                ),
                (
                    "answers",
                    models.TextField(
                        blank=True,
                        default="",
                        help_text="Every right answer, one a line. Capitals and spaces do not matter.",
                    ),
                ),
                (
                    "newcomer_days",
                    models.PositiveSmallIntegerField(
                        default=7,
                        help_text="In days since they signed up; 0 for not at all.",
                        validators=[django.core.validators.MaxValueValidator(365)],
                        verbose_name="newcomer for",
                    ),
                ),
                (
                    "newcomer_followers",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="0: the days alone decide. Else whoever has fewer stays a newcomer.",
                        verbose_name="and until this many followers",
                    ),
                ),
                (
                    "newcomer_links",
                    models.PositiveSmallIntegerField(
                        default=2, help_text="In a post.", verbose_name="a newcomer's links"
                    ),
                ),
                (
                    "newcomer_mentions",
                    models.PositiveSmallIntegerField(
                        default=5, help_text="In a post.", verbose_name="a newcomer's mentions"
                    ),
                ),
                (
                    "newcomer_posts",
                    models.PositiveSmallIntegerField(
                        default=30,
                        help_text="Within an hour, retweets among them; at least 5.",
                        validators=[django.core.validators.MinValueValidator(5)],
                        verbose_name="a newcomer's posts",
                    ),
                ),
            ],
            options={
                "verbose_name": "sign-up and newcomers",
                "verbose_name_plural": "sign-up and newcomers",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="signup_policy_is_one_row"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("mode__in", ["open", "approval", "invitation", "closed"])
                        ),
                        name="signup_policy_mode",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fill_seconds__lte", 2)),
                        name="signup_policy_fill_seconds",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WaitingSignup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("password", models.CharField(max_length=128)),
                ("handle", models.CharField(blank=True, default="", max_length=15)),
                ("applies", models.BooleanField(default=False)),
                ("reason", models.TextField(blank=True, default="")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "claims",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(fields=["date_joined"], name="user_joined"),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("email"),
                name="user_email_unique",
                violation_error_message="That e-mail address is taken.",
            ),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(fields=["host", "-last_post_id"], name="account_newest"),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(fields=["avatar"], name="account_avatar"),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(fields=["banner"], name="account_banner"),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(fields=["host", "folded_handle"], name="account_by_handle"),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(fields=["host", "folded_name"], name="account_by_name"),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(
                condition=models.Q(("stored_bytes__gt", 0)),
                fields=["-stored_bytes"],
                name="account_largest",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("handle"),
                models.F("host"),
                name="account_handle_unique",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(("host", ""), ("user", None), _connector="OR"),
                name="external_account_has_no_user",
            ),
        ),
        migrations.AddIndex(
            model_name="addresschange",
            index=models.Index(fields=["asked_at"], name="address_change_asked"),
        ),
        migrations.AddConstraint(
            model_name="addresschange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("changed_at", None)),
                fields=("user",),
                name="address_change_one_waits",
            ),
        ),
        migrations.AddIndex(
            model_name="follow",
            index=models.Index(fields=["followed", "id"], name="follow_followed"),
        ),
        migrations.AddIndex(
            model_name="follow",
            index=models.Index(fields=["follower", "id"], name="follow_follower"),
        ),
        migrations.AddConstraint(
            model_name="follow",
            constraint=models.UniqueConstraint(fields=("follower", "followed"), name="follow_once"),
        ),
        migrations.AddConstraint(
            model_name="follow",
            constraint=models.CheckConstraint(
                condition=models.Q(("follower", models.F("followed")), _negated=True),
                name="follow_others",
            ),
        ),
        migrations.AddConstraint(
            model_name="formerhandle",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("handle"), name="former_handle_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("used__lte", models.F("uses"))),
                name="invitation_used_within_uses",
            ),
        ),
        migrations.AddIndex(
            model_name="waitingsignup",
            index=models.Index(fields=["email"], name="waiting_signup_email"),
        ),
        migrations.AddIndex(
            model_name="waitingsignup",
            index=models.Index(fields=["created_at"], name="waiting_signup_created"),
        ),
    ]
