"""Who has a mail of what is new, and when.

What waits is the notifications themselves, which a deed writes with it: so nothing is queued that
could be lost, and whoever looks first has no mail. The clock asks who was told of something that
they have not seen; to note that, and to enqueue the mail, is one transaction. What it says is read
when it is sent: what was taken back meanwhile, or is not for its reader any more, is not in it.
"""

import hashlib
import hmac
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import Account
from microblog.db.locks import lock_rows
from timeline import ids
from timeline.demo import DOMAIN
from timeline.feeds.notification_groups import read_news
from timeline.feeds.notifications import show_page
from timeline.mailing.message import Mail
from timeline.mailing.unsubscribing import unsubscribe_url
from timeline.mailing.wording import lines_of, subject_of
from timeline.models import Notification, NotificationSettings

Kind = Notification.Kind
When = NotificationSettings.Mail
BATCH = 100  # people in one transaction
# of these a mail of their own tells
_TOLD_ELSEWHERE = {Kind.DECISION, Kind.EXPORT}
DAILY_KINDS = frozenset(kind.value for kind in Kind if kind not in _TOLD_ELSEWHERE)
KINDS = {
    When.AT_ONCE: DAILY_KINDS - {Kind.LIKE, Kind.RETWEET, Kind.EDIT},
    When.DAILY: DAILY_KINDS,
}
# for so long nothing is sent of what has just happened: it may be taken back, changed, or seen, or
# its transaction is not done yet, and would be passed over
DELAY = timedelta(minutes=5)
# from one mail to the next: four an hour; and one a day, though the clock may be late once
GAPS = {When.AT_ONCE: timedelta(minutes=15), When.DAILY: timedelta(hours=20)}


def start_due(mail: When, enqueue: Callable[[int, int, int, int], object]) -> None:
    """Let each have a mail who wants it at these times, and has not seen what is new: `enqueue` a
    call of `send`.

    To run it twice, or in two processes, sends nothing twice. Where nothing is new, nothing is
    written.
    """
    now, last = timezone.now(), 0
    until = ids.first_id_at(now - DELAY)
    waiting = NotificationSettings.objects.to_mail(mail, now).that_can_be_mailed().with_news(until)
    keys = waiting.order_by("pk").values_list("pk", flat=True)
    while people := list(keys.filter(pk__gt=last)[:BATCH]):
        last = people[-1]
        with transaction.atomic():
            for pk, since in _note(people, mail, until, now).items():
                enqueue(pk, mail.value, since, until)


def _note(people: Collection[int], mail: When, until: int, now: datetime) -> dict[int, int]:
    """Note that these accounts have a mail of all up to `until`; return after what it begins, for
    whom there is something of the kinds that it tells of.
    """
    settings_of = NotificationSettings.objects
    held = lock_rows(settings_of.to_mail(mail, now).filter(pk__in=people), "seen_id", "mailed_id")
    theirs = settings_of.filter(pk__in=held)
    told = list(theirs.with_news(until, KINDS[mail]).values_list("pk", flat=True))
    theirs.filter(mailed_id__lt=until).update(mailed_id=until)
    settings_of.filter(pk__in=told).update(mail_after=now + GAPS[mail])
    return {pk: max(held[pk]) for pk in told}


def send(account_id: int, mail: int, since: int, until: int) -> None:
    """Send the mail of what `account_id` was told of after `since` and up to `until`, as far as it
    may see that now, wants it, and has not seen it; none where that is nothing.
    """
    wants = NotificationSettings.objects.filter(pk=account_id).exclude(mail=When.NONE)
    if not wants.that_can_be_mailed().exists():
        return
    account = Account.objects.select_related("user").get(pk=account_id)
    page = show_page(read_news(account, since, until, KINDS[When(mail)]), account)
    user = account.user
    if not user or not page.rows or user.email.endswith(f"@{DOMAIN}"):
        return
    lines, url = lines_of(page.rows, account), unsubscribe_url(user, account)
    context = {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "account": account,
        "lines": lines,
        "has_more": page.before is not None,
        "is_daily": mail == When.DAILY,
        "unsubscribe_url": url,
    }
    body = render_to_string("timeline/mail/notifications.txt", context).strip() + "\n"
    message_id = _message_id(account_id, until)
    Mail(subject_of(lines), body, to=user.email, unsubscribe_url=url, message_id=message_id).send()


def _message_id(account_id: int, until: int) -> str:
    """Return the same for the same mail: a worker that is killed after it sent it, and before that
    is noted, leaves it to the next, and mail servers and programs show one of the two.
    """
    key = settings.SECRET_KEY.encode()
    digest = hmac.digest(key, f"mail {account_id} {until}".encode(), hashlib.sha256).hex()
    host = settings.SITE_URL.partition("://")[2].partition(":")[0]
    return f"<{digest[:32]}@{host}>"
