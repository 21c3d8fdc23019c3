"""What moderators have still to read though its author, or one of them, deleted it."""

from typing import Any

from django.utils import timezone

from moderation.models import Appeal, Decision, Notice, RemovalRequest, Report
from moderation.models.decision import UNDO_WITHIN
from moderation.models.ticket import FilingQuerySet
from timeline.models import Post


def is_kept(post: Post) -> bool:
    """Whether a report of `post` is open, or what was decided on one can still be appealed against.

    A granted removal ends that.
    """
    if _of(RemovalRequest, post).granted_before(timezone.now() - UNDO_WITHIN).exists():
        return False
    return any(
        _of(model, post).pending().exists() for model in (Report, Appeal)
    ) or _may_be_appealed(post)


def _of(model: type[Report | RemovalRequest | Appeal], post: Post) -> FilingQuerySet[Any]:
    return model.objects.concerning(post.author_id).naming(post.pk)


def _may_be_appealed(post: Post) -> bool:
    decisions = Decision.objects.about(post.author_id).naming(post.pk)
    batches = {decision.batch for decision in decisions if decision.answers_report}
    return any(notice.is_pending for notice in Notice.objects.of_batches(batches))
