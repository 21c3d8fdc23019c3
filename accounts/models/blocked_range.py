"""Network addresses from which nobody signs up."""

from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

BLOCKED_FOR = timedelta(days=30)
WIDEST = {4: 8, 6: 16}  # bits that stay the same; what is wider shuts out a part of the world


def in_a_month() -> datetime:
    return timezone.now() + BLOCKED_FOR


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """What `::ffff:192.0.2.1` stands for: the IPv4 address in it."""
    return getattr(address, "ipv4_mapped", None) or address


def _key(address: IPv4Address | IPv6Address) -> str:
    """A text in whose order addresses follow one another, within their version."""
    return f"{address.version}{int(address):032x}"


class BlockedRangeQuerySet(models.QuerySet["BlockedRange"]):
    def covers(self, address: str) -> bool:
        """Whether the network address `address` lies in a range that is blocked by now."""
        try:
            key = _key(_plain(ip_address(address)))
        except ValueError:
            return False
        return self.filter(first__lte=key, last__gte=key, until__gt=timezone.now()).exists()


class BlockedRange(models.Model):
    """From `network` nobody signs up until `until`.

    Addresses change hands, so that no range is blocked for good.
    """

    network = models.CharField(
        "range",
        max_length=49,
        unique=True,
        help_text="An address, or a range such as 192.0.2.0/24 or 2001:db8:12::/48.",
    )
    first = models.CharField(max_length=33, editable=False)
    last = models.CharField(max_length=33, editable=False)
    until = models.DateTimeField(default=in_a_month)
    note = models.CharField(
        max_length=200, blank=True, default="", help_text="Why. Only staff read this."
    )

    objects = BlockedRangeQuerySet.as_manager()

    class Meta:
        verbose_name = "blocked network range"

    def __str__(self) -> str:
        return self.network

    def save(self, **more: object) -> None:
        network = self.read()
        self.network, self.first, self.last = (
            str(network),
            _key(network.network_address),
            _key(network.broadcast_address),
        )
        super().save(**more)  # type: ignore[arg-type]

    def clean_fields(self, exclude: object = None) -> None:
        try:
            network = self.read()
        except ValueError as error:
            raise ValidationError(
                {"network": "This is no range of addresses. One looks like 192.0.2.0/24."}
            ) from error
        if network.prefixlen < WIDEST[network.version]:
            raise ValidationError(
                {
                    "network": f"This is too wide: /{WIDEST[network.version]} is the widest that can be "
                    "blocked."
                }
            )
        self.network = str(network)
        super().clean_fields(exclude)  # type: ignore[arg-type]

    def read(self) -> IPv4Network | IPv6Network:
        """The range that `network` names. Raises ValueError for what is none."""
        network = ip_network(self.network.strip(), strict=False)
        inner = _plain(network.network_address)
        if inner.version != network.version and network.prefixlen >= 96:  # ::ffff:192.0.2.0/120
            return ip_network(f"{inner}/{network.prefixlen - 96}", strict=False)
        return network
