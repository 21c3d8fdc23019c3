"""What moderation did, in figures for everybody: of the last twelve months, and of all time."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.cache import cache
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
    first = past.until + timedelta(days=1) if past.until else daily_stats.first_day()
    since = _moderated_since(first)
    lately = since if first > _year_ago() else _moderated_since(_year_ago() + timedelta(days=1))
    year = DailyFigures.together([past.year, lately])
    ever = DailyFigures.together([past.ever, since])
    if not (ever.reports or ever.removals or ever.appeals or ever.decisions):
        return []
    return [
        _numbers("Reports", dict(ReportCategory.choices), year.reports, ever.reports),
        _numbers("Removal requests", dict(RemovalReason.choices), year.removals, ever.removals),
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


def _moderated_since(day: date) -> DailyFigures:
    return daily_stats.moderated(daily_stats.midnight(day), timezone.now())


def _year_ago() -> date:
    return timezone.now().date() - YEAR


def _numbers(
    title: str, labels: dict[str, str], year: dict[str, int], ever: dict[str, int]
) -> Table:
    sums = [sum(numbers.get(value, 0) for value in labels) for numbers in (year, ever)]
    return Table(title, _rows(labels, year, ever), (f"{sums[0]:,}", f"{sums[1]:,}"))


def _rows(
    labels: dict[str, str], year: dict[str, int], ever: dict[str, int]
) -> list[tuple[str, str, str]]:
    return [
        (label, f"{year.get(value, 0):,}", f"{ever.get(value, 0):,}")
        for value, label in labels.items()
    ]


def _appeals(year: DailyFigures, ever: DailyFigures) -> Table:
    answers = {answer.value: LABELS[answer] for answer in reversed(ANSWERS)}
    sent = ("Sent", f"{year.appeals:,}", f"{ever.appeals:,}")
    return Table("Appeals", [sent, *_rows(answers, year.decisions, ever.decisions)])


def _wait(figures: DailyFigures, kind: str) -> str:
    minutes = figures.median_wait(kind)
    return "–" if minutes is None else response_times.in_words(minutes)
