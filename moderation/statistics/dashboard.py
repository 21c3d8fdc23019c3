"""What the dashboard shows: each subject as two pictures, by day and by week, with the figures that
they are drawn from.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.models import Account, User
from moderation.models import DailyFigures
from moderation.roles import moderators
from moderation.statistics import charts, daily_stats, response_times

DAYS, WEEKS = 30, 12
MOST_LARGEST = 10

Value = Callable[[DailyFigures], int | None]


@dataclass(frozen=True)
class Unit:
    """In what something is measured: in words for people, and the sizes of which the scale takes
    the one that fits.
    """

    in_words: Callable[[int], str] = "{:,}".format
    sizes: Sequence[tuple[int, str]] = ((1, ""),)

    def fitting(self, highest: int) -> tuple[int, str]:
        return max(
            size for size in self.sizes if size[0] == self.sizes[0][0] or size[0] * 2 <= highest
        )


TIME = Unit(response_times.in_words, ((1, "minutes"), (60, "hours"), (1440, "days")))
BYTES = Unit(
    lambda size: str(filesizeformat(size)),
    ((1, "bytes"), (2**10, "KB"), (2**20, "MB"), (2**30, "GB"), (2**40, "TB")),
)


@dataclass(frozen=True)
class Subject:
    name: str
    series: Mapping[str, Value]
    unit: Unit = Unit()
    is_sum: bool = True  # of days, for a week


SUBJECTS = (
    Subject("Sign-ups", {"sign-ups": lambda figures: figures.signups}),
    Subject("Posts", {"posts": lambda figures: figures.posts}),
    Subject(
        "Reports and removal requests",
        {
            "reports": lambda figures: figures.reports_count,
            "removal requests": lambda figures: figures.removals_count,
        },
    ),
    Subject(
        "Time to a decision",
        {"median": lambda figures: figures.median_wait("report", "removal")},
        TIME,
        is_sum=False,
    ),
    Subject("Media storage", {"size": lambda figures: figures.media_bytes}, BYTES, is_sum=False),
)


@dataclass(frozen=True)
class Picture:
    title: str
    svg: SafeString
    heads: list[str]
    rows: list[tuple[str, list[str]]]  # the newest first


@dataclass(frozen=True)
class Section:
    name: str
    pictures: list[Picture]


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
        Section(subject.name, [_picture(subject, days, "day"), _picture(subject, weeks, "week")])
        for subject in SUBJECTS
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
    """How many days from `first` to yesterday have no figures, of those on which there was a site."""
    first = max(first, daily_stats.began())
    return sum(first + timedelta(days=number) not in kept for number in range((today - first).days))


def _week(kept: Mapping[date, DailyFigures], monday: date) -> _Span:
    found = [kept[day] for number in range(7) if (day := monday + timedelta(days=number)) in kept]
    return _Span(_short(monday), DailyFigures.together(found) if found else None)


def _picture(subject: Subject, spans: Sequence[_Span], of: str) -> Picture:
    values = {
        name: [value(span.figures) if span.figures else None for span in spans]
        for name, value in subject.series.items()
    }
    size, unit = subject.unit.fitting(
        max((value or 0 for column in values.values() for value in column), default=0)
    )
    columns = list(zip(*values.values(), strict=True))
    words = [
        ["–" if value is None else subject.unit.in_words(value) for value in column]
        for column in columns
    ]
    said = [_sentence(list(values), column) for column in words]
    title = f"{subject.name}, by {of}"
    bars = charts.Bars(
        title=title,
        up=unit or ("how many" if len(values) > 1 else next(iter(values))),
        across="day, in UTC" if of == "day" else "week that begins on",
        labels=[span.label for span in spans],
        series={
            name: [None if value is None else value / size for value in column]
            for name, column in values.items()
        },
        said=said,
        summary=_summary(subject, spans, columns, said),
    )
    labels = [span.label for span in spans]
    return Picture(
        title,
        charts.draw(bars),
        [of.capitalize(), *map(str.capitalize, values)],
        list(zip(labels, words, strict=True))[::-1],
    )


def _sentence(names: Sequence[str], words: Sequence[str]) -> str:
    """The value of a bar: "3", or, of two series, "3 reports, 1 removal requests"."""
    return (
        words[0]
        if len(names) == 1
        else ", ".join(f"{names[place]} {word}" for place, word in enumerate(words))
    )


def _summary(
    subject: Subject,
    spans: Sequence[_Span],
    columns: Sequence[Sequence[int | None]],
    said: Sequence[str],
) -> str:
    known = [
        number
        for number, column in enumerate(columns)
        if any(value is not None for value in column)
    ]
    if not known:
        return "Nothing is known yet."
    most = max(known, key=lambda number: sum(value or 0 for value in columns[number]))
    parts = [
        f"{spans[0].label} to {spans[-1].label}",
        f"the most, {said[most]}, {spans[most].label}",
    ]
    if subject.is_sum:
        parts.append(f"in all {sum(value or 0 for column in columns for value in column):,}")
    return "; ".join(parts) + "."


def _short(day: date) -> str:
    return f"{day:%-d %b}"
