"""What AccountMiddleware makes of a request, for the type checker."""

from django.http import HttpRequest

from accounts.models import Account


class Request(HttpRequest):
    """A request by somebody who is signed in, or by a visitor (None)."""

    account: Account | None


class SignedInRequest(HttpRequest):
    """A request that microblog.web.responses.account_required let through."""

    account: Account
