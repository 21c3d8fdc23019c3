"""What reports, removal requests and appeals have in common: somebody asks, and is told what became
of it.
"""

import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account, User
from microblog.db.locks import lock_rows
from moderation.models.case import Case, Severity
from moderation.models.decision import UNDO_WITHIN
from moderation.models.naming import names
from timeline.models import Post

UNCONFIRMED_FOR = timedelta(days=7)  # then what nobody confirmed is deleted
MAX_TEXT = 5000
MAX_POSTS = 100
_CONFIRM = "moderation.confirm"

# What its sender reads of each state of a report, a removal request or an appeal.
OUTCOMES = {
    "open": "A moderator will look at it",
    "acted": "You were right, and something was done",
    "dismissed": "We found that no rule is broken",
    "granted": "Your wish was granted",
    "refused": "Your wish was refused",
    "overturned": "You were right: the decision was taken back",
    "upheld": "The decision stays",
    "withdrawn": "You took it back",
}

F = TypeVar("F", bound="Filing")


def new_reference() -> str:
    """192 bits that nobody guesses, fit for an address."""
    return secrets.token_urlsafe(24)


def reference_in(token: str) -> str:
    """The reference of what the confirming link with `token` confirms.

    Raises signing.SignatureExpired and signing.BadSignature.
    """
    return str(signing.loads(token, salt=_CONFIRM, max_age=UNCONFIRMED_FOR))


class FilingQuerySet(models.QuerySet[F]):
    def seen(self) -> Self:
        """Those that somebody stands behind.

        Every list and page starts here; what waits to be confirmed is seen by nobody.
        """
        return self.exclude(confirmed_at=None)

    def not_about(self, reader: User) -> Self:
        return self.exclude(account__user=reader)

    def unconfirmed(self) -> Self:
        return self.filter(confirmed_at=None)

    def referred_to(self, reference: str) -> Self:
        return self.filter(reference=reference)

    def open(self) -> Self:
        return self.seen().filter(closed_at=None)

    def naming(self, post_id: int) -> Self:
        return self.filter(names(post_id))

    def concerning(self, account_id: int) -> Self:
        return self.filter(account=account_id)

    def pending(self) -> Self:
        """Open, or closed so lately that it may be undone."""
        return self.seen().filter(
            models.Q(closed_at=None) | models.Q(closed_at__gt=timezone.now() - UNDO_WITHIN)
        )

    def granted_before(self, moment: Any) -> Self:
        return self.filter(state=self.model.granted, closed_at__lte=moment)

    def of_cases(self, cases: Iterable[Case]) -> Self:
        """What is open first, and of that the oldest."""
        return (
            self.seen()
            .filter(case__in=list(cases))
            .order_by(models.F("closed_at").asc(nulls_first=True), "pk")
        )

    def sent_since(self, moment: Any) -> Self:
        return self.filter(created_at__gte=moment)

    def close(self, state: str, statement: str, decision_number: int) -> int:
        """Decide those that are open; how many that were."""
        changes = {
            "state": state,
            "statement": statement,
            "decision_number": decision_number,
            "closed_at": timezone.now(),
        }
        return self.open().update(**changes)

    def decided_by(self, decision_numbers: list[int]) -> Self:
        return self.filter(decision_number__in=decision_numbers)

    def reopen(self) -> int:
        """As they were before they were decided."""
        return self.update(
            state="open", statement="", decision_number=None, closed_at=None, told_at=None
        )

    def untold(self) -> Self:
        """Decided, and their senders not told so yet."""
        return self.exclude(decision_number=None).filter(told_at=None)

    def stale(self) -> Self:
        """What nobody confirmed in time."""
        return self.unconfirmed().filter(created_at__lt=timezone.now() - UNCONFIRMED_FOR)


