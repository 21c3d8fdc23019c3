"""What the last link of a post becomes: a quote of a post of this site, else a link card."""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from django.conf import settings

from accounts.models import Account
from microblog import text
from microblog.web.converters import ID_PATTERN, parse_id
from timeline.models import Post
from timeline.models.permission import Verb

_PATH = (
    r"/(?:@[a-z0-9_]{1,30}(?:@[a-z0-9.-]{1,100})?|[a-z0-9_]{1,30}/status)"
    rf"/({ID_PATTERN})/?(?:[?#][^\s]{{0,500}}+)?(?![a-z0-9_/%-])"
)


def quote_by_link(author: Account, body: str) -> tuple[str, Post | None]:
    """Return the text of a post, and what it quotes by the last link of `body`: the post, which
    `author` may see, whose link then leaves the end of the text; else `body` and None.

    The link is found by the site's own address, which need not be a link to text.parse.
    """
    site = re.escape(urlsplit(settings.SITE_URL).netloc)
    address = rf"(?<![a-z0-9@#/._:-])(?:https?://)?{site}{_PATH}"
    links = list(re.finditer(address, body, re.IGNORECASE))
    if not links or text.parse(body[links[-1].end() :]).links:
        return body, None
    last = links[-1]
    post = _post(parse_id(last[1]), author)
    if post and not body[last.end() :].strip():
        body = body[: last.start()].rstrip()
    return body, post


def card_url(body: str, parsed: text.Parsed, known: Collection[str] = ()) -> str:
    """Return the address of which `body` shows a card: its last link, "" for none.

    `parsed` are its pieces, by the `known` addresses (text.parse).
    """
    return _allowed_link(body, known) or (parsed.links[-1] if parsed.links else "")


def _allowed_link(body: str, known: Collection[str]) -> str:
    """Return the last link if it leads to a host that LINK_CARD_ALLOWED_HOSTS names, else "": a
    name without a dot is no link to text.parse.
    """
    if not settings.LINK_CARD_ALLOWED_HOSTS:
        return ""
    hosts = "|".join(re.escape(host) for host in settings.LINK_CARD_ALLOWED_HOSTS)
    address = rf"(?<![a-z0-9])https?://(?:{hosts})(?::[0-9]{{1,5}})?(?:[/?#][^\s]*|(?![^\s]))"
    links = list(re.finditer(address, body, re.IGNORECASE))
    if not links or text.parse(body[links[-1].end() :], known).links:
        return ""
    return links[-1].group()


def _post(pk: int | None, viewer: Account) -> Post | None:
    """Return the post of that id if `viewer` may see and quote it, of a retweet its original."""
    if pk is None:
        return None
    found = Post.objects.visible_to(viewer).with_original().filter(pk=pk).first()
    may_quote = found and not found.original.why_not(viewer, Verb.QUOTE)
    return found.original if found and may_quote else None
