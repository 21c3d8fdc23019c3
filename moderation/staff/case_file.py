"""What a moderator has before them in a case: whom it is about, what was said and shown, what was
decided before. Few queries.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from accounts.models import Account, User
from moderation.models import Case, Decision, Message, Note, Ticket, TicketKind, name_of
from timeline.models import Media, Post, Revision

MAX_POSTS = 20
MAX_TICKETS = 50  # of each kind
MAX_DECISIONS = 20


@dataclass
class ShownPost:
    """A post as it appears, with its pictures; and what it said before, the newest first."""

    post: Post
    is_closed: bool = False  # of a protected account: who opens it is on record
    media: list[Media] = field(default_factory=list)
    revisions: list[Revision] = field(default_factory=list)


@dataclass
class CaseFile:
    case: Case
    account: Account | None
    tickets: list[Ticket]
    posts: list[ShownPost]
    decisions: list[Decision]
    notes: list[Note]

    @property
    def lasting(self) -> set[str]:
        """Return which actions are in force against the account without an end."""
        found = [one for one in self.decisions if hasattr(one, "sanction") and not one.post_ids]
        return {one.action for one in found if not (one.sanction.ended_at or one.sanction.until)}

    @property
    def number_more(self) -> int:
        """Return how many more are open than are shown."""
        number = self.case.reports_count + self.case.removals_count + self.case.appeals_count
        return number - sum(ticket.is_open for ticket in self.tickets)


def case_file(case: Case, opened: Collection[int] = ()) -> CaseFile:
    """Read all that is shown of `case`; of protected accounts, the posts with the ids `opened`."""
    tickets = tickets_of([case], MAX_TICKETS)
    messages: dict[str, list[Message]] = defaultdict(list)
    for message in Message.objects.about(tickets).select_related("moderator__account"):
        messages[message.reference].append(message)
    for ticket in tickets:
        ticket.messages = messages[ticket.reference]  # type: ignore[attr-defined]
    return CaseFile(
        case=case,
        account=case.account,
        tickets=tickets,
        posts=shown_posts((pk for ticket in tickets for pk in ticket.post_ids), opened),
        decisions=decisions_about(case.account_number),
        notes=list(case.notes.select_related("moderator__account")),
    )


def tickets_of(cases: Collection[Case], limit: int) -> list[Ticket]:
    """Return what belongs to `cases`, at most `limit` of each kind: what is open first and of that
    the oldest.

    One query for each kind, and none for removal requests and appeals where open cases had none
    when they were read.
    """
    kinds = [TicketKind.REPORT]
    kinds += [TicketKind.REMOVAL] if any(c.removals_count or not c.is_open for c in cases) else []
    kinds += [TicketKind.APPEAL] if any(c.appeals_count or not c.is_open for c in cases) else []
    of_cases = Ticket.objects.of_cases(cases).with_people().with_track_record()
    found = [ticket for kind in kinds for ticket in of_cases.of_kind(kind)[:limit]]
    return sorted(found, key=lambda ticket: (not ticket.is_open, ticket.created_at))


def decisions_about(account_number: int) -> list[Decision]:
    """Return the last ones, each with the name of who made it (`by`): two queries."""
    found = Decision.objects.about(account_number).select_related("sanction")
    decisions = list(found[:MAX_DECISIONS])
    numbers = {decision.moderator_number for decision in decisions} - {None}
    people = User.objects.select_related("account").in_bulk(numbers)
    names = {None: "the site itself", **{pk: name_of(user) for pk, user in people.items()}}
    for decision in decisions:
        by = names.get(decision.moderator_number, "a moderator who is gone")
        decision.by = by  # type: ignore[attr-defined]
    return decisions


def shown_posts(ids: Iterable[int], opened: Collection[int] = ()) -> list[ShownPost]:
    """Return those of the posts that are still here, be it only for moderators, the newest first,
    those of protected accounts closed unless `opened`: two queries, three where one was edited.
    """
    newest = sorted(set(ids), reverse=True)[:MAX_POSTS]
    posts = Post.objects.with_ids(newest).select_related(
        "author", "reply_to__author", "quote_of__author", "card"
    )
    shown = {
        post.pk: ShownPost(post, bool(post.author.protected_at) and post.pk not in opened)
        for post in posts.order_by("-pk")
    }
    for media in Media.objects.of_posts(list(shown)):
        shown[media.post_id].media.append(media)
    edited = [pk for pk, one in shown.items() if one.post.edited_at]
    for revision in Revision.objects.of_posts(edited) if edited else ():
        shown[revision.post_id].revisions.append(revision)
    return list(shown.values())
