"""What breaks a rule, says somebody."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery

from accounts.models import Account
from moderation.models.case import Severity
from moderation.models.rule import Rule
from moderation.models.ticket import Filing, FilingQuerySet


class ReportQuerySet(FilingQuerySet["Report"]):
    def sent_by(self, account: Account) -> Self:
        return self.filter(reporter=account)

    def newest_first(self) -> Self:
        return self.annotate(cursor=models.F("pk")).order_by("-pk")

    def with_rightness(self) -> Self:
        """Each with how often its sender was `right`, of how many decided reports (`decided`); NULL
        for who sent none yet.
        """
        decided = (
            Report.objects.filter(reporter=OuterRef("reporter"), state__in=["acted", "dismissed"])
            .values("reporter")
            .order_by()
        )
        right = decided.annotate(n=Count("pk", filter=Q(state="acted"))).values("n")
        return self.annotate(
            right=Subquery(right), decided=Subquery(decided.annotate(n=Count("pk")).values("n"))
        )


class Report(Filing):
    """Somebody says that an account, or some of its posts, break a rule.

    `reporter` is NULL for who is not signed in, or is gone; and for the site itself, which reports
    what one of its `keyword` rules caught.
    """

    class Category(models.TextChoices):
        SPAM = "spam", "Spam"
        HARASSMENT = "harassment", "Harassment"
        HATE = "hate", "Hate"
        ILLEGAL = "illegal", "Something illegal"
        IMPERSONATION = "impersonation", "It pretends to be somebody else"
        SELF_HARM = "self-harm", "Self-harm, or suicide"
        RULE = "rule", "It breaks a rule of this site"
        OTHER = "other", "Something else"

    class State(models.TextChoices):
        OPEN = "open", "open"
        ACTED = "acted", "acted upon"
        DISMISSED = "dismissed", "dismissed"
        WITHDRAWN = "withdrawn", "withdrawn"

    kind: ClassVar[str] = "report"
    noun: ClassVar[str] = "report"
    granted: ClassVar[str] = State.ACTED.value
    refused: ClassVar[str] = State.DISMISSED.value

    reporter = models.ForeignKey(
        Account, models.SET_NULL, null=True, blank=True, related_name="reports_sent", editable=False
    )
    category = models.CharField(max_length=13, choices=Category, editable=False)
    rule = models.ForeignKey(
        Rule, models.SET_NULL, null=True, blank=True, related_name="reports", editable=False
    )
    keyword = models.CharField(
        "keyword rule", max_length=200, blank=True, default="", editable=False
    )
    state = models.CharField(max_length=10, choices=State, default=State.OPEN, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "acted", "dismissed", "withdrawn"]),
                name="report_state",
            ),
            models.CheckConstraint(
                condition=Q(state="open") ^ Q(closed_at__isnull=False), name="report_closed"
            ),
        ]
        indexes = [
            models.Index(fields=["reporter", "created_at"], name="report_reporter"),
            models.Index(fields=["email", "created_at"], name="report_email"),
            models.Index(fields=["created_at"], name="report_created"),
            models.Index(
                fields=["category", "case"],
                name="report_category_open",
                condition=Q(closed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()}, reported {self.created_at:%-d %b %Y}"

    @property
    def title(self) -> str:
        return self.get_category_display()

    @property
    def said_by(self) -> str:
        if self.keyword:
            return f"the site itself, by the keyword rule “{self.keyword}”"
        return str(self.reporter) if self.reporter else super().said_by

    @property
    def severity(self) -> Severity:
        return _SEVERITIES[Report.Category(self.category)]

    @property
    def sender(self) -> str:
        return f"account {self.reporter_id}" if self.reporter_id else self.email

    @property
    def address(self) -> str:
        user = self.reporter.user if self.reporter else None
        return user.email if user else self.email


_SEVERITIES = {
    Report.Category.SPAM: Severity.NUISANCE,
    Report.Category.OTHER: Severity.BREACH,
    Report.Category.RULE: Severity.BREACH,
    Report.Category.IMPERSONATION: Severity.HARM,
    Report.Category.HARASSMENT: Severity.HARM,
    Report.Category.HATE: Severity.HARM,
    Report.Category.ILLEGAL: Severity.DANGER,
    Report.Category.SELF_HARM: Severity.DANGER,
}
