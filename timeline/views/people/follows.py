"""Whom an account follows and who follows it; following."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from accounts import shown
from accounts.auth.requests import Request, SignedInRequest
from accounts.models import Account
from microblog.kept.pages import kept_for_visitors
from microblog.web.errors import error_page
from microblog.web.pagination import page_of
from microblog.web.responses import account_required, page_shown, render_change, render_page
from timeline.views.people.of_account import of_account

TABS = ("/replies", "/media", "/likes")


@kept_for_visitors
@require_safe
@of_account(if_blocked=404)
def followers(request: Request, account: Account) -> HttpResponse:
    return _people(request, account, "followers")


@kept_for_visitors
@require_safe
@of_account(if_blocked=404)
def following(request: Request, account: Account) -> HttpResponse:
    return _people(request, account, "following")


def _people(request: Request, account: Account, tab: str) -> HttpResponse:
    if not account.is_readable:  # type: ignore[attr-defined]
        return _for_followers_alone(request, account)
    visible = Account.objects.visible_to(request.account).with_follow_state(request.account)
    if account != request.account:  # who follows oneself, one asked for
        visible = visible.met_by(request.account)
    people = (
        visible.followers_of(account)
        if tab == "followers"
        else visible.followed_by_account(account)
    )
    page = page_of(people, request)
    context = {
        "profile": shown.profile(account),
        "tab": tab,
        "page": page._replace(rows=[shown.person(one) for one in page.rows]),
    }
    return render_page(request, "timeline/pages/people.html", "people_tab", context)


def _for_followers_alone(request: Request, account: Account) -> HttpResponse:
    if account.is_blocked:  # type: ignore[attr-defined]
        title, sentence = f"You blocked {account}", "Neither of you sees whom the other follows."
    else:
        title = "These lists are protected"
        sentence = f"Only those whom {account} lets follow see whom they follow, and who follows."
    return error_page(request, 403, title, sentence)


@require_POST
@account_required
@of_account()
def follow(request: SignedInRequest, account: Account) -> HttpResponse:
    try:
        request.account.follow(account)
    except ValueError as error:
        return error_page(request, 422, "That cannot be followed", str(error))
    return _follow_button(request, account)


@require_POST
@account_required
@of_account(if_blocked=None)
def unfollow(request: SignedInRequest, account: Account) -> HttpResponse:
    request.account.unfollow(account)
    return _follow_button(request, account)


def _follow_button(request: SignedInRequest, account: Account) -> HttpResponse:
    account = Account.objects.with_follow_state(request.account).get(pk=account.pk)
    shown, suggested = _profile_shown(request, account), "suggested" in request.POST
    follow_id = "profile-follow" if shown == account and not suggested else ""
    context = {
        "profile": account,
        "just_pressed": True,
        "shown_profile": shown,
        "suggested": suggested,
        "follow_id": follow_id,
    }
    return render_change(
        request,
        "timeline/components/follow_button.html#followed",
        context,
        account.get_absolute_url(),
    )


def _profile_shown(request: SignedInRequest, account: Account) -> Account | None:
    """Whose profile the page shows on which one followed, if its figures changed by that: of
    `account`, or one's own.
    """
    page = page_shown(request)
    people = (account, request.account)
    shown = next(
        (
            one
            for one in people
            if page in {f"{one.get_absolute_url()}{tab}" for tab in ("", *TABS)}
        ),
        None,
    )
    return Account.objects.get(pk=shown.pk) if shown == request.account else shown
