"""Who is looking."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ObjectDoesNotExist, ObjectNotUpdated
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse

from accounts.models import Account
from accounts.security import sessions
from microblog.web.errors import error_page


class AccountMiddleware:
    """Sets `request.account`: the account of who is signed in; None for a visitor.

    Notes that their session is used, but by a tab that asks by itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asks = not request.path_info.startswith(settings.SHARED) and request.user.is_authenticated
        request.account = getattr(request.user, "account", None) if asks else None  # type: ignore[attr-defined]
        response = self.get_response(request)
        if asks and not getattr(request, "is_poll", False):
            sessions.note_use(request)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer whoever left while this was under way: their rows went from under it."""
        account = getattr(request, "account", None)
        gone = IntegrityError | ObjectDoesNotExist | ObjectNotUpdated
        if not account or not isinstance(error, gone):
            return None
        if Account.objects.standing().filter(pk=account.pk).exists():
            return None
        request.account, request.user = None, AnonymousUser()  # type: ignore[attr-defined]
        message = "Your account was deactivated or deleted meanwhile. Nothing was done."
        return error_page(request, 403, "You are signed out", message)
