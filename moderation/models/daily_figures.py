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
        """Return the sums of `rows`, which come in the order of their days, and the last of what
        was measured. Not saved.
        """
        total = cls()
        waited: dict[str, Counter[str]] = {}
        reports, removals, decisions = Counter[str](), Counter[str](), Counter[str]()
        for row in rows:
            total.day = row.day
            total.signups += row.signups
            total.posts += row.posts
            total.appeals += row.appeals
            reports.update(row.reports)
            removals.update(row.removals)
            decisions.update(row.decisions)
            for kind, tally in row.waits.items():
                waited.setdefault(kind, Counter()).update(tally)
            if row.media_bytes is not None:
                total.media_bytes, total.measured_at = row.media_bytes, row.measured_at
        total.reports, total.removals, total.decisions = (
            dict(reports),
            dict(removals),
            dict(decisions),
        )
        total.waits = {kind: dict(tally) for kind, tally in waited.items()}
        return total

    def add_ticket(self, kind: str, category: str, reason: str) -> None:
        """Count one more ticket that came to the moderators: a report of `category`, a removal
        request for `reason`, or an appeal.
        """
        if kind == "report":
            self.reports[category] = self.reports.get(category, 0) + 1
        elif kind == "removal":
            self.removals[reason] = self.removals.get(reason, 0) + 1
        else:
            self.appeals += 1

    def without(self, other: "DailyFigures") -> "DailyFigures":
        """Take off what `other` says came to the moderators and was decided, and return itself.
        Not saved.
        """
        self.reports = dict(Counter(self.reports) - Counter(other.reports))
        self.removals = dict(Counter(self.removals) - Counter(other.removals))
        self.appeals = max(0, self.appeals - other.appeals)
        self.decisions = dict(Counter(self.decisions) - Counter(other.decisions))
        self.waits = {
            kind: dict(Counter(tally) - Counter(other.waits.get(kind, {})))
            for kind, tally in self.waits.items()
        }
        return self

    @property
    def reports_count(self) -> int:
        return sum(self.reports.values())

    @property
    def removals_count(self) -> int:
        return sum(self.removals.values())

    def median_wait(self, *kinds: str) -> int | None:
        """Return how long it took to decide what was decided, in minutes: of these kinds of
        tickets, or of all; None where nothing was.
        """
        return response_times.median(
            *(tally for kind, tally in self.waits.items() if not kinds or kind in kinds)
        )
