"""Old addresses: where X showed a post that is here now."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from archives.models import ImportedId
from timeline.models import Post


@require_safe
def status(request: HttpRequest, handle: str, number: int) -> HttpResponse:
    """Redirect from X's form of an address: by its imported id, else by the post's id here."""
    posts = Post.objects.visible_to(request.account).with_original()  # type: ignore[attr-defined]
    candidates = [*ImportedId.objects.at(handle, number).posts(), number]
    found = posts.in_bulk(candidates)
    for pk in candidates:
        if pk in found:
            return redirect(found[pk].original)
    raise Http404("The post may have been deleted, or it never came here.")
