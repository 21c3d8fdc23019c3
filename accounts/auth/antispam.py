"""What tells a program from a person at the sign-up form: how long it was open, signed."""

from datetime import datetime, timedelta

from django.core import signing
from django.utils import timezone

_OPENED = "accounts.opened"
OPEN_FOR = timedelta(days=7)  # then it is taken for a new one


def opened(moment: datetime | None = None) -> str:
    """Return what a form carries that was opened at `moment` (now).

    It is good for any number of sends: the back button works.
    """
    return signing.dumps((moment or timezone.now()).timestamp(), salt=_OPENED)


def opened_at(token: str) -> datetime | None:
    """Return when the form with `token` was opened; None where it was not by us, or long ago."""
    try:
        moment = datetime.fromtimestamp(
            signing.loads(token, salt=_OPENED), tz=timezone.get_current_timezone()
        )
    except signing.BadSignature:
        return None
    return moment if timezone.now() - OPEN_FOR < moment else None
