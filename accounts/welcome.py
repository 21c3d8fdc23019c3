"""The steps of a first day: a picture, a bio, people to follow. None has to be taken.

Where somebody wanted to go before that (`next`) goes along in the address of each.
"""

from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Account
from microblog.web.responses import next_page


class Step(NamedTuple):
    """One of them, with the addresses around it."""

    number: int
    steps: int
    url: str
    before: str  # "" for the first
    after: str


def step_of(request: HttpRequest, name: str) -> Step:
    """Return the step whose URL is called `name`, on the way to where `request` says."""
    to = next_page(request, "")
    end = to or settings.LOGIN_REDIRECT_URL
    ways = ["", *(_way(step, to) for step in settings.WELCOME_URLS), end]
    number = settings.WELCOME_URLS.index(name) + 1
    before, url, after = ways[number - 1 : number + 2]
    return Step(number, len(settings.WELCOME_URLS), url, before, after)


def first_step(account: Account, to: str = "") -> str:
    """Return where `account` begins, on its way to the page `to`: not with what it has already, as
    an imported one may.
    """
    picture, bio, people = settings.WELCOME_URLS
    return _way(
        people if account.avatar and account.bio else bio if account.avatar else picture, to
    )


def _way(name: str, to: str) -> str:
    return f"{reverse(name)}?{urlencode({'next': to})}" if to else reverse(name)
