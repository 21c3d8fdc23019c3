"""What the dashboard shows: each topic in two tables, by week and by day."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from accounts.models import Account, User
from moderation.models import DailyFigures
from moderation.roles import moderators
from moderation.statistics import daily_stats, response_times

DAYS, WEEKS = 30, 12
MOST_LARGEST = 10


@dataclass(frozen=True)
class Topic:
    """What is shown of it, by the heading of a column, and how a number of it is written."""

    name: str
    columns: Mapping[str, Callable[[DailyFigures], int | None]]
    in_words: Callable[[int], str] = "{:,}".format
    is_sum: bool = True  # of days, for a week


TOPICS = (
    Topic("Sign-ups", {"Sign-ups": lambda figures: figures.signups}),
    Topic("Posts", {"Posts": lambda figures: figures.posts}),
    Topic(
        "Reports and removal requests",
        {
            "Reports": lambda figures: figures.reports_count,
            "Removal requests": lambda figures: figures.removals_count,
        },
    ),
    Topic(
        "Time to a decision",
        {"Median": lambda figures: figures.median_wait("report", "removal")},
        response_times.in_words,
        is_sum=False,
    ),
    Topic(
        "Media storage",
        {"Size": lambda figures: figures.media_bytes},
        lambda size: str(filesizeformat(size)),
        is_sum=False,
    ),
)


@dataclass(frozen=True)
class Cell:
    """A number, and how it is written; None, and a dash, where nothing is known."""

    value: int | None
    words: str


@dataclass(frozen=True)
class Table:
    title: str
    of: str  # what a row is of: "day" or "week"
    heads: list[str]
    rows: list[tuple[str, list[Cell]]]  # the newest first
    totals: list[str]  # of each column, where days add up
    highest: int  # of all cells, at least 1: the full length of a bar


@dataclass(frozen=True)
class Section:
    name: str
    tables: list[Table]


@dataclass(frozen=True)
class Dashboard:
    sections: list[Section]
    missing: int  # days of those that are shown whose figures are not there
    measured: DailyFigures | None  # whose media_bytes are the newest
    largest: list[Account]  # who keeps the most, at most MOST_LARGEST
    account_bytes: int  # that each may; 0: no limit
    is_alone: bool  # whether nobody else moderates than who looks


type _Span = tuple[str, DailyFigures | None]
"""What a day or a week is called, and its figures; None where none were kept."""


def dashboard(viewer: User) -> Dashboard:
    """Return the figures, today's so far among them, without what was said about `viewer`."""
    today = timezone.now().date()
    monday = today - timedelta(days=today.weekday())
    first = min(monday - timedelta(weeks=WEEKS - 1), today - timedelta(days=DAYS - 1))
    kept = {
        figures.day: figures for figures in DailyFigures.objects.since(first) if figures.day < today
    }
    kept[today] = daily_stats.counted(today)
    own = daily_stats.about([viewer.account], first) if hasattr(viewer, "account") else {}
    kept |= {day: kept[day].without(figures) for day, figures in own.items() if day in kept}
    weeks = [_span(kept, monday - timedelta(weeks=number), 7) for number in range(WEEKS)]
    days = [_span(kept, today - timedelta(days=number), 1) for number in range(DAYS)]
    sections = [
        Section(topic.name, [_table(topic, weeks, "week"), _table(topic, days, "day")])
        for topic in TOPICS
    ]
    measured = [figures for figures in kept.values() if figures.measured_at]
    return Dashboard(
        sections,
        missing=_missing(first, today, kept),
        measured=max(measured, key=lambda figures: figures.day, default=None),
        largest=list(Account.objects.largest()[:MOST_LARGEST]),
        account_bytes=settings.ACCOUNT_BYTES,
        is_alone=len(moderators()[:2]) == 1,
    )


def _missing(first: date, today: date, kept: Collection[date]) -> int:
    """Count the days from `first` to yesterday that have no figures, though there was a site."""
    first = max(first, daily_stats.began())
    return sum(first + timedelta(days=number) not in kept for number in range((today - first).days))


def _span(kept: Mapping[date, DailyFigures], first: date, days: int) -> _Span:
    dates = (first + timedelta(days=number) for number in range(days))
    found = [kept[day] for day in dates if day in kept]
    return f"{first:%-d %b}", DailyFigures.together(found) if found else None


def _table(topic: Topic, spans: Sequence[_Span], of: str) -> Table:
    rows = [
        (
            label,
            [
                _cell(topic, column(figures) if figures else None)
                for column in topic.columns.values()
            ],
        )
        for label, figures in spans
    ]
    columns = list(zip(*(cells for _, cells in rows), strict=True))
    known = [[cell.value for cell in column if cell.value is not None] for column in columns]
    return Table(
        title=f"{topic.name}, by {of}",
        of=of,
        heads=list(topic.columns),
        rows=rows,
        totals=[topic.in_words(sum(values)) for values in known] if topic.is_sum else [],
        highest=max((value for values in known for value in values), default=0) or 1,
    )


def _cell(topic: Topic, value: int | None) -> Cell:
    return Cell(value, "–" if value is None else topic.in_words(value))
