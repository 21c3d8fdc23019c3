"""Which e-mail addresses and networks nobody signs up from."""

from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.core.exceptions import ValidationError
from django.core.validators import DomainNameValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

BLOCKED_FOR = timedelta(days=30)
WIDEST = {4: 8, 6: 16}  # bits that stay the same; what is wider shuts out a part of the world


def in_a_month() -> datetime:
    return timezone.now() + BLOCKED_FOR


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return what `::ffff:192.0.2.1` stands for: the IPv4 address in it."""
    return getattr(address, "ipv4_mapped", None) or address


def _key(address: IPv4Address | IPv6Address) -> str:
    """Return a text in whose order addresses follow one another, within their version."""
    return f"{address.version}{int(address):032x}"


class BlockedRangeQuerySet(models.QuerySet["BlockedRange"]):
    def covers(self, address: str) -> bool:
        """Tell whether the network address `address` lies in a range that is blocked by now."""
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
        self.network = str(network)
        self.first, self.last = _key(network.network_address), _key(network.broadcast_address)
        super().save(**more)  # type: ignore[arg-type]

    def clean_fields(self, exclude: object = None) -> None:
        try:
            network = self.read()
        except ValueError as error:
            message = "This is no range of addresses. One looks like 192.0.2.0/24."
            raise ValidationError({"network": message}) from error
        if network.prefixlen < WIDEST[network.version]:
            message = f"/{WIDEST[network.version]} is the widest that can be blocked."
            raise ValidationError({"network": f"This is too wide: {message}"})
        self.network = str(network)
        super().clean_fields(exclude)  # type: ignore[arg-type]

    def read(self) -> IPv4Network | IPv6Network:
        """Return the range that `network` names. Raises ValueError for what is none."""
        network = ip_network(self.network.strip(), strict=False)
        inner = _plain(network.network_address)
        if inner.version != network.version and network.prefixlen >= 96:  # ::ffff:192.0.2.0/120
            return ip_network(f"{inner}/{network.prefixlen - 96}", strict=False)
        return network


_is_domain = DomainNameValidator(accept_idna=False)


def domain_of(address: str) -> str:
    """Return the domain of an e-mail address, or of itself: in lower case, and in ASCII."""
    domain = address.rpartition("@")[2].strip().strip(".").lower()
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return domain


class BlockedDomainQuerySet(models.QuerySet["BlockedDomain"]):
    def covers(self, email: str) -> bool:
        """Tell whether the domain of `email`, or one above it, is blocked by now."""
        labels = domain_of(email).split(".")
        above = [".".join(labels[n:]) for n in range(len(labels))]
        return self.filter(Q(until=None) | Q(until__gt=timezone.now()), domain__in=above).exists()


class BlockedDomain(models.Model):
    """Addresses at `domain`, and at what lies below it, are not taken: when somebody signs up, and
    when they change their address.
    """

    domain = models.CharField(
        max_length=253,
        unique=True,
        help_text="Such as mail.example, which means box.mail.example as well.",
    )
    until = models.DateTimeField(null=True, blank=True, help_text="Empty: for good.")
    note = models.CharField(
        max_length=200, blank=True, default="", help_text="Why. Only staff read this."
    )

    objects = BlockedDomainQuerySet.as_manager()

    class Meta:
        verbose_name = "blocked e-mail domain"

    def __str__(self) -> str:
        return self.domain

    def clean_fields(self, exclude: object = None) -> None:
        self.domain = domain_of(self.domain.strip().removeprefix("*."))
        super().clean_fields(exclude)  # type: ignore[arg-type]
        try:
            _is_domain(self.domain)
        except ValidationError as error:
            message = "This is no domain. One looks like mail.example."
            raise ValidationError({"domain": message}) from error


_SALT = "accounts.banned_email"


def digest_of_email(email: str) -> str:
    """Return what is kept of `email`: neither case nor what follows a + makes another address."""
    name = email.strip().lower().rpartition("@")[0].partition("+")[0]
    return salted_hmac(_SALT, f"{name}@{domain_of(email)}", algorithm="sha256").hexdigest()


class BannedEmailQuerySet(models.QuerySet["BannedEmail"]):
    def of(self, email: str) -> "BannedEmailQuerySet":
        return self.filter(digest=digest_of_email(email))

    def ban(self, email: str) -> bool:
        """Let nobody new have `email`; return whether that is new. Whoever has it keeps it."""
        return self.get_or_create(digest=digest_of_email(email))[1]

    def lift(self, email: str) -> None:
        self.of(email).delete()

    def is_banned(self, email: str) -> bool:
        return self.of(email).exists()


class BannedEmail(models.Model):
    """An e-mail address that is not taken here. The address itself is not kept."""

    # HMAC-SHA256 under a key made of SECRET_KEY
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("banned", default=timezone.now, editable=False)

    objects = BannedEmailQuerySet.as_manager()

    class Meta:
        verbose_name = "banned e-mail address"
        verbose_name_plural = "banned e-mail addresses"

    def __str__(self) -> str:
        return f"{self.digest[:8]}…"
