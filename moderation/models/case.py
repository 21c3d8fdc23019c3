"""What the queue shows: all that is open about one account."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts.models import Account, User
from accounts.ranks import RankError, check_reads, out_of_reach
from microblog.db.locks import lock_rows

if TYPE_CHECKING:
    from moderation.models.ticket import Filing


class Severity(models.IntegerChoices):
    """How bad it may be, by what is said of it; the queue begins with the worst."""

    NUISANCE = 0
    BREACH = 1
    HARM = 2
    DANGER = 3

    @property
    def meaning(self) -> str:
        return _MEANINGS[self]


_MEANINGS = {
    Severity.NUISANCE: "spam",
    Severity.BREACH: "a rule of this site, or something else",
    Severity.HARM: "hate, harassment, somebody else's name; a removal request, an appeal",
    Severity.DANGER: "something illegal, self-harm; a removal request under the law",
}


class TakenError(Exception):
    """A colleague works on this case. The message says who, and since when."""


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)

    def due(self) -> Self:
        """Open, and not put off."""
        return self.open().filter(Q(snoozed_until=None) | Q(snoozed_until__lte=timezone.now()))

    def put_off(self) -> Self:
        return self.open().filter(snoozed_until__gt=timezone.now())

    def not_about(self, reader: User) -> Self:
        """But for those about `reader`, of which they learn nothing, not even that there are any."""
        account = getattr(reader, "account", None)
        return self.exclude(account_number=account.pk) if account else self

    def readable_by(self, reader: User) -> Self:
        """But for those about `reader`, or about people of the same rank or above (see
        accounts.ranks), and what `reader` reported.
        """
        return self.exclude(_out_of_reach(reader))

    def for_others(self, reader: User) -> Self:
        """Those that somebody else than `reader` decides, and that `reader` may know of."""
        return self.not_about(reader).filter(_out_of_reach(reader))

    def next_for(self, moderator: User, case: "Case") -> "Case | None":
        """What `moderator` works on after `case`: what follows on it in the queue, or else the
        first; not what a colleague has in hand.
        """
        waiting = (
            self.due()
            .readable_by(moderator)
            .exclude(pk=case.pk)
            .filter(Q(assignee=None) | Q(assignee=moderator))
            .worst_first()
        )
        return waiting.after(case).first() or waiting.first()

    def assigned_to(self, user: User | None) -> Self:
        return self.filter(assignee=user)

    def about(self, account: Account) -> Self:
        """The newest first."""
        return self.filter(account_number=account.pk).order_by("-pk")

    def about_none_of(self, account_numbers: Iterable[int]) -> Self:
        return self.exclude(account_number__in=list(account_numbers))

    def with_ids(self, ids: Iterable[int]) -> Self:
        return self.filter(pk__in=list(ids))

    def with_people(self) -> Self:
        """With whom each is about, and who has it in hand."""
        return self.select_related("account__user", "assignee__account")

    def with_reports(self) -> Self:
        return self.filter(reports_count__gt=0)

    def with_removal_requests(self) -> Self:
        return self.filter(requests_count__gt=0)

    def with_appeals(self) -> Self:
        return self.filter(appeals_count__gt=0)

    def waiting_since(self, moment: datetime) -> Self:
        return self.due().filter(opened_at__lt=moment)

    def of_category(self, category: str) -> Self:
        from moderation.models.report import Report

        reported = Report.objects.open().filter(case=models.OuterRef("pk"), category=category)
        return self.filter(models.Exists(reported))

    def worst_first(self) -> Self:
        """The worst first, and of those the oldest."""
        return self.order_by("-severity", "opened_at", "pk")

    def after(self, case: "Case") -> Self:
        """What follows on `case` in that order."""
        later = Q(opened_at__gt=case.opened_at) | Q(opened_at=case.opened_at, pk__gt=case.pk)
        return self.filter(Q(severity__lt=case.severity) | Q(severity=case.severity) & later)

    @transaction.atomic
    def gather(self, filing: "Filing") -> "Case":
        """The open case about whom `filing` concerns, made where there is none, with `filing`
        counted in it.
        """
        number = filing.account_number or 0  # what concerns nobody is refused before
        while (found := self.open().filter(account_number=number).first()) is None or not lock_rows(
            self.open().filter(pk=found.pk)
        ):
            try:
                with transaction.atomic():
                    found = self.create(
                        account_id=filing.account_id,
                        account_number=number,
                        opened_at=filing.confirmed_at or filing.created_at,
                    )
            except IntegrityError:  # somebody opened one in this moment
                continue
        counter = f"{filing.kind}s_count"
        new = 0 if found.has_sender(filing) else 1
        self.filter(pk=found.pk).update(
            **{counter: F(counter) + 1},
            people_count=F("people_count") + new,
            severity=Greatest("severity", int(filing.severity)),
        )
        return found


class Case(models.Model):
    """All that is open about one account: reports, removal requests and appeals, and which
    moderator has it in hand.
    """

    account = models.ForeignKey(
        Account, models.SET_NULL, null=True, blank=True, related_name="cases", editable=False
    )
    account_number = models.BigIntegerField("id of the account", editable=False)
    severity = models.SmallIntegerField(choices=Severity, default=Severity.NUISANCE, editable=False)
    reports_count = models.PositiveIntegerField(default=0, editable=False)
    requests_count = models.PositiveIntegerField(default=0, editable=False)
    appeals_count = models.PositiveIntegerField(default=0, editable=False)
    people_count = models.PositiveIntegerField(default=0, editable=False)
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    assignee = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="cases", editable=False
    )
    assigned_at = models.DateTimeField(null=True, blank=True, editable=False)
    snoozed_until = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account_number"], name="case_open_once", condition=Q(closed_at=None)
            )
        ]
        indexes = [
            models.Index(
                F("severity").desc(),
                "opened_at",
                "id",
                name="case_queue",
                condition=Q(closed_at=None),
            ),
            models.Index(fields=["account_number", "-id"], name="case_account"),
        ]
        permissions = [("work_queue", "Can work through the queue of reports and removal requests")]

    def __str__(self) -> str:
        return f"Case {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def title(self) -> str:
        """Whom it is about."""
        return (
            f"{self.account.shown_name} {self.account}"
            if self.account
            else "An account that is gone"
        )

    def check_read_by(self, reader: User) -> None:
        """Raises RankError where `reader` may not read it."""
        check_reads(reader, self.account)
        if Case.objects.with_ids([self.pk]).filter(_reported_by(reader)).exists():
            raise RankError("You reported this yourself, so somebody else decides it.")

    def filings(self) -> "list[Filing]":
        """All that belongs to it."""
        return filings_of([self])

    def has_sender(self, filing: "Filing") -> bool:
        """Whether something else that is open here has the same sender."""
        from moderation.models import Appeal, RemovalRequest, Report

        for model in (Report, RemovalRequest, Appeal):
            others = model.objects.open().filter(case=self)
            if isinstance(filing, model):
                others = others.exclude(pk=filing.pk)
            same = Q(email=filing.email) if filing.email else Q(pk=None)
            if model is Report and getattr(filing, "reporter_id", None):
                same = Q(reporter=filing.reporter_id)  # type: ignore[attr-defined]
            if others.filter(same).exists():
                return True
        return False

    @transaction.atomic
    def settle(self) -> None:
        """Count anew what is open, and close where nothing is; open again where something is once
        more.
        """
        lock_rows(Case.objects.filter(pk=self.pk))
        left = [filing for filing in self.filings() if filing.is_open]
        counts = dict.fromkeys(("reports_count", "requests_count", "appeals_count"), 0)
        for filing in left:
            counts[f"{filing.kind}s_count"] += 1
        self.people_count = len({filing.sender for filing in left})
        self.severity = max((filing.severity for filing in left), default=Severity.NUISANCE)
        self.closed_at = None if left else self.closed_at or timezone.now()
        for column, number in counts.items():
            setattr(self, column, number)
        self.save(update_fields=[*counts, "people_count", "severity", "closed_at"])

    # --- Who has it in hand ---

    @transaction.atomic
    def assign(self, user: User, *, take_over: bool = False) -> bool:
        """Let `user` have it in hand; whether they had not.

        Raises TakenError where a colleague has, unless it is taken over.
        """
        held = lock_rows(Case.objects.filter(pk=self.pk), "assignee", "assigned_at")
        self.assignee_id, self.assigned_at = held[self.pk]
        if self.assignee_id == user.pk:
            return False
        if self.assignee and not take_over:
            raise TakenError(
                f"{name_of(self.assignee)} took this case on {self.assigned_at:%-d %b, %H:%M} UTC."
            )
        self.assignee, self.assigned_at = user, timezone.now()
        self.save(update_fields=["assignee", "assigned_at"])
        return True

    def release(self) -> None:
        self.assignee = self.assigned_at = None
        self.save(update_fields=["assignee", "assigned_at"])

    def snooze(self, days: int) -> None:
        """Out of the queue for so many days (0: back at once); what comes in meanwhile is gathered
        here as ever.
        """
        self.snoozed_until = timezone.now() + timedelta(days=days) if days else None
        self.save(update_fields=["snoozed_until"])


def _out_of_reach(reader: User) -> Q:
    """Few people are, and so the walk along the index of the queue stays one."""
    theirs = Account.objects.filter(user__in=out_of_reach(reader)).values_list("pk", flat=True)
    return Q(account_number__in=list(theirs)) | _reported_by(reader)


def _reported_by(moderator: User) -> Q:
    """The cases in which a report or a request of `moderator`'s own is open."""
    from moderation.models import RemovalRequest, Report

    account = getattr(moderator, "account", None)
    reports = (
        Report.objects.open()
        .filter(reporter=account and account.pk)
        .exclude(Q(reporter=None) | Q(case=None))
    )
    requests = RemovalRequest.objects.open().filter(email=moderator.email).exclude(case=None)
    return Q(pk__in=reports.order_by().values("case")) | Q(
        pk__in=requests.order_by().values("case")
    )


def name_of(user: Any) -> str:
    """How colleagues call a moderator."""
    account = getattr(user, "account", None)
    return str(account) if account else user.email


def filings_of(cases: Iterable[Case], most: int | None = None) -> "list[Filing]":
    """What belongs to `cases`, what is open first and of that the oldest, each with its sender and
    whom it concerns.

    For a page at most `most` of each kind: one query for each, and none for requests and appeals
    where open cases had none when they were read. For a deed all.
    """
    from moderation.models import Appeal, RemovalRequest, Report

    chosen = list(cases)
    found: list[Filing] = list(
        Report.objects.of_cases(chosen)
        .with_rightness()
        .select_related("reporter__user", "rule", "account")[:most]
    )
    if most is None or any(case.requests_count or not case.is_open for case in chosen):
        found += RemovalRequest.objects.of_cases(chosen).select_related("account")[:most]
    if most is None or any(case.appeals_count or not case.is_open for case in chosen):
        found += Appeal.objects.of_cases(chosen).select_related("account", "notice")[:most]
    return sorted(found, key=lambda filing: (not filing.is_open, filing.created_at))
