"""Slow work: each task loads by key and calls a verb, and may run twice."""

from collections.abc import Iterable

from django.tasks import task

from accounts.models import Account
from timeline.feeds import beside, counters, rising
from timeline.mailing import sending
from timeline.models import NotificationSettings
from timeline.posting import cards, purge
from timeline.posting import erase_account as erasing


@task()
def remove_post(post_id: int) -> None:
    purge.remove_rows(post_id)


@task()
def remove_left_over() -> None:
    """Run every hour."""
    purge.remove_left_over()
    erasing.erase_left_over()


@task()
def erase_account(account_id: int) -> None:
    """Take away an account that was deleted, with all that it put here."""
    account = Account.objects.removed().filter(pk=account_id).first()
    if account:
        erasing.erase(account)


@task()
def recount_these(accounts: Iterable[int] = (), posts: Iterable[int] = ()) -> None:
    counters.recount_these(accounts, posts)


@task()
def recount_around_post(post_id: int) -> None:
    counters.recount_around_post(post_id)


@task()
def recount_around(account_id: int) -> None:
    counters.recount_around_account(account_id)


@task()
def mail_at_once() -> None:
    """Run every five minutes."""
    sending.start_due(NotificationSettings.Mail.AT_ONCE, mail_notifications.enqueue)


@task()
def mail_daily() -> None:
    """Run every morning."""
    sending.start_due(NotificationSettings.Mail.DAILY, mail_notifications.enqueue)


@task()
def mail_notifications(account_id: int, mail: int, since: int, until: int) -> None:
    sending.send(account_id, mail, since, until)


@task(queue_name="pages")  # whose worker nobody else waits for
def fetch_card(card_id: int) -> None:
    cards.fetch(card_id)


@task()
def choose_beside() -> None:
    """Choose the tags that rise and who is lively: every ten minutes."""
    rising.choose()
    beside.choose_lively()
