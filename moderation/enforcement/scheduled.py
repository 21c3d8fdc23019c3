"""What follows from decisions later: ends of time, deletions after the time for an undo, mails to
those who wait.
"""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Account, RemovedHandle
from moderation.enforcement import mails
from moderation.enforcement.decide import MODELS, lift
from moderation.models import Action, Case, Decision, Measure, Reminder
from moderation.roles import moderators
from timeline.demo import community
from timeline.models import Post
from timeline.posting.erase_account import erase as erase_rows

BATCH = 100
TOO_LONG = timedelta(days=2)


def tell_senders(batch: str) -> None:
    """Mail to everybody whose report, request or appeal was decided with `batch`: once to each."""
    numbers = list(Decision.objects.of_batch(UUID(batch)).values_list("pk", flat=True))
    for model in MODELS:
        untold = model.objects.decided_by(numbers).untold()
        while filings := list(untold.order_by("pk")[:BATCH]):
            with transaction.atomic():  # the mails are tasks: enqueued with the mark, or not at all
                ours = untold.filter(pk__in=[filing.pk for filing in filings])
                kept = set(ours.select_for_update().values_list("pk", flat=True))
                ours.update(told_at=timezone.now())
                for filing in filings:
                    if filing.pk in kept:
                        mails.tell_of_outcome(filing)


def lift_expired() -> None:
    """End what was decided for a time."""
    for measure in Measure.objects.expired():
        lift([measure], None)


def carry_out_overdue() -> None:
    """Do for good what waited for the time in which it could be undone."""
    from moderation.tasks import erase_account

    for measure in Measure.objects.overdue():
        with transaction.atomic():
            if (
                not Measure.objects.in_force()
                .filter(pk=measure.pk, done_at=None)
                .update(done_at=timezone.now())
            ):
                continue
            if measure.decision.action == Action.DELETE:
                for post in Post.objects.filter(pk__in=measure.post_ids).select_related(
                    "retweet_of"
                ):
                    post.remove()
            elif measure.account_id:
                erase_account.enqueue(measure.account_id)


def erase(account_id: int) -> None:
    """Delete a suspended account with all that it put here; its handle never comes back."""
    account = Account.objects.filter(pk=account_id).exclude(suspended_at=None).first()
    if account:
        RemovedHandle.objects.add_name(account.full_handle)
        erase_rows(account)


def forget_unconfirmed() -> None:
    for model in MODELS:
        model.objects.stale().delete()


def remind_moderators() -> None:
    """Mail to everybody who works the queue, while a case that they may read has waited for longer
    than TOO_LONG: once a day to each.

    Those of the demo community wait for nobody.
    """
    waiting = Case.objects.waiting_since(timezone.now() - TOO_LONG).about_none_of(
        community.people()
    )
    if not waiting.exists():
        return
    with transaction.atomic():  # the mails are tasks: enqueued with the mark, or not at all
        if Reminder.objects.is_first(timezone.now().date()):
            for user in moderators():
                if number := waiting.readable_by(user).count():
                    mails.tell_moderator(user.email, number, TOO_LONG.days)
