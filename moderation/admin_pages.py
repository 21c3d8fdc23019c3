"""What the moderators' own pages in the admin share."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from accounts.models import User
from moderation.roles import WORK


class ModeratorRequest(HttpRequest):
    """A request that moderator_required let through."""

    user: User


def moderator_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Inside admin_view, which lets in staff alone: let in who may work the queue."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(WORK):
            raise PermissionDenied("Only moderators work the queue.")
        return view(request, *args, **kwargs)

    return wrapped


def answer(request: HttpRequest, template: str, title: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of the admin, with its header and sidebar."""
    return TemplateResponse(request, template, {**admin.site.each_context(request), "title": title, **context}, status=status)
