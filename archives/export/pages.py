"""The pages that one opens without a network: the profile and all posts, the newest first."""

from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any

from django.conf import settings
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from accounts.models import Account
from archives.export.activities import (
    absolute,
    card_name,
    media_name,
    stored_name,
    url_of,
    web_address,
    when,
)
from archives.export.archive_file import ArchiveFile
from archives.export.own_posts import OwnPost, Target
from microblog.media import uploads
from timeline.models import Media

PAGE = 200  # posts
TEMPLATE = "archives/export/page.html"
STYLE = "archives/export/style.css"


def name_of(number: int) -> str:
    """Return what the page `number`, from 1, is called."""
    return "index.html" if number == 1 else f"posts-{number}.html"


def add_pages(archive: ArchiveFile, account: Account, posts: Iterable[OwnPost]) -> Iterator[int]:
    """Add a page for each 200 of `posts`, and the files that they show; yield how many are done."""
    template = get_template(TEMPLATE)
    site = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
    profile = _profile(account)
    archive.add_text("style.css", get_template(STYLE).render())
    done = 0
    for number, (page, is_last) in enumerate(_pages(posts), 1):
        context = {
            **site,
            "profile": profile,
            "number": number,
            "posts": [_row(own) for own in page],
            "newer": name_of(number - 1) if number > 1 else "",
            "older": "" if is_last else name_of(number + 1),
        }
        archive.add_text(name_of(number), template.render(context))
        for own in page:
            _add_files(archive, own)
        done += len(page)
        yield done


def _pages(posts: Iterable[OwnPost]) -> Iterator[tuple[tuple[OwnPost, ...], bool]]:
    """Yield each page, one at least, and whether it is the last."""
    page: tuple[OwnPost, ...] | None = None
    for following in batched(posts, PAGE):
        if page is not None:
            yield page, False
        page = following
    yield page or (), True


def _add_files(archive: ArchiveFile, own: OwnPost) -> None:
    for media in (*own.media, *own.original_media):
        archive.add_file(media_name(media), uploads.path(media.key, stored_name(media)))
    card = own.post.card
    if card and card.key:
        archive.add_file(card_name(card), uploads.path(card.key, "small.webp"))


# --- What the template shows: values, and HTML that the site made ---


def _profile(account: Account) -> dict[str, Any]:
    return {
        "url": url_of(account),
        "name": account.shown_name,
        "handle": str(account),
        "bio": _html(account.bio_html),
        "location": account.location,
        "website": web_address(account.website),
        "shown_website": account.shown_website,
        "joined": account.joined_at,
        "avatar": "avatar.webp" if account.avatar else "",
        "banner": "header.webp" if account.banner else "",
        "following": account.following,
        "followers": account.followers,
    }


def _html(stored: str) -> SafeString:
    return mark_safe(absolute(stored))  # noqa: S308  (made only by escaping: microblog.text)


def _row(own: OwnPost) -> dict[str, Any]:
    post = own.post
    return {
        "url": url_of(post),
        "moment": post.created_at,
        "datetime": when(post.created_at),
        "is_retweet": post.retweet_of_id is not None,
        "is_pinned": own.is_pinned,
        "is_hidden": post.hidden_at is not None,
        "edited": post.edited_at,
        "html": _html(post.html),
        "answered": _link(own.answered, post.reply_to_handle, post.reply_to_url),
        "others": [
            other
            for other in (
                _link(own.original, "", ""),
                _link(own.quoted, post.quote_handle, post.quote_url),
            )
            if other
        ],
        "media": [_media(one) for one in (*own.media, *own.original_media)],
        "card": _card(own),
        "likes": post.likes,
        "retweets": post.retweets_and_quotes,
        "replies": post.replies_count,
    }


def _link(target: Target | None, handle: str, url: str) -> dict[str, Any] | None:
    """Return what leads to another post, with its words where she may see them."""
    if target is None:
        address = web_address(url)
        return {"url": address, "author": f"@{handle}" if handle else ""} if address else None
    post = target.post
    if not target.is_seen:
        return {"url": url_of(post), "author": ""}
    return {
        "url": web_address(post.origin_url) or url_of(post),
        "author": str(post.author),
        "name": post.author.shown_name,
        "html": _html(post.html),
        "moment": post.created_at if post.is_dated else None,
    }


def _media(media: Media) -> dict[str, Any]:
    return {
        "name": media_name(media),
        "is_video": media.kind != Media.Kind.IMAGE,
        "alt": media.alt,
        "width": media.width,
        "height": media.height,
    }


def _card(own: OwnPost) -> dict[str, Any] | None:
    card = own.post.card
    if card is None or not web_address(card.url):
        return None
    return {
        "url": card.url,
        "domain": card.domain,
        "title": card.title,
        "description": card.description,
        "picture": card_name(card),
    }
