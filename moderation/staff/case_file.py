"""What a moderator has before them in a case: who it is about, what was said and shown, what was
decided before. Few queries.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from accounts.models import Account, User
from moderation.models import Case, Decision, Filing, Message, Note, filings_of, name_of
from timeline.models import Media, Post, Revision

MOST_POSTS = 20
MOST_FILINGS = 50  # of each kind
MOST_DECISIONS = 20


@dataclass
class ShownPost:
    """A post as it appears, with its pictures; of what it answers or quotes, the words.

    And what it said before, the newest first.
    """

    post: Post
    media: list[Media] = field(default_factory=list)
    revisions: list[Revision] = field(default_factory=list)


@dataclass
class CaseFile:
    case: Case
    account: Account | None
    filings: list[Filing]
    posts: list[ShownPost]
    decisions: list[Decision]
    notes: list[Note]

    @property
    def lasting(self) -> set[str]:
        """Which actions are in force against the account without an end."""
        measures = [decision.measure for decision in self.decisions if hasattr(decision, "measure")]
        return {
            one.decision.action
            for one in measures
            if one.ended_at is None and one.until is None and not one.decision.post_ids
        }

    @property
    def number_more(self) -> int:
        """How much more is open than is shown."""
        case = self.case
        return (
            case.reports_count
            + case.requests_count
            + case.appeals_count
            - sum(filing.is_open for filing in self.filings)
        )


def case_file(case: Case) -> CaseFile:
    filings = filings_of([case], MOST_FILINGS)
    messages: dict[str, list[Message]] = {}
    for message in Message.objects.about(*filings).select_related("moderator__account"):
        messages.setdefault(message.reference, []).append(message)
    for filing in filings:
        filing.said = messages.get(filing.reference, [])  # type: ignore[attr-defined]
    return CaseFile(
        case=case,
        account=case.account,
        filings=filings,
        posts=shown_posts(pk for filing in filings for pk in filing.post_ids),
        decisions=decisions_about(case.account_number),
        notes=list(case.notes.select_related("moderator__account")),
    )


def decisions_about(account_number: int) -> list[Decision]:
    """The last ones, each with the name of who made it (`by`): two queries."""
    decisions = list(
        Decision.objects.about(account_number).select_related("measure")[:MOST_DECISIONS]
    )
    people = User.objects.select_related("account").in_bulk(
        {decision.moderator_number for decision in decisions} - {None}
    )
    for decision in decisions:
        who = people.get(decision.moderator_number)
        decision.by = (  # type: ignore[attr-defined]
            "the site itself"
            if decision.moderator_number is None
            else name_of(who)
            if who
            else "a moderator who is gone"
        )
    return decisions


def shown_posts(ids: Iterable[int]) -> list[ShownPost]:
    """Those of the posts that are still here, be it only for moderators, the newest first: two
    queries, three where one was edited.
    """
    wanted = sorted(set(ids), reverse=True)[:MOST_POSTS]
    posts = Post.objects.with_ids(wanted).select_related(
        "author", "reply_to__author", "quote_of__author", "card"
    )
    shown = {post.pk: ShownPost(post) for post in posts.order_by("-pk")}
    for media in Media.objects.of_posts(list(shown)):
        shown[media.post_id].media.append(media)
    edited = [pk for pk, one in shown.items() if one.post.edited_at]
    for revision in Revision.objects.of_posts(edited) if edited else ():
        shown[revision.post_id].revisions.append(revision)
    return list(shown.values())
