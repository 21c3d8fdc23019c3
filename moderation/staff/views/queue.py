"""The queue: what waits for a moderator, the worst and oldest first."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.models import Application
from microblog.web.converters import parse_id
from moderation.models import Case, ReportCategory, Ticket
from moderation.models.case import Severity
from moderation.staff.pages import ModeratorRequest, answer, moderator_required, undoable_by
from moderation.staff.queue_rows import rows_of

SIZE = 50
MAX_COUNTED = 1000
MAX_OTHERS = 20
SHOW = {"": "Waiting", "mine": "Mine", "free": "Nobody's", "later": "Put off"}
KINDS = {"": "Everything", "reports": "Reports", "removals": "Removal requests"}
KINDS["appeals"] = "Appeals"
CATEGORIES = {"": "Any category", **dict(ReportCategory.choices)}
FILTERS = (("Show", "show", SHOW), ("Kind", "kind", KINDS), ("Category", "category", CATEGORIES))


@require_safe
@moderator_required
def queue(request: ModeratorRequest) -> HttpResponse:
    """Show what waits, by `show`, `kind` and `category`, and behind the case `after`."""
    params = {name: request.GET.get(name, "") for name in ("show", "kind", "category")}
    cases = _chosen(request, **params).worst_first()
    number = cases[: MAX_COUNTED + 1].count()
    if last := Case.objects.with_ids([parse_id(request.GET.get("after")) or 0]).first():
        cases = cases.after(last)
    found = list(cases.with_people()[: SIZE + 1])
    is_filtered = any(params.values())
    is_whole = not is_filtered and len(found) <= SIZE
    others = Case.objects.due().for_others(request.user).with_people().worst_first()
    lets_in = request.user.has_perm("accounts.change_application")
    unconfirmed = Ticket.objects.removals().unconfirmed().not_about(request.user)
    context: dict[str, Any] = {
        "rows": rows_of(found[:SIZE]),
        "more": found[SIZE - 1].pk if len(found) > SIZE else None,
        "number": f"{MAX_COUNTED:,} or more" if number > MAX_COUNTED else f"{number:,}",
        "params": params,
        "filters": [
            {"label": label, "name": name, "choices": choices, "value": params[name]}
            for label, name, choices in FILTERS
        ],
        "is_filtered": is_filtered,
        "others": others[:MAX_OTHERS] if is_whole else [],
        "severities": Severity,
        "undoable": undoable_by(request.user),
        "applications": lets_in and Application.objects.seen()[: MAX_COUNTED + 1].count(),
        "unconfirmed": not settings.EMAIL_URL and unconfirmed[:100].count(),
    }
    return answer(request, "moderation/staff/queue.html", "The queue", context)


def _chosen(request: ModeratorRequest, show: str, kind: str, category: str) -> Any:
    cases = Case.objects.snoozed() if show == "later" else Case.objects.due()
    if show in ("mine", "free"):
        cases = cases.assigned_to(request.user if show == "mine" else None)
    if kind in ("reports", "removals", "appeals"):
        cases = cases.with_open_tickets(kind.removesuffix("s"))
    cases = cases.readable_by(request.user)
    return cases.of_category(category) if category in ReportCategory.values else cases
