"""What somebody began to write."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Account
from microblog.db.writing import Write
from timeline import ids
from timeline.models.permission import Audience
from timeline.models.post import Post
from timeline.posting import limits

EXCERPT = 280


class DraftQuerySet(models.QuerySet["Draft"]):
    def by(self, account: Account) -> Self:
        return self.filter(account=account)

    def of_form(self, idempotency_key: UUID) -> Self:
        return self.filter(idempotency_key=idempotency_key)

    def end_of(self, account: Account, idempotency_key: UUID) -> Write:
        """Return what deletes the draft of `account` that is written in this form."""
        field = Draft._meta.get_field("idempotency_key")  # noqa: SLF001  (documented)
        sql = "DELETE FROM timeline_draft WHERE account_id = %s AND idempotency_key = %s"
        return sql, [account.pk, field.get_db_prep_value(idempotency_key, connection)]

    def newest_first(self) -> Self:
        return self.annotate(cursor=F("kept_id")).order_by("-kept_id")

    def in_short(self) -> Self:
        """With what a list shows of them, and not with what they say."""
        return self.defer("texts")

    def keep(
        self,
        account: Account,
        idempotency_key: UUID,
        kind: str,
        texts: Sequence[str],
        more: dict[str, Post | str | None],
    ) -> "Draft | None":
        """Keep what a form holds by now as the draft of `account`, and return it; None where
        nothing is written, or the form was sent meanwhile. `idempotency_key` is the form's.

        `kind` is what it shall become, `more` its `reply_to` and `quote_of`, and who may answer and
        quote it. Whoever has too many loses the oldest. Raises TooManyError.
        """
        limits.count(limits.DRAFTS, account)
        return self._keep(account, idempotency_key, kind, texts, more)

    @transaction.atomic
    def _keep(
        self,
        account: Account,
        idempotency_key: UUID,
        kind: str,
        texts: Sequence[str],
        more: dict[str, Post | str | None],
    ) -> "Draft | None":
        # publishing holds it as well: what is being sent is not kept once more
        account.hold_standing()
        mine = self.by(account)
        if not any(text.strip() for text in texts) or Post.objects.by(account).sent_by(
            idempotency_key
        ):
            mine.of_form(idempotency_key).delete()
            return None
        said = {
            **_in_short(texts),
            "texts": list(texts),
            "kept_id": ids.id_at(timezone.now()),
            **more,
        }
        draft, _ = self.update_or_create(
            account=account,
            idempotency_key=idempotency_key,
            defaults=said,
            create_defaults={**said, "kind": kind},
        )
        sizes = list(mine.order_by("-kept_id").values_list("pk", "bytes")[: limits.MAX_DRAFTS + 10])
        if too_many := {pk for pk, _ in sizes} - limits.kept_of(sizes):
            mine.filter(pk__in=too_many).delete()
        return draft


def _in_short(texts: Sequence[str]) -> dict[str, Any]:
    """What a list shows of `texts`, and what they take."""
    excerpt = next((text.strip() for text in texts if text.strip()), "")[:EXCERPT]
    return {"excerpt": excerpt, "length": len(texts), "bytes": len(json.dumps(list(texts)))}


class Draft(models.Model):
    """What `account` wrote and did not send: the texts of a post or a thread.

    Nobody else ever sees it.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="drafts")
    # of the form in which it is written: once that is sent, it goes
    idempotency_key = models.UUIDField(editable=False)
    kind = models.CharField(
        max_length=7,
        choices=[("post", "post"), ("reply", "reply"), ("quote", "quote")],
        default="post",
    )
    texts = models.JSONField(default=list)  # as they were typed, the first post first
    reply_to = models.ForeignKey(Post, models.SET_NULL, null=True, blank=True, related_name="+")
    quote_of = models.ForeignKey(Post, models.SET_NULL, null=True, blank=True, related_name="+")
    may_reply = models.CharField(max_length=9, choices=Audience, default=Audience.EVERYONE)
    may_quote = models.CharField(max_length=9, choices=Audience, default=Audience.EVERYONE)
    # the first of its texts that says anything, in short
    excerpt = models.CharField(max_length=EXCERPT, blank=True, default="")
    length = models.PositiveSmallIntegerField(default=1)  # how many texts
    bytes = models.PositiveIntegerField(default=0)  # of the texts, as SQLite keeps them
    # when it was kept last, as timeline.ids tells time: its place in the list
    kept_id = models.BigIntegerField(default=0)

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "idempotency_key"], name="draft_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["post", "reply", "quote"]), name="draft_kind"
            ),
        ]
        indexes = [models.Index(fields=["account", "-kept_id"], name="draft_order")]

    def __str__(self) -> str:
        return f"Draft {self.pk} of {self.account}"  # never its text: staff read this

    @property
    def updated_at(self) -> datetime:
        return ids.time_of(self.kept_id)

    @property
    def target_id(self) -> int | None:
        """The id of what it answers or quotes."""
        return self.reply_to_id if self.kind == "reply" else self.quote_of_id

    target: Post | None = None  # set by a view, where its reader may see it
