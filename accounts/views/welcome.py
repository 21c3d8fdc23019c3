"""The steps of a first day in which who signed up says who they are."""

from django.http import HttpRequest, HttpResponse

from accounts.forms import ProfilePartForm
from accounts.views.settings import is_saved, profile_form, require_page_methods
from accounts.welcome import step_of
from microblog.web.request_limits import slow_down
from microblog.web.responses import account_required, redirect_to, render_page


@require_page_methods
@account_required
def welcome_picture(request: HttpRequest) -> HttpResponse:
    return _step(request, "welcome_picture", "avatar")


@require_page_methods
@account_required
def welcome_bio(request: HttpRequest) -> HttpResponse:
    return _step(request, "welcome_bio", "bio")


def _step(request: HttpRequest, name: str, part: str) -> HttpResponse:
    step = step_of(request, name)
    form = profile_form(request, ProfilePartForm, part=part)
    if is_saved(form):
        return redirect_to(request, step.after)
    context, status = {"form": form, "step": step}, 422 if form.is_bound else 200
    page = render_page(request, f"accounts/pages/{name}.html", "", context, status)
    return slow_down(page, form.refused)
