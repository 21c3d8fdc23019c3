"""Who is looking."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts import shown


class AccountMiddleware:
    """Sets `request.account`: the account of who is signed in; None for a visitor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asks = not request.path_info.startswith(settings.SHARED) and request.user.is_authenticated
        request.account = getattr(request.user, "account", None) if asks else None  # type: ignore[attr-defined]
        return self.get_response(request)


def viewer(request: HttpRequest) -> dict[str, Any]:
    """Who looks at a page, in values: nothing of it for a visitor, and where nobody was asked."""
    account = getattr(request, "account", None)
    user = getattr(request, "user", None) if hasattr(request, "account") else None
    return {
        "viewer": shown.viewer(account) if account else None,
        "is_signed_in": bool(user and user.is_authenticated),
        "is_staff": bool(user and user.is_authenticated and user.is_staff),
    }
