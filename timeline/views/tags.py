"""What was posted with a tag; following one, and which ones follows."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.auth.requests import Request, SignedInRequest
from microblog.kept.pages import kept_for_visitors
from microblog.web.link_previews import Preview, preview_of_page
from microblog.web.pagination import Page
from microblog.web.responses import account_required, render_change, render_page
from timeline.feeds import timelines
from timeline.models import Tag
from timeline.posting.content import tag_url
from timeline.views.lists import wanted_list

BUTTON = "timeline/pages/tag.html#follow_tag"


@kept_for_visitors
@require_safe
def tag(request: Request, name: str) -> HttpResponse:
    found = Tag.objects.with_follow_state(request.account).named(name).first()

    def read(before: int | None) -> Page:
        if not found:
            return Page([], None)
        return timelines.TAG.page(request.account, before, tag=found.pk)

    context: dict[str, Any] = _context(found) if found else {"name": name}
    context["preview"] = _preview_of_tag(request, found)
    return wanted_list(request, "timeline/pages/tag.html", read, context)


def _context(tag: Tag) -> dict[str, Any]:
    return {"name": tag.name, "is_known": True, "is_followed": bool(tag.is_followed)}  # type: ignore[attr-defined]


def _preview_of_tag(request: Request, tag: Tag | None) -> Preview | None:
    return (
        preview_of_page(request, f"#{tag.name}", f"Posts with #{tag.name}.", tag_url(tag.name))
        if tag
        else None
    )


@require_POST
@account_required
def follow_tag(request: SignedInRequest, name: str) -> HttpResponse:
    """Have what others post with a tag at home."""
    found = _tag(name)
    found.follow(request.account)
    return _button(request, found)


@require_POST
@account_required
def unfollow_tag(request: SignedInRequest, name: str) -> HttpResponse:
    found = _tag(name)
    found.unfollow(request.account)
    return _button(request, found)


def _tag(name: str) -> Tag:
    if found := Tag.objects.named(name).first():
        return found
    raise Http404("Nobody has posted with this tag.")


def _button(request: SignedInRequest, found: Tag) -> HttpResponse:
    tag = Tag.objects.with_follow_state(request.account).get(pk=found.pk)
    return render_change(request, BUTTON, _context(tag), reverse("tag", args=[tag.name]))


@require_safe
@account_required
def followed_tags(request: SignedInRequest) -> HttpResponse:
    """List the tags that one follows."""
    tags = Tag.objects.followed_by(request.account)
    return render_page(request, "timeline/pages/followed_tags.html", "", {"tags": tags})
