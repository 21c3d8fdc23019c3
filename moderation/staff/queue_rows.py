"""What the queue shows of each case, in a few queries for all of them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Count, Max

from moderation.models import Case, ReportCategory, Ticket, TicketKind
from timeline.models import Media, Post


@dataclass
class Row:
    """A case, with what was said most, and a look at what it is about."""

    case: Case
    categories: list[tuple[str, int]] = field(default_factory=list)
    comment: str = ""
    post: Post | None = None
    pictures: list[Media] = field(default_factory=list)


def rows_of(cases: Collection[Case]) -> list[Row]:
    """Return the row of each case: three to six queries."""
    rows = {case.pk: Row(case) for case in cases}
    tickets = _newest_reports(rows)
    if any(case.removals_count or case.appeals_count for case in cases):
        _add_removals_and_appeals(rows, tickets)
    named = [ticket.post_ids[-1] for ticket in tickets.values() if ticket.post_ids]
    # those of protected accounts are opened in the case, on record
    posts = Post.objects.of_open_authors().in_bulk(named)
    pictures = _pictures_of(posts.values())
    for pk, ticket in tickets.items():
        post = posts.get(ticket.post_ids[-1]) if ticket.post_ids else None
        rows[pk].comment, rows[pk].post = ticket.text, post
        rows[pk].pictures = pictures[post.pk] if post else []
    for row in rows.values():
        row.categories.sort(key=lambda category: -category[1])
    return list(rows.values())


def _newest_reports(rows: dict[int, Row]) -> dict[int, Ticket]:
    """Count the open reports of each case by category, and return the newest of each."""
    newest: dict[int, int] = defaultdict(int)
    by_category = Ticket.objects.reports().open().filter(case__in=rows).order_by()
    counts = by_category.values_list("case", "category").annotate(n=Count("pk"), last=Max("pk"))
    for case, category, number, last in counts:
        rows[case].categories.append((ReportCategory(category).label, number))
        newest[case] = max(newest[case], last)
    reports = Ticket.objects.in_bulk(newest.values()) if newest else {}
    return {report.case_id or 0: report for report in reports.values()}


def _add_removals_and_appeals(rows: dict[int, Row], tickets: dict[int, Ticket]) -> None:
    """Name removal requests; the oldest of them stands for its case, or else the newest appeal."""
    others = Ticket.objects.of_kind(TicketKind.REMOVAL, TicketKind.APPEAL).open()
    for ticket in others.filter(case__in=rows).order_by("-kind", "-pk"):  # removals first
        case = ticket.case_id or 0
        if ticket.kind == TicketKind.REMOVAL:
            rows[case].categories.insert(0, (ticket.title, 1))
            tickets[case] = ticket
        else:
            tickets.setdefault(case, ticket)


def _pictures_of(posts: Collection[Post]) -> dict[int, list[Media]]:
    pictured = {post.pk for post in posts if post.media_count and post.deleted_at is None}
    pictures: dict[int, list[Media]] = defaultdict(list)
    for media in Media.objects.of_posts(pictured).pictures() if pictured else []:
        pictures[media.post_id].append(media)
    return pictures
