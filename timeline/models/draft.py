"""What somebody began to write."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from accounts.models import Account
from timeline.models.post import Post

MAX_DRAFTS = 100  # of an account; the oldest make room


class DraftQuerySet(models.QuerySet["Draft"]):
    def by(self, account: Account) -> Self:
        return self.filter(account=account)

    def of_form(self, submission: UUID) -> Self:
        return self.filter(submission=submission)

    def newest_first(self) -> Self:
        return self.order_by("-updated_at", "-pk")

    @transaction.atomic
    def keep(self, account: Account, submission: UUID, kind: str, texts: Sequence[str], targets: dict[str, Post | None]) -> "Draft | None":
        """What the form `submission` holds by now is the draft of `account`; None where nothing is written, or it was sent meanwhile.

        `kind` is what it shall become, `targets` its `reply_to` and `quote_of`. Whoever has MAX_DRAFTS loses the oldest.
        """
        account.hold_standing()  # publishing holds it as well: what is being sent is not kept once more
        mine = self.by(account)
        if not any(text.strip() for text in texts) or Post.objects.by(account).sent_by(submission):
            mine.of_form(submission).delete()
            return None
        said = {"texts": list(texts), "updated_at": timezone.now(), **targets}
        draft, created = self.update_or_create(
            account=account, submission=submission, defaults=said, create_defaults={**said, "kind": kind}
        )
        if created:
            mine.filter(pk__in=list(mine.newest_first().values_list("pk", flat=True)[MAX_DRAFTS : MAX_DRAFTS + 10])).delete()
        return draft


class Draft(models.Model):
    """What `account` wrote and did not send: the texts of a post or a thread. Nobody else ever sees it."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="drafts")
    submission = models.UUIDField(editable=False)  # of the form in which it is written: once that is sent, it goes
    kind = models.CharField(max_length=7, choices=[("post", "post"), ("reply", "reply"), ("quote", "quote")], default="post")
    texts = models.JSONField(default=list)  # as they were typed, the first post first
    reply_to = models.ForeignKey(Post, models.SET_NULL, null=True, blank=True, related_name="+")
    quote_of = models.ForeignKey(Post, models.SET_NULL, null=True, blank=True, related_name="+")
    updated_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "submission"], name="draft_once"),
            models.CheckConstraint(condition=models.Q(kind__in=["post", "reply", "quote"]), name="draft_kind"),
        ]
        indexes = [models.Index(fields=["account", "-updated_at"], name="draft_newest")]

    def __str__(self) -> str:
        return f"Draft {self.pk} of {self.account}"  # never its text: staff read this

    @property
    def excerpt(self) -> str:
        """The first of its texts that says anything, in short."""
        return next((text.strip() for text in self.texts if text.strip()), "")[:280]

    @property
    def target_id(self) -> int | None:
        """The id of what it answers or quotes."""
        return self.reply_to_id if self.kind == "reply" else self.quote_of_id

    target: Post | None = None  # set by a view, where its reader may see it
