"""What somebody wants a moderator to look at, and is told what became of: reports, removal requests
and appeals.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account
from microblog.db.locks import lock_rows
from moderation.models.case import Case, Severity
from moderation.models.rule import Rule
from moderation.models.ticket_queryset import UNCONFIRMED_FOR, TicketQuerySet
from timeline.models import Post

MAX_TEXT = 5000
MAX_POSTS = 100
_CONFIRM = "moderation.confirm"


def new_reference() -> str:
    """Return 192 bits that nobody guesses, fit for an address."""
    return secrets.token_urlsafe(24)


def reference_in(token: str) -> str:
    """Return what the link with `token` confirms. Raises SignatureExpired and BadSignature."""
    return str(signing.loads(token, salt=_CONFIRM, max_age=UNCONFIRMED_FOR))


class TicketKind(models.TextChoices):
    REPORT = "report", "report"
    REMOVAL = "removal", "removal request"
    APPEAL = "appeal", "appeal"

    @property
    def spec(self) -> "KindSpec":
        return KINDS[self]


class TicketState(models.TextChoices):
    """What became of a ticket; which of these a ticket can have, its kind says (KINDS)."""

    OPEN = "open", "open"
    ACTED = "acted", "acted upon"
    DISMISSED = "dismissed", "dismissed"
    GRANTED = "granted", "granted"
    REFUSED = "refused", "refused"
    OVERTURNED = "overturned", "overturned"
    UPHELD = "upheld", "upheld"
    WITHDRAWN = "withdrawn", "withdrawn"


# What its sender reads of each state.
OUTCOMES = {
    TicketState.OPEN: "A moderator will look at it",
    TicketState.ACTED: "You were right, and something was done",
    TicketState.DISMISSED: "We found that no rule is broken",
    TicketState.GRANTED: "Your wish was granted",
    TicketState.REFUSED: "Your wish was refused",
    TicketState.OVERTURNED: "You were right: the decision was taken back",
    TicketState.UPHELD: "The decision stays",
    TicketState.WITHDRAWN: "You took it back",
}


@dataclass(frozen=True)
class KindSpec:
    """What is special about one kind of tickets."""

    noun: str  # as its sender reads it
    record_name: str  # as the record of decisions names it, for ever: "removalrequest 3"
    granted: TicketState  # the states in which a decision may leave it
    refused: TicketState

    @property
    def states(self) -> list[TicketState]:
        return [TicketState.OPEN, self.granted, self.refused, TicketState.WITHDRAWN]


KINDS = {
    TicketKind.REPORT: KindSpec("report", "report", TicketState.ACTED, TicketState.DISMISSED),
    TicketKind.REMOVAL: KindSpec(
        "request", "removalrequest", TicketState.GRANTED, TicketState.REFUSED
    ),
    TicketKind.APPEAL: KindSpec("appeal", "appeal", TicketState.OVERTURNED, TicketState.UPHELD),
}


class ReportCategory(models.TextChoices):
    """What a report says is wrong."""

    SPAM = "spam", "Spam"
    HARASSMENT = "harassment", "Harassment"
    HATE = "hate", "Hate"
    ILLEGAL = "illegal", "Something illegal"
    IMPERSONATION = "impersonation", "It pretends to be somebody else"
    SELF_HARM = "self-harm", "Self-harm, or suicide"
    RULE = "rule", "It breaks a rule of this site"
    OTHER = "other", "Something else"

    @property
    def severity(self) -> Severity:
        return _SEVERITIES[self]


_SEVERITIES = {
    ReportCategory.SPAM: Severity.NUISANCE,
    ReportCategory.OTHER: Severity.BREACH,
    ReportCategory.RULE: Severity.BREACH,
    ReportCategory.IMPERSONATION: Severity.HARM,
    ReportCategory.HARASSMENT: Severity.HARM,
    ReportCategory.HATE: Severity.HARM,
    ReportCategory.ILLEGAL: Severity.DANGER,
    ReportCategory.SELF_HARM: Severity.DANGER,
}


class RemovalReason(models.TextChoices):
    """Why somebody asks for a removal."""

    ME = "me", "It is me"
    PICTURE = "picture", "It is my picture"
    RIGHTS = "rights", "My rights: a text or a picture that I made"
    LAW = "law", "The law"


def _states_of_kinds() -> Q:
    """Return the condition that each ticket is in a state of its kind."""
    allowed = Q()
    for kind, spec in KINDS.items():
        allowed |= Q(kind=kind.value, state__in=[state.value for state in spec.states])
    return allowed


# What only tickets of one kind have: all of it stays empty in the others.
_REPORTED = Q(category="", reporter=None, rule=None, keyword="")
_FILLED_BY_KIND = (
    Q(~Q(category=""), kind="report", reason="", notice=None)
    | Q(_REPORTED, ~Q(reason=""), kind="removal", notice=None)
    | Q(_REPORTED, kind="appeal", reason="", notice__isnull=False)
)


class Ticket(models.Model):
    """What somebody wants a moderator to look at: that an account or some of its posts break a rule
    (report), that they are removed (removal), or a decision about themselves (appeal).

    `reference` is its secret address; whoever knows it follows what becomes of it.

    A report's `reporter` is NULL for who is not signed in, or is gone; and for the site itself,
    which reports what one of its `keyword` rules caught. An appeal is against `notice`: once, and
    looked at by another moderator where there is one.
    """

    kind = models.CharField(max_length=7, choices=TicketKind, editable=False)
    reference = models.CharField(max_length=32, unique=True, default=new_reference, editable=False)
    # of the form that made it: sent twice, it is one
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    case = models.ForeignKey(
        Case, models.SET_NULL, null=True, blank=True, related_name="tickets", editable=False
    )
    account = models.ForeignKey(
        Account, models.SET_NULL, null=True, blank=True, related_name="tickets", editable=False
    )
    # outlives it
    account_number = models.BigIntegerField("id of the account", null=True, editable=False)
    post_ids = models.JSONField("posts", default=list, blank=True, editable=False)
    state = models.CharField(
        max_length=10, choices=TicketState, default=TicketState.OPEN, editable=False
    )
    text = models.TextField(blank=True, default="", editable=False)
    email = models.EmailField(
        "e-mail address", max_length=254, blank=True, default="", editable=False
    )
    created_at = models.DateTimeField("sent", default=timezone.now, editable=False)
    # since when moderators see it
    confirmed_at = models.DateTimeField("confirmed", null=True, blank=True, editable=False)
    closed_at = models.DateTimeField("closed", null=True, blank=True, editable=False)
    # what its sender reads of the decision
    statement = models.TextField("reasons", blank=True, default="", editable=False)
    decision_number = models.BigIntegerField(
        "decision", null=True, blank=True, db_index=True, editable=False
    )
    # when its sender was told of that by mail
    told_at = models.DateTimeField(null=True, blank=True, editable=False)

    # --- Of reports ---
    reporter = models.ForeignKey(
        Account, models.SET_NULL, null=True, blank=True, related_name="tickets_sent", editable=False
    )
    category = models.CharField(
        max_length=13, choices=ReportCategory, blank=True, default="", editable=False
    )
    rule = models.ForeignKey(
        Rule, models.SET_NULL, null=True, blank=True, related_name="tickets", editable=False
    )
    keyword = models.CharField(
        "keyword rule", max_length=200, blank=True, default="", editable=False
    )

    # --- Of removal requests ---
    reason = models.CharField(
        max_length=7, choices=RemovalReason, blank=True, default="", editable=False
    )

    # --- Of appeals ---
    notice = models.OneToOneField(
        "moderation.Notice",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="appeal",
        editable=False,
    )

    objects = TicketQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_states_of_kinds(), name="ticket_state"),
            models.CheckConstraint(
                condition=Q(state="open") ^ Q(closed_at__isnull=False), name="ticket_closed"
            ),
            models.CheckConstraint(condition=_FILLED_BY_KIND, name="ticket_filled_by_kind"),
        ]
        indexes = [
            models.Index(fields=["reporter", "created_at"], name="ticket_reporter"),
            models.Index(fields=["email", "created_at"], name="ticket_email"),
            models.Index(fields=["kind", "created_at"], name="ticket_created"),
            models.Index(
                fields=["category", "case"],
                name="ticket_category_open",
                condition=Q(kind="report", closed_at=None),
            ),
        ]

    def __str__(self) -> str:
        day = f"{self.created_at:%-d %b %Y}"
        return {
            TicketKind.REPORT: f"{self.get_category_display()}, reported {day}",
            TicketKind.REMOVAL: f"Removal, asked {day}",
            TicketKind.APPEAL: f"Appeal of {day}",
        }[TicketKind(self.kind)]

    def get_absolute_url(self) -> str:
        """Return the page on which its sender follows it."""
        return reverse("tracker", args=[self.reference])

    # --- How it reads ---

    @property
    def spec(self) -> KindSpec:
        return TicketKind(self.kind).spec

    @property
    def name(self) -> str:
        """Name it as the record of decisions does."""
        return f"{self.spec.record_name} {self.pk}"

    @property
    def noun(self) -> str:
        """Name its kind to its sender."""
        return self.spec.noun

    @property
    def title(self) -> str:
        """Say to moderators what it is."""
        return {
            TicketKind.REPORT: self.get_category_display(),
            TicketKind.REMOVAL: f"Removal: {self.get_reason_display()}",
            TicketKind.APPEAL: "Appeal",
        }[TicketKind(self.kind)]

    @property
    def by(self) -> str:
        """Say to moderators who sent it."""
        if self.kind == TicketKind.APPEAL:
            return "the account itself"
        if self.keyword:
            return f"the site itself, by the keyword rule “{self.keyword}”"
        return str(self.reporter or self.email or "somebody who is gone")

    @property
    def about(self) -> str:
        """Name whom it is about as its sender named them; "" once they are gone."""
        return str(self.account) if self.account else ""

    @property
    def outcome(self) -> str:
        """Say to its sender what became of it."""
        return OUTCOMES[TicketState(self.state)]

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_withdrawn(self) -> bool:
        return self.state == TicketState.WITHDRAWN

    @property
    def severity(self) -> Severity:
        if self.kind == TicketKind.REPORT:
            return ReportCategory(self.category).severity
        return Severity.DANGER if self.reason == RemovalReason.LAW else Severity.HARM

    @property
    def sender(self) -> str:
        """Tell one sender from another."""
        return f"account {self.reporter_id}" if self.reporter_id else self.email

    @property
    def address(self) -> str:
        """Return the e-mail address that mails to its sender go to; "" for none."""
        user = self.reporter.user if self.reporter else None
        return user.email if user else self.email

    @property
    def tracker_url(self) -> str:
        return f"{settings.SITE_URL}{self.get_absolute_url()}"

    @property
    def confirm_url(self) -> str:
        """Return the link, valid for UNCONFIRMED_FOR, by which its sender proves their address."""
        token = signing.dumps(self.reference, salt=_CONFIRM)
        return f"{settings.SITE_URL}{reverse('confirm_ticket', args=[token])}"

    # --- What becomes of it ---

    def concern(self, account: Account | None, post_ids: Iterable[int] = ()) -> None:
        """Let it be about `account` and these posts."""
        self.account, self.account_number = account, account.pk if account else None
        self.post_ids = sorted(post_ids)

    def insert(self) -> "Ticket":
        """Save it as a new row; where the same form was sent before, return what that made."""
        try:
            with transaction.atomic():
                self.save(force_insert=True)
        except IntegrityError:
            same = Ticket.objects.filter(idempotency_key=self.idempotency_key)
            before: Ticket | None = same.exclude(idempotency_key=None).first()
            if before is None:
                raise
            return before
        return self

    @transaction.atomic
    def confirm(self) -> None:
        """Let moderators see it.

        Twice is once. The posts that it is about are locked first: who deletes one meanwhile finds
        the ticket, and then the post is kept.
        """
        lock_rows(Post.objects.with_ids(self.post_ids))
        self._lock()
        if self.confirmed_at is None:
            self.confirmed_at = timezone.now()
            self.case = Case.objects.gather(self)
            self.save(update_fields=["confirmed_at", "case"])

    @transaction.atomic
    def withdraw(self) -> bool:
        """Let it be as if it had not been sent, and return whether it was open until now."""
        self._lock()
        if not self.is_open:
            return False
        self.closed_at, self.state = timezone.now(), TicketState.WITHDRAWN
        self.save(update_fields=["closed_at", "state"])
        if self.case:
            self.case.recalculate()
        return True

    def _lock(self) -> None:
        """Let nobody else change it until the transaction ends, and read what it is by then."""
        fields = ("confirmed_at", "closed_at", "state", "case")
        locked = lock_rows(Ticket.objects.filter(pk=self.pk), *fields)
        self.confirmed_at, self.closed_at, self.state, self.case_id = locked[self.pk]
