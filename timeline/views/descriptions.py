"""Descriptions for the pictures that have none, one after another."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.auth.requests import SignedInRequest
from microblog.media.isolation import BusyError
from microblog.web.ratelimit import TooManyError
from microblog.web.request_limits import slow_down
from microblog.web.responses import account_required, cursor_of, redirect_to, render_page
from timeline.forms import DescriptionForm
from timeline.models import Media

MOST_COUNTED = 99


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
def descriptions(request: SignedInRequest) -> HttpResponse:
    """GET: the newest picture without a description, or the next after the picture `?before=ID`.

    POST describes `media`, and leads on.
    """
    too_many: TooManyError | BusyError | None = None
    undescribed = Media.objects.undescribed_by(request.account)
    if request.method == "POST":
        form = DescriptionForm(request.POST)
        media: Media | None = get_object_or_404(
            Media.objects.pictures_of(request.account), pk=form.media_id
        )
        try:
            if media and form.is_valid() and form.describe(media):
                if media.post.hidden_at:
                    messages.info(
                        request, "Your description was saved. Its post waits for a moderator now."
                    )
                return redirect_to(request, f"{reverse('descriptions')}?before={media.pk}")
        except (TooManyError, BusyError) as error:
            form.add_error("alt", str(error))
            too_many = error
    else:
        form = DescriptionForm()
        last = Media.objects.pictures_of(request.account).with_ids(cursor_of(request)).first()
        media = (
            (undescribed.after(last) if last else undescribed)
            .select_related("post__author")
            .first()
        )
    left = undescribed[: MOST_COUNTED + 1].count()
    context = {"form": form, "media": media, "left": left, "most": MOST_COUNTED}
    response = render_page(
        request,
        "timeline/pages/descriptions.html",
        "descriptions",
        context,
        status=422 if form.is_bound else 200,
    )
    return slow_down(response, too_many)
