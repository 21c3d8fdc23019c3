"""What pictures and videos may cost: processor time, by account and by network address."""

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest

from microblog.web.ratelimit import Limit, TooManyError, client_network, give_back, spend

REFUSAL = "You have sent more pictures than this site can make ready within an hour."
PER_ACCOUNT = Limit(
    "milliseconds of pictures of an account", 10 * 60 * 1000, timedelta(hours=1), REFUSAL
)
PER_NETWORK = Limit(
    "milliseconds of pictures of a network", 20 * 60 * 1000, timedelta(hours=1), REFUSAL
)


@dataclass(frozen=True)
class PictureMeter:
    """Counts for `account`, and for the `network` that it comes from.

    A picture counts as the dearest one until it is made.
    """

    account: int
    network: str
    patience: float = 20.0

    @classmethod
    def of(cls, request: HttpRequest) -> "PictureMeter":
        return cls(request.account.pk, client_network(request))  # type: ignore[attr-defined]

    def reserve(self, milliseconds: int) -> None:
        """Count what it may cost. Raises TooManyError; then nothing is counted."""
        spend(PER_ACCOUNT, self.account, milliseconds)
        try:
            spend(PER_NETWORK, self.network, milliseconds)
        except TooManyError:
            give_back(PER_ACCOUNT, self.account, milliseconds)
            raise

    def settle(self, reserved: int, spent: int) -> None:
        give_back(PER_ACCOUNT, self.account, reserved - spent)
        give_back(PER_NETWORK, self.network, reserved - spent)
