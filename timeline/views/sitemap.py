"""The map of the site for search engines: the profiles that strangers may find, and nothing of who
is not to be found.

A part of the map is a range of ids, so that each is one walk along the primary key, however many
accounts there are: no OFFSET, no COUNT.
"""

from collections.abc import Iterable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.models import Account
from microblog.web.converters import parse_id
from microblog.web.machines import kept
from timeline import ids

RANGE = 10_000  # ids; the protocol's most is 50,000 addresses, and 50,000 parts
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Answer one map while one range holds all; else the list of the parts, each at `?part=`."""
    parts = 1 + Account.objects.highest_id() // RANGE
    if "part" not in request.GET and parts > 1:
        return _xml(
            "sitemapindex",
            [
                f"<sitemap><loc>{settings.SITE_URL}/sitemap.xml?part={part}</loc></sitemap>"
                for part in range(parts)
            ],
        )
    part = parse_id(request.GET.get("part", "0"))
    if part is None or part >= parts:
        raise Http404("There is no such part of the map.")
    pages = (
        [f"<url><loc>{settings.SITE_URL}{path}</loc></url>" for path in settings.MAPPED]
        if part == 0
        else []
    )
    return _xml("urlset", [*pages, *_profiles(part)])


def _profiles(part: int) -> Iterable[str]:
    """Yield what the map says of each profile; a handle has nothing to escape."""
    found = (
        Account.objects.discoverable()
        .numbered_from(part * RANGE, (part + 1) * RANGE)
        .order_by("pk")
    )
    for handle, newest, joined in found.values_list("handle", "last_post_id", "joined_at"):
        changed = max(joined, ids.time_of(newest))
        loc = f"<loc>{settings.SITE_URL}/@{handle}</loc>"
        yield f"<url>{loc}<lastmod>{changed:%Y-%m-%d}</lastmod></url>"


def _xml(root: str, rows: Iterable[str]) -> HttpResponse:
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} {_NAMESPACE}>{"".join(rows)}</{root}>\n'
    )
    return kept(HttpResponse(text, content_type="application/xml; charset=utf-8"))
