"""What was decided about oneself: read, and appealed against."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.auth.requests import Request, SignedInRequest
from microblog.web.pagination import page_of
from microblog.web.ratelimit import client_network, spend
from microblog.web.responses import account_required, render_page
from moderation import limits
from moderation.enforcement.actions import told
from moderation.enforcement.explanations import explained
from moderation.models import AppealError, Decision, Notice
from moderation.public.forms import WordsForm


@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: Request, reference: str) -> HttpResponse:
    """Show a decision to whoever has the reference, signed in or not. POST appeals."""
    found = Notice.objects.with_reference(reference).select_related("account", "appeal").first()
    if found is None:
        spend(limits.GUESSING, client_network(request))
        raise Http404("There is no such decision. Is the address complete?")
    form = WordsForm(request.POST if request.method == "POST" else None)
    form.fields["text"].label = "Why is this wrong?"
    if form.is_valid():
        try:
            appeal = found.appeal_with(form.cleaned_data["text"])
        except AppealError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, "Your appeal is with the moderators now. Keep the address of this page."
            )
            return redirect(appeal)
    context = {**explained(found), "form": form, "why_not": found.why_no_appeal()}
    return render(
        request, "moderation/public/notice.html", context, status=422 if form.is_bound else 200
    )


@require_safe
@account_required
def my_notices(request: SignedInRequest) -> HttpResponse:
    """Show everything that was decided about oneself, which counts as read from now on."""
    page = page_of(Notice.objects.to(request.account).newest_first(), request)
    decisions = Decision.objects.of_batches(notice.batch for notice in page.rows)
    for row in page.rows:
        row.sentences = [told(decision) for decision in decisions[row.batch]]
    request.account.mark_read()
    return render_page(request, "moderation/public/my_notices.html", "my_notices", {"page": page})
