"""How much one may report, ask and write, by person and by network address."""

from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Account
from microblog.ratelimit import Limit, TooManyError, client_network, spend
from moderation.models import Filing, Message, Report

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REPORTS = 20  # an hour, of one person
MESSAGES = 20  # a day, about one matter

GUESSING = Limit("reference", 30, HOUR, "Too many addresses were tried that do not exist.")


def check_reporter(reporter: Account) -> None:
    """Raises TooManyError."""
    if Report.objects.sent_by(reporter).sent_since(timezone.now() - HOUR)[:REPORTS].count() == REPORTS:
        raise TooManyError(f"You have sent {REPORTS} reports within the hour.", timezone.now() + HOUR)


def check_message(filing: Filing) -> None:
    """Raises TooManyError."""
    if Message.objects.about(filing).from_sender().sent_since(timezone.now() - DAY).count() >= MESSAGES:
        raise TooManyError(f"You have written {MESSAGES} messages within a day.", timezone.now() + DAY)


def check_guess(request: HttpRequest) -> None:
    """Called for every reference that is none. Raises TooManyError."""
    spend(GUESSING, client_network(request))
