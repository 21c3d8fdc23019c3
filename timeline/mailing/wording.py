"""What a mail says of each thing that one is told: values that its template reads."""

from collections.abc import Sequence
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.text import Truncator

from accounts.models import Account
from accounts.models.account_facts import AccountFacts
from microblog.text import clean, clean_line
from timeline.feeds.muted_words import plain
from timeline.feeds.notifications import ShownNotification
from timeline.feeds.row import Row

LONGEST_NAME, LONGEST_TEXT = 50, 500  # characters
DID = {
    "reply": "answered you",
    "mention": "mentioned you",
    "quote": "quoted you",
    "follow": "followed you",
    "request": "asked to follow you",
    "approval": "let you follow them",
    "retweet": "retweeted your post",
    "like": "liked your post",
    "edit": "edited a post that you retweeted",
}
IMPORTED = "Your archive is here"


class Line(NamedTuple):
    """One thing: what happened, with names alone for the subject, and with handles; the words that
    it is about, a line each; where to read on.
    """

    subject: str  # "Ben answered you"
    said: str  # "Ben (@ben) answered you"
    words: tuple[str, ...]
    url: str


def lines_of(shown: Sequence[ShownNotification], account: Account) -> list[Line]:
    """Return a line for each thing that is `shown` to `account`."""
    return [_line(one, account) for one in shown]


def subject_of(lines: Sequence[Line]) -> str:
    more = f", and {len(lines) - 1} more" if len(lines) > 1 else ""
    return f"{settings.SITE_NAME}: {lines[0].subject}{more}"


def _line(one: ShownNotification, account: Account) -> Line:
    if one.row:
        return _of_post(one.kind, one.row)
    if not one.faces:
        return Line(IMPORTED, IMPORTED, (), _address(account.get_absolute_url()))
    first, did = one.faces[0], DID[one.kind]
    others = ""
    if one.others:
        number = f"{one.others}{'+' if one.is_more else ''}"
        others = f" and {number} other{'' if one.others == 1 else 's'}"
    url = one.url or _page_of(one.kind, first)
    subject, said = (f"{name}{others} {did}" for name in (_name(first), _called(first)))
    return Line(subject, said, _quoted(one.words), _address(url))


def _of_post(kind: str, row: Row) -> Line:
    post, did = row.post, DID[kind]
    words = _quoted(plain(post.html))
    if post.media:
        kinds = {media.kind for media in post.media}
        number = len(post.media)
        noun = "picture" if kinds == {"image"} else "video" if "image" not in kinds else "file"
        words += (f"({number} {noun}{'' if number == 1 else 's'})",)
    subject, said = (f"{name} {did}" for name in (_name(post.author), _called(post.author)))
    return Line(subject, said, words, _address(post.url))


def _page_of(kind: str, first: AccountFacts) -> str:
    return reverse("follow_requests") if kind == "request" else first.get_absolute_url()


def _name(account: AccountFacts) -> str:
    """Return the name of `account` as a header may hold it, whatever was kept as one."""
    return Truncator(clean_line(account.shown_name)).chars(LONGEST_NAME)


def _called(account: AccountFacts) -> str:
    return f"{_name(account)} ({account})"


def _quoted(text: str) -> tuple[str, ...]:
    return tuple(Truncator(clean(text)).chars(LONGEST_TEXT).splitlines())


def _address(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
