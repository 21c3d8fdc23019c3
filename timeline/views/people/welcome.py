"""The last step of a first day: whom to follow."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.auth.requests import SignedInRequest
from accounts.finding import people_to_follow
from accounts.welcome import step_of
from microblog.web.responses import account_required, render_page


@require_safe
@account_required
def welcome_people(request: SignedInRequest) -> HttpResponse:
    step = step_of(request, "welcome_people")
    context = {"people": people_to_follow(request.account), "step": step}
    return render_page(request, "timeline/pages/welcome_people.html", "", context)
