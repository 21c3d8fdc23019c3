"""What people are told by mail: text alone, sent by a task, with links to SITE_URL."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from accounts import tasks
from moderation.enforcement.explanations import IN_MAIL, told_posts
from moderation.models import Filing, Notice
from timeline.demo import DOMAIN


def ask_to_confirm(filing: Filing) -> None:
    """The link by which the sender of `filing` confirms that the address is theirs."""
    _send(filing.email, f"please confirm your {filing.noun}", "confirm", {"filing": filing})


def tell_of_message(filing: Filing) -> None:
    """The moderators wrote to the sender of `filing`."""
    _send(filing.address, f"an answer to your {filing.noun}", "message", {"filing": filing})


def tell_of_outcome(filing: Filing) -> None:
    _send(filing.address, f"your {filing.noun} was decided", "outcome", {"filing": filing})


def tell_of_decision(notice: Notice) -> None:
    """What was decided, and about which posts: what those say is in the mail alone, once they are
    gone.
    """
    user, decisions = notice.account.user, list(notice.decisions())
    context = {"notice": notice, "decisions": decisions, "told": told_posts(decisions, IN_MAIL)}
    _send(user.email if user else "", "a decision about your account", "decision", context)


def tell_of_undo(notice: Notice) -> None:
    user = notice.account.user
    _send(user.email if user else "", "a decision was taken back", "undo", {"notice": notice})


def tell_moderator(to: str, number: int, days: int) -> None:
    """Something waits too long."""
    _send(
        to,
        f"{number} case{'' if number == 1 else 's'} waiting",
        "waiting",
        {"number": number, "days": days},
    )


def _send(to: str, subject: str, template: str, context: dict[str, Any]) -> None:
    if to and not to.endswith(f"@{DOMAIN}"):
        site = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
        body = render_to_string(f"moderation/mail/{template}.txt", {**site, **context})
        tasks.send_mail.enqueue(f"{settings.SITE_NAME}: {subject}", body.strip() + "\n", to)
