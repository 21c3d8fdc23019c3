"""Views of an account: each gets the account that the address names, and the same answers where
there is none.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect

from accounts.auth.requests import Request
from accounts.finding import account_named
from accounts.models import Account, FormerHandle
from microblog.web.errors import error_page

type View = Callable[..., HttpResponse]


def of_account(if_blocked: int | None = 403) -> Callable[[View], View]:
    """Have a view called as `view(request, account, …)`, of an account `with_relations`.

    A handle given up a short while ago redirects, a suspended one is 410, one that is
    unknown or that its owner left 404. Where
    it blocks who asks, the answer is 403 and says so, or 404; None: the view is called all the
    same.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: Request, handle: str, **kwargs: Any) -> HttpResponse:
            account = account_named(handle, request.account)
            if account is None:
                return _nobody(request, handle)
            if if_blocked and account.blocks_viewer:  # type: ignore[attr-defined]
                return _blocked(request, account, if_blocked)
            return view(request, account, **kwargs)

        return wrapped

    return decorate


def _blocked(request: Request, account: Account, status: int) -> HttpResponse:
    if status == 404:
        raise Http404("Nobody here has this handle.")
    sentence = "Neither of you sees what the other posts, or can follow or answer."
    return error_page(request, status, f"{account} blocked you", sentence)


def _nobody(request: Request, handle: str) -> HttpResponse:
    former = FormerHandle.objects.kept().named(handle).select_related("account").first()
    account = former.account if former else Account.objects.named(handle).first()
    if account and account.suspended_at and not account.deleted_at:
        return error_page(request, 410, "This account is suspended", "Nothing of it is shown.")
    if former and not former.account.absent_at and request.method in ("GET", "HEAD"):
        return HttpResponseRedirect(
            request.get_full_path().replace(f"@{handle}", str(former.account), 1)
        )
    raise Http404("Nobody here has this handle.")
