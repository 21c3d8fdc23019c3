"""The admin, whose first page is the work: the queue. The tables are a page behind it."""

from contextlib import nullcontext
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.options import TO_FIELD_VAR
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path

from accounts.security import second_factor
from microblog.admin import Recorded
from moderation.roles import WORK
from moderation.staff.pages import answer
from moderation.staff.views import (
    case_work,
    cases,
    dashboard,
    decisions,
    queue,
    roles,
    undo,
    words,
)

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
CASE_VERBS = {
    "take": case_work.take,
    "take_over": case_work.take_over,
    "release": case_work.release,
    "snooze": case_work.snooze,
    "wake": case_work.wake,
    "open_post": case_work.open_post,
    "note": case_work.note,
    "message": case_work.message,
}


class ModerationSite(admin.AdminSite):
    """The stock admin with the queue in front, and every deed in the record or not done."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_action(transaction.atomic(delete_selected), "delete_selected")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register all but the tables of libraries, whose pages know no record and no rank."""
        if admin_class and issubclass(admin_class, Recorded):
            super().register(model_or_iterable, admin_class, **options)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002  (Django's signature)
        """Do a deed and its record in one transaction, but where a view has one for each deed.

        Django's own pages break with an empty name of a field: refuse it. Who needs a second factor
        and has none is led to where they get one.
        """
        inner = super().admin_view(view, cacheable)
        is_apart = getattr(view, "each_deed_apart", False)

        @wraps(inner)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if "" in (request.GET.get(TO_FIELD_VAR), request.POST.get(TO_FIELD_VAR)):
                raise BadRequest("There is no such field.")
            if second_factor.is_lacking(request.user):
                messages.warning(request, second_factor.NEEDED)
                return redirect("settings_security")
            with nullcontext() if is_apart or request.method in SAFE else transaction.atomic():
                return inner(request, *args, **kwargs)

        return wrapped

    def get_urls(self) -> list[URLPattern | URLResolver]:
        own = [
            path("tables/", self.admin_view(self.tables), name="tables"),
            path("case/<id:pk>/", self.admin_view(cases.case), name="case"),
            *(
                path(f"case/<id:pk>/{name}/", self.admin_view(view), name=f"case_{name}")
                for name, view in CASE_VERBS.items()
            ),
            path("case/about/<id:account_pk>/", self.admin_view(cases.open_case), name="open_case"),
            path("decide/", self.admin_view(decisions.decide_chosen), name="decide"),
            path("decide/preview/", self.admin_view(decisions.preview), name="decide_preview"),
            path("decide/change/", self.admin_view(decisions.change), name="decide_change"),
            path("decide/do/", self.admin_view(decisions.carry_out), name="decide_do"),
            path("undo/<uuid:batch>/", self.admin_view(undo.undo_batch), name="undo"),
            path("lift/<id:pk>/", self.admin_view(undo.lift_sanction), name="lift"),
            path("roles/", self.admin_view(roles.roles), name="roles"),
            path("words/", self.admin_view(words.words), name="words"),
            path("dashboard/", self.admin_view(dashboard.dashboard), name="dashboard"),
            path("queue/", self.admin_view(queue.queue), name="queue"),
        ]
        return [*own, *super().get_urls()]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Show the queue to who may work it; to other staff the tables that they may see."""
        return queue.queue(request) if request.user.has_perm(WORK) else self.tables(request)

    def tables(self, request: HttpRequest) -> HttpResponse:
        """Show the stock admin's first page; to who may see no table, where to go instead."""
        if request.user.has_perm(WORK) and not self.get_app_list(request):
            return answer(request, "moderation/staff/no_tables.html", "Tables", {})
        return super().index(request)
