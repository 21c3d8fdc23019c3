"""Editing a post, and what it said before."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.auth.requests import Request, SignedInRequest
from accounts.models import RefusedError
from microblog.db import full_disk
from microblog.media.isolation import BusyError
from microblog.text.diff import Piece, changes
from microblog.web.errors import error_page
from microblog.web.pagination import Page, page_of
from microblog.web.ratelimit import TooManyError
from microblog.web.request_limits import slow_down
from microblog.web.responses import account_required, redirect_to, render_page
from timeline.forms.content import WAITS
from timeline.forms.edit import TOO_LATE, EditForm
from timeline.models import Post, Revision
from timeline.posting.edit import TooLateError, edit
from timeline.posting.publish import GoneError


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
def edit_post(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the form, or save what a POST says; one's own posts only, and within the time for it."""
    post = get_object_or_404(
        Post.objects.visible_to(request.account)
        .by(request.account)
        .without_retweets()
        .with_author(),
        pk=pk,
    )
    if request.method != "POST":
        if not post.is_editable:
            return error_page(request, 403, "This post can no longer be edited", TOO_LATE)
        return _form(request, EditForm(post=post))
    form = EditForm(request.POST, post=post)
    if form.is_valid():
        try:
            with full_disk.told():
                edit(post, form.cleaned_data["text"])
        except TooLateError:
            form.add_error(None, TOO_LATE)
        except RefusedError as error:
            form.add_error("text", str(error))
        except (TooManyError, BusyError) as error:
            form.add_error(None, str(error))
            return slow_down(_form(request, form), error)
        except GoneError as error:
            raise Http404("It was taken away in this moment.") from error
        else:
            if post.hidden_at:
                messages.info(request, f"Your post was changed. {WAITS}")
                return redirect_to(request, reverse("home"))
            messages.success(request, "Your post was changed.")
            return redirect_to(request, post.get_absolute_url())
    return _form(request, form, 422)


def _form(request: SignedInRequest, form: EditForm, status: int = 200) -> HttpResponse:
    return render_page(
        request, "timeline/pages/edit.html", "edit_form", {"form": form, "post": form.post}, status
    )


@dataclass(frozen=True)
class Version:
    """One version of a post, from `since` on, in pieces: what was the same before, what went and
    what came. `label` says which version it is.
    """

    label: str
    since: datetime
    pieces: list[Piece]


@require_safe
def history(request: Request, handle: str, pk: int) -> HttpResponse:
    """Show every version of a post, the newest first, to everybody who may see the post."""
    post = get_object_or_404(
        Post.objects.visible_to(request.account).with_original(), pk=pk
    ).original
    if f"{post.get_absolute_url()}/history" != request.path:
        return HttpResponsePermanentRedirect(f"{post.get_absolute_url()}/history")
    page = page_of(Revision.objects.of(post).newest_first(), request)
    newer = Revision.objects.of(post).before_which(page)
    context = {
        "post": post,
        "page": page,
        "versions": _versions(post, page, newer.text if newer else post.text),
    }
    return render_page(request, "timeline/pages/history.html", "versions", context)


def _versions(post: Post, page: Page, after: str) -> list[Version]:
    """Return the versions that replaced the revisions of `page`, of which `after` replaced the
    newest; on the last page the first version too.
    """
    versions: list[Version] = []
    for revision in page.rows:
        label = "Before" if versions or not page.is_first else "Now"
        versions.append(Version(label, revision.replaced_at, changes(revision.text, after)))
        after = revision.text
    if page.before is None and (page.rows or page.is_first):
        label = "First" if post.edited_at else "Never edited"
        versions.append(Version(label, post.created_at, changes(after, after)))
    return versions
