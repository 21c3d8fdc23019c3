"""What AccountMiddleware makes of a request, for the type checker and for templates."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from accounts import shown
from accounts.models import Account


class Request(HttpRequest):
    """A request by somebody who is signed in, or by a visitor (None)."""

    account: Account | None
    is_poll: bool = False  # a script asks, and somebody may sit there or not


class SignedInRequest(HttpRequest):
    """A request that microblog.web.responses.account_required let through."""

    account: Account


def viewer(request: HttpRequest) -> dict[str, Any]:
    """Return who looks at a page, in values; nobody where all are answered alike, and where the
    request was answered before anybody asked.
    """
    account = getattr(request, "account", None)
    asks = hasattr(request, "account") and not request.path_info.startswith(settings.SHARED)
    user: Any = request.user if asks else AnonymousUser()
    return {
        "viewer": shown.viewer(account) if account else None,
        "is_signed_in": user.is_authenticated,
        "is_staff": user.is_staff,
    }
