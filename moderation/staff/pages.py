"""What the moderators' own pages share: who gets in, the way from one to the other, and what one
can still undo.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.models import Account, User
from accounts.ranks import ADMINISTER
from moderation.enforcement import undo
from moderation.roles import WORK


class ModeratorRequest(HttpRequest):
    """A request that moderator_required let through."""

    user: User


def moderator_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let in who may work the queue; inside of admin_view, which lets in staff alone."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(WORK):
            raise PermissionDenied("Only moderators work the queue.")
        return view(request, *args, **kwargs)

    return wrapped


def post_only(page: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Let POST alone do it; GET, as after signing in again, leads to `page` with its arguments."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            return redirect(reverse(page, args=args, kwargs=kwargs))

        return wrapped

    return decorate


def answer(
    request: HttpRequest, template: str, title: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Answer a page of the moderators', in the look of the site."""
    return TemplateResponse(
        request, template, {"ways": ways(request), "title": title, **context}, status=status
    )


# --- The way from one page to the other ---


@dataclass(frozen=True)
class Way:
    name: str
    url: str


def ways(request: HttpRequest) -> list[Way]:
    """Return where who looks may go."""
    pages = {"Dashboard": "dashboard"}
    if request.user.has_perm(ADMINISTER):
        pages = {"Rules and words": "words", "Roles": "roles", **pages}
    if admin.site.get_app_list(request):
        pages["Tables"] = "tables"
    return [
        Way("Queue", reverse("admin:index")),
        *permitted(request, {"Accounts": "accounts_account", "Posts": "timeline_post"}),
        *(Way(name, reverse(f"admin:{page}")) for name, page in pages.items()),
    ]


def permitted(request: HttpRequest, tables: dict[str, str]) -> list[Way]:
    """Return those of `tables` (names of links, and "app_model") that who looks may open."""
    open_ones = {
        model["admin_url"] for app in admin.site.get_app_list(request) for model in app["models"]
    }
    found = [Way(name, reverse(f"admin:{table}_changelist")) for name, table in tables.items()]
    return [way for way in found if way.url in open_ones]


# --- What can be undone ---


@dataclass(frozen=True)
class Undoable:
    """What was decided with one press of a button, and about whom."""

    batch: UUID
    what: str
    whom: str
    made_at: datetime


def undoable_by(moderator: User) -> list[Undoable]:
    """Return what `moderator` can still undo, the newest first."""
    decided = undo.undoable_by(moderator)
    numbers = [made[0].account_number or 0 for made in decided.values()]
    people = Account.objects.in_bulk(numbers)
    return [
        Undoable(
            batch,
            ", ".join(decision.get_action_display() for decision in made),
            str(people.get(made[0].account_number or 0, "an account that is gone")),
            made[0].made_at,
        )
        for batch, made in decided.items()
    ]
