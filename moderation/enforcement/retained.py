"""What moderators have still to read though its author, or one of them, deleted it."""

from django.utils import timezone

from moderation.models import Decision, Notice, Ticket
from moderation.models.decision import UNDO_WITHIN
from timeline.models import Post


def is_kept(post: Post) -> bool:
    """Tell whether a report of `post` is open, or what was decided on one can still be appealed
    against.

    A granted removal ends that.
    """
    tickets = Ticket.objects.concerning(post.author_id).naming(post.pk)
    if tickets.removals().granted_before(timezone.now() - UNDO_WITHIN).exists():
        return False
    awaited = tickets.of_kind("report", "appeal").pending()
    return awaited.exists() or _may_be_appealed(post)


def _may_be_appealed(post: Post) -> bool:
    decisions = Decision.objects.about(post.author_id).naming(post.pk)
    batches = {decision.batch for decision in decisions if decision.answers_report}
    return any(notice.is_pending for notice in Notice.objects.of_batches(batches))
