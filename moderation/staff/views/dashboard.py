"""The site at one look: how much of what happened, day by day and week by week."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from moderation import tasks
from moderation.staff.pages import ModeratorRequest, answer, moderator_required
from moderation.statistics.dashboard import dashboard as look


@require_http_methods(["GET", "HEAD", "POST"])
@moderator_required
def dashboard(request: ModeratorRequest) -> HttpResponse:
    """POST has the days counted that were not, without waiting for the night."""
    if request.method == "POST":
        tasks.count_days.enqueue()
        messages.success(request, "The days are being counted. Look again in a moment.")
        return redirect("admin:dashboard")
    return answer(
        request, "moderation/staff/dashboard.html", "Dashboard", {"dashboard": look(request.user)}
    )
