"""What a page says of itself to whoever shows a link to it: a messenger, another site, a search
engine. Knows no post and no person.
"""

from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.encoding import iri_to_uri

from microblog.text import clean_line
from microblog.web.converters import parse_id

MOST_WORDS = 200  # characters of a description; most that show it cut it sooner


class Picture(NamedTuple):
    """A picture at a path of ours, or "" for none: its pixels, and what it shows."""

    path: str
    width: int
    height: int
    alt: str = ""
    is_wide: bool = True  # stands above the words, rather than beside them

    @property
    def url(self) -> str:
        return f"{settings.SITE_URL}{self.path}"


class Preview(NamedTuple):
    """A page that strangers may find: its title, a sentence, its one address, and what kind of
    thing it is (Open Graph's types).

    A page without a preview is not to be found: it says `noindex`. So does a later page of a list,
    whose rows move on.
    """

    title: str
    description: str
    path: str
    picture: Picture
    kind: str = "website"
    username: str = ""  # of a profile
    published_at: str = ""  # of an article: for a machine
    author_path: str = ""
    is_first: bool = True

    @property
    def url(self) -> str:
        return f"{settings.SITE_URL}{iri_to_uri(self.path)}"

    @property
    def author_url(self) -> str:
        return f"{settings.SITE_URL}{self.author_path}"


def in_short(words: str) -> str:
    """`words` on one line, at most MOST_WORDS characters of them."""
    line = clean_line(words[: 4 * MOST_WORDS])
    return line if len(line) <= MOST_WORDS else f"{line[: MOST_WORDS - 1].rstrip()}…"


def our_card() -> Picture:
    """The site's own picture, for what has none."""
    return Picture(static("card.png"), 1200, 630, settings.SITE_NAME)


def preview_of_page(
    request: HttpRequest, title: str = "", description: str = "", path: str = ""
) -> Preview:
    """The preview of a page of no person: without a `title` and a `description`, those of the site;
    `path` where it has several.
    """
    return Preview(
        title=title or settings.SITE_NAME,
        description=description or settings.SITE_DESCRIPTION,
        path=address_of(request, path or request.path),
        picture=our_card(),
        is_first=is_first(request),
    )


def address_of(request: HttpRequest, path: str) -> str:
    """The one address of what the request asks for, at `path`: of its query, the place in a list
    alone counts.
    """
    before = parse_id(request.GET.get("before", ""))
    return path if before is None else f"{path}?before={before}"


def is_first(request: HttpRequest) -> bool:
    return "before" not in request.GET
