"""What somebody is told of a decision about them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Self
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account
from moderation.models.decision import UNDO_WITHIN, Decision
from moderation.models.ticket import Ticket, TicketKind, new_reference
from timeline.models import Notification
from timeline.models.notification import tell_of_today

APPEAL_WITHIN = timedelta(days=180)  # the Digital Services Act, article 20, asks for six months


class AppealError(Exception):
    """This decision cannot be appealed against (any more). The message is for who tried."""


class NoticeQuerySet(models.QuerySet["Notice"]):
    def to(self, account: Account) -> Self:
        return self.filter(account=account)

    def address_of_last(self, account: Account) -> str:
        """Return where `account` reads what was decided about it last; "" for nothing."""
        last = self.to(account).filter(undone_at=None).order_by("-pk").first()
        return last.get_absolute_url() if last else ""

    def with_reference(self, reference: str) -> Self:
        return self.filter(reference=reference)

    def of_batches(self, batches: Iterable[UUID]) -> Self:
        return self.filter(batch__in=list(batches)).select_related("appeal")

    def newest_first(self) -> Self:
        return self.annotate(cursor=F("pk")).order_by("-pk")


class Notice(models.Model):
    """`account` is told of a `batch`. The `reference` opens it: the suspended cannot sign in."""

    reference = models.CharField(max_length=32, unique=True, default=new_reference, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="notices", editable=False)
    batch = models.UUIDField(unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    undone_at = models.DateTimeField(null=True, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["account", "-id"], name="notice_account")]

    def __str__(self) -> str:
        return f"Notice of {self.created_at:%-d %b %Y} to {self.account}"

    def get_absolute_url(self) -> str:
        return reverse("notice", args=[self.reference])

    @property
    def full_url(self) -> str:
        return f"{settings.SITE_URL}{self.get_absolute_url()}"

    def decisions(self) -> "models.QuerySet[Decision]":
        return Decision.objects.of_batch(self.batch)

    @classmethod
    def send(cls, account: Account, batch: UUID) -> "Notice":
        """Tell `account` of what was decided, in the site; the mail is sent by who decided."""
        Account.objects.filter(pk=account.pk).update(unread_from_site=F("unread_from_site") + 1)
        tell_of_today(Notification.Kind.DECISION, [account.pk])
        return cls.objects.create(account=account, batch=batch)

    # --- Asking for another look ---

    @property
    def is_pending(self) -> bool:
        """Tell whether an appeal against it is open, is closed but may be undone, or can come."""
        appeal: Ticket | None = getattr(self, "appeal", None)
        if appeal and not self.undone_at:
            return appeal.closed_at is None or appeal.closed_at > timezone.now() - UNDO_WITHIN
        return not self.why_no_appeal()

    def why_no_appeal(self) -> str:
        """Say why nobody can appeal against this any more; "" where one can."""
        if self.undone_at:
            return "This decision was taken back."
        if timezone.now() > self.created_at + APPEAL_WITHIN:
            return "The time for an appeal is over: six months."
        if getattr(self, "appeal", None):
            return "You have appealed against this already."
        if any(decision.about for decision in self.decisions()):
            return "This is the answer to an appeal."
        return ""

    @transaction.atomic
    def appeal_with(self, text: str) -> Ticket:
        """Ask for another look. Raises AppealError."""
        # a second click waits here, and then finds the appeal
        locked = Notice.objects.select_for_update().get(pk=self.pk)
        if reason := locked.why_no_appeal():
            raise AppealError(reason)
        appeal = Ticket(kind=TicketKind.APPEAL, notice=self, text=text)
        posts = {pk for decision in self.decisions() for pk in decision.post_ids}
        appeal.concern(self.account, posts)
        appeal.save()
        appeal.confirm()
        return appeal
