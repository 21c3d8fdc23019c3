"""What breaks a rule, says somebody."""

from django.db import models
from django.db.models import Q

from accounts.models import Account
from moderation.models.case import Case, CaseQuerySet
from moderation.models.rule import Rule


class ReportQuerySet(CaseQuerySet["Report"]):
    pass


class Report(Case):
    """Somebody says that an account, or some of its posts, break a rule. `reporter` is NULL for who is not signed in, or is gone."""

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

    reporter = models.ForeignKey(Account, models.SET_NULL, null=True, blank=True, related_name="reports_sent", editable=False)
    category = models.CharField(max_length=13, choices=Category, editable=False)
    rule = models.ForeignKey(Rule, models.SET_NULL, null=True, blank=True, related_name="reports", editable=False)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["open", "acted", "dismissed", "withdrawn"]), name="report_state"),
            models.CheckConstraint(condition=Q(state="open") ^ Q(closed_at__isnull=False), name="report_closed"),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="report_open", condition=Q(closed_at=None)),
            models.Index(fields=["account", "created_at"], name="report_account_open", condition=Q(closed_at=None)),
            models.Index(fields=["reporter", "created_at"], name="report_reporter"),
            models.Index(fields=["email", "created_at"], name="report_email"),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()}: {self.shown_handle}, reported {self.created_at:%-d %b %Y}"
