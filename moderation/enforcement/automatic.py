"""What the site itself reports: posts that a keyword rule caught, and that it may hold back until a
moderator has looked.
"""

from collections.abc import Iterable

from moderation.models import Action, Decision, ReportCategory, Sanction, Ticket, TicketKind
from timeline.models import KeywordRule, Post


def report_caught(post: Post, rule: KeywordRule) -> None:
    """Report `post`, which `rule` caught; called in the transaction that publishes or edits it.

    What is held back is a decision of the site's, which can be lifted.
    """
    report = Ticket(kind=TicketKind.REPORT, category=ReportCategory.RULE, keyword=str(rule)[:200])
    report.concern(post.author, [post.pk])
    report.save()
    report.confirm()
    if post.hidden_at:
        decision = Decision.objects.append(
            action=Action.HIDE,
            account_number=post.author_id,
            post_ids=[post.pk],
            statement=f"Held back by the rule about words {rule.pk}.",
        )
        Sanction.objects.create(decision=decision, account=post.author, post_ids=[post.pk])


def sanctions_holding(tickets: Iterable[Ticket]) -> list[Sanction]:
    """Return what still holds back the posts that the site itself reported in `tickets`."""
    reports = [ticket for ticket in tickets if ticket.keyword]
    posts = {pk for report in reports for pk in report.post_ids}
    if not posts:
        return []
    accounts = {report.account_number for report in reports}
    in_force = (
        Sanction.objects.in_force()
        .of(Action.HIDE)
        .filter(decision__moderator_number=None, decision__account_number__in=accounts)
    )
    return [
        sanction
        for sanction in in_force.select_related("decision", "account__user")
        if posts & set(sanction.post_ids)
    ]
