"""What moderation did, in figures for everybody: of the last twelve months, and of all time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.cache import cache
from django.db.models import Choices
from django.utils import timezone

from moderation.enforcement.actions import ACTIONS, ANSWERS
from moderation.models import Action, DailyFigures, RemovalReason, ReportCategory, TicketKind
from moderation.statistics import daily_stats, response_times

YEAR = timedelta(days=365)
REMEMBERED_FOR = 600  # seconds: the sums of the days that are over. Today is counted each time
KINDS = {
    TicketKind.REPORT: "Reports",
    TicketKind.REMOVAL: "Removal requests",
    TicketKind.APPEAL: "Appeals",
}
LABELS = {action: spec.in_figures or action.label for action, spec in ACTIONS.items()}
DECIDED = {
    action.value: label for action, label in LABELS.items() if action not in (Action.UNDO, *ANSWERS)
}


@dataclass(frozen=True)
class Table:
    title: str
    rows: list[tuple[str, str, str]]  # what, in the last year, ever
    total: tuple[str, str] | None = None


@dataclass(frozen=True)
class _Past:
    """The sums of the days that are kept, up to `until` (None: none is)."""

    until: date | None
    year: DailyFigures
    ever: DailyFigures


def transparency() -> list[Table]:
    """Return the tables; none where there is nothing to tell yet."""
    past = cache.get_or_set("transparency", _past, REMEMBERED_FOR) or _past()
    now, first = (
        timezone.now(),
        past.until + timedelta(days=1) if past.until else daily_stats.first_day(),
    )
    since = daily_stats.moderated(daily_stats.midnight(first), now)
    lately = (
        since
        if first > _year_ago()
        else daily_stats.moderated(daily_stats.midnight(_year_ago() + timedelta(days=1)), now)
    )
    year, ever = (
        DailyFigures.together([past.year, lately]),
        DailyFigures.together([past.ever, since]),
    )
    if not (ever.reports or ever.removals or ever.appeals or ever.decisions):
        return []
    return [
        _numbers("Reports", _labels(ReportCategory), year.reports, ever.reports),
        _numbers("Removal requests", _labels(RemovalReason), year.removals, ever.removals),
        _numbers("Decisions", DECIDED, year.decisions, ever.decisions),
        _appeals(year, ever),
        Table(
            "Median time to a decision",
            [(name, _wait(year, kind), _wait(ever, kind)) for kind, name in KINDS.items()],
        ),
    ]


def _past() -> _Past:
    rows = list(DailyFigures.objects.in_order())
    recent = [row for row in rows if row.day > _year_ago()]
    return _Past(
        rows[-1].day if rows else None, DailyFigures.together(recent), DailyFigures.together(rows)
    )


def _year_ago() -> date:
    return timezone.now().date() - YEAR


def _numbers(
    title: str, labels: dict[str, str], year: dict[str, int], ever: dict[str, int]
) -> Table:
    rows = [
        (label, f"{year.get(value, 0):,}", f"{ever.get(value, 0):,}")
        for value, label in labels.items()
    ]
    return Table(title, rows, (f"{_sum(labels, year):,}", f"{_sum(labels, ever):,}"))


def _sum(of: Iterable[str], numbers: dict[str, int]) -> int:
    return sum(numbers.get(value, 0) for value in of)


def _appeals(year: DailyFigures, ever: DailyFigures) -> Table:
    rows = [("Sent", f"{year.appeals:,}", f"{ever.appeals:,}")]
    rows += [
        (
            LABELS[answer],
            f"{year.decisions.get(answer, 0):,}",
            f"{ever.decisions.get(answer, 0):,}",
        )
        for answer in reversed(ANSWERS)
    ]
    return Table("Appeals", rows)


def _wait(figures: DailyFigures, kind: str) -> str:
    minutes = figures.median_wait(kind)
    return "–" if minutes is None else response_times.in_words(minutes)


def _labels(choices: type[Choices]) -> dict[str, str]:
    return dict(choices.choices)
