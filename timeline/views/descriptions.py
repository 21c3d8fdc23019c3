"""Descriptions for the pictures that have none, one after another."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.auth.requests import SignedInRequest
from microblog.media.isolation import BusyError
from microblog.web.pagination import cursor_of
from microblog.web.ratelimit import TooManyError
from microblog.web.request_limits import slow_down
from microblog.web.responses import account_required, redirect_to, render_page
from timeline.forms.describe import DescriptionForm
from timeline.models import Media

MOST_COUNTED = 99


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
def descriptions(request: SignedInRequest) -> HttpResponse:
    """Show the newest picture without a description, or the next after the picture `?before=ID`;
    a POST describes `media`, and leads on.
    """
    if request.method == "POST":
        return _describe(request)
    undescribed = Media.objects.undescribed_by(request.account)
    last = Media.objects.pictures_of(request.account).with_ids(cursor_of(request)).first()
    following = undescribed.after(last) if last else undescribed
    return _page(request, DescriptionForm(), following.select_related("post__author").first())


def _describe(request: SignedInRequest) -> HttpResponse:
    form = DescriptionForm(request.POST)
    media = get_object_or_404(Media.objects.pictures_of(request.account), pk=form.media_id)
    try:
        is_described = form.is_valid() and form.describe(media)
    except (TooManyError, BusyError) as error:
        form.add_error("alt", str(error))
        return slow_down(_page(request, form, media, status=422), error)
    if not is_described:
        return _page(request, form, media, status=422)
    if media.post.hidden_at:
        messages.info(request, "Your description was saved. Its post waits for a moderator now.")
    return redirect_to(request, f"{reverse('descriptions')}?before={media.pk}")


def _page(
    request: SignedInRequest, form: DescriptionForm, media: Media | None, status: int = 200
) -> HttpResponse:
    """Show `form` for `media`, and how many pictures are left to describe."""
    left = Media.objects.undescribed_by(request.account)[: MOST_COUNTED + 1].count()
    context = {"form": form, "media": media, "left": left, "most": MOST_COUNTED}
    return render_page(request, "timeline/pages/descriptions.html", "descriptions", context, status)
