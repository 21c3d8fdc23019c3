"""Every address to which something can be sent: what it makes has a limit, or there is a reason why
it needs none.

Whoever adds an address finds out here: a POST that is in neither table fails.
docs/decisions/limits.md says the same in words.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts import limits as account_limits
from accounts.auth import unsolicited_mail
from accounts.models import Account
from accounts.tests.test_security import prove
from archives.limits import EXPORTS
from microblog.web import ratelimit
from microblog.web.ratelimit import Limit
from moderation import limits as moderation_limits
from moderation.models import Ticket
from testing.scene import HTMX, say
from timeline.models import Draft, Post
from timeline.posting import limits

POSITIONS = {"avatar_position": "middle", "banner_position": "middle"}
ASKED = {"handle": "ben", "reason": "me", "text": "Please", "email": "eve@example.com"}


@dataclass
class Place:
    """What is there, when somebody sends something."""

    ada: Account
    post: Post  # Ada's, with a picture
    other: Post  # Ben's
    request: Ticket

    def args(self, name: str) -> dict[str, Any]:
        handles = {"handle": "ben"}
        return {
            "edit": {"pk": self.post.pk},
            "follow_tag": {"name": "engines"},
            "tracker": {"reference": self.request.reference},
            **dict.fromkeys(("follow", "block", "mute", "report_account"), handles),
        }.get(name, {"pk": self.other.pk} if name in DEEDS and DEEDS[name].about_a_post else {})


@dataclass(frozen=True)
class Deed:
    """What is sent to an address, and the limit that counts it, for whom."""

    limit: Limit
    data: Callable[[Place], dict[str, Any]] = field(default=lambda place: {})
    subject: Callable[[Place], Any] = field(default=lambda place: place.ada.pk)
    about_a_post: bool = False
    by_visitor: bool = False
    asks_who: bool = False  # it is: a password, typed a moment ago


DEEDS = {
    "compose": Deed(limits.POSTS, lambda place: {"text": "Hello"}),
    "drafts": Deed(limits.DRAFTS, lambda place: {"text": "Half a thought"}),
    "like": Deed(limits.LIKES, about_a_post=True),
    "retweet": Deed(limits.POSTS, about_a_post=True),
    "bookmark": Deed(limits.BOOKMARKS, about_a_post=True),
    "edit": Deed(limits.EDITS, lambda place: {"text": "Anew"}, about_a_post=True),
    "descriptions": Deed(
        limits.DESCRIPTIONS,
        lambda place: {"media": place.post.media.get().pk, "alt": "A lighthouse"},
    ),
    "follow": Deed(account_limits.FOLLOWS),
    "follow_tag": Deed(limits.TAG_FOLLOWS),
    "block": Deed(account_limits.BLOCKS),
    "mute": Deed(account_limits.MUTES),
    "muted_words": Deed(account_limits.MUTES, lambda place: {"word": "spoiler"}),
    "settings_profile": Deed(
        account_limits.PROFILES, lambda place: {"name": "Countess", **POSITIONS}
    ),
    "welcome_picture": Deed(
        account_limits.PROFILES,
        lambda place: {"avatar_position": "middle"},
    ),
    "welcome_bio": Deed(account_limits.PROFILES, lambda place: {"bio": "Counts"}),
    "settings_handle": Deed(account_limits.HANDLES, lambda place: {"handle": "countess"}),
    "settings_deactivate": Deed(account_limits.LEAVING),
    "settings_export": Deed(EXPORTS, asks_who=True),
    "report_post": Deed(
        moderation_limits.REPORTS, lambda place: {"category": "spam"}, about_a_post=True
    ),
    "report_account": Deed(moderation_limits.REPORTS, lambda place: {"category": "spam"}),
    "removal": Deed(
        unsolicited_mail.FROM_NETWORK,
        lambda place: ASKED,
        lambda place: "127.0.0.1",
        by_visitor=True,
    ),
    "tracker": Deed(
        moderation_limits.MESSAGES,
        lambda place: {"text": "Well?"},
        lambda place: place.request.reference,
        by_visitor=True,
    ),
}
WITHOUT = {
    **dict.fromkeys(
        (
            "unlike",
            "unretweet",
            "unbookmark",
            "unfollow",
            "unfollow_tag",
            "unblock",
            "unmute",
            "unmute_word",
            "remove_follower",
            "accept",
            "refuse",
            "unpin",
            "delete",
            "delete_draft",
            "detach",
        ),
        "takes away what was counted",
    ),
    **dict.fromkeys(("pin", "settings_notifications"), "one row of an account at most"),
    **dict.fromkeys(
        ("audience", "hide_reply", "show_reply"), "a column of a post, of which each was counted"
    ),
    **dict.fromkeys(
        ("hide_retweets", "show_retweets"), "a column of a follow, of which each was counted"
    ),
    **dict.fromkeys(
        ("settings_privacy", "settings_privacy_open"),
        "a column of the account; who asks to follow was counted",
    ),
    "notice": "one appeal for each decision",
    "confirm_ticket": "once for each request, which was counted",
    "unsubscribe": "a column of that row; the link is signed, so that none is guessed",
    "settings_start": "one account for each user",
    "settings_appearance": "a cookie, and a column of the account",
    "settings_delete": "once for each account; tries of its password are counted",
    "health": "changes nothing",
    "add_part": "shows the composer with room for one more post",
}
# of signing in and up (docs/decisions/limits.md names them); what staff does is in the record
HAVE_THEIR_OWN = ("account/", "admin/", "settings/security/")


@pytest.fixture
def place(ada: Account, ben: Account, visitor: Client) -> Place:
    visitor.post("/removal", {**ASKED, "email": "ben@example.com"})
    request = Ticket.objects.removals().get()
    request.confirm()
    return Place(
        ada,
        say(ada, "Hello", pictures=1, ago=limits.HOUR / 60),
        say(ben, "Hello #engines"),
        request,
    )


def addresses(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, path)
        else:
            yield path.removeprefix("^"), pattern


OURS = {
    path: pattern
    for path, pattern in addresses(get_resolver())
    if not path.startswith(HAVE_THEIR_OWN)
}


def test_every_address_that_takes_something_is_in_a_table(place: Place, as_ada: Client) -> None:
    anything = {
        "handle": "ben",
        "pk": place.other.pk,
        "name": "x",
        "key": "x",
        "token": "x",
        "reference": "x",
        "number": 1,
    }
    open_ones = set()
    for path, pattern in OURS.items():
        args = {name: anything[name] for name in pattern.pattern.converters}
        url = reverse(pattern.name, kwargs=args) if pattern.name else f"/{path}"
        with transaction.atomic():  # one of them signs her out
            if as_ada.post(url).status_code != 405:
                open_ones.add(pattern.name)
            transaction.set_rollback(True)
    assert open_ones - DEEDS.keys() - WITHOUT.keys() == set(), (
        "these take a POST, and are in no table"
    )
    assert len(open_ones) >= len(DEEDS), "the walk finds them"
    assert not DEEDS.keys() - open_ones, "these take none any more"


def rows() -> dict[str, int]:
    """Count the rows of every table, but for the counters themselves, and sessions, in which what
    is said waits.
    """
    counted = (
        model
        for model in apps.get_models()
        if model._meta.label not in ("microblog.Spending", "accounts.Session")
    )
    return {model._meta.label: model._default_manager.count() for model in counted}


@pytest.mark.both_databases
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
@pytest.mark.parametrize("name", DEEDS)
def test_every_deed_is_counted_and_refused_beyond_its_limit(
    place: Place, as_ada: Client, visitor: Client, name: str, headers: dict[str, str]
) -> None:
    deed, client = DEEDS[name], visitor if DEEDS[name].by_visitor else as_ada
    if deed.asks_who:
        prove(client)
    url, subject = reverse(name, kwargs=place.args(name)), deed.subject(place)
    before = ratelimit.spent(deed.limit, subject)
    ratelimit.record(deed.limit, subject, deed.limit.most - before)
    as_it_was = rows(), Draft.objects.count(), Account.objects.get(pk=place.ada.pk).handle
    response = client.post(url, deed.data(place), headers=headers)
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= deed.limit.within.total_seconds()
    assert "Please try again in" in response.content.decode()
    assert as_it_was == (rows(), Draft.objects.count(), Account.objects.get(pk=place.ada.pk).handle)
    ratelimit.forget(deed.limit, subject)
    assert client.post(url, deed.data(place), headers=headers).status_code in (200, 204, 302)
    assert ratelimit.spent(deed.limit, subject) == 1
