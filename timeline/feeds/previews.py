"""Profiles and posts as others show a link to them.

Who is not to be found by strangers has no preview.
"""

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils.dateformat import format as format_date

from accounts.models import Account
from accounts.profile_pictures import AVATAR_SIZES, BANNER_SIZES
from microblog.media import uploads
from microblog.web.link_previews import Picture, Preview, address_of, in_short, is_first, our_card
from timeline.feeds.row import ShownMedia
from timeline.models import Post

OF_TABS = {"posts": "", "replies": "Replies of ", "media": "Pictures and videos of "}


def preview_of_profile(account: Account, tab: str, request: HttpRequest) -> Preview | None:
    """Return the preview of a tab of `account`; None where strangers shall not find it, and for
    what its owner alone sees.
    """
    if tab not in OF_TABS or not account.is_discoverable:
        return None
    return Preview(
        title=f"{OF_TABS[tab]}{account.shown_name} ({account})",
        description=in_short(account.bio) or f"Posts of {account.shown_name}.",
        path=address_of(
            request, account.get_absolute_url() + ("" if tab == "posts" else f"/{tab}")
        ),
        picture=_banner(account) or _avatar(account) or our_card(),
        kind="profile",
        username=account.full_handle,
        is_first=is_first(request),
    )


def preview_of_post(
    post: Post, media: Iterable[ShownMedia], request: HttpRequest
) -> Preview | None:
    """Return the preview of `post`, which shows `media`, at its own address; None where strangers
    shall not find it.
    """
    author = post.author
    if not author.is_discoverable:
        return None
    return Preview(
        title=f"{author.shown_name} ({author})",
        description=in_short(post.text) or f"A post of {author.shown_name}.",
        path=address_of(request, post.get_absolute_url()),
        picture=_first_picture(post, media) or _avatar(author) or our_card(),
        kind="article",
        published_at=format_date(post.created_at, "c"),
        author_path=author.get_absolute_url(),
        is_first=is_first(request),
    )


def _banner(account: Account) -> Picture | None:
    return (
        Picture(
            uploads.url(account.banner, "large.webp"),
            *BANNER_SIZES["large"],
            f"Banner of {account}",
        )
        if account.banner
        else None
    )


def _avatar(account: Account) -> Picture | None:
    shown = f"Avatar of {account}"
    return (
        Picture(
            uploads.url(account.avatar, "large.webp"), *AVATAR_SIZES["large"], shown, is_wide=False
        )
        if account.avatar
        else None
    )


def _first_picture(post: Post, media: Iterable[ShownMedia]) -> Picture | None:
    """Return the first of `media` that is a picture; of a post marked as sensitive, none."""
    shown = [] if post.sensitive else [one for one in media if one.kind == "image"]
    return next(
        (Picture(one.large, one.width, one.height, in_short(one.alt)) for one in shown), None
    )