class Filing(models.Model):
    """What somebody wants a moderator to look at.

    `reference` is its secret address; whoever knows it follows what becomes of it.
    """

    objects: Any  # a FilingQuerySet
    kind: ClassVar[str]  # what a case counts it as
    noun: ClassVar[str]  # what its sender reads: "report"
    granted: ClassVar[str]  # the states in which a decision may leave it
    refused: ClassVar[str]

    reference = models.CharField(max_length=32, unique=True, default=new_reference, editable=False)
    # of the form that made it: sent twice, it is one
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    case = models.ForeignKey(
        Case, models.SET_NULL, null=True, blank=True, related_name="%(class)ss", editable=False
    )
    account = models.ForeignKey(
        Account, models.SET_NULL, null=True, blank=True, related_name="%(class)ss", editable=False
    )
    # outlives it
    account_number = models.BigIntegerField("id of the account", null=True, editable=False)
    post_ids = models.JSONField("posts", default=list, blank=True, editable=False)
    state = models.CharField(max_length=10, default="open", editable=False)  # each kind has its own
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

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        """Where its sender follows it."""
        return reverse("tracker", args=[self.reference])

    @property
    def name(self) -> str:
        """How the record names it."""
        return f"{self._meta.model_name} {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_withdrawn(self) -> bool:
        return self.state == "withdrawn"

    @property
    def outcome(self) -> str:
        """Say to its sender what became of it."""
        return OUTCOMES[self.state]

    @property
    def title(self) -> str:
        """Say to moderators what it is."""
        raise NotImplementedError

    @property
    def said_by(self) -> str:
        """Say to moderators who sent it."""
        return self.email or "somebody who is gone"

    @property
    def severity(self) -> Severity:
        raise NotImplementedError

    @property
    def sender(self) -> str:
        """By what one person is told from another."""
        return self.email

    @property
    def address(self) -> str:
        """The e-mail address that mails to its sender go to; "" for none."""
        return self.email

    @property
    def about(self) -> str:
        """Whom it concerns, as its sender named them; nothing once they are gone."""
        return str(self.account) if self.account else ""

    @property
    def tracker_url(self) -> str:
        return f"{settings.SITE_URL}{self.get_absolute_url()}"

    @property
    def confirm_url(self) -> str:
        """The link by which its sender proves that the e-mail address is theirs: a page with a
        button. Valid for UNCONFIRMED_FOR.
        """
        token = signing.dumps(self.reference, salt=_CONFIRM)
        return f"{settings.SITE_URL}{reverse('confirm_filing', args=[token])}"

    def concern(self, account: Account | None, post_ids: Iterable[int] = ()) -> None:
        """Let it be about `account` and these posts."""
        self.account, self.account_number = account, account.pk if account else None
        self.post_ids = sorted(post_ids)

    def insert(self) -> Self:
        """Save as a new row; where the same form was sent before, what that made is returned, and
        nothing else is done.
        """
        try:
            with transaction.atomic():
                self.save(force_insert=True)
        except IntegrityError:
            sent = (
                type(self)
                .objects.filter(idempotency_key=self.idempotency_key)
                .exclude(idempotency_key=None)
                .first()
            )
            if sent is None:
                raise
            return sent  # type: ignore[no-any-return]
        return self

    # --- What becomes of it ---

    @transaction.atomic
    def confirm(self) -> None:
        """Let moderators see it.

        Twice is once. What it is about nobody takes away meanwhile, and then it is kept.
        """
        lock_rows(Post.objects.with_ids(self.post_ids))
        self._held()
        if self.confirmed_at is None:
            self.confirmed_at = timezone.now()
            self.case = Case.objects.gather(self)
            self.save(update_fields=["confirmed_at", "case"])

    @transaction.atomic
    def withdraw(self) -> bool:
        """Let it be as if it had not been sent; whether it was open until now."""
        self._held()
        if not self.is_open:
            return False
        self.closed_at, self.state = timezone.now(), "withdrawn"
        self.save(update_fields=["closed_at", "state"])
        if self.case:
            self.case.settle()
        return True

    def _held(self) -> None:
        """As it is by now, and nobody else changes it meanwhile."""
        fields = ("confirmed_at", "closed_at", "state", "case")
        held = lock_rows(type(self).objects.filter(pk=self.pk), *fields)
        self.confirmed_at, self.closed_at, self.state, self.case_id = held[self.pk]
