"""Taking back what was decided: undone within ten minutes, or lifted while it is in force."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.ranks import RankError
from moderation.enforcement.decide import DecidedError
from moderation.enforcement.lift import lift
from moderation.enforcement.undo import undo
from moderation.models import Action, Sanction
from moderation.staff.pages import ModeratorRequest, moderator_required


@require_POST
@moderator_required
def undo_batch(request: ModeratorRequest, batch: UUID) -> HttpResponse:
    """Undo all that was decided with one press of a button."""
    try:
        undo(request.user, batch)
    except (DecidedError, RankError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Undone: all is as it was before.")
    return redirect("admin:index")


@require_POST
@moderator_required
def lift_sanction(request: ModeratorRequest, pk: int) -> HttpResponse:
    """End before its time what is in force."""
    sanction = get_object_or_404(Sanction.objects.with_account(), pk=pk)
    try:
        lifted = lift([sanction], request.user, request.POST.get("statement", "")[:1000])
    except RankError as error:
        messages.error(request, str(error))
    else:
        label = Action(sanction.decision.action).label
        messages.success(request, f"Lifted: {label}.") if lifted else messages.error(
            request, f"“{label}” was not in force any more."
        )
    return redirect("admin:open_case", sanction.decision.account_number)
