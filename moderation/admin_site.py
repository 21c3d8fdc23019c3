"""The admin, whose first page is the work: the queue. The tables are a page behind it."""

from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import TO_FIELD_VAR
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path

from moderation.roles import WORK


class ModerationSite(admin.AdminSite):
    """What the stock admin does, with the queue in front for who may work it."""

    def get_urls(self) -> list[URLPattern | URLResolver]:
        from moderation.views import cases, dashboard, deciding, queue, roles

        own = [
            path("tables/", self.admin_view(self.tables), name="tables"),
            path("case/<id:pk>/", self.admin_view(cases.case), name="case"),
            path("case/about/<id:account_pk>/", self.admin_view(cases.open_case), name="open_case"),
            path("decide/", self.admin_view(deciding.decide_cases), name="decide"),
            path("undo/<uuid:batch>/", self.admin_view(deciding.undo_batch), name="undo"),
            path("lift/<id:pk>/", self.admin_view(deciding.lift_measure), name="lift"),
            path("roles/", self.admin_view(roles.roles), name="roles"),
            path("dashboard/", self.admin_view(dashboard.dashboard), name="dashboard"),
            path("queue/", self.admin_view(queue.queue), name="queue"),
        ]
        return [*own, *super().get_urls()]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002
        """Refuse an empty name of a field, with which Django's own pages break."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if "" in (request.GET.get(TO_FIELD_VAR), request.POST.get(TO_FIELD_VAR)):
                raise BadRequest("There is no such field.")
            return inner(request, *args, **kwargs)

        return wrapped

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The queue, for who may work it; for other staff the tables that they may see."""
        from moderation.views import queue

        return queue.queue(request) if request.user.has_perm(WORK) else self.tables(request)

    def tables(self, request: HttpRequest) -> HttpResponse:
        return super().index(request)
