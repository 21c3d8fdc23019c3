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
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts.models import Account, User
from accounts.ranks import ADMINISTER
from moderation.models import Decision
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


def answer(
    request: HttpRequest, template: str, title: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of the moderators', in the look of the site."""
    return TemplateResponse(
        request, template, {"ways": ways(request), "title": title, **context}, status=status
    )


# --- The way from one page to the other ---


@dataclass(frozen=True)
class Way:
    name: str
    url: str


def ways(request: HttpRequest) -> list[Way]:
    """Where who looks may go."""
    found = [Way("Queue", reverse("admin:index"))]
    found += permitted(request, {"Accounts": "accounts_account", "Posts": "timeline_post"})
    if request.user.has_perm(ADMINISTER):
        found += [
            Way("Rules and words", reverse("admin:words")),
            Way("Roles", reverse("admin:roles")),
        ]
    found.append(Way("Dashboard", reverse("admin:dashboard")))
    return (
        [*found, Way("Tables", reverse("admin:tables"))]
        if admin.site.get_app_list(request)
        else found
    )


def permitted(request: HttpRequest, tables: dict[str, str]) -> list[Way]:
    """Of the lists of `tables` (what a link is called, and "app_model") those that who looks may
    open.
    """
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
    """What `moderator` can still undo, the newest first."""
    decided = Decision.objects.undoable_by(moderator.pk)
    people = (
        Account.objects.in_bulk(
            [made[0].account_number for made in decided.values() if made[0].account_number]
        )
        if decided
        else {}
    )
    return [
        Undoable(
            batch,
            ", ".join(decision.get_action_display() for decision in made),
            str(people.get(made[0].account_number or 0, "an account that is gone")),
            made[0].made_at,
        )
        for batch, made in decided.items()
    ]
