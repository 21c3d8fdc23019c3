"""How much one may report, ask and write, by person, by e-mail address and by network address."""

from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Account
from microblog.ratelimit import Limit, TooManyError, client_network, spend
from moderation.models import Filing, RemovalRequest, Report

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REPORTS = Limit("reports", 20, HOUR, "You have sent 20 reports within the hour.")  # of one person
BY_MAIL = 5  # a day, that one e-mail address is asked to confirm
MESSAGES = Limit("messages", 20, DAY, "You have written 20 messages within a day.")  # about one matter

FILING = Limit("filing", 20, HOUR, "Too many reports and requests came from your network.")  # without signing in
GUESSING = Limit("reference", 30, HOUR, "Too many addresses were tried that do not exist.")


def check_reporter(reporter: Account) -> None:
    """Raises TooManyError."""
    spend(REPORTS, reporter.pk)


def check_visitor(request: HttpRequest, email: str) -> None:
    """Raises TooManyError."""
    since = timezone.now() - DAY
    if sum(model.objects.sent_to(email).sent_since(since).count() for model in (Report, RemovalRequest)) >= BY_MAIL:
        raise TooManyError("This e-mail address was given too often today.", timezone.now() + DAY)
    spend(FILING, client_network(request))


def check_message(filing: Filing) -> None:
    """Raises TooManyError."""
    spend(MESSAGES, filing.reference)


def check_guess(request: HttpRequest) -> None:
    """Called for every reference that is none. Raises TooManyError."""
    spend(GUESSING, client_network(request))
