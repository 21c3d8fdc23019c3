"""Whom an account follows and who follows it; following."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Account
from accounts.requests import Request, SignedInRequest
from microblog.pages import account_required, page_of, render_change, render_page
from microblog.views import refuse
from timeline.views.of_account import of_account


@require_safe
@of_account
def followers(request: Request, account: Account) -> HttpResponse:
    return _people(request, account, "followers")


@require_safe
@of_account
def following(request: Request, account: Account) -> HttpResponse:
    return _people(request, account, "following")


def _people(request: Request, account: Account, tab: str) -> HttpResponse:
    seen = Account.objects.visible_to(request.account).with_follow_state(request.account)
    if account != request.account:  # who follows oneself, one asked for
        seen = seen.met_by(request.account)
    people = seen.followers_of(account) if tab == "followers" else seen.followed_by_account(account)
    context = {"profile": account, "tab": tab, "page": page_of(people, request)}
    return render_page(request, "timeline/people.html", "people_tab", context)


@require_POST
@account_required
@of_account
def follow(request: SignedInRequest, account: Account) -> HttpResponse:
    try:
        request.account.follow(account)
    except ValueError as error:
        return refuse(request, 422, "That cannot be followed", str(error))
    return _follow_button(request, account)


@require_POST
@account_required
@of_account
def unfollow(request: SignedInRequest, account: Account) -> HttpResponse:
    request.account.unfollow(account)
    return _follow_button(request, account)


def _follow_button(request: SignedInRequest, account: Account) -> HttpResponse:
    account = Account.objects.with_follow_state(request.account).get(pk=account.pk)
    return render_change(request, "timeline/_follow.html#follow_button", {"profile": account}, account.get_absolute_url())
