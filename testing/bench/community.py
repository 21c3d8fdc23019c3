"""The community that is measured: a made-up one of the size that was asked for, and in it those
who read, who write, and what they look at.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import product
from urllib.parse import urlencode
from uuid import UUID

from django.core.management import call_command
from django.db.models import Count
from django.test import Client
from django.utils import timezone

from accounts.models import Account, User
from microblog.web.converters import MAX_ID
from testing.bench.load import Deed
from timeline.models import Like, Post, Tag
from timeline.posting.publish import publish

SEED = 1
MORE = 100  # accounts, at least, than a reader follows
FOLLOWS = (50, 2_000, 10_000)  # of those who read
WRITERS = 400  # who is new here posts thirty times an hour at most
POSTS_EACH, LIKES_EACH = 25, 50
THREAD = 30  # posts
NOTICED = 20  # posts that others liked
WORD = "coffee"  # one of the made-up community's
HOST = "127.0.0.1"
TOKEN = "b" * 32  # of forms, and of the cookie that they are compared with


@dataclass(frozen=True)
class Page:
    """A page, and who asks for it: a visitor, where there is no cookie. Or a script that asks in a
    tab of theirs, and is answered with nothing.
    """

    name: str
    path: str
    reader: str = ""  # the handle
    cookie: str = ""
    row: str = "<article"  # how each of its rows begins
    is_poll: bool = False

    @property
    def headers(self) -> dict[str, str]:
        cookie = {"Cookie": self.cookie} if self.cookie else {}
        return {**cookie, "HX-Request": "true"} if self.is_poll else cookie

    @property
    def status(self) -> int:
        return 204 if self.is_poll else 200

    @property
    def who(self) -> str:
        return "signed in" if self.reader else "visitor"

    def is_in(self, html: str) -> bool:
        """Return whether `html` is the page, with rows, for who asks and for nobody else."""
        if self.is_poll:
            return not html
        if self.reader:
            is_theirs = f'<a class="me" href="/@{self.reader}"' in html
        else:
            is_theirs = 'class="me"' not in html and "<span>Sign in</span>" in html
        return self.row in html and is_theirs


@dataclass(frozen=True)
class Scene:
    """All that is asked for, and done."""

    posts: int
    accounts: int
    pages: list[Page]
    mixed: list[Page]  # of many people: what the memory of a worker is measured with
    deeds: dict[str, list[Deed]]
    changed: int  # the post that changes all the time; on none of the pages
    writers: list[int]  # who does the deeds
    done: dict[str, int] = field(default_factory=dict)  # how many of the deeds of a name

    def deeds_done(self) -> int:
        """Count what the deeds made so far."""
        posts = Post.objects.filter(author__in=self.writers).count()
        return posts + Like.objects.filter(account__in=self.writers).count()


@dataclass(frozen=True)
class Reader:
    """Somebody who is signed in."""

    account: Account
    cookie: str


def build(posts: int) -> Scene:
    """Fill the empty database with so many posts, half of them of one author; add who writes, and
    choose what is looked at.
    """
    accounts = max(posts // 20, FOLLOWS[-1] + MORE)
    call_command(
        "populate",
        accounts=accounts,
        posts=posts,
        seed=SEED,
        biggest_author=posts // 2,
        readers=FOLLOWS,
    )
    readers = {
        number: _session(Account.objects.with_user().get(handle=f"reader_{number}"))
        for number in FOLLOWS
    }
    writers = [_newcomer(f"writer_{number}") for number in range(WRITERS)]
    people = list(Account.objects.filter(host="").order_by("-posts_count", "pk")[:200])
    pages = [
        *_pages(readers, _thread(), *people[:2]),
        *_searches(readers[FOLLOWS[0]]),
        _notifications(writers),
        *_polls(readers),
    ]
    return Scene(
        Post.objects.count(),
        Account.objects.count(),
        pages,
        list(_mixed(pages, people, readers[FOLLOWS[0]])),
        {"posting by the form": list(_posting(writers)), "liking": list(_liking(writers))},
        Post.objects.without_retweets().order_by("pk").values_list("pk", flat=True)[0],
        [writer.account.pk for writer in writers],
    )


# --- People ---


def _newcomer(handle: str) -> Reader:
    user = User.objects.create_user(f"{handle}@bench.example")
    return _session(Account.objects.create_local(handle, user=user, name=handle.capitalize()))


def _session(account: Account) -> Reader:
    """Sign somebody in."""
    client = Client(SERVER_NAME=HOST)
    client.force_login(account.user)
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    cookies["csrftoken"] = TOKEN
    return Reader(account, "; ".join(f"{name}={value}" for name, value in cookies.items()))


# --- What they look at ---


def _thread() -> Post:
    """The first of THREAD posts with which one author went on and on."""
    author = _newcomer("threader").account
    first = last = publish(author, "One", moment=timezone.now() - timedelta(days=2), limited=False)
    for number in range(1, THREAD):
        moment = first.created_at + timedelta(minutes=number)
        text = f"And this is what I have to say besides, {number}: the engine weaves #patterns."
        last = publish(author, text, reply_to=last, moment=moment, limited=False)
    return first


def _pages(
    readers: dict[int, Reader], thread: Post, biggest: Account, usual: Account
) -> Iterator[Page]:
    tag = _most_used_tag()
    reader = readers[FOLLOWS[0]]
    profile = usual.get_absolute_url()
    shared = {
        "profile": profile,
        "profile, second page": _further(profile, 1),
        f"post with a thread of {THREAD}": thread.get_absolute_url(),
        "explore": "/explore",
        "tag": tag.get_absolute_url(),
    }
    for name, path in shared.items():
        yield Page(name, path)
        yield Page(name, path, reader.account.handle, reader.cookie)
    name, path = "profile of who wrote half of all posts", biggest.get_absolute_url()
    yield Page(name, path)
    yield Page(f"{name}, second page", _further(path, 1))
    for number, reader in readers.items():
        who = (reader.account.handle, reader.cookie)
        yield Page(f"home, follows {number:,}", "/", *who)
        third = _further("/", 2, reader.account.user)
        yield Page(f"home, third page, follows {number:,}", third, *who)


def _searches(reader: Reader) -> Iterator[Page]:
    for tab in ("top", "latest"):
        name, path = f"search, {tab}", f"/search?q={WORD}&tab={tab}"
        yield Page(name, path)
        yield Page(name, path, reader.account.handle, reader.cookie)


def _notifications(writers: list[Reader]) -> Page:
    """The notifications of somebody of whom some posts were liked."""
    noticed = _newcomer("noticed")
    moment = timezone.now() - timedelta(days=2)
    for number in range(NOTICED):
        post = publish(noticed.account, f"Noticed {number}", moment=moment, limited=False)
        for writer in writers[:3]:
            post.like(writer.account)
    row = '<div class="notification'
    return Page("notifications", "/notifications", noticed.account.handle, noticed.cookie, row)


def _polls(readers: dict[int, Reader]) -> Iterator[Page]:
    """What an open home asks, where nobody has posted since: whoever does so meanwhile."""
    for number, reader in readers.items():
        who = (reader.account.handle, reader.cookie)
        yield Page(f"poll of home, follows {number:,}", f"/?after={MAX_ID}", *who, is_poll=True)


def _further(path: str, pages: int, user: User | None = None) -> str:
    """Return the address of the page that comes so many pages after `path`."""
    client, address = Client(SERVER_NAME=HOST), path
    if user:
        client.force_login(user)
    for _ in range(pages):
        html = client.get(address).content.decode()
        found = re.search(r'<a class="more" href="[^"?]*(\?before=\d+)"', html)
        assert found, f"{address} has no next page"
        address = path + found[1]
    return address


def _most_used_tag() -> Tag:
    return Tag.objects.annotate(n=Count("taggings")).order_by("-n", "pk")[0]


def _mixed(pages: list[Page], people: list[Account], reader: Reader) -> Iterator[Page]:
    """The pages, and the profiles of many people, as visitor and signed in."""
    yield from pages
    for account in people:
        yield Page("profile", account.get_absolute_url())
        yield Page("profile", account.get_absolute_url(), reader.account.handle, reader.cookie)


# --- What they do ---


def _posting(writers: list[Reader]) -> Iterator[Deed]:
    """Posts with a tag that is known: only the first that ever has a tag makes its row."""
    tag = _most_used_tag().name
    for number, writer in product(range(POSTS_EACH), writers):
        fields = {
            "text": f"Post {number} of @{writer.account.handle} about #{tag}",
            "idempotency_key": UUID(int=number << 64 | writer.account.pk),
        }
        yield _deed("/compose", writer, fields)


def _liking(writers: list[Reader]) -> Iterator[Deed]:
    """Likes of old posts, each of them new; those side by side have other people and posts."""
    oldest = Post.objects.visible_to(None).without_retweets().order_by("pk")
    posts = list(oldest.values_list("pk", flat=True)[1 : LIKES_EACH + 1])
    for number, (place, writer) in product(range(len(posts)), enumerate(writers)):
        yield _deed(f"/posts/{posts[(number + 5 * place) % len(posts)]}/like", writer, {})


def _deed(path: str, writer: Reader, fields: dict[str, object]) -> Deed:
    body = urlencode({"csrfmiddlewaretoken": TOKEN, "next": "/explore", **fields})
    return Deed(path, writer.cookie, body)
