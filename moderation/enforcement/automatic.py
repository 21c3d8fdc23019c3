"""What the site itself reports: posts that a rule about words caught, and that it may hold back
until a moderator has looked.
"""

from collections.abc import Iterable

from moderation.models import Action, Decision, Filing, Measure, Report
from timeline.models import KeywordRule, Post


def report_caught(post: Post, rule: KeywordRule) -> None:
    """Called in the transaction that publishes `post`, or edits it.

    What is held back is a decision of the site's, which can be lifted.
    """
    report = Report(category=Report.Category.RULE, keyword=str(rule)[:200])
    report.concern(post.author, [post.pk])
    report.save()
    report.confirm()
    if post.hidden_at:
        said = {
            "account_number": post.author_id,
            "post_ids": [post.pk],
            "statement": f"Held back by the rule about words {rule.pk}.",
        }
        decision = Decision.objects.append(action=Action.HIDE, **said)
        Measure.objects.create(decision=decision, account=post.author, post_ids=[post.pk])


def measures_holding(filings: Iterable[Filing]) -> list[Measure]:
    """What still holds back the posts that the site reported with some of `filings`."""
    reports = [filing for filing in filings if isinstance(filing, Report) and filing.keyword]
    posts = {pk for report in reports for pk in report.post_ids}
    if not posts:
        return []
    accounts = {report.account_number for report in reports}
    in_force = (
        Measure.objects.in_force()
        .of(Action.HIDE)
        .filter(decision__moderator_number=None, decision__account_number__in=accounts)
    )
    return [
        measure
        for measure in in_force.select_related("decision", "account__user")
        if posts & set(measure.post_ids)
    ]
