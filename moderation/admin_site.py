"""The admin, whose first page is the work: the queue. The tables are a page behind it."""

from typing import Any

from django.contrib import admin
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

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The queue, for who may work it; for other staff the tables that they may see."""
        from moderation.views import queue

        return queue.queue(request) if request.user.has_perm(WORK) else self.tables(request)

    def tables(self, request: HttpRequest) -> HttpResponse:
        return super().index(request)
