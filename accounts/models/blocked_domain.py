"""Mail hosts whose addresses nobody signs up with."""

from django.core.exceptions import ValidationError
from django.core.validators import DomainNameValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

_is_domain = DomainNameValidator(accept_idna=False)


def domain_of(address: str) -> str:
    """The domain of an e-mail address, or of what is one by itself: in lower case, and in ASCII."""
    domain = address.rpartition("@")[2].strip().strip(".").lower()
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return domain


class BlockedDomainQuerySet(models.QuerySet["BlockedDomain"]):
    def covers(self, email: str) -> bool:
        """Whether the domain of `email`, or one above it, is blocked by now."""
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
            raise ValidationError(
                {"domain": "This is no domain. One looks like mail.example."}
            ) from error
