"""Suggestions for what one is about to type."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.auth.requests import SignedInRequest
from accounts.models import Account
from microblog.web.responses import account_required
from timeline.models import Tag

MOST = 8
LONGEST = 50


@require_safe
@account_required
def complete(request: SignedInRequest) -> HttpResponse:
    """Answer the options for `?q=@ad` or `?q=#en`: people by handle or name, or tags; a fragment
    alone, for a page that has a list for them.
    """
    typed = request.GET.get("q", "").replace("\0", "")
    sign, prefix = typed[:1], typed[1 : LONGEST + 1]
    people = (
        Account.objects.completing(prefix, request.account, MOST) if prefix and sign == "@" else []
    )
    tags = Tag.objects.completing(prefix, request.account, MOST) if prefix and sign == "#" else []
    return render(request, "timeline/components/completions.html", {"people": people, "tags": tags})
