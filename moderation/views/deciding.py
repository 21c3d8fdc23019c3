"""Deciding: the order is filled in, shown as what it will change, and then done; and it is undone, or ended before its time."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Account
from moderation.admin_pages import ModeratorRequest, answer, moderator_required
from moderation.deciding import DecidedError, decide, lift, undo
from moderation.decision_form import DecisionForm
from moderation.effects import EFFECTS, Target
from moderation.models import Action, Case, Filing, Measure, Report, filings_of
from moderation.roles import RankError
from moderation.views.cases import show_case
from timeline.models import Post

MOST_AT_ONCE = 100  # cases
MOST_LOOKED_AT = 1000  # of what was said about them, for the preview; all of it is decided
NOT_KEPT = ("csrfmiddlewaretoken", "step", "confirmed")


@require_http_methods(["GET", "HEAD", "POST"])
@moderator_required
def decide_cases(request: ModeratorRequest) -> HttpResponse:
    """`case`: the ids of one or several cases, or `account`: somebody about whom nobody said anything.

    GET, or a POST with nothing else: the form. A POST with an order: what it will change. With `confirmed`: it is done.
    """
    asked = request.POST if request.method == "POST" else request.GET
    cases = _cases(asked)
    account = _account(asked)
    if not cases and not account:
        messages.error(request, "Choose a case first. It may have been decided by somebody else meanwhile.")
        return HttpResponseRedirect(reverse("admin:index"))
    filings = filings_of(cases, MOST_LOOKED_AT) if cases else []
    ordered = request.method == "POST" and "step" in asked
    initial = {"seen": timezone.now(), "actions": asked.getlist("actions")}
    form = DecisionForm(asked if ordered else None, filings=filings, post_ids=_posts_of(account, asked), initial=initial)
    if ordered and form.is_valid() and asked["step"] != "change":
        if "confirmed" in asked:
            return _carry_out(request, form, cases, account, filings)
        return _preview(request, form, cases, account, filings)
    if len(cases) == 1 and ordered:
        return show_case(request, cases[0], form)
    context = {"form": form, "cases": cases, "account": account, "posts": asked.getlist("posts"), "chosen": []}
    return answer(request, "admin/moderation/decide.html", _title(cases, account), context, status=422 if form.errors else 200)


def _cases(asked: QueryDict) -> list[Case]:
    numbers = [int(pk) for pk in asked.getlist("case") if pk.isascii() and pk.isdecimal() and len(pk) < 19]
    return list(Case.objects.filter(pk__in=numbers[:MOST_AT_ONCE]).select_related("account__user", "assignee__account").worst_first())


def _account(asked: QueryDict) -> Account | None:
    value = asked.get("account", "")
    pk = int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else None
    return Account.objects.select_related("user").filter(pk=pk).first() if pk else None


def _posts_of(account: Account | None, asked: QueryDict) -> list[int]:
    """The posts that somebody in the admin chose by hand, of an account without a case."""
    return [int(pk) for pk in asked.getlist("posts") if pk.isascii() and pk.isdecimal() and len(pk) < 20] if account else []


def _title(cases: list[Case], account: Account | None) -> str:
    if account:
        return f"Decide about {account}"
    return f"Decide {len(cases)} cases" if len(cases) > 1 else f"Decide case {cases[0].pk}"


def _of(case: Case, filings: list[Filing]) -> list[Filing]:
    return [filing for filing in filings if filing.case_id == case.pk and filing.is_open]


def _preview(
    request: ModeratorRequest, form: DecisionForm, cases: list[Case], account: Account | None, filings: list[Filing]
) -> HttpResponse:
    """What will change, in sentences, before anything does."""
    orders = [(None, account, form.order())] if account else []
    orders += [(case, case.account, form.order(_of(case, filings) if len(cases) > 1 else None)) for case in cases]  # type: ignore[misc]
    posts = Post.objects.in_bulk({pk for _, _, order in orders for pk in order.post_ids})
    changes = []
    for case, whom, order in orders:
        chosen = [
            posts[pk] for pk in order.post_ids if whom and pk in posts and posts[pk].author_id == whom.pk and not posts[pk].deleted_at
        ]
        target = Target(whom, chosen, order.until) if whom else None
        left: list[Filing] = [filing for filing in (_of(case, filings) if case else list[Filing]()) if filing.name not in order.leave]
        changes.append(
            {
                "case": case,
                "account": whom,
                "sentences": [EFFECTS[action].preview(target) for action in order.actions] if target else [],
                "released": sum(isinstance(filing, Report) and bool(filing.keyword) for filing in left)
                if Action.NONE in order.actions
                else 0,
                "posts": chosen if any(EFFECTS[action].on_posts for action in order.actions) else [],
                "people": len({filing.sender for filing in left}),
                "filings": len(left),
                "statement": order.statement if whom and whom.user_id else "",
                "answer": order.answer if left else "",
            }
        )
    hidden = [(name, value) for name, values in request.POST.lists() for value in values if name not in NOT_KEPT]
    context = {"changes": changes, "hidden": hidden, "cases": cases, "account": account, "appeal": form.cleaned_data.get("appeal")}
    return answer(request, "admin/moderation/preview.html", "What will change", context)


def _carry_out(
    request: ModeratorRequest, form: DecisionForm, cases: list[Case], account: Account | None, filings: list[Filing]
) -> HttpResponse:
    done = 0
    jobs: list[tuple[Case | None, Account | None, Any]] = [(None, account, form.order())] if account else []
    jobs += [(case, case.account, form.order(_of(case, filings) if len(cases) > 1 else None)) for case in cases]
    for case, whom, order in jobs:
        try:
            if whom is None:
                raise DecidedError("The account is gone, and nothing is left to decide about it.")
            decide(request.user, whom, order, case)
            done += 1
        except (DecidedError, RankError) as error:
            messages.error(request, f"{case or whom}: {error}")
    if done:
        messages.success(request, f"Decided {done} case{'' if done == 1 else 's'}." if cases else "Decided.")
    return HttpResponseRedirect(reverse("admin:index"))


@require_POST
@moderator_required
def undo_batch(request: ModeratorRequest, batch: UUID) -> HttpResponse:
    try:
        undo(request.user, batch)
    except (DecidedError, RankError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Undone: all is as it was before.")
    return HttpResponseRedirect(reverse("admin:index"))


@require_POST
@moderator_required
def lift_measure(request: ModeratorRequest, pk: int) -> HttpResponse:
    """End before its time what is in force."""
    measure = get_object_or_404(Measure.objects.select_related("decision", "account__user"), pk=pk)
    try:
        lifted = lift([measure], request.user, request.POST.get("statement", "")[:1000])
    except RankError as error:
        messages.error(request, str(error))
    else:
        label = Action(measure.decision.action).label
        messages.success(request, f"Lifted: {label}.") if lifted else messages.error(request, f"“{label}” was not in force any more.")
    return HttpResponseRedirect(reverse("admin:open_case", args=[measure.decision.account_number]))
