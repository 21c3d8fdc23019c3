"""A browser as people have it, a site with something on it, and a watch on what must never happen
in any page.
"""

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from accounts.models import Account
from accounts.profile_pictures import AVATAR_SIZES, BANNER_SIZES
from conftest import client_of, make_account
from microblog import text
from microblog.media import images
from testing.chromium import launched
from timeline.models import Post
from timeline.posting.attachments import PICTURE_SIZES, Attachment

WIDE, PHONE = 1280, 390
SCREENSHOTS = settings.VAR / "screenshots"


# --- The browser ---


@pytest.fixture(scope="session")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    """The system's Chromium, with a fresh profile.

    Asks for the database first, so that the live server shares one in memory.
    """
    with launched() as browser:
        yield browser
        connections.close_all()  # inside Playwright's loop this thread has connections of its own


@dataclass
class People:
    """Opens browsers for people, and watches over their pages: what the console says, what breaks,
    who else is asked.
    """

    chromium: Browser
    url: str
    contexts: list[BrowserContext] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def __call__(
        self,
        account: Account | None = None,
        *,
        width: int = WIDE,
        dark: bool = False,
        js: bool = True,
    ) -> Page:
        """A page, still empty, of a browser in which `account` (None: nobody) is signed in."""
        context = self.chromium.new_context(
            base_url=self.url,
            viewport={"width": width, "height": 844 if width == PHONE else 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=js,
            has_touch=width == PHONE,
            reduced_motion="reduce",
            permissions=["clipboard-read", "clipboard-write"],
        )
        context.set_default_timeout(8000)
        context.on("console", self._listen)
        context.on("weberror", lambda error: self._problem(f"error in the page: {error.error}"))
        context.on("request", lambda request: self._check(request.url))
        self.contexts.append(context)
        if account:
            session = client_of(account).cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies(
                [
                    {
                        "name": settings.SESSION_COOKIE_NAME,
                        "value": session,
                        "url": self.url,
                        "httpOnly": True,
                    }
                ]
            )
        return context.new_page()

    def expect_problem(self, pattern: str) -> None:
        """In this test, what matches `pattern` is no problem: it is what the test is about."""
        self.expected.append(pattern)

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._problem(f"console: {message.text} ({message.location['url']})")

    def _check(self, url: str) -> None:
        if not url.startswith((f"{self.url}/", "data:", "blob:", "about:")):
            self._problem(f"asked another host: {url}")

    def _problem(self, problem: str) -> None:
        if not any(re.search(pattern, problem) for pattern in self.expected):
            self.problems.append(problem)

    def photograph(self, name: str) -> str:
        """Keep what every open page shows, and say where."""
        folder = SCREENSHOTS / re.sub(r"[^\w.-]+", "-", name).strip("-")
        folder.mkdir(parents=True, exist_ok=True)
        for n, page in enumerate(page for context in self.contexts for page in context.pages):
            page.screenshot(path=folder / f"{n}.png")
        return f"Screenshots: {folder}"


@pytest.fixture
def browse(chromium: Browser, live_server: Any, request: pytest.FixtureRequest) -> Iterator[People]:
    people = People(chromium, live_server.url)
    yield people
    seen = people.photograph(request.node.name) if people.problems else ""
    for context in people.contexts:
        context.close()
    # What was asked for last is answered, before the database is emptied and the storage is
    # another.
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(timeout=5)
    assert not people.problems, "\n".join([*people.problems, seen])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report = yield
    people = getattr(item, "funcargs", {}).get("browse")
    if call.when == "call" and report.failed and people:
        report.sections.append(("Browser", people.photograph(item.name)))
    return report


# --- What is on the site ---

ZALGO = "Z" + "\u0335\u0321\u0322\u0316\u0317\u0318\u0319\u031c\u031d" * 20 + "algo"
LONG_WORD = "Donaudampfschifffahrt" * 10  # 210 characters without a space
NAMES = {
    "wide": "W" * 50,
    "rtl": "عبد الرحمن بن محمد بن عبد الله بن أحمد الطويل",
    "zalgo": text.clean_line(ZALGO),
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈🎉" * 5,
    "abcdefghijklmno": "Ł. Ötzi-Łukasiewicz von und zu Sankt Gallenkappel",
}


def png(width: int = 60, height: int = 40, color: str = "teal") -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), color).save(out, "PNG")
    return out.getvalue()


