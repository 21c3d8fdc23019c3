"""What a moderator has before them in a case: who it is about, what was said and shown, what was decided before. Few queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from accounts.models import Account
from moderation.models import Case, Decision, Filing, Message, Note, Report, filings_of
from timeline.models import Media, Post

MOST_POSTS = 20
MOST_FILINGS = 50
MOST_DECISIONS = 20


@dataclass
class ShownPost:
    """A post as it appears, with its pictures; of what it answers or quotes, the words."""

    post: Post
    media: list[Media] = field(default_factory=list)
    reported: bool = True


@dataclass
class CaseFile:
    case: Case
    account: Account | None
    filings: list[Filing]
    shown_filings: list[Filing]
    posts: list[ShownPost]
    decisions: list[Decision]
    notes: list[Note]
    messages: dict[str, list[Message]]

    @property
    def number_more(self) -> int:
        """How many filings are not shown."""
        return len(self.filings) - len(self.shown_filings)


def case_file(case: Case) -> CaseFile:
    filings = filings_of([case])
    shown = sorted(filings, key=lambda filing: (not filing.is_open, filing.created_at))[:MOST_FILINGS]
    _set_rightness([filing for filing in shown if isinstance(filing, Report)])
    messages: dict[str, list[Message]] = {}
    for message in Message.objects.about(*shown).select_related("moderator__account"):
        messages.setdefault(message.reference, []).append(message)
    for filing in shown:
        filing.said = messages.get(filing.reference, [])  # type: ignore[attr-defined]
    return CaseFile(
        case=case,
        account=case.account,
        filings=filings,
        shown_filings=shown,
        posts=shown_posts(pk for filing in filings for pk in filing.post_ids),
        decisions=list(Decision.objects.about(case.account_number).select_related("measure")[:MOST_DECISIONS]),
        notes=list(case.notes.select_related("moderator__account")),
        messages=messages,
    )


def shown_posts(ids: Iterable[int]) -> list[ShownPost]:
    """Those of the posts that are still here, the newest first: two queries."""
    wanted = sorted(set(ids), reverse=True)[:MOST_POSTS]
    posts = Post.objects.filter(pk__in=wanted, deleted_at=None).select_related("author", "reply_to__author", "quote_of__author", "card")
    shown = {post.pk: ShownPost(post) for post in posts.order_by("-pk")}
    for media in Media.objects.of_posts(list(shown)):
        shown[media.post_id].media.append(media)
    return list(shown.values())


def _set_rightness(reports: list[Report]) -> None:
    """On each, of how many decided reports its sender was right, and of how many in all."""
    counted = Report.objects.rightness_of([report.reporter_id for report in reports if report.reporter_id])
    for report in reports:
        report.rightness = counted.get(report.reporter_id or 0)  # type: ignore[attr-defined]
