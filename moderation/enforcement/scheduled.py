"""What follows from decisions later: ends of time, deletions after the time for an undo, reminders
of what waits.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from moderation import tasks
from moderation.enforcement import mails
from moderation.enforcement.actions import ACTIONS
from moderation.enforcement.lift import lift
from moderation.models import Action, Case, Reminder, Sanction
from moderation.roles import moderators
from timeline.demo import community
from timeline.models import Post

TOO_LONG = timedelta(days=2)


def lift_expired() -> None:
    """End what was decided for a time."""
    for sanction in Sanction.objects.expired():
        lift([sanction], None)


def carry_out_overdue() -> None:
    """Do for good what waited for the time in which it could be undone."""
    for sanction in Sanction.objects.overdue():
        with transaction.atomic():
            if not sanction.mark_done():
                continue
            if ACTIONS[Action(sanction.decision.action)].on_posts:
                posts = Post.objects.filter(pk__in=sanction.post_ids)
                for post in posts.select_related("retweet_of"):
                    post.remove()
            elif sanction.account_id:
                tasks.erase_account.enqueue(sanction.account_id)


def remind_moderators() -> None:
    """Mail moderators, once a day each, while a case that they may read waits beyond TOO_LONG."""
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
