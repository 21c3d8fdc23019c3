"""Drafts: kept, listed, deleted."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.auth.requests import SignedInRequest
from microblog.web.errors import error_page
from microblog.web.pagination import Page, page_of
from microblog.web.responses import account_required, no_content, render_change, render_page
from timeline.forms.drafts import DraftForm
from timeline.models import Draft, Post


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
def drafts(request: SignedInRequest) -> HttpResponse:
    """List one's drafts; a POST keeps what a composer holds as one of them, as a page does by
    itself while one types.
    """
    if request.method != "POST":
        return render_page(
            request, "timeline/pages/drafts.html", "drafts", {"page": _page(request)}
        )
    form = DraftForm(request.POST, viewer=request.account)
    if not form.fits:
        return error_page(
            request, 422, "This is not kept", " ".join(map(str, form.non_field_errors()))
        )
    return no_content(
        request,
        "/drafts",
        "Your draft is kept." if form.keep() else "There is nothing to keep: nothing was written.",
    )


@require_POST
@account_required
def delete_draft(request: SignedInRequest, pk: int) -> HttpResponse:
    """Delete one of one's own drafts; deleting what is gone changes nothing."""
    Draft.objects.by(request.account).filter(pk=pk).delete()
    return render_change(
        request, "timeline/pages/drafts.html#drafts", {"page": _page(request)}, "/drafts"
    )


def _page(request: SignedInRequest) -> Page:
    """Return a page of drafts, each with what it answers or quotes as far as that may be seen."""
    page = page_of(Draft.objects.by(request.account).in_short().newest_first(), request)
    targets = {draft.target_id for draft in page.rows if draft.target_id}
    visible = Post.objects.visible_to(request.account).with_author().in_bulk(targets)
    for draft in page.rows:
        draft.target = visible.get(draft.target_id or 0)
    return page
