"""Accounts as pages show them: values, which ask nobody anything."""

from typing import NamedTuple

from django.conf import settings
from django.utils.dateformat import format as format_date

from accounts.models import Account
from microblog.media import uploads


class ShownAccount(NamedTuple):
    """Somebody in a list of people, or at the head of their profile, as one viewer sees them.

    Components that show an Account show it as well.
    """

    pk: int
    handle: str
    host: str  # "" for who is here
    shown_name: str
    avatar: str  # the key of its upload, or ""
    placeholder_color: int
    bio_html: str
    is_followed: bool  # by the viewer
    follows_viewer: bool
    # at the head of a profile alone:
    banner: str = ""
    location: str = ""
    website: str = ""
    shown_website: str = ""
    joined: str = ""
    followers: int = 0
    following: int = 0
    imported_followers: int = 0
    posts_count: int = 0
    media_count: int = 0

    def __str__(self) -> str:
        return f"@{self.full_handle}"

    def get_absolute_url(self) -> str:
        return settings.PROFILE_URL.format(handle=self.full_handle)

    @property
    def full_handle(self) -> str:
        return f"{self.handle}@{self.host}" if self.host else self.handle

    @property
    def initial(self) -> str:
        return self.shown_name[:1].upper()

    @property
    def small_avatar(self) -> str:
        return uploads.url(self.avatar, "small.webp")

    @property
    def is_external(self) -> bool:
        return bool(self.host)


def person(account: Account) -> ShownAccount:
    """Return `account` as lists of people show it; asked for by `with_follow_state`."""
    return ShownAccount(
        pk=account.pk,
        handle=account.handle,
        host=account.host,
        shown_name=account.shown_name,
        avatar=account.avatar,
        placeholder_color=account.placeholder_color,
        bio_html=account.bio_html,
        is_followed=bool(account.is_followed),  # type: ignore[attr-defined]
        follows_viewer=bool(account.follows_viewer),  # type: ignore[attr-defined]
    )


def profile(account: Account) -> ShownAccount:
    """Return `account` as its own pages show it; asked for by `with_follow_state`."""
    return person(account)._replace(
        banner=account.banner,
        location=account.location,
        website=account.website,
        shown_website=account.shown_website,
        joined=format_date(account.joined_at, "F Y"),
        followers=account.followers,
        following=account.following,
        imported_followers=account.imported_followers,
        posts_count=account.posts_count,
        media_count=account.media_count,
    )
