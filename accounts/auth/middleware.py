"""Who is looking."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.security import sessions


class AccountMiddleware:
    """Sets `request.account`: the account of who is signed in; None for a visitor.

    Notes that their session is used.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asks = not request.path_info.startswith(settings.SHARED) and request.user.is_authenticated
        request.account = getattr(request.user, "account", None) if asks else None  # type: ignore[attr-defined]
        if asks:
            sessions.note_use(request)
        return self.get_response(request)
