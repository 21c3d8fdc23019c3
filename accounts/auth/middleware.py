"""Who is looking."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from microblog.web.middleware import FOR_MACHINES

# these answer everybody alike, so that shared caches may keep what they say
VIEWERLESS = ("/media/", "/health", *FOR_MACHINES)


class AccountMiddleware:
    """Sets `request.account`: the account of who is signed in; None for a visitor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asks = not request.path_info.startswith(VIEWERLESS) and request.user.is_authenticated
        request.account = getattr(request.user, "account", None) if asks else None  # type: ignore[attr-defined]
        return self.get_response(request)
