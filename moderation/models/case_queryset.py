"""Which cases: those that wait, those that somebody may read, and in which order."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts.models import Account, User
from accounts.ranks import out_of_reach
from microblog.db.locks import lock_rows

if TYPE_CHECKING:
    from moderation.models.case import Case
    from moderation.models.ticket import Ticket


class CaseQuerySet(models.QuerySet["Case"]):
    # --- By what there is to do ---

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def due(self) -> Self:
        """Return those that are open and not snoozed."""
        return self.open().filter(Q(snoozed_until=None) | Q(snoozed_until__lte=timezone.now()))

    def snoozed(self) -> Self:
        return self.open().filter(snoozed_until__gt=timezone.now())

    def waiting_since(self, moment: datetime) -> Self:
        return self.due().filter(opened_at__lt=moment)

    def with_open_tickets(self, kind: str) -> Self:
        return self.filter(**{f"{kind}s_count__gt": 0})

    def of_category(self, category: str) -> Self:
        """Return those in which a report of `category` is open."""
        reported = Q(tickets__kind="report", tickets__category=category, tickets__closed_at=None)
        return self.filter(pk__in=self.model.objects.filter(reported).values("pk"))

    # --- By person ---

    def about(self, account: Account) -> Self:
        """Return those about `account`, the newest first."""
        return self.filter(account_number=account.pk).order_by("-pk")

    def about_none_of(self, account_numbers: Iterable[int]) -> Self:
        return self.exclude(account_number__in=list(account_numbers))

    def not_about(self, reader: User) -> Self:
        """Leave out those about `reader`, who does not even learn whether there are any."""
        account = getattr(reader, "account", None)
        return self.exclude(account_number=account.pk) if account else self

    def readable_by(self, reader: User) -> Self:
        """Leave out those about `reader`, their equals and above, and what `reader` reported."""
        return self.exclude(self._out_of_reach(reader))

    def for_others(self, reader: User) -> Self:
        """Return those that somebody else than `reader` decides, and that `reader` may know of."""
        return self.not_about(reader).filter(self._out_of_reach(reader))

    def assigned_to(self, user: User | None) -> Self:
        return self.filter(assignee=user)

    def with_ids(self, ids: Iterable[int]) -> Self:
        return self.filter(pk__in=list(ids))

    def with_people(self) -> Self:
        """Fetch with each whom it is about, and who has it in hand."""
        return self.select_related("account__user", "assignee__account")

    def reported_by(self, moderator: User) -> Self:
        """Return those in which a report or a removal request of `moderator`'s own is open."""
        account = getattr(moderator, "account", None)
        own = Q(tickets__kind="removal", tickets__email=moderator.email)
        if account:
            own |= Q(tickets__kind="report", tickets__reporter=account)
        return self.filter(own, tickets__closed_at=None)

    def _out_of_reach(self, reader: User) -> Q:
        """Return the condition that `reader` may not read a case, with accounts by number: a walk
        along the index of the queue stays one.
        """
        theirs = Account.objects.filter(user__in=out_of_reach(reader)).values_list("pk", flat=True)
        reported = self.model.objects.reported_by(reader).order_by().values("pk")
        return Q(account_number__in=list(theirs)) | Q(pk__in=reported)

    # --- In order ---

    def worst_first(self) -> Self:
        """Order by severity, and those of the same by age."""
        return self.order_by("-severity", "opened_at", "pk")

    def after(self, case: "Case") -> Self:
        """Return what follows on `case` in that order."""
        later = Q(opened_at__gt=case.opened_at) | Q(opened_at=case.opened_at, pk__gt=case.pk)
        return self.filter(Q(severity__lt=case.severity) | Q(severity=case.severity) & later)

    def next_for(self, moderator: User, case: "Case") -> "Case | None":
        """Return what `moderator` does after `case`: the next, else the first; no colleague's."""
        waiting = (
            self.due()
            .readable_by(moderator)
            .exclude(pk=case.pk)
            .filter(Q(assignee=None) | Q(assignee=moderator))
            .worst_first()
        )
        return waiting.after(case).first() or waiting.first()

    # --- Making them ---

    @transaction.atomic
    def gather(self, ticket: "Ticket") -> "Case":
        """Return the open case about whom `ticket` concerns, maybe a new one; `ticket` counts."""
        number = ticket.account_number or 0  # what concerns nobody is refused before
        while (found := self.open().filter(account_number=number).first()) is None or not lock_rows(
            self.open().filter(pk=found.pk)
        ):
            try:
                with transaction.atomic():
                    found = self.create(
                        account_id=ticket.account_id,
                        account_number=number,
                        opened_at=ticket.confirmed_at or ticket.created_at,
                    )
            except IntegrityError:  # somebody opened one in this moment
                continue
        counter = f"{ticket.kind}s_count"
        self.filter(pk=found.pk).update(
            **{counter: F(counter) + 1},
            people_count=F("people_count") + (0 if found.has_sender(ticket) else 1),
            severity=Greatest("severity", int(ticket.severity)),
        )
        return found
