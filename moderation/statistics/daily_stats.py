"""What happened in a stretch of time, in figures; and the work of the night, which keeps them for
each day.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone

from accounts.models import Account, User
from microblog.media import uploads
from moderation.models import Action, DailyFigures, Decision, Ticket, TicketKind
from moderation.models.decision import UNDO_WITHIN
from moderation.models.ticket_queryset import UNCONFIRMED_FOR
from moderation.statistics import response_times
from timeline import ids
from timeline.models import Post

HISTORY = timedelta(days=84)  # that the dashboard shows: twelve weeks
STEP = 100  # days that one task counts
MAX_WAITS = 10_000  # of one kind, that a page looks at: those of more than a day's hard work

# --- Counting ---


def counted(day: date) -> DailyFigures:
    """Return the figures of `day` so far: each query walks along an index over that day's rows."""
    start, end = midnight(day), midnight(day + timedelta(days=1))
    figures = moderated(start, end)
    figures.signups = User.objects.filter(date_joined__gte=start, date_joined__lt=end).count()
    posts = Post.objects.since(start).filter(pk__lt=ids.first_id_at(end), is_external=False)
    figures.posts = posts.count()
    return figures


def moderated(start: datetime, end: datetime) -> DailyFigures:
    """Return what came in from `start` up to `end` (exclusive), and what was decided. Not saved."""
    return DailyFigures(
        day=start.date(),
        reports=_numbers(_came_in(TicketKind.REPORT, start, end), "category"),
        removals=_numbers(_came_in(TicketKind.REMOVAL, start, end), "reason"),
        appeals=_came_in(TicketKind.APPEAL, start, end).count(),
        decisions=_numbers(_standing(start, end), "action"),
        waits={kind.value: response_times.tally(_waited(kind, start, end)) for kind in TicketKind},
    )


def about(accounts: Iterable[Account], since: date) -> dict[date, DailyFigures]:
    """Return what of each day's figures is about `accounts`, but for the decisions: one query."""
    found: dict[date, DailyFigures] = defaultdict(
        lambda: DailyFigures(reports=Counter(), removals=Counter())
    )
    waited: dict[tuple[date, str], list[timedelta]] = defaultdict(list)
    tickets = Ticket.objects.visible().filter(
        account__in=list(accounts), confirmed_at__gte=midnight(since)
    )
    columns = ("kind", "category", "reason", "confirmed_at", "closed_at", "decision_number")
    for kind, category, reason, confirmed_at, closed_at, decision in tickets.values_list(*columns):
        figures = found[confirmed_at.date()]
        figures.appeals += kind == TicketKind.APPEAL
        figures.reports.update([category] if category else [])  # other kinds have none
        figures.removals.update([reason] if reason else [])
        if decision:
            waited[closed_at.date(), kind].append(closed_at - confirmed_at)
    for (day, kind), times in waited.items():
        found[day].waits[kind] = response_times.tally(times)
    return found


def _numbers(rows: QuerySet[Any], by: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(by).annotate(number=Count("pk")))


def _came_in(kind: TicketKind, start: datetime, end: datetime) -> QuerySet[Ticket]:
    """Return those that moderators see since then. The rest is deleted soon: the index serves."""
    return Ticket.objects.of_kind(kind).filter(
        created_at__gte=start - UNCONFIRMED_FOR,
        created_at__lt=end,
        confirmed_at__gte=start,
        confirmed_at__lt=end,
    )


def _made(start: datetime, end: datetime) -> QuerySet[Decision]:
    return Decision.objects.since(start).filter(made_at__lt=end)


def _standing(start: datetime, end: datetime) -> QuerySet[Decision]:
    """Return the decisions that were not undone, without the undoings."""
    undoings = _made(start, end + UNDO_WITHIN).filter(action=Action.UNDO, about__isnull=False)
    return _made(start, end).exclude(action=Action.UNDO).exclude(pk__in=undoings.values("about"))


def _waited(kind: TicketKind, start: datetime, end: datetime) -> Iterable[timedelta]:
    """Return how long each of `kind` waited that was decided then: along two indexes."""
    made = _made(start, end).values("pk")
    decided = Ticket.objects.of_kind(kind).filter(decision_number__in=made)
    for confirmed_at, closed_at in decided.values_list("confirmed_at", "closed_at")[:MAX_WAITS]:
        if confirmed_at and closed_at:  # what was decided has both
            yield closed_at - confirmed_at


def began() -> date:
    """Return the day of the first sign-up: before, there is nothing to be counted."""
    first = User.objects.order_by("date_joined").values_list("date_joined", flat=True).first()
    return (first or timezone.now()).date()


def midnight(day: date) -> datetime:
    """Return when `day` begins."""
    return datetime.combine(day, time(), UTC)


# --- The work of the night ---


def count_missing() -> bool:
    """Keep the figures of STEP days that are over and not counted; return whether more are."""
    days = missing_days()
    for day in days[:STEP]:
        # another worker may count the same
        DailyFigures.objects.bulk_create([counted(day)], ignore_conflicts=True)
    return len(days) > STEP


def missing_days() -> list[date]:
    first, last = first_day(), _last_day()
    have = DailyFigures.objects.since(first).days()
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if day not in have]


def first_day() -> date:
    """Return where the figures begin: with the moderators' first work, at HISTORY at the latest."""
    firsts: list[datetime | None] = [
        Ticket.objects.order_by("pk").values_list("created_at", flat=True).first(),
        Decision.objects.order_by("pk").values_list("made_at", flat=True).first(),
    ]
    return min([timezone.now() - HISTORY, *filter(None, firsts)]).date()


def _last_day() -> date:
    """Return the last day of which nothing can be undone any more."""
    return (timezone.now() - UNDO_WITHIN).date() - timedelta(days=1)


def measure_storage() -> None:
    """Note with yesterday's figures how much the uploads take by now, once."""
    figures = DailyFigures.objects.filter(day=_last_day(), media_bytes=None)
    if figures.exists():
        figures.update(media_bytes=uploads.stored_bytes(), measured_at=timezone.now())
