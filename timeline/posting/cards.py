"""Fetching a link card: the page behind it is read, its picture copied, and both are shown with
every post that has the card.

A page that cannot be had, for whatever reason, is no page: it is not asked for again. Only who has
to wait for their turn comes again.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO

from django.conf import settings
from django.utils import timezone

from microblog.media import images
from microblog.media.isolation import BusyError
from microblog.net import hosts, opengraph
from microblog.net.fetching import PAGES, PICTURES, Admit, Fetched, Fetcher, FetchError
from microblog.net.pacing import Calls, NotNowError
from timeline.models import LinkCard

PICTURE_SIZES = {"small": (600, 0)}


def our_fetcher(admit: Admit) -> Fetcher:
    """Return a fetcher that says who asks, and looks into the own network where settings allow."""
    agent = f"Microblog (+{settings.SITE_URL}) link cards"
    return Fetcher(agent, allowed=settings.LINK_CARD_ALLOWED_HOSTS, admit=admit)


def fetch(card_id: int, fetcher: Callable[[Admit], Fetcher] = our_fetcher) -> None:
    """Fetch the card if it is due.

    May run twice, and after an interruption; holds no transaction while it waits.
    """
    card = LinkCard.objects.filter(pk=card_id).first()
    claim = card.claim() if card else None
    if card and claim:
        try:
            found = _look(card.url, fetcher)
        except NotNowError as later:
            card.put_off(claim, later.retry_at)
        except BusyError as later:
            card.put_off(claim, timezone.now() + timedelta(seconds=later.retry_after))
        else:
            card.keep(
                claim,
                found.summary if found else None,
                found.picture if found else None,
                found.url if found else "",
            )
    elif card:
        card.look_after()


@dataclass(frozen=True)
class _Found:
    """A page that answered at `url`: what it says of itself, and the first file that is a picture
    of those that it names as such.
    """

    url: str
    summary: opengraph.Summary
    picture: images.Picture | None


def _look(url: str, fetcher: Callable[[Admit], Fetcher]) -> _Found | None:
    """Return what is found at `url` within the time of one fetcher; None where there is no page.

    Raises NotNowError and BusyError.
    """
    with Calls() as calls:

        def admit(host: str, port: int) -> None:
            if hosts.is_this_site(host, port):
                raise FetchError("this is the site itself")
            calls.begin(host)

        asking = fetcher(admit)
        page = _get(asking, url, PAGES)
        if not page:
            return None
        summary = opengraph.summarize(page.body, page.url, page.charset)
        fetched = (_get(asking, address, PICTURES) for address in summary.pictures)
        pictures = (_picture(one.body) for one in fetched if one and not one.cut)
        return _Found(page.url, summary, next(filter(None, pictures), None))


def _get(fetcher: Fetcher, url: str, kinds: tuple[str, ...]) -> Fetched | None:
    try:
        return fetcher.get(url, kinds)
    except FetchError:
        return None


def _picture(content: bytes) -> images.Picture | None:
    """Return a still picture of `content`, as nobody could stop it; None for what is no picture."""
    try:
        picture = images.fit(BytesIO(content), PICTURE_SIZES)
    except images.ImageError:
        return None
    if picture.moves:
        picture = replace(picture, files={"small.webp": picture.files[images.STILL]})
    return picture
