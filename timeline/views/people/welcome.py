"""Whom one may like to follow: the last step of a first day, and a page of its own."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.auth.requests import Request, SignedInRequest
from accounts.suggestions import people_to_follow
from accounts.welcome import step_of
from microblog.kept.pages import kept_for_visitors
from microblog.web.responses import account_required, render_page


@require_safe
@account_required
def welcome_people(request: SignedInRequest) -> HttpResponse:
    step = step_of(request, "welcome_people")
    context = {"people": people_to_follow(request.account), "step": step}
    return render_page(request, "timeline/pages/welcome_people.html", "", context)


@kept_for_visitors
@require_safe
def who_to_follow(request: Request) -> HttpResponse:
    context = {"people": tuple(people_to_follow(request.account))}
    return render_page(request, "timeline/pages/who_to_follow.html", "", context)
