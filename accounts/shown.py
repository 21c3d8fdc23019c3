"""Accounts as pages show them: values, which ask nobody anything."""

from typing import NamedTuple

from django.utils.dateformat import format as format_date

from accounts.models import Account
from accounts.models.account_facts import AccountFacts


class Known(NamedTuple):
    """Who follows somebody, of those whom the viewer follows: their names, and how many more."""

    names: tuple[str, ...] = ()
    others: int = 0


class _Columns(NamedTuple):
    pk: int
    handle: str
    host: str  # "" for who is here
    name: str
    avatar: str  # the key of its upload, or ""
    bio_html: str
    is_followed: bool  # by the viewer
    follows_viewer: bool
    is_requested: bool = False  # the viewer asked to follow it, and waits
    is_protected: bool = False
    # at the head of a profile alone:
    is_readable: bool = True  # what it posts, for the viewer
    is_blocked: bool = False  # by the viewer
    is_muted: bool = False
    hides_retweets: bool = False
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
    known: Known = Known()


class ShownAccount(AccountFacts, _Columns):
    """Somebody in a list of people, or at the head of their profile, as one viewer sees them.

    Components that show an Account show it as well.
    """

    __slots__ = ()


class _Viewer(NamedTuple):
    pk: int
    handle: str
    host: str
    name: str
    avatar: str
    unread_from_site: int


class ShownViewer(AccountFacts, _Viewer):
    """Who is signed in, and looks at a page."""

    __slots__ = ()


def viewer(account: Account) -> ShownViewer:
    """Return `account` as the pages show it that it looks at."""
    return ShownViewer(
        account.pk,
        account.handle,
        account.host,
        account.name,
        account.avatar,
        account.unread_from_site,
    )


def person(account: Account) -> ShownAccount:
    """Return `account` as lists of people show it; asked for by `with_follow_state`."""
    return ShownAccount(
        pk=account.pk,
        handle=account.handle,
        host=account.host,
        name=account.name,
        avatar=account.avatar,
        bio_html=account.bio_html,
        is_followed=bool(account.is_followed),  # type: ignore[attr-defined]
        follows_viewer=bool(account.follows_viewer),  # type: ignore[attr-defined]
        is_requested=bool(account.is_requested),  # type: ignore[attr-defined]
        is_protected=account.protected_at is not None,
    )


def profile(account: Account) -> ShownAccount:
    """Return `account` as its own pages show it; asked for by `with_relations`."""
    return person(account)._replace(
        is_readable=account.is_readable,  # type: ignore[attr-defined]
        is_blocked=account.is_blocked,  # type: ignore[attr-defined]
        is_muted=account.is_muted,  # type: ignore[attr-defined]
        hides_retweets=account.hides_retweets,  # type: ignore[attr-defined]
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
