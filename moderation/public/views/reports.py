"""Reporting, and the rules that reports are about."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.auth.requests import Request, SignedInRequest
from accounts.models import Account
from microblog.kept.pages import kept_for_visitors
from microblog.web.link_previews import preview_of_page
from microblog.web.pagination import page_of
from microblog.web.request_limits import slow_down
from microblog.web.responses import account_required, render_page
from moderation.models import Rule, Ticket
from moderation.public.forms import ReportForm, Shown
from timeline.feeds.hydrate import hydrate
from timeline.feeds.row import Row
from timeline.models import Post
from timeline.views.people.of_account import of_account

page_methods = require_http_methods(["GET", "HEAD", "POST"])


@kept_for_visitors
@require_safe
def rules(request: Request) -> HttpResponse:
    preview = preview_of_page(
        request, f"Rules of {settings.SITE_NAME}", "What we ask of everybody here."
    )
    active = Rule.objects.active()
    context = {
        "rules": [{"pk": rule.pk, "title": rule.title, "text": rule.text} for rule in active],
        "preview": preview,
    }
    return render_page(request, "moderation/public/rules.html", "", context)


@page_methods
def report_post(request: Request, pk: int) -> HttpResponse:
    """Report a post; the form says whose it was, if it is gone meanwhile."""
    found = Post.objects.visible_to(request.account).with_original().with_ids([pk]).first()
    if found is None:
        return _report(request, _author_of_gone(request, pk), post_id=pk)
    post = found.original
    hydrated = hydrate([post], request.account)
    row = hydrated.row(post.pk) if hydrated.shows(post) else None
    return _report(request, post.author, row, post.pk)


def _author_of_gone(request: Request, pk: int) -> Account:
    shown = Shown.read(request.POST.get("shown", ""))
    return get_object_or_404(Account, pk=shown.account if shown and shown.post == pk else None)


@page_methods
@of_account(if_blocked=None)
def report_account(request: Request, account: Account) -> HttpResponse:
    return _report(request, account)


def _report(
    request: Request, account: Account, row: Row | None = None, post_id: int | None = None
) -> HttpResponse:
    form = ReportForm(
        request.POST if request.method == "POST" else None,
        account=account,
        post=post_id,
        reporter=request.account,
    )
    if report := form.file(request):
        return _thank(request, report)
    context = {"form": form, "account": account, "row": row, "post_id": post_id}
    response = render(
        request, "moderation/public/report.html", context, status=422 if form.is_bound else 200
    )
    return slow_down(response, form.refused)


def _thank(request: Request, report: Ticket) -> HttpResponse:
    if report.confirmed_at:
        messages.success(
            request, "Thank you. A moderator will look at it; here you see what becomes of it."
        )
        return redirect(report)
    return render(request, "moderation/public/sent.html", {"ticket": report})


@require_safe
@account_required
def my_reports(request: SignedInRequest) -> HttpResponse:
    """Show what one reported, and what became of it."""
    page = page_of(
        Ticket.objects.reports().sent_by(request.account).select_related("account").newest_first(),
        request,
    )
    return render_page(request, "moderation/public/my_reports.html", "my_reports", {"page": page})
