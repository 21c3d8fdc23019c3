"""Deciding: the ruling is filled in, shown as what it will change, and then carried out."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accounts.models import Account, User
from accounts.ranks import RankError, check_reads
from microblog.admin import each_deed_apart
from microblog.web.converters import parse_id
from moderation.enforcement.actions import ACTIONS, Subject
from moderation.enforcement.decide import DecidedError, Ruling, decide
from moderation.models import Action, Case, Ticket
from moderation.staff.case_file import tickets_of
from moderation.staff.decision_form import DecisionForm
from moderation.staff.offers import Matter, groups
from moderation.staff.pages import ModeratorRequest, answer, moderator_required, post_only
from moderation.staff.views.cases import show_case
from timeline.models import Post

MAX_CASES = 100  # at once
MAX_TICKETS = 1000  # of each kind that a preview looks at; all of them are decided


# --- What it is about ---


@dataclass(frozen=True)
class Chosen:
    """What is decided about: cases, or an account and those of its posts that were ticked."""

    cases: list[Case]
    account: Account | None
    posts: list[int]
    tickets: list[Ticket]

    @property
    def title(self) -> str:
        if self.account:
            return f"Decide about {self.account}"
        number = len(self.cases)
        return f"Decide {number} cases" if number > 1 else f"Decide about {self.cases[0].title}"

    def form(self, data: QueryDict | None = None) -> DecisionForm:
        return DecisionForm(data, tickets=self.tickets, post_ids=self.posts)


def about_chosen(
    view: Callable[[ModeratorRequest, Chosen], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Let moderators in, and find what they chose: `case`, the ids of one or several cases, or
    `account`. Who chose nothing is led back to the queue.

    Raises RankError.
    """

    @wraps(view)
    def wrapped(request: ModeratorRequest) -> HttpResponse:
        params = request.POST if request.method == "POST" else request.GET
        chosen = _chosen(request.user, params)
        if Case.objects.with_ids(_case_ids(params)).for_others(request.user).exists():
            messages.warning(
                request,
                "Not all that was chosen is here: what you reported, and people of your own rank "
                "or above, others decide about.",
            )
        if not chosen.cases and not chosen.account:
            messages.error(request, "Choose a case first.")
            return redirect("admin:index")
        return view(request, chosen)

    return moderator_required(wrapped)


def _chosen(moderator: User, params: QueryDict) -> Chosen:
    """Return what `params` name and `moderator` may read."""
    found = Case.objects.with_ids(_case_ids(params)).readable_by(moderator)
    cases = list(found.with_people().worst_first())
    pk = parse_id(params.get("account", ""))
    account = Account.objects.with_user().filter(pk=pk).first() if pk else None
    check_reads(moderator, account)
    posts = list(filter(None, map(parse_id, params.getlist("posts")))) if account else []
    return Chosen(cases, account, posts, tickets_of(cases, MAX_TICKETS) if cases else [])


def _case_ids(params: QueryDict) -> list[int]:
    return list(filter(None, map(parse_id, params.getlist("case"))))[:MAX_CASES]


# --- The views ---


@require_http_methods(["GET", "HEAD", "POST"])
@about_chosen
def decide_chosen(request: ModeratorRequest, chosen: Chosen) -> HttpResponse:
    """Show the form; the queue posts what was chosen in it."""
    return _form_page(request, chosen, chosen.form())


@post_only("admin:decide")
@about_chosen
def preview(request: ModeratorRequest, chosen: Chosen) -> HttpResponse:
    """Show what will change, in sentences, before anything does."""
    form = chosen.form(request.POST)
    if not form.is_valid():
        return _form_page(request, chosen, form)
    jobs = _jobs(form, chosen)
    posts = Post.objects.undeleted().in_bulk({pk for job in jobs for pk in job.ruling.post_ids})
    context = {"changes": [_change(job, posts) for job in jobs], "hidden": _kept_fields(request)}
    return answer(request, "moderation/staff/preview.html", "What will change", context)


