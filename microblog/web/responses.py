"""Answer with a page, or with the part of it that htmx asked for."""

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from microblog.display import display_of
from microblog.kept.pages import page_of_values
from microblog.web.converters import parse_id


def site(request: HttpRequest) -> dict[str, Any]:
    """What every template knows."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "site_description": settings.SITE_DESCRIPTION,
        "explore_url": settings.EXPLORE_URL,
        "display": display_of(request),
        "place": place_of(request),
    }


def place_of(request: HttpRequest) -> str:
    """Return where in the navigation a page stands; "" for nowhere, as most."""
    path = request.path
    for part in settings.NAVIGATED_PARTS:
        if path.startswith(part):
            return part
    account = getattr(request, "account", None)
    is_own = account and path == account.get_absolute_url()
    return path if is_own or path in settings.NAVIGATED_PAGES else ""


# --- Page or fragment ---


class ShownRequest(NamedTuple):
    """All that a page of values knows of the request for it, as `request`."""

    path: str


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page.

    What depends on it says so in `Vary`: microblog.web.middleware.CacheMiddleware.
    """
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render_page(
    request: HttpRequest, template: str, partial: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The page `template`, or `partial` alone when htmx asked for it (and neither boosted nor
    restores history).

    The partial is one of the page's own ("posts"), or of a component that it includes
    ("timeline/components/composer.html#compose_errors"); "" where there is none.

    What a visitor is shown is made of `context` alone, where that holds nothing but values.
    """
    fragment = partial if "#" in partial else f"{template}#{partial}"
    name = fragment if partial and wants_fragment(request) else template
    if status == 200 and _is_for_any_visitor(request):
        shown = {**site(request), "request": ShownRequest(request.path), **context}
        page = page_of_values(name, shown, request.scheme, request.get_host())
        if page:
            return page
    return render(request, name, context, status=status)


def _is_for_any_visitor(request: HttpRequest) -> bool:
    """Whether who reads this page is not signed in, and has nothing said to them alone."""
    return (
        request.method in ("GET", "HEAD")
        and not request.user.is_authenticated
        and not len(get_messages(request))
    )


def render_change(
    request: HttpRequest, fragment: str, context: dict[str, Any], to: str, row: int | None = None
) -> HttpResponse:
    """After a change: the new `fragment` ("template#partial") for htmx; for a plain browser, back
    to where it was (there to `row`, unless the form names another), or to `to`.
    """
    if wants_fragment(request):
        return render(request, fragment, context)
    return HttpResponseRedirect(next_page(request, to, row))


def redirect_to(request: HttpRequest, to: str) -> HttpResponse:
    """Lead the browser to the page `to`, whoever asked."""
    if wants_fragment(request):
        return HttpResponse(headers={"HX-Redirect": to})
    return redirect(to)


def stay(request: HttpRequest, page: str) -> HttpResponse:
    """Show `page`, where the browser is, anew: with htmx at the very place."""
    if wants_fragment(request):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return redirect(page)


def page_shown(request: HttpRequest) -> str:
    """Return the page of ours (no query) on which htmx made this request; "" for a browser."""
    url = request.htmx.current_url_abs_path or ""  # type: ignore[attr-defined]
    return url.partition("?")[0].partition("#")[0] if is_our_page(request, url) else ""


def no_content(request: HttpRequest, to: str, said: str) -> HttpResponse:
    """After a change of which the page shows nothing: nothing to replace for a script; a plain
    browser goes on to `to`, which says it.
    """
    if wants_fragment(request):
        return HttpResponse(status=204)
    messages.success(request, said)
    return redirect(to)


def next_page(request: HttpRequest, default: str, row: int | None = None) -> str:
    """The page that `next` names in the form or the query, where it is one of ours; else `default`.

    The form's `row`, or else this one, is where on it.
    """
    url = request.POST.get("next") or request.GET.get("next") or ""
    row = parse_id(request.POST.get("row", "")) or row
    return (f"{url}#p{row}" if row else url) if is_our_page(request, url) else default


def is_our_page(request: HttpRequest, url: str) -> bool:
    if not url_has_allowed_host_and_scheme(
        url, {request.get_host()}, require_https=request.is_secure()
    ):
        return False
    try:
        resolve(url.partition("?")[0].partition("#")[0])
    except Resolver404:
        return False
    return True


def account_required[Answer: HttpResponseBase](
    view: Callable[..., Answer],
) -> Callable[..., Answer | HttpResponse]:
    """Let in whoever is signed in and has an account; lead the rest to sign in, and then back to a
    page, never to a POST.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> Answer | HttpResponse:
        if request.account:  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)
        if request.user.is_authenticated:  # staff that never chose a handle
            return redirect_to(request, resolve_url(settings.START_URL))
        back = (
            request.get_full_path()
            if request.method == "GET" and not wants_fragment(request)
            else _page_behind(request, kwargs.get("pk"))
        )
        return redirect_to(request, redirect_to_login(back).url)

    return wrapped


def _page_behind(request: HttpRequest, row: int | None) -> str:
    """The page from which a form or htmx made this request, and there `row`, as in next_page."""
    referer = request.headers.get("Referer", "")
    url = next_page(request, referer.removeprefix(f"{request.scheme}://{request.get_host()}"), row)
    return url if is_our_page(request, url) else "/"
