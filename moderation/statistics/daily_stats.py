"""What happened in a stretch of time, in figures; and the work of the night, which keeps them for
each day.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, QuerySet, Value
from django.utils import timezone

from accounts.models import Account, User
from microblog.media import uploads
from moderation.enforcement.decide import MODELS
from moderation.models import Action, Appeal, DailyFigures, Decision, Filing, RemovalRequest, Report
from moderation.models.decision import UNDO_WITHIN
from moderation.models.ticket import UNCONFIRMED_FOR
from moderation.statistics import response_times
from timeline import ids
from timeline.models import Post

HISTORY = timedelta(days=84)  # that the dashboard shows: twelve weeks
STEP = 100  # days that one task counts
# by what each is counted
WHAT: dict[type[Filing], str] = {Report: "category", RemovalRequest: "reason", Appeal: "state"}
MOST_WAITS = 10_000  # of one kind, that a page looks at: those of more than a day's hard work

# --- Counting ---


def counted(day: date) -> DailyFigures:
    """The figures of `day`, as far as it has gone.

    Each query walks along an index over that day's rows alone.
    """
    start, end = midnight(day), midnight(day + timedelta(days=1))
    figures = moderated(start, end)
    figures.signups = User.objects.filter(date_joined__gte=start, date_joined__lt=end).count()
    figures.posts = (
        Post.objects.since(start).filter(pk__lt=ids.first_id_at(end), is_external=False).count()
    )
    return figures


def moderated(start: datetime, end: datetime) -> DailyFigures:
    """What came to the moderators from `start` up to `end` (exclusive), and what they decided.

    Not saved.
    """
    return DailyFigures(
        day=start.date(),
        reports=_numbers(_came_in(Report, start, end), "category"),
        requests=_numbers(_came_in(RemovalRequest, start, end), "reason"),
        appeals=_came_in(Appeal, start, end).count(),
        decisions=_numbers(_standing(start, end), "action"),
        waits={model.kind: response_times.tally(_waited(model, start, end)) for model in MODELS},
    )


def about(accounts: Iterable[Account], since: date) -> dict[date, DailyFigures]:
    """What of each day's figures is about some of `accounts`, but for the decisions: one query."""
    found: dict[date, DailyFigures] = defaultdict(DailyFigures)
    waited: dict[tuple[date, str], list[timedelta]] = defaultdict(list)
    first, *others = (_about(model, what, list(accounts), since) for model, what in WHAT.items())
    for kind, what, confirmed_at, closed_at, decision in first.union(*others, all=True):
        found[confirmed_at.date()].came_in(kind, what)
        if decision:
            waited[closed_at.date(), kind].append(closed_at - confirmed_at)
    for (day, kind), times in waited.items():
        found[day].waits[kind] = response_times.tally(times)
    return found


def _about(model: type[Filing], what: str, accounts: list[Account], since: date) -> Any:
    rows = (
        model.objects.seen()
        .filter(account__in=accounts, confirmed_at__gte=midnight(since))
        .order_by()
    )
    return rows.annotate(filed=Value(model.kind)).values_list(
        "filed", what, "confirmed_at", "closed_at", "decision_number"
    )


def _numbers(rows: QuerySet[Any], by: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(by).annotate(number=Count("pk")))


def _came_in(model: type[Filing], start: datetime, end: datetime) -> Any:
    """Those that moderators see since a moment in that time.

    What is not confirmed soon is deleted: so the index of `created_at` serves.
    """
    sent = {"created_at__gte": start - UNCONFIRMED_FOR, "created_at__lt": end}
    return model.objects.filter(**sent, confirmed_at__gte=start, confirmed_at__lt=end)


def _made(start: datetime, end: datetime) -> QuerySet[Decision]:
    return Decision.objects.since(start).filter(made_at__lt=end)


def _standing(start: datetime, end: datetime) -> QuerySet[Decision]:
    """The decisions that were not undone, without the undoings."""
    undone = (
        _made(start, end + UNDO_WITHIN)
        .filter(action=Action.UNDO, about__isnull=False)
        .values("about")
    )
    return _made(start, end).exclude(action=Action.UNDO).exclude(pk__in=undone)


def _waited(model: type[Filing], start: datetime, end: datetime) -> Iterable[timedelta]:
    """How long each waited that was decided in that time: along the index of decisions, and from
    there along that of filings.
    """
    decided = model.objects.filter(decision_number__in=_made(start, end).values("pk"))
    for confirmed_at, closed_at in decided.values_list("confirmed_at", "closed_at")[:MOST_WAITS]:
        yield closed_at - confirmed_at


def began() -> date:
    """The day of the first sign-up: before, there is nothing to be counted."""
    first = User.objects.order_by("date_joined").values_list("date_joined", flat=True).first()
    return (first or timezone.now()).date()


def midnight(day: date) -> datetime:
    """When `day` begins."""
    return datetime.combine(day, time(), UTC)


# --- The work of the night ---


def count_missing() -> bool:
    """Keep the figures of the days that are over and not counted yet, the oldest first, STEP at
    most; whether there are more.
    """
    days = missing_days()
    for day in days[:STEP]:
        # another worker may count the same
        DailyFigures.objects.bulk_create([counted(day)], ignore_conflicts=True)
    return len(days) > STEP


def missing_days() -> list[date]:
    first, last = first_day(), _last_day()
    have = DailyFigures.objects.since(first).days()
    return [
        day
        for number in range((last - first).days + 1)
        if (day := first + timedelta(days=number)) not in have
    ]


def first_day() -> date:
    """Where the figures begin: with the first that moderators had to do, and at HISTORY at the
    latest.
    """
    firsts: list[datetime | None] = [
        rows.order_by("pk").values_list(moment, flat=True).first() for rows, moment in _beginnings()
    ]
    return min([timezone.now() - HISTORY, *filter(None, firsts)]).date()


def _beginnings() -> list[tuple[QuerySet[Any], str]]:
    return [
        *((model.objects.all(), "created_at") for model in MODELS),
        (Decision.objects.all(), "made_at"),
    ]


def _last_day() -> date:
    """The last one that is over, so that nothing of it can be undone any more."""
    return (timezone.now() - UNDO_WITHIN).date() - timedelta(days=1)


def measure_storage() -> None:
    """Note with yesterday's figures how much the uploads take by now, once."""
    figures = DailyFigures.objects.filter(day=_last_day(), media_bytes=None)
    if figures.exists():
        size = uploads.stored_bytes()
        figures.update(media_bytes=size, measured_at=timezone.now())
