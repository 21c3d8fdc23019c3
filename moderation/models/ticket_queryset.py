"""Which tickets: by kind, by what became of them, by case, sender and subject."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils import timezone

from accounts.models import Account, User
from moderation.models.decision import UNDO_WITHIN, names

if TYPE_CHECKING:
    from moderation.models.case import Case
    from moderation.models.ticket import Ticket  # noqa: F401  (the base names it)

UNCONFIRMED_FOR = timedelta(days=7)  # then what nobody confirmed is deleted


class TicketQuerySet(models.QuerySet["Ticket"]):
    # --- By kind ---

    def of_kind(self, *kinds: str) -> Self:
        return self.filter(kind__in=kinds)

    def reports(self) -> Self:
        return self.filter(kind="report")

    def removals(self) -> Self:
        return self.filter(kind="removal")

    def appeals(self) -> Self:
        return self.filter(kind="appeal")

    # --- By what became of them ---

    def visible(self) -> Self:
        """Return those that are confirmed: every list and page starts here."""
        return self.exclude(confirmed_at=None)

    def unconfirmed(self) -> Self:
        return self.filter(confirmed_at=None)

    def stale(self) -> Self:
        """Return those that nobody confirmed in time."""
        return self.unconfirmed().filter(created_at__lt=timezone.now() - UNCONFIRMED_FOR)

    def open(self) -> Self:
        return self.visible().filter(closed_at=None)

    def pending(self) -> Self:
        """Return the open ones, and those closed so lately that this may be undone."""
        return self.visible().filter(
            Q(closed_at=None) | Q(closed_at__gt=timezone.now() - UNDO_WITHIN)
        )

    def granted_before(self, moment: datetime) -> Self:
        return self.filter(state__in=["acted", "granted", "overturned"], closed_at__lte=moment)

    def decided_by(self, decision_numbers: Iterable[int]) -> Self:
        return self.filter(decision_number__in=list(decision_numbers))

    def untold(self) -> Self:
        """Return those that are decided and whose senders have not been told so."""
        return self.exclude(decision_number=None).filter(told_at=None)

    # --- By sender, subject and case ---

    def with_reference(self, reference: str) -> Self:
        return self.filter(reference=reference)

    def sent_by(self, account: Account) -> Self:
        return self.filter(reporter=account)

    def concerning(self, account_id: int) -> Self:
        return self.filter(account=account_id)

    def about_no_post(self) -> Self:
        """Return those about an account as a whole."""
        return self.filter(post_ids=[])

    def naming(self, post_id: int) -> Self:
        return self.filter(names(post_id))

    def not_about(self, reader: User) -> Self:
        return self.exclude(account__user=reader)

    def of_cases(self, cases: "Iterable[Case]") -> Self:
        """Return those of `cases`: the open ones first, and of these the oldest."""
        return (
            self.visible()
            .filter(case__in=list(cases))
            .order_by(F("closed_at").asc(nulls_first=True), "pk")
        )

    def newest_first(self) -> Self:
        return self.annotate(cursor=F("pk")).order_by("-pk")

    def with_people(self) -> Self:
        """Fetch with each who sent it, whom it is about, and what it refers to."""
        return self.select_related("reporter__user", "rule", "account", "notice")

    def with_track_record(self) -> Self:
        """Annotate how many of the reporter's reports were `right`, and how many `decided`."""
        decided = (
            self.model.objects.reports()
            .filter(reporter=OuterRef("reporter"), state__in=["acted", "dismissed"])
            .values("reporter")
            .order_by()
        )
        right = decided.annotate(n=Count("pk", filter=Q(state="acted"))).values("n")
        return self.annotate(
            right=Subquery(right), decided=Subquery(decided.annotate(n=Count("pk")).values("n"))
        )

    # --- Changing many ---

    def close(self, state: str, statement: str, decision_number: int) -> int:
        """Decide those that are open, and return how many these were."""
        return self.open().update(
            state=state,
            statement=statement,
            decision_number=decision_number,
            closed_at=timezone.now(),
        )

    def reopen(self) -> int:
        """Let them be as they were before they were decided."""
        return self.update(
            state="open", statement="", decision_number=None, closed_at=None, told_at=None
        )
