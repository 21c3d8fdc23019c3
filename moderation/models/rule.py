"""What the site asks of everybody, and the words in which moderators give their reasons."""

from typing import Self

from django.db import models


class RuleQuerySet(models.QuerySet["Rule"]):
    def active(self) -> Self:
        return self.filter(active=True).order_by("position", "pk")


class Rule(models.Model):
    """One rule of the site, shown at /rules and to choose from in a report."""

    title = models.CharField(max_length=200)
    text = models.TextField(
        blank=True, default="", help_text="Plain text; it may be empty where the title says all."
    )
    position = models.PositiveSmallIntegerField(default=0, help_text="The smallest stands first.")
    active = models.BooleanField(
        default=True,
        help_text="Untick for a rule that no longer holds; what was decided by it stays.",
    )

    objects = RuleQuerySet.as_manager()

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.title


class Preset(models.Model):
    """A statement of reasons to begin with: chosen by its title, sent as it is or changed."""

    title = models.CharField(max_length=100, unique=True)
    statement = models.TextField(
        help_text=(
            "Plain words, to the person: what they did, which rule it broke, what follows from it."
        )
    )

    class Meta:
        ordering = ("title",)

    def __str__(self) -> str:
        return self.title
