"""A case: all that one needs to decide, at one look."""

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Account
from accounts.ranks import check_reads, why_not
from microblog.web.converters import parse_id
from moderation.models import Case, TicketKind
from moderation.staff.case_file import case_file
from moderation.staff.decision_form import DecisionForm
from moderation.staff.offers import Matter, groups
from moderation.staff.pages import ModeratorRequest, answer, moderator_required, undoable_by

SNOOZE_DAYS = (1, 3, 7)
OPENED_POSTS = "opened_posts"  # of protected accounts, in the session: their ids


@require_safe
@moderator_required
def case(request: ModeratorRequest, pk: int) -> HttpResponse:
    """Show a case. One about oneself is not there. Raises RankError."""
    found = get_object_or_404(Case.objects.not_about(request.user).with_people(), pk=pk)
    found.check_read_by(request.user)
    return show_case(request, found)


@require_safe
@moderator_required
def open_case(request: ModeratorRequest, account_pk: int) -> HttpResponse:
    """Lead to the open case about an account, the last one, or a page to decide all the same."""
    account = get_object_or_404(Account.objects.with_user(), pk=account_pk)
    if account.user_id == request.user.pk:
        raise Http404("Whether there is a case about oneself, one does not learn.")
    check_reads(request.user, account)
    if found := Case.objects.about(account).first():
        return redirect("admin:case", found.pk)
    return redirect(f"{reverse('admin:decide')}?account={account.pk}")


def show_case(
    request: ModeratorRequest, case: Case, form: DecisionForm | None = None
) -> HttpResponse:
    """Show the page of `case`, with `form` as it was filled in."""
    file = case_file(case, opened=request.session.get(OPENED_POSTS, []))
    posts = [shown.post for shown in file.posts]
    post_ids = [post.pk for post in posts]
    form = form or DecisionForm(tickets=file.tickets, post_ids=post_ids)
    chosen = form.data.getlist("posts") if form.is_bound else [str(pk) for pk in post_ids]  # type: ignore[attr-defined]
    removals = [
        ticket for ticket in file.tickets if ticket.is_open and ticket.kind == TicketKind.REMOVAL
    ]
    context: dict[str, Any] = {
        "groups": groups(Matter(case.account, posts, removals, file.lasting)),
        "chosen_actions": form["actions"].value() or [],
        "needs_words": bool(removals),
        "undoable": undoable_by(request.user),
        "case": case,
        "file": file,
        "form": form,
        "chosen": [pk for pk in map(parse_id, chosen) if pk is not None],
        "snooze_days": SNOOZE_DAYS,
        "why_not": why_not(request.user, case.account),
        "is_mine": case.assignee_id == request.user.pk,
        "now": timezone.now(),
        "idempotency_key": uuid4(),
    }
    status = 422 if form.errors else 200
    return answer(request, "moderation/staff/case.html", case.title, context, status)
