"""How much one may report, ask and write, by person and by network address."""

from datetime import timedelta

from django.http import HttpRequest

from accounts.models import Account
from microblog.web.ratelimit import Limit, client_network, spend
from moderation.models import Ticket

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REPORTS = Limit("reports", 20, HOUR, "You have sent 20 reports within the hour.")  # of one person
# about one matter
MESSAGES = Limit("messages", 20, DAY, "You have written 20 messages within a day.")

GUESSING = Limit("reference", 30, HOUR, "Too many addresses were tried that do not exist.")


def check_reporter(reporter: Account) -> None:
    """Count a report by `reporter`. Raises TooManyError."""
    spend(REPORTS, reporter.pk)


def check_message(ticket: Ticket) -> None:
    """Count a message about `ticket`. Raises TooManyError."""
    spend(MESSAGES, ticket.reference)


def check_guess(request: HttpRequest) -> None:
    """Count a reference that is none. Raises TooManyError."""
    spend(GUESSING, client_network(request))
