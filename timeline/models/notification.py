"""What somebody is told: what others did that concerns them."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import connection, models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Greatest
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from accounts.models import Account
from microblog.db.writing import Write, run
from timeline import ids

if TYPE_CHECKING:
    from timeline.models.entities import Mention
    from timeline.models.post import Post

MOST_TOLD_OF_EDIT = 1000  # who retweeted the post last
MENTIONS = (4, 5, 6)  # the kinds of which the posts themselves are shown


class NotificationQuerySet(models.QuerySet["Notification"]):
    def to(self, account: Account) -> Self:
        return self.filter(recipient=account)

    def newer_than_seen(self, account: OuterRef) -> GreaterThan:
        """Tell whether there is any that `account`, the key of one within a query, has not seen."""
        newest = self.filter(recipient=account).order_by("-newest_id").values("newest_id")[:1]
        kept = NotificationSettings.objects.filter(account=account).values("seen_id")
        return GreaterThan(*(Coalesce(Subquery(one), Value(0)) for one in (newest, kept)))

    def newest_first(self) -> Self:
        return self.annotate(cursor=F("newest_id")).order_by("-newest_id")


class Notification(models.Model):
    """A group of events of one kind, about one post or within one day, of which `recipient` is
    told.

    Who is in it is not kept here: it is read from likes, retweets, follows and posts, each time
    (timeline.feeds.notifications). `newest_id` is the time of its newest event, as a post's id is.
    """

    class Kind(models.IntegerChoices):
        FOLLOW = 1
        REQUEST = 2, "follow request"
        APPROVAL = 3, "approved request"
        REPLY = 4
        MENTION = 5
        QUOTE = 6
        RETWEET = 7
        LIKE = 8
        EDIT = 9, "edit of what one retweeted"
        DECISION = 10
        IMPORT = 11
        EXPORT = 12

    # the unique constraint begins with the post, and the walk with the recipient
    recipient = models.ForeignKey(
        Account, models.CASCADE, related_name="notifications", db_index=False
    )
    kind = models.PositiveSmallIntegerField(choices=Kind)
    post = models.ForeignKey(
        "timeline.Post", models.CASCADE, null=True, related_name="notifications", db_index=False
    )
    day = models.DateTimeField(null=True)  # its beginning, in UTC
    newest_id = models.BigIntegerField()

    is_mention = models.GeneratedField(
        expression=Q(kind__in=MENTIONS),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "recipient", "kind"], name="notification_of_post_once"
            ),
            models.UniqueConstraint(
                fields=["recipient", "kind", "day"], name="notification_of_day_once"
            ),
            models.CheckConstraint(
                condition=Q(post=None) ^ Q(day=None), name="notification_of_post_or_day"
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "newest_id"], name="notification_newest"),
            models.Index(
                fields=["recipient", "is_mention", "newest_id"], name="notification_mentions"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} to {self.recipient_id}"


class NotificationSettingsQuerySet(models.QuerySet["NotificationSettings"]):
    def of(self, account: Account) -> "NotificationSettings":
        """Return those of `account`, which need not be kept yet."""
        return self.filter(account=account).first() or self.model(account=account)

    def mark_seen(self, account: Account, newest_id: int) -> None:
        """Note that `account` has seen what is no newer than this."""
        self._keep(account, seen_id=newest_id)

    def choose(self, account: Account, *, off: Iterable[int], limited: Iterable[int]) -> None:
        """Let `account` be told of no kind that is `off`, and of one that is `limited` by whom it
        follows alone.
        """
        self._keep(account, off=_bits(off), limited=_bits(limited))

    def choose_mail(self, account: Account, mail: "NotificationSettings.Mail") -> None:
        """Let `account` have mails at these times, of what is new from now on."""
        before = self.of(account).mail
        if mail != before:
            start = {} if before else {"mailed_id": ids.first_id_at(timezone.now())}
            self._keep(account, mail=mail.value, mail_after=None, **start)

    def to_mail(self, mail: "NotificationSettings.Mail", now: datetime) -> Self:
        """Return those of who wants mails at these times, and may have the next one `now`."""
        return self.filter(Q(mail_after=None) | Q(mail_after__lte=now), mail=mail)

    def that_can_be_mailed(self) -> Self:
        """Return those of accounts that stand, and that somebody can sign in to."""
        return self.filter(account__absent_at=None, account__user__is_active=True)

    def with_news(self, until: int, kinds: Collection[int] | None = None) -> Self:
        """Return those of who was told of something, up to `until`, that they have not seen and
        had no mail of; of these `kinds` alone.
        """
        news = Notification.objects.filter(
            recipient=OuterRef("account"),
            newest_id__gt=Greatest(OuterRef("seen_id"), OuterRef("mailed_id")),
            newest_id__lte=until,
        )
        return self.filter(Exists(news if kinds is None else news.filter(kind__in=kinds)))

    def _keep(self, account: Account, **columns: int | datetime | None) -> None:
        kept = [self.model(account=account, **columns)]
        self.bulk_create(
            kept, update_conflicts=True, unique_fields=["account"], update_fields=[*columns]
        )


class NotificationSettings(models.Model):
    """What `account` has seen of its notifications, which it wants, and of which it has mails."""

    class Mail(models.IntegerChoices):
        NONE = 0, "None"
        AT_ONCE = 1, "At once"
        DAILY = 2, "Once a day"

    account = models.OneToOneField(
        Account, models.CASCADE, primary_key=True, related_name="notification_settings"
    )
    seen_id = models.BigIntegerField(default=0)  # all that is no newer than this
    # kinds that it does not want, and those that it wants of whom it follows alone: a bit for each
    off = models.PositiveIntegerField(default=0)
    limited = models.PositiveIntegerField(default=0)
    mail = models.PositiveSmallIntegerField(choices=Mail, default=Mail.NONE)
    # of all that is no newer than this it had a mail, or there is none to be had
    mailed_id = models.BigIntegerField(default=0)
    mail_after = models.DateTimeField(null=True)  # the next one

    objects = NotificationSettingsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(mail__in=[0, 1, 2]), name="notification_mail_is_known"
            )
        ]
        indexes = [
            models.Index(
                fields=["mail", "account"],
                condition=Q(mail__gt=0),
                name="notification_mail_wanted",
            )
        ]

    def __str__(self) -> str:
        return f"Notifications of {self.account}"

    def is_off(self, kind: int) -> bool:
        return bool(self.off >> kind & 1)

    def is_limited(self, kind: int) -> bool:
        return bool(self.limited >> kind & 1)


def _bits(kinds: Iterable[int]) -> int:
    return sum(1 << kind for kind in set(kinds))


# --- Telling: writes for the transaction of the deed. A row that is there becomes newer. ---

_INSERT = """INSERT INTO timeline_notification (recipient_id, kind, {about}, newest_id) {rows}
    ON CONFLICT ({once}) DO UPDATE SET newest_id = CASE
        WHEN excluded.newest_id > timeline_notification.newest_id THEN excluded.newest_id
        ELSE timeline_notification.newest_id END"""


def _of_post(rows: str) -> str:
    return _INSERT.format(about="post_id", once="post_id, recipient_id, kind", rows=rows)


_AUTHOR = _of_post(
    """SELECT author_id, CAST(%s AS smallint), id, CAST(%s AS bigint) FROM timeline_post
    WHERE id = %s AND author_id <> %s AND deleted_at IS NULL AND NOT is_external"""
)
_RETWEETERS = _of_post(
    """SELECT author_id, CAST(%s AS smallint), retweet_of_id, CAST(%s AS bigint)
    FROM timeline_post WHERE retweet_of_id = %s AND author_id <> %s AND NOT is_imported_retweet
    ORDER BY id DESC LIMIT %s"""
)
_NAMED = """INSERT INTO timeline_notification (recipient_id, kind, post_id, newest_id)
    SELECT account_id, CAST(%s AS smallint), post_id, CAST(%s AS bigint) FROM timeline_mention
    WHERE post_id = %s AND account_id <> %s AND account_id NOT IN
        (SELECT recipient_id FROM timeline_notification WHERE post_id = %s)
    ON CONFLICT (post_id, recipient_id, kind) DO NOTHING"""
_OF_DAY = _INSERT.format(
    about="day",
    once="recipient_id, kind, day",
    rows="""SELECT id, CAST(%s AS smallint), {moment}, CAST(%s AS bigint) FROM accounts_account
    WHERE id IN ({places}) ORDER BY id""",
)


def _now() -> int:
    return ids.id_at(timezone.now())


def tell_author(post: "Post", kind: "Notification.Kind", by: Account) -> Write:
    """Return what tells the author of `post` that `by` did something with it."""
    return _AUTHOR, [kind.value, _now(), post.pk, by.pk]


def tell_retweeters(post: "Post") -> None:
    """Tell those who retweeted `post` last that it says something else now."""
    kind = Notification.Kind.EDIT.value
    run(_RETWEETERS, [kind, _now(), post.pk, post.author_id, MOST_TOLD_OF_EDIT])


def tell_named(post: "Post") -> None:
    """Tell whom `post` names, and who was told nothing of it yet."""
    kind = Notification.Kind.MENTION.value
    run(_NAMED, [kind, _now(), post.pk, post.author_id, post.pk])


def tell_of_posts(posts: Iterable["Post"], mentions: Iterable["Mention"]) -> list[Write]:
    """Return what tells of new `posts` whom they answer, quote and name: each of them once."""
    kinds = Notification.Kind
    told: dict[tuple[int, int], int] = {
        (mention.post_id, mention.account_id): kinds.MENTION for mention in mentions
    }
    authors = {}
    for post in posts:
        authors[post.pk] = post.author_id
        if post.quote_of and not post.quote_of.is_external:
            told[post.pk, post.quote_of.author_id] = kinds.QUOTE
        if post.reply_to and not post.reply_to.is_external:
            told[post.pk, post.reply_to.author_id] = kinds.REPLY
    rows = [
        (recipient, int(kind), post, post)
        for (post, recipient), kind in told.items()
        if authors[post] != recipient
    ]
    if not rows:
        return []
    places = ", ".join(["(%s, %s, %s, %s)"] * len(rows))
    return [(_of_post(f"VALUES {places}"), [value for row in rows for value in row])]


def tell_of_today(kind: "Notification.Kind", recipients: Collection[int]) -> None:
    """Tell the accounts with these ids of something of which there is one group a day."""
    if not recipients:
        return
    day = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    sql = _OF_DAY.format(
        moment="CAST(%s AS timestamptz)" if connection.vendor == "postgresql" else "%s",
        places=", ".join(["%s"] * len(recipients)),
    )
    run(sql, [kind.value, _day_value(day), _now(), *recipients])


def _day_value(day: datetime) -> object:
    value = connection.ops.adapt_datetimefield_value(day)
    return str(value)
