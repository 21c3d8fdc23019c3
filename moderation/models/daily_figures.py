"""What happened, day by day, in figures: no page counts a large table."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Self

from django.db import models

from moderation.statistics import response_times


class DailyFiguresQuerySet(models.QuerySet["DailyFigures"]):
    def since(self, day: date) -> Self:
        return self.filter(day__gte=day).order_by("day")

    def in_order(self) -> Self:
        return self.order_by("day")

    def days(self) -> set[date]:
        """Return the days that are counted."""
        return set(self.values_list("day", flat=True))


class DailyFigures(models.Model):
    """What happened on one `day` (in UTC), counted in the night after it; what is deleted later
    stays in the figure.

    `media_bytes` is what all uploads took at `measured_at`; NULL for a day that was counted too
    late to measure that.
    """

    day = models.DateField(unique=True, editable=False)
    signups = models.PositiveIntegerField("sign-ups", default=0, editable=False)
    # of every kind, retweets too, by the people of this site
    posts = models.PositiveIntegerField(default=0, editable=False)
    # how many of each category came to the moderators
    reports = models.JSONField(default=dict, editable=False)
    # how many for each reason
    removals = models.JSONField("removal requests", default=dict, editable=False)
    appeals = models.PositiveIntegerField(default=0, editable=False)
    # how many of each action that were not undone
    decisions = models.JSONField(default=dict, editable=False)
    # by kind of tickets, the tally (statistics.response_times) of those that were decided
    waits = models.JSONField(default=dict, editable=False)
    media_bytes = models.BigIntegerField(null=True, editable=False)
    measured_at = models.DateTimeField(null=True, editable=False)

    objects = DailyFiguresQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "daily figures"

    def __str__(self) -> str:
        return f"Figures of {self.day:%-d %b %Y}"

    @classmethod
    def together(cls, rows: "Iterable[DailyFigures]") -> "DailyFigures":
        """Return the sums of `rows`, in order of days, and what was measured last. Not saved."""
        total = cls(reports=Counter(), removals=Counter(), decisions=Counter())
        for row in rows:
            total.day = row.day
            for name in ("signups", "posts", "appeals"):
                setattr(total, name, getattr(total, name) + getattr(row, name))
            for name in ("reports", "removals", "decisions"):
                getattr(total, name).update(getattr(row, name))
            for kind, tally in row.waits.items():
                total.waits.setdefault(kind, Counter()).update(tally)
            if row.media_bytes is not None:
                total.media_bytes, total.measured_at = row.media_bytes, row.measured_at
        return total

    def without(self, other: "DailyFigures") -> "DailyFigures":
        """Take off what `other` counts of tickets and decisions; return itself. Not saved."""
        for name in ("reports", "removals", "decisions"):
            setattr(self, name, Counter(getattr(self, name)) - Counter(getattr(other, name)))
        self.appeals = max(0, self.appeals - other.appeals)
        for kind, tally in self.waits.items():
            self.waits[kind] = Counter(tally) - Counter(other.waits.get(kind, {}))
        return self

    @property
    def reports_count(self) -> int:
        return sum(self.reports.values())

    @property
    def removals_count(self) -> int:
        return sum(self.removals.values())

    def median_wait(self, *kinds: str) -> int | None:
        """Return the median time to a decision in minutes, of these kinds or all; None for none."""
        return response_times.median(
            *(tally for kind, tally in self.waits.items() if not kinds or kind in kinds)
        )
