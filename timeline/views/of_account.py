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


def of_account(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Call `view(request, account, …)`.

    A handle given up a short while ago redirects, a suspended one is 410, an unknown one 404.
    """

    @wraps(view)
    def wrapped(request: Request, handle: str, **kwargs: Any) -> HttpResponse:
        account = account_named(handle, request.account)
        if account:
            return view(request, account, **kwargs)
        named = Account.objects.named(handle)
        former = FormerHandle.objects.kept().named(handle).select_related("account").first()
        if named.exists() or (former and former.account.suspended_at):
            return error_page(request, 410, "This account is suspended", "Nothing of it is shown.")
        if former and request.method in ("GET", "HEAD"):
            return HttpResponseRedirect(
                request.get_full_path().replace(f"@{handle}", str(former.account), 1)
            )
        raise Http404("Nobody here has this handle.")

    return wrapped
