"""What the demo community gives its moderators to do: reports, a removal request, an appeal, and
what was decided in the month before.

Its decisions are in the record like all others, and stay there when the community goes: they say
whose they are, and name numbers alone. Nothing of it falls on a day whose figures are kept already,
so that these stay right; what is counted with it is taken off again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.models import Account, User
from moderation import tasks
from moderation.enforcement.actions import ACTIONS, Subject
from moderation.models import (
    Action,
    Case,
    DailyFigures,
    Decision,
    Message,
    Notice,
    RemovalReason,
    Sanction,
    Ticket,
    TicketKind,
    TicketState,
)
from moderation.statistics import daily_stats
from timeline.demo import DOMAIN
from timeline.models import Post

STATEMENT = "Of the demo community: nothing of this happened."


@dataclass(frozen=True)
class Saying:
    """Who says so, of a post that has these `words` in it, what kind of thing it is, in which
    words, and how many hours ago.
    """

    who: str
    words: str
    category: str
    text: str
    hours: float
    # hours until it was decided that nothing needs to be done; 0: it is still open
    waited: float = 0


OPEN = (
    Saying(
        "leilani_k",
        "600,000 thrushes",
        "illegal",
        "Six hundred thousand, at night, and not one of them has a licence.",
        5,
    ),
    Saying("tomaszwrona", "Tonight at 21:00 UTC", "spam", "The same announcement every week.", 9),
    Saying("oskar_maps", "Tonight at 21:00 UTC", "spam", "He rings me up about it as well.", 3),
    Saying(
        "wren_digs",
        "三十年前の時刻表",
        "other",
        "There is a library's stamp on the picture. Is it hers to show?",
        26,
    ),
    Saying(
        "leilani_k", "Row 203 has a mistake", "harassment", "She counts my stitches in public.", 31
    ),
)
DECIDED = (
    Saying(
        "old_ib",
        "Line 11 at twenty to five",
        "other",
        "Who is the passenger? Ought somebody to wake him?",
        50,
        2,
    ),
    Saying("amahle_n", "Slug census", "hate", "He says that he is at war.", 120, 5),
    Saying(
        "yuki_tram", "mathematicians ever finish", "other", "It is too short for a proof.", 190, 1
    ),
    Saying("kofi_fm", "First snowdrop", "spam", "Too early.", 260, 20),
    Saying("priya_counts", "my map is wrong", "rule", "There is no scale on it.", 330, 9),
    Saying("mateo_bakes", "Waxwings!", "harassment", "They look at my berries.", 420, 3),
    Saying("salma_stars", "one dog outside", "other", "The dog should have a name.", 520, 44),
    Saying("wren_digs", "Wolf tracks", "other", "He did not pay.", 610, 6),
)
HIDDEN = "the quinoa loaf with all its grams"
APPEAL = (
    "It is a recipe. It costs nothing, and the link leads to the grams. Please let it be seen "
    "again."
)
REMOVED = (
    "DrQuillfeather",
    "x.com",
    f"imelda@{DOMAIN}",
    "I never signed up here. Somebody brought my tides along. Please take me off.",
)


# --- Moving in ---


def move_in(now: datetime) -> None:
    """Let moderators have something to do. Sends no mail."""
    kept = DailyFigures.objects.since((now - daily_stats.HISTORY).date()).days()
    sayings = [
        saying
        for saying in (*DECIDED, *OPEN)
        if (now - timedelta(hours=saying.hours)).date() not in kept
    ]
    for saying in sayings:
        _report(saying, now)
    _ask_removal(now)
    _appeal(now)
    transaction.on_commit(tasks.count_days.enqueue)


def _report(saying: Saying, now: datetime) -> None:
    post = _post(saying.words)
    if post is None:
        return
    moment = now - timedelta(hours=saying.hours)
    report = Ticket(
        kind=TicketKind.REPORT,
        reporter=Account.objects.local().get(handle=saying.who),
        category=saying.category,
        text=saying.text,
    )
    report.concern(post.author, [post.pk])
    _send(report, moment)
    if saying.waited:
        _dismiss(report, moment + timedelta(hours=saying.waited))


def _post(words: str) -> Post | None:
    return (
        Post.objects.filter(text__contains=words)
        .select_related("author__user")
        .order_by("pk")
        .first()
    )


def _send(ticket: Ticket, moment: datetime) -> None:
    ticket.created_at = ticket.confirmed_at = moment
    ticket.save()
    ticket.case = Case.objects.gather(ticket)
    ticket.save(update_fields=["case"])


def _dismiss(report: Ticket, moment: datetime) -> None:
    decision = _decision(Action.NONE, report.account_number, moment, filings=[report.name])
    Ticket.objects.filter(pk=report.pk).close(TicketState.DISMISSED, "", decision.pk)
    Ticket.objects.filter(pk=report.pk).update(closed_at=moment, told_at=moment)
    assert report.case  # noqa: S101  (it was gathered)
    report.case.recalculate()
    Case.objects.filter(pk=report.case.pk, closed_at__isnull=False).update(closed_at=moment)


def _decision(
    action: Action, account_number: int | None, moment: datetime, **more: Any
) -> Decision:
    ada = User.objects.get(email=f"ada@{DOMAIN}")
    return Decision.objects.append(
        action=action,
        account_number=account_number,
        moderator_number=ada.pk,
        made_at=moment,
        statement=STATEMENT,
        **more,
    )


def _ask_removal(now: datetime) -> None:
    handle, host, email, text = REMOVED
    account = Account.objects.filter(handle=handle, host=host).first()
    if account:
        request = Ticket(kind=TicketKind.REMOVAL, reason=RemovalReason.ME, email=email, text=text)
        request.concern(account)
        _send(request, now - timedelta(hours=2))


def _appeal(now: datetime) -> None:
    """Hide one post; its author asks for another look."""
    post = _post(HIDDEN)
    if post is None:
        return
    moment = now - timedelta(days=2)
    decision = _decision(Action.HIDE, post.author_id, moment, post_ids=[post.pk])
    changed = ACTIONS[Action.HIDE].start(Subject(post.author, [post]))
    Sanction.objects.create(decision=decision, account=post.author, post_ids=changed)
    appeal = Ticket(
        kind=TicketKind.APPEAL, notice=Notice.send(post.author, decision.batch), text=APPEAL
    )
    appeal.concern(post.author, [post.pk])
    _send(appeal, now - timedelta(hours=1))


# --- Moving out ---


def move_out(people: list[int]) -> None:
    """Take away what the accounts `people` said, asked and were told; the record stays, and what
    real people said of them.
    """
    _take_off_figures(people)
    cases = list(Case.objects.filter(account_number__in=people))
    theirs = Ticket.objects.filter(
        Q(kind=TicketKind.REPORT, reporter__in=people)
        | Q(kind=TicketKind.REMOVAL, account__in=people, email__endswith=f"@{DOMAIN}")
        | Q(kind=TicketKind.APPEAL, account__in=people)
    )
    cases += Case.objects.filter(pk__in=theirs.values("case"))
    Message.objects.filter(reference__in=theirs.values("reference")).delete()
    theirs.delete()
    Sanction.objects.filter(account__in=people).delete()
    for case in {case.pk: case for case in cases}.values():
        if case.tickets.visible().exists():
            case.recalculate()
        else:
            case.delete()


def _take_off_figures(people: list[int]) -> None:
    first = daily_stats.first_day()
    about = daily_stats.about(Account.objects.filter(pk__in=people), first)
    for figures in DailyFigures.objects.since(first).filter(day__in=about):
        figures.without(about[figures.day]).save(
            update_fields=["reports", "removals", "appeals", "waits"]
        )