@post_only("admin:decide")
@about_chosen
def change(request: ModeratorRequest, chosen: Chosen) -> HttpResponse:
    """Show the form again, as it was filled in."""
    return _form_page(request, chosen, chosen.form(request.POST))


@each_deed_apart
@post_only("admin:decide")
@about_chosen
def carry_out(request: ModeratorRequest, chosen: Chosen) -> HttpResponse:
    """Do what was shown: a ruling for each account, each of them whole or not at all."""
    form = chosen.form(request.POST)
    if not form.is_valid():
        return _form_page(request, chosen, form)
    jobs, done = _jobs(form, chosen), 0
    for case, account, ruling, _ in jobs:
        try:
            if account is None:
                raise DecidedError("The account is gone, and nothing is left to decide about it.")
            decide(request.user, account, ruling, case)
            done += 1
        except (DecidedError, RankError) as error:
            messages.error(request, f"{account or case}: {error}")
    if done:
        cases = f" {done} case{'' if done == 1 else 's'}" if jobs[0].case else ""
        messages.success(request, f"Decided{cases}.")
    follows = None
    if done == len(jobs) == 1 and jobs[0].case:
        follows = Case.objects.next_for(request.user, jobs[0].case)
    return redirect("admin:case", follows.pk) if follows else redirect("admin:index")


def _form_page(request: ModeratorRequest, chosen: Chosen, form: DecisionForm) -> HttpResponse:
    """Show the form: what was filled in about a single case on the page of that case."""
    if form.is_bound and len(chosen.cases) == 1:
        return show_case(request, chosen.cases[0], form)
    posts = request.POST.getlist("posts") or request.GET.getlist("posts")
    matter = Matter(chosen.account, None if chosen.cases or posts else ())
    context = {
        "form": form,
        "cases": chosen.cases,
        "account": chosen.account,
        "posts": posts,
        "chosen_actions": form["actions"].value() or [],
        "groups": groups(matter),
    }
    status = 422 if form.errors else 200
    return answer(request, "moderation/staff/decide.html", chosen.title, context, status=status)


def _kept_fields(request: ModeratorRequest) -> list[tuple[str, str]]:
    """Return what was sent, to be sent once more from the preview."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken"
    ]


# --- A ruling for each account ---


class Job(NamedTuple):
    """One ruling: in which case, if any; about whom, if they are here; on which tickets."""

    case: Case | None
    account: Account | None
    ruling: Ruling
    tickets: list[Ticket]


def _jobs(form: DecisionForm, chosen: Chosen) -> list[Job]:
    jobs = [Job(None, chosen.account, form.ruling(), [])] if chosen.account else []
    for case in chosen.cases:
        own = [ticket for ticket in form.tickets if ticket.case_id == case.pk]
        ruling = form.ruling(own if len(chosen.cases) > 1 else None)
        decided = [ticket for ticket in own if ticket.name not in ruling.leave]
        jobs.append(Job(case, case.account, ruling, decided))
    return jobs


def _change(job: Job, posts: dict[int, Post]) -> dict[str, Any]:
    """Say what a ruling will change."""
    account, ruling = job.account, job.ruling
    if account is None:
        return {}
    found = [posts[pk] for pk in ruling.post_ids if pk in posts]
    own = [post for post in found if post.author_id == account.pk]
    subject = Subject(account, own, ruling.until)
    return {
        "account": account,
        "sentences": [spec.preview(subject) for spec in ruling.specs],
        "appeal": ACTIONS[ruling.appeal].preview(subject) if ruling.appeal else "",
        "releases": Action.NONE in ruling.actions and any(ticket.keyword for ticket in job.tickets),
        "posts": own if ruling.changes_posts else [],
        "people": len({ticket.sender for ticket in job.tickets}),
        "statement": ruling.statement if account.user_id else "",
        "answer": ruling.answer if job.tickets else "",
    }
