"""A case: all that one needs to decide, at one look."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Account, User
from accounts.ranks import RankError, check_rank, check_reads
from microblog.admin import record
from microblog.web.converters import parse_id
from moderation.enforcement import mails
from moderation.models import Case, Message, Note, RemovalRequest, TakenError
from moderation.public.forms import WordsForm
from moderation.staff.case_file import case_file
from moderation.staff.decision_form import DecisionForm
from moderation.staff.offers import Matter, groups
from moderation.staff.pages import ModeratorRequest, answer, moderator_required, undoable_by

SNOOZE_DAYS = (1, 3, 7)


@require_http_methods(["GET", "HEAD", "POST"])
@moderator_required
def case(request: ModeratorRequest, pk: int) -> HttpResponse:
    """GET shows it.

    POST does one of `do`: take, take_over, release, snooze, wake, note, message. Raises RankError.

    A case about oneself is not there.
    """
    found = get_object_or_404(Case.objects.not_about(request.user).with_people(), pk=pk)
    found.check_read_by(request.user)
    if request.method == "POST":
        if found.account:
            check_rank(request.user, found.account)
        refusal = _do(request, found)
        if refusal:
            messages.error(request, refusal)
        return HttpResponseRedirect(reverse("admin:case", args=[pk]))
    return show_case(request, found)


@require_safe
@moderator_required
def open_case(request: ModeratorRequest, account_pk: int) -> HttpResponse:
    """The case about an account: the open one, or else the last; where nobody said anything, a page
    to decide all the same.
    """
    account = get_object_or_404(Account.objects.with_user(), pk=account_pk)
    if account.user_id == request.user.pk:
        raise Http404("Whether there is a case about oneself, one does not learn.")
    check_reads(request.user, account)
    found = Case.objects.about(account).first()
    if found:
        return HttpResponseRedirect(reverse("admin:case", args=[found.pk]))
    return HttpResponseRedirect(f"{reverse('admin:decide')}?account={account.pk}")


def show_case(
    request: ModeratorRequest, case: Case, form: DecisionForm | None = None
) -> HttpResponse:
    """The page of `case`, with `form` where that was refused."""
    file = case_file(case)
    post_ids = [shown.post.pk for shown in file.posts]
    form = form or DecisionForm(filings=file.filings, post_ids=post_ids)
    chosen = form.data.getlist("posts") if form.is_bound else [str(pk) for pk in post_ids]  # type: ignore[attr-defined]
    requests = [
        filing for filing in file.filings if filing.is_open and isinstance(filing, RemovalRequest)
    ]
    context: dict[str, Any] = {
        "groups": groups(Matter(case.account, file.posts, requests, file.lasting)),
        "chosen_actions": form["actions"].value() or [],
        "needs_words": bool(requests),
        "undoable": undoable_by(request.user),
        "case": case,
        "file": file,
        "form": form,
        "chosen": [pk for pk in map(parse_id, chosen) if pk is not None],
        "snooze_days": SNOOZE_DAYS,
        "why_not": _why_not(request.user, case),
        "is_mine": case.assignee_id == request.user.pk,
        "now": timezone.now(),
        "idempotency_key": uuid4(),
    }
    return answer(
        request,
        "moderation/staff/case.html",
        case.title,
        context,
        status=422 if form.errors else 200,
    )


def _why_not(moderator: User, case: Case) -> str:
    """Why `moderator` reads `case`, and does not decide it; else ""."""
    try:
        if case.account:
            check_rank(moderator, case.account)
    except RankError as error:
        return str(error)
    return ""


def _do(request: ModeratorRequest, case: Case) -> str:
    """What the moderator asked for, and its record; why not, or ""."""
    what = request.POST.get("do", "")
    if what in ("take", "take_over"):
        try:
            if case.assign(request.user, take_over=what == "take_over"):
                record(request, "taken in hand", case)
        except TakenError as error:
            return str(error)
    elif what == "release":
        case.release()
        record(request, "given back", case)
    elif what in ("snooze", "wake"):
        days = request.POST.get("days", "0")
        number = int(days) if what == "snooze" and days in {str(day) for day in SNOOZE_DAYS} else 0
        case.snooze(number)
        record(request, f"put off, for days: {number}" if number else "back in the queue", case)
    elif what in ("note", "message"):
        return _write(request, case, what)
    else:
        return "That was not understood. Nothing was changed."
    return ""


def _write(request: ModeratorRequest, case: Case, what: str) -> str:
    form = WordsForm(request.POST)
    if not form.is_valid():
        return " ".join(str(message) for errors in form.errors.values() for message in errors)
    if what == "note":
        if Note.objects.get_or_create(
            case=case, moderator=request.user, text=form.cleaned_data["text"]
        )[1]:
            record(request, "a note", case)
        return ""
    to = next((filing for filing in case.filings() if filing.name == request.POST.get("to")), None)
    if to is None:
        return "Choose to whom."
    if Message.objects.say(
        to, form.cleaned_data["text"], form.cleaned_data["idempotency_key"], request.user
    ):
        mails.tell_of_message(to)
        record(request, f"a message to the sender of {to.name}", case)
    messages.success(request, "Your message was sent.")
    return ""
