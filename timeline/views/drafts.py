"""What one began to write: kept, listed, deleted."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Account
from accounts.requests import SignedInRequest
from microblog.pages import account_required, done, render_change, render_page
from microblog.views import refuse
from timeline.forms import DraftForm
from timeline.models import Draft, Post


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
def drafts(request: SignedInRequest) -> HttpResponse:
    """GET lists one's drafts, POST keeps what a composer holds as one of them: a page does so by itself while one types."""
    if request.method != "POST":
        return render_page(request, "timeline/drafts.html", "drafts", {"drafts": _of(request.account)})
    form = DraftForm(request.POST, viewer=request.account)
    if not form.fits:
        return refuse(request, 422, "This is not kept", " ".join(map(str, form.non_field_errors())))
    return done(request, "/drafts", "Your draft is kept." if form.keep() else "There is nothing to keep: nothing was written.")


@require_POST
@account_required
def delete_draft(request: SignedInRequest, pk: int) -> HttpResponse:
    """One's own drafts only; deleting what is gone changes nothing."""
    Draft.objects.by(request.account).filter(pk=pk).delete()
    return render_change(request, "timeline/drafts.html#drafts", {"drafts": _of(request.account)}, "/drafts")


def _of(account: Account) -> list[Draft]:
    """All of them: they are few. Each knows whether what it is about may still be seen."""
    rows = list(Draft.objects.by(account).newest_first())
    seen = Post.objects.visible_to(account).with_author().in_bulk({draft.target_id for draft in rows if draft.target_id})
    for draft in rows:
        draft.target = seen.get(draft.target_id or 0)
    return rows
