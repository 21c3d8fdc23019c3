"""Browsers in which somebody signed in before, by a signed cookie that ends with the password."""

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User

_SALT = "accounts.known_browser"
_AGE = 365 * 24 * 60 * 60  # seconds
_MOST = 5  # people whom one browser remembers


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Let the browser that gets `response` be known to `user` from now on."""
    known = _read(request)
    users = {pk: digest for pk, digest in known.get("users", {}).items() if pk != str(user.pk)}
    users = dict([*users.items(), (str(user.pk), _digest(user))][-_MOST:])
    token = signing.dumps(
        {"browser": known.get("browser") or secrets.token_urlsafe(16), "users": users}, salt=_SALT
    )
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE,
        token,
        max_age=_AGE,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def known_to(request: HttpRequest, user: User) -> str | None:
    """Return the name of the browser, where `user` signed in with it by today's password."""
    known = _read(request)
    digest = known.get("users", {}).get(str(user.pk), "")
    return known["browser"] if constant_time_compare(digest, _digest(user)) else None


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        known: dict[str, Any] = signing.loads(
            request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE, ""), salt=_SALT, max_age=_AGE
        )
    except signing.BadSignature:
        return {}
    return known


def _digest(user: User) -> str:
    return salted_hmac(_SALT, f"{user.pk}\0{user.password}", algorithm="sha256").hexdigest()
