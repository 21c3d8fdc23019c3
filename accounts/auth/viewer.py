"""Who is looking, as templates know them."""

from typing import Any

from django.http import HttpRequest

from accounts import shown


def viewer(request: HttpRequest) -> dict[str, Any]:
    """Who looks at a page, in values: nothing of it for a visitor, and where nobody was asked."""
    account = getattr(request, "account", None)
    user = getattr(request, "user", None) if hasattr(request, "account") else None
    return {
        "viewer": shown.viewer(account) if account else None,
        "is_signed_in": bool(user and user.is_authenticated),
        "is_staff": bool(user and user.is_authenticated and user.is_staff),
    }