# Each is decoded in a process of its own, which takes as long as a page: so, once.
@cache
def fitted(width: int, height: int) -> images.Picture:
    return images.fit(BytesIO(png(width, height)), PICTURE_SIZES)


@cache
def cropped(
    width: int, height: int, color: str, sizes: tuple[tuple[str, tuple[int, int]], ...]
) -> dict[str, bytes]:
    return images.crop(BytesIO(png(width, height, color)), dict(sizes)).files


def pictures(*sizes: tuple[int, int], alt: str = "A plain field") -> list[Attachment]:
    return [Attachment(fitted(*size), alt) for size in sizes]


@pytest.fixture
def far(db: None) -> Post:
    """A post that an archive's retweet points to, by somebody who is not here."""
    author = Account.objects.create(
        handle="a_very_long_handle_from_far_30", host="x.com", name="Far Away"
    )
    origin = "https://x.com/i/web/status/1"
    post = Post(
        author=author,
        text="From far away",
        html="From far away",
        is_external=True,
        is_dated=False,
        origin_url=origin,
    )
    post.insert()
    return post


@pytest.fixture
def nasty(ada: Account, ben: Account, far: Post, publish: Callable[..., Post]) -> Post:
    """A post of Ada's, with all around it that makes a page hard to lay out: written, retweeted,
    quoted or answered by her.
    """
    ada.edit(
        bio=f"{LONG_WORD[:150]} @ben",
        location="Sankt-Gallenkappel-Neuhaus-Wal",
        website=f"https://{'x' * 60}.example/{'y' * 100}",
    )
    ada.set_picture("avatar", cropped(500, 400, "teal", tuple(AVATAR_SIZES.items())))
    ada.set_picture("banner", cropped(90, 900, "silver", tuple(BANNER_SIZES.items())))
    Account.objects.filter(pk=ada.pk).update(imported_followers=118_234, imported_following=11_987)
    people = [make_account(handle, name=name) for handle, name in NAMES.items()]
    moment = timezone.now() - timedelta(days=800)
    for n, person in enumerate(people):
        words = (
            LONG_WORD,
            "مرحبا بالعالم " * 12,
            text.clean(ZALGO * 8),
            "😀" * 120,
            "https://example.com/" + "z" * 200,
        )[n]
        post = publish(person, words, moment=moment + timedelta(days=100 * n))
        post.retweet(ada)
        ada.follow(person)
        person.follow(ada)
        publish(ada, f"{words[:100]} #{'tag' * 30}", quote_of=post)
        publish(ada, words[:200], reply_to=post)
    far.retweet(ada)
    for sizes in ([(30, 900)], [(900, 30)], [(60, 40)] * 2, [(60, 40)] * 3, [(60, 40)] * 4):
        publish(ada, "Pictures", attachments=pictures(*sizes))
    publish(ada, "Look away", attachments=pictures((600, 400), (400, 600)), sensitive=True)
    main = publish(ada, f"{LONG_WORD} and a link https://example.com/{'w' * 150}")
    Post.objects.filter(pk=main.pk).update(imported_likes=12_345_678, imported_retweets=999_999)
    for person in people:
        publish(person, LONG_WORD[:100] + " مرحبا", reply_to=main)
    publish(ada, "I go on", reply_to=main)
    ada.refresh_from_db()
    return main


def path_of(path: str, post: Post) -> str:
    """`path`, where POST stands for the page of `post`, and ID for its id."""
    return post.get_absolute_url() if path == "POST" else path.replace("ID", str(post.pk))


@pytest.fixture
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file to choose in a form."""
    path = tmp_path_factory.mktemp("pictures") / "me.png"
    path.write_bytes(png(500, 400, "orange"))
    return path
