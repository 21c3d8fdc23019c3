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


@dataclass(frozen=True)
class _Span:
    """A day or a week, and its figures; None where none were kept."""

    label: str
    figures: DailyFigures | None


def dashboard(viewer: User) -> Dashboard:
    """Of the figures that are kept, and of those of today so far, without what was said about
    `viewer`, of which they learn nothing.
    """
    today = timezone.now().date()
    monday = today - timedelta(days=today.weekday())
    first = min(monday - timedelta(weeks=WEEKS - 1), today - timedelta(days=DAYS - 1))
    kept = {
        figures.day: figures for figures in DailyFigures.objects.since(first) if figures.day < today
    }
    kept[today] = daily_stats.counted(today)
    own = daily_stats.about([viewer.account], first) if hasattr(viewer, "account") else {}
    kept |= {day: kept[day].without(figures) for day, figures in own.items() if day in kept}
    days = [
        _Span(_short(day), kept.get(day))
        for day in (today - timedelta(days=DAYS - 1 - number) for number in range(DAYS))
    ]
    weeks = [_week(kept, monday - timedelta(weeks=WEEKS - 1 - number)) for number in range(WEEKS)]
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


def _week(kept: Mapping[date, DailyFigures], monday: date) -> _Span:
    found = [kept[day] for number in range(7) if (day := monday + timedelta(days=number)) in kept]
    return _Span(_short(monday), DailyFigures.together(found) if found else None)


def _table(topic: Topic, spans: Sequence[_Span], of: str) -> Table:
    rows = [
        (span.label, [_cell(topic, value, span) for value in topic.columns.values()])
        for span in reversed(spans)
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


def _cell(topic: Topic, value_of: Callable[[DailyFigures], int | None], span: _Span) -> Cell:
    value = value_of(span.figures) if span.figures else None
    return Cell(value, "–" if value is None else topic.in_words(value))


def _short(day: date) -> str:
    return f"{day:%-d %b}"
