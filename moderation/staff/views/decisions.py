"""Deciding: the order is filled in, shown as what it will change, and then done; and it is undone,
or ended before its time.
"""

from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Account, User
from accounts.ranks import RankError, check_reads
from microblog.admin import each_deed_apart
from microblog.web.converters import parse_id
from moderation.enforcement.actions import EFFECTS, Target
from moderation.enforcement.decide import DecidedError, Order, decide, lift, undo
from moderation.models import Action, Case, Filing, Measure, Report, filings_of
from moderation.staff.decision_form import DecisionForm
from moderation.staff.offers import Matter, groups
from moderation.staff.pages import ModeratorRequest, answer, moderator_required
from moderation.staff.views.cases import show_case
from timeline.models import Post

MOST_AT_ONCE = 100  # cases
MOST_LOOKED_AT = 1000  # of what was said about them, for the preview; all of it is decided
NOT_KEPT = ("csrfmiddlewaretoken", "step", "confirmed")


@each_deed_apart
@require_http_methods(["GET", "HEAD", "POST"])
@moderator_required
def decide_cases(request: ModeratorRequest) -> HttpResponse:
    """`case`: the ids of one or several cases, or `account`: somebody about whom nobody said
    anything.

    GET, or a POST with nothing else: the form. A POST with an order: what it will change. With
    `confirmed`: it is done.
    """
    asked = request.POST if request.method == "POST" else request.GET
    cases = _cases(request.user, asked)
    account = _account(request.user, asked)
    if Case.objects.with_ids(_numbers(asked)).for_others(request.user).exists():
        messages.warning(
            request,
            "Not all that was chosen is here: what you reported, and people of your own rank "
            "or above, others decide about.",
        )
    if not cases and not account:
        messages.error(request, "Choose a case first.")
        return HttpResponseRedirect(reverse("admin:index"))
    filings = filings_of(cases, MOST_LOOKED_AT) if cases else []
    ordered = request.method == "POST" and "step" in asked
    form = DecisionForm(
        asked if ordered else None, filings=filings, post_ids=_posts_of(account, asked)
    )
    if ordered and form.is_valid() and asked["step"] != "change":
        jobs = _jobs(form, cases, account, filings)
        return _carry_out(request, jobs) if "confirmed" in asked else _preview(request, form, jobs)
    if len(cases) == 1 and ordered:
        return show_case(request, cases[0], form)
    posts = asked.getlist("posts")
    context = {
        "form": form,
        "cases": cases,
        "account": account,
        "posts": posts,
        "chosen_actions": form["actions"].value() or [],
    }
    context["groups"] = groups(Matter(account, None if cases or posts else ()))
    return answer(
        request,
        "moderation/staff/decide.html",
        _title(cases, account),
        context,
        status=422 if form.errors else 200,
    )


def _cases(moderator: User, asked: QueryDict) -> list[Case]:
    """Those that are asked for and that `moderator` may read."""
    return list(
        Case.objects.with_ids(_numbers(asked)).readable_by(moderator).with_people().worst_first()
    )


def _numbers(asked: QueryDict) -> list[int]:
    return list(filter(None, map(parse_id, asked.getlist("case"))))[:MOST_AT_ONCE]


def _account(moderator: User, asked: QueryDict) -> Account | None:
    """Raises RankError."""
    account = (
        Account.objects.with_user().in_bulk([pk]).get(pk)
        if (pk := parse_id(asked.get("account", "")))
        else None
    )
    check_reads(moderator, account)
    return account


def _posts_of(account: Account | None, asked: QueryDict) -> list[int]:
    """The posts that somebody in the admin chose by hand, of an account without a case."""
    return list(filter(None, map(parse_id, asked.getlist("posts")))) if account else []


def _title(cases: list[Case], account: Account | None) -> str:
    if account:
        return f"Decide about {account}"
    return f"Decide {len(cases)} cases" if len(cases) > 1 else f"Decide about {cases[0].title}"


# --- An order for each account ---


class Job(NamedTuple):
    """One order: in which case, if any; about whom, if they are still here; and what is open there."""

    case: Case | None
    account: Account | None
    order: Order
    filings: list[Filing]


def _jobs(
    form: DecisionForm, cases: list[Case], account: Account | None, filings: list[Filing]
) -> list[Job]:
    jobs = [Job(None, account, form.order(), [])] if account else []
    for case in cases:
        own = [filing for filing in filings if filing.case_id == case.pk and filing.is_open]
        order = form.order(own if len(cases) > 1 else None)
        jobs.append(
            Job(
                case,
                case.account,
                order,
                [filing for filing in own if filing.name not in order.leave],
            )
        )
    return jobs


def _preview(request: ModeratorRequest, form: DecisionForm, jobs: list[Job]) -> HttpResponse:
    """What will change, in sentences, before anything does."""
    posts = Post.objects.undeleted().in_bulk({pk for job in jobs for pk in job.order.post_ids})
    changes = [_change(job, posts) for job in jobs]
    hidden = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in NOT_KEPT
    ]
    context = {"changes": changes, "hidden": hidden, "appeal": form.cleaned_data.get("appeal")}
    return answer(request, "moderation/staff/preview.html", "What will change", context)


def _change(job: Job, posts: dict[int, Post]) -> dict[str, Any]:
    account, order = job.account, job.order
    if account is None:
        return {}
    chosen = [
        post for pk in order.post_ids if (post := posts.get(pk)) and post.author_id == account.pk
    ]
    target = Target(account, chosen, order.until)
    return {
        "account": account,
        "sentences": [EFFECTS[action].preview(target) for action in order.actions],
        "releases": Action.NONE in order.actions
        and any(isinstance(filing, Report) and filing.keyword for filing in job.filings),
        "posts": chosen if any(EFFECTS[action].on_posts for action in order.actions) else [],
        "people": len({filing.sender for filing in job.filings}),
        "statement": order.statement if account.user_id else "",
        "answer": order.answer if job.filings else "",
    }


def _carry_out(request: ModeratorRequest, jobs: list[Job]) -> HttpResponse:
    done = 0
    for case, account, order, _ in jobs:
        try:
            if account is None:
                raise DecidedError("The account is gone, and nothing is left to decide about it.")
            decide(request.user, account, order, case)
            done += 1
        except (DecidedError, RankError) as error:
            messages.error(request, f"{account or case}: {error}")
    if done:
        messages.success(
            request,
            f"Decided {done} case{'' if done == 1 else 's'}." if jobs[0].case else "Decided.",
        )
    return HttpResponseRedirect(
        _onward(request.user, jobs[0].case) if done == len(jobs) == 1 else reverse("admin:index")
    )


def _onward(moderator: User, decided: Case | None) -> str:
    """From a case to the next one; where none is left, to the queue."""
    follows = Case.objects.next_for(moderator, decided) if decided else None
    return reverse("admin:case", args=[follows.pk]) if follows else reverse("admin:index")


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
        messages.success(request, f"Lifted: {label}.") if lifted else messages.error(
            request, f"“{label}” was not in force any more."
        )
    return HttpResponseRedirect(reverse("admin:open_case", args=[measure.decision.account_number]))
