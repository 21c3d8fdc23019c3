"""What one is told, and which of it one wants."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.auth.requests import Request, SignedInRequest
from microblog.web.pagination import Page, cursor_of
from microblog.web.responses import account_required, redirect_to, render_page
from timeline.feeds.notification_groups import read_page
from timeline.feeds.notifications import show_page
from timeline.forms.notifications import NotificationsForm
from timeline.mailing import unsubscribing
from timeline.models import NotificationSettings

BROKEN_LINK = (
    "This link ends no mails: a part of it is missing, or the account that it was sent to has "
    "another address by now. The newest mail has one that works, and so have the settings."
)
FOREIGN_LINK = (
    "This link ends the mails to another account than the one that you are signed in to. Is that "
    "yours as well? Sign out, and open the link again."
)


@require_safe
@account_required
def notifications(request: SignedInRequest, tab: str = "all") -> HttpResponse:
    """Show what is new, and what was. What stands on the first page of all is seen from now on."""
    page = read_page(request.account, tab, cursor_of(request))
    context = {
        "tab": tab,
        "page": show_page(page, request.account),
        "is_limited": _is_limited(request, page),
    }
    if tab == "all" and page.is_first and _is_read(request):
        _mark_seen(request, page)
        context["unread"] = 0
    return render_page(request, "timeline/pages/notifications.html", "notifications_tab", context)


def _is_read(request: HttpRequest) -> bool:
    """Tell whether somebody looks at the page: browsers fetch some before one asks for them."""
    return request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", "")


def _is_limited(request: SignedInRequest, page: Page) -> bool:
    """Tell whether some kind is limited to whom one follows; a page with rows knows."""
    if page.rows:
        return bool(page.rows[0].limited)
    return bool(NotificationSettings.objects.of(request.account).limited)


def _mark_seen(request: SignedInRequest, page: Page) -> None:
    if page.rows and page.rows[0].is_unread:
        NotificationSettings.objects.mark_seen(request.account, page.rows[0].cursor)


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
def notification_settings(request: SignedInRequest) -> HttpResponse:
    """Choose of what one is told, and of whom."""
    sent = request.POST if request.method == "POST" else None
    form = NotificationsForm(sent, account=request.account)
    if form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect_to(request, reverse("settings_notifications"))
    template = "timeline/pages/settings_notifications.html"
    return render_page(request, template, "form", {"form": form}, 422 if form.is_bound else 200)


@csrf_exempt  # a mail program sends the POST, without a cookie (RFC 8058): the token is the proof
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: Request, token: str) -> HttpResponse:
    """Show the button that ends the mails of notifications, which its POST does, also for who is
    not signed in. Neither says whose they are.
    """
    account = unsubscribing.account_of(token)
    if account is None:
        raise Http404(BROKEN_LINK)
    if request.account and request.account.pk != account.pk:
        raise PermissionDenied(FOREIGN_LINK)
    if request.method == "POST":
        unsubscribing.unsubscribe(account)
    context = {"is_done": request.method == "POST"}
    return render_page(request, "timeline/pages/unsubscribe.html", "", context)
