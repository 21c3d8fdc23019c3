"""How many mails go to addresses whose owners may not have asked for them."""

from datetime import timedelta

from django.http import HttpRequest

from accounts.models.blocklists import domain_of
from microblog.web.ratelimit import Limit, client_network, spend

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_MAILBOX_REFUSAL = (
    "Too many attempts: this e-mail address was given too often today. The mails that came work."
)

FROM_NETWORK = Limit(
    "mails.network", 20, _HOUR, "Too many attempts: your network asked for too many mails."
)
TO_MAILBOX_FROM_NETWORK = Limit("mails.mailbox.network", 5, _DAY, _MAILBOX_REFUSAL)
# from all networks: one alone does not keep its owner from asking
TO_MAILBOX = Limit("mails.mailbox", 10, _DAY, _MAILBOX_REFUSAL)
IN_ALL = Limit(
    "mails", 1000, _HOUR, "Too many attempts: this site has sent too many mails within the hour."
)


def count_mail(request: HttpRequest, email: str) -> None:
    """Count a mail to `email` that whoever sent `request` asks for, before it is sent, and also
    where none is. Raises TooManyError.

    Every mail to an address that is not confirmed passes here: to sign up, to confirm a change, to
    set a new password, to confirm a report or a request. An address that somebody has here counts
    like any other, so that no refusal tells of it.
    """
    network, mailbox = client_network(request), mailbox_of(email)
    spend(FROM_NETWORK, network)
    spend(TO_MAILBOX_FROM_NETWORK, f"{mailbox}\0{network}")
    spend(TO_MAILBOX, mailbox)
    spend(IN_ALL, "")


def mailbox_of(email: str) -> str:
    """Return where a mail to `email` very likely ends up: without case, dots and a + part."""
    name = email.strip().lower().rpartition("@")[0].partition("+")[0].replace(".", "")
    return f"{name}@{domain_of(email)}"
