"""What the queue shows of each case, in a few queries for all of them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Count, Max

from moderation.models import Appeal, Case, RemovalRequest, Report
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
    """Three queries, and one each where there are removal requests, appeals and pictures."""
    rows = {case.pk: Row(case) for case in cases}
    newest: dict[int, int] = defaultdict(int)
    said = (
        Report.objects.open()
        .filter(case__in=rows)
        .order_by()
        .values("case", "category")
        .annotate(n=Count("pk"), last=Max("pk"))
    )
    for one in said:
        rows[one["case"]].categories.append((Report.Category(one["category"]).label, one["n"]))
        newest[one["case"]] = max(newest[one["case"]], one["last"])
    reports = Report.objects.in_bulk(newest.values()) if newest else {}
    filings: dict[int, Report | RemovalRequest | Appeal] = {
        report.case_id or 0: report for report in reports.values()
    }
    if any(case.requests_count for case in cases):
        for wish in RemovalRequest.objects.open().filter(case__in=rows).order_by("-pk"):
            rows[wish.case_id or 0].categories.insert(0, (wish.title, 1))
            filings[wish.case_id or 0] = wish
    if any(case.appeals_count for case in cases):
        for appeal in Appeal.objects.open().filter(case__in=rows).order_by("-pk"):
            filings.setdefault(appeal.case_id or 0, appeal)
    posts = Post.objects.in_bulk(
        [filing.post_ids[-1] for filing in filings.values() if filing.post_ids]
    )
    for pk, filing in filings.items():
        rows[pk].comment = filing.text
        rows[pk].post = posts.get(filing.post_ids[-1]) if filing.post_ids else None
    pictured = {post.pk for post in posts.values() if post.media_count and post.deleted_at is None}
    pictures: dict[int, list[Media]] = defaultdict(list)
    for media in Media.objects.of_posts(pictured).pictures() if pictured else []:
        pictures[media.post_id].append(media)
    for row in rows.values():
        row.pictures = pictures[row.post.pk] if row.post else []
        row.categories.sort(key=lambda said: -said[1])
    return list(rows.values())
