"""What people are told by mail: text alone, sent by a task, with links to SITE_URL."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from accounts import tasks
from accounts.models import Account
from moderation.enforcement.explanations import IN_MAIL, explained
from moderation.models import Decision, Notice, Ticket
from timeline.demo import DOMAIN

BATCH = 100  # senders that are told in one transaction

# --- To who sent something in ---


def ask_to_confirm(ticket: Ticket) -> None:
    """Send the link by which the sender of `ticket` confirms that the address is theirs."""
    _send(ticket.email, f"please confirm your {ticket.noun}", "confirm", {"ticket": ticket})


def tell_of_message(ticket: Ticket) -> None:
    """Tell the sender of `ticket` that the moderators wrote."""
    _send(ticket.address, f"an answer to your {ticket.noun}", "message", {"ticket": ticket})


def tell_senders(batch: UUID) -> None:
    """Tell everybody whose ticket was decided with `batch`: once each."""
    numbers = list(Decision.objects.of_batch(batch).values_list("pk", flat=True))
    untold = Ticket.objects.decided_by(numbers).untold()
    while tickets := list(untold.with_people().order_by("pk")[:BATCH]):
        with transaction.atomic():  # the mails are tasks: enqueued with the mark, or not at all
            ours = untold.filter(pk__in=[ticket.pk for ticket in tickets])
            locked = set(ours.select_for_update().values_list("pk", flat=True))
            ours.update(told_at=timezone.now())
            for ticket in tickets:
                if ticket.pk in locked:
                    subject = f"your {ticket.noun} was decided"
                    _send(ticket.address, subject, "outcome", {"ticket": ticket})


# --- To whom a decision is about ---


def notify(account: Account, batch: UUID) -> None:
    """Tell whoever signs in to `account` of the decisions of `batch`, in the site and by mail."""
    if not account.user:
        return
    context = explained(Notice.send(account, batch), IN_MAIL)
    _send(account.user.email, "a decision about your account", "decision", context)


def tell_of_undo(notice: Notice) -> None:
    user = notice.account.user
    _send(user.email if user else "", "a decision was taken back", "undo", {"notice": notice})


# --- To moderators ---


def tell_moderator(to: str, number: int, days: int) -> None:
    """Tell a moderator that `number` cases have waited for more than `days`."""
    subject = f"{number} case{'' if number == 1 else 's'} waiting"
    _send(to, subject, "waiting", {"number": number, "days": days})


def _send(to: str, subject: str, template: str, context: dict[str, Any]) -> None:
    if to and not to.endswith(f"@{DOMAIN}"):
        site = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
        body = render_to_string(f"moderation/mail/{template}.txt", {**site, **context})
        tasks.send_mail.enqueue(f"{settings.SITE_NAME}: {subject}", body.strip() + "\n", to)
