"""What an e-mail address must get past before it becomes somebody's."""

from accounts.auth.adapter import confirms_addresses
from accounts.models import BannedEmail, BlockedDomain
from accounts.models.blocklists import domain_of

REFUSED = "This e-mail address cannot be used here. Please type another one."


class AddressRefusedError(Exception):
    """The message is for the person who asked."""


def check_address(email: str) -> bool:
    """Tell whether `email` may become somebody's. Raises AddressRefusedError where that can be
    said.

    Of a whole domain it always can. Of one address it can where no mail server proves that it is
    theirs who ask; else they are answered as anybody is, and who reads the mail of that address is
    told the rest.
    """
    if BlockedDomain.objects.covers(email):
        raise AddressRefusedError(
            f"Addresses at {domain_of(email)} cannot be used here. Please type another one."
        )
    banned = BannedEmail.objects.is_banned(email)
    if banned and not confirms_addresses():
        raise AddressRefusedError(REFUSED)
    return not banned
