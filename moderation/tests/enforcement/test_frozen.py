"""Who is frozen adds nothing and changes nothing that others see; they take away, report and keep
what nobody else sees.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Account, Follow, FollowRequest
from conftest import client_of
from moderation.models import Ticket
from testing.pictures import upload
from testing.scene import HTMX, retweet, say
from testing.staffed_site import changed, tables
from timeline.models import Bookmark, Draft, Like, Post

PROFILE = {
    "name": "Ada",
    "bio": "Buy my watches",
    "avatar_position": "middle",
    "banner_position": "middle",
}
SEEN: dict[str, Callable[[Post, Post], tuple[str, dict[str, Any]]]] = {
    "post": lambda mine, theirs: ("/compose", {"text": "Buy my watches"}),
    "reply": lambda mine, theirs: ("/compose", {"text": "Buy my watches", "reply_to": theirs.pk}),
    "quote": lambda mine, theirs: ("/compose", {"text": "Buy my watches", "quote": theirs.pk}),
    "edit": lambda mine, theirs: (f"/posts/{mine.pk}/edit", {"text": "Buy my watches"}),
    "retweet": lambda mine, theirs: (f"/posts/{theirs.pk}/retweet", {}),
    "like": lambda mine, theirs: (f"/posts/{theirs.pk}/like", {}),
    "pin": lambda mine, theirs: (f"/posts/{mine.pk}/pin", {}),
    "follow": lambda mine, theirs: ("/@ben/follow", {}),
    "alt text": lambda mine, theirs: (
        "/settings/descriptions",
        {"media": mine.media.get().pk, "alt": "Watches"},
    ),
    "bio": lambda mine, theirs: ("/settings/profile", PROFILE),
    "avatar": lambda mine, theirs: (
        "/settings/profile",
        PROFILE | {"bio": "", "name": "Ada Lovelace", "avatar": upload()},
    ),
    "handle": lambda mine, theirs: ("/settings/handle", {"handle": "watches"}),
    "open": lambda mine, theirs: ("/settings/privacy/open", {}),
    "accept": lambda mine, theirs: ("/@cal/accept", {}),
}


@pytest.fixture
def scene(ada: Account, ben: Account, cal: Account) -> tuple[Post, Post]:
    """A post of Ada, who is protected and whom Cal asks to follow, and one of Ben."""
    ada.protect()
    cal.follow(ada)
    return say(ada, "Hello", pictures=1, ago=timedelta(minutes=1)), say(ben, "Hi")


def freeze(account: Account) -> Client:
    Account.objects.filter(pk=account.pk).update(frozen_at=timezone.now())
    return client_of(Account.objects.get(pk=account.pk))


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
@pytest.mark.parametrize("deed", SEEN)
def test_who_is_frozen_cannot_change_what_others_see(
    ada: Account, scene: tuple[Post, Post], deed: str, headers: dict[str, str]
) -> None:
    url, data = SEEN[deed](*scene)
    frozen = freeze(ada)
    before = tables()
    response = frozen.post(url, data, headers=headers)
    assert response.status_code in (403, 422)
    assert b"Your account is frozen" in response.content
    assert changed(before) == []


@pytest.mark.parametrize("deed", SEEN)
def test_who_is_not_frozen_can(
    ada: Account, as_ada: Client, scene: tuple[Post, Post], deed: str
) -> None:
    url, data = SEEN[deed](*scene)
    before = tables()
    assert as_ada.post(url, data).status_code == 302
    assert changed(before)


def test_who_is_frozen_can_take_away_report_and_bookmark(
    ada: Account, ben: Account, scene: tuple[Post, Post]
) -> None:
    mine, theirs = scene
    theirs.like(ada)
    retweet(ada, theirs)
    ada.follow(ben)
    frozen = freeze(ada)
    for url in (
        f"/posts/{theirs.pk}/unlike",
        f"/posts/{theirs.pk}/unretweet",
        "/@ben/unfollow",
        f"/posts/{mine.pk}/delete",
        "/@cal/refuse",
        "/@ben/remove-follower",
    ):
        assert frozen.post(url).status_code == 302, url
    assert frozen.post("/@ben/report", {"category": "spam"}).status_code == 302
    assert frozen.post(f"/posts/{theirs.pk}/bookmark").status_code == 302
    assert frozen.post("/drafts", {"text": "Half a thought"}).status_code == 302
    assert not Like.objects.exists()
    assert not Follow.objects.exists()
    assert not FollowRequest.objects.exists()
    assert not Post.objects.visible_to(ada).by(ada).exists()
    assert (Ticket.objects.reports().count(), Bookmark.objects.count(), Draft.objects.count()) == (
        1,
        1,
        1,
    )


def test_who_is_frozen_can_protect_itself(ada: Account) -> None:
    assert freeze(ada).post("/settings/privacy", {"protected": "on"}).status_code == 302
    assert Account.objects.get(pk=ada.pk).protected_at
