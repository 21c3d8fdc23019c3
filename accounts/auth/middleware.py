"""Who is looking."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class AccountMiddleware:
    """Sets `request.account`: the account of who is signed in; None for a visitor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asks = not request.path_info.startswith(settings.SHARED) and request.user.is_authenticated
        request.account = getattr(request.user, "account", None) if asks else None  # type: ignore[attr-defined]
        return self.get_response(request)
