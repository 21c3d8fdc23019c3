"""Fetching a link card: the page behind it is read, its picture copied, and both are shown with every post that has the card."""

from collections.abc import Callable
from io import BytesIO

from django.conf import settings

from microblog import images, webpages
from microblog.fetching import PAGES, PICTURES, Fetcher, FetchError
from timeline.models import LinkCard

PICTURE_WIDTHS = {"small": 600}


def our_fetcher() -> Fetcher:
    """One that says who asks, and by whose leave it looks into the own network."""
    return Fetcher(f"Microblog (+{settings.SITE_URL}) link cards", allowed=settings.LINK_CARD_ALLOWED_HOSTS)


def fetch(card_id: int, fetcher: Callable[[], Fetcher] = our_fetcher) -> None:
    """Fetch the card if it is due. May run twice, and after an interruption; holds no transaction while it waits."""
    card = LinkCard.objects.filter(pk=card_id).first()
    claim = card.claim() if card else None
    if card and claim:
        card.keep(claim, *_look(card.url, fetcher()))


def _look(url: str, fetcher: Fetcher) -> tuple[webpages.Summary | None, images.Picture | None]:
    """What the page at `url` says of itself, and its picture; None for what cannot be had."""
    try:
        page = fetcher.get(url, PAGES)
    except FetchError:
        return None, None
    summary = webpages.summarize(page.body, page.url, page.charset)
    return summary, _picture(summary.picture, fetcher) if summary.picture else None


def _picture(url: str, fetcher: Fetcher) -> images.Picture | None:
    try:
        found = fetcher.get(url, PICTURES)
        return None if found.cut else images.fit(BytesIO(found.body), PICTURE_WIDTHS)
    except (FetchError, images.ImageError):
        return None
