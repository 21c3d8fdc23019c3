"""No input is answered with a 500 (docs/design.md, promise 4): every address and every field of
every form, with the extremes of all kinds.

The walk reads the site's own addresses and the forms of its own pages, as a visitor, a person, a
moderator and who keeps the site. The suite sends a part of it, the same each time; `FUZZ=20000
pytest microblog/tests/web/test_fuzzing.py` sends so many (FUZZ_SEED: others).
"""

import os
import random
import re
import traceback
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from urllib.parse import quote_from_bytes, urljoin, urlsplit
from uuid import uuid4

import pytest
from django.contrib import admin  # its registry is full by now
from django.contrib.auth.models import Group
from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client
from django.test.client import ClientHandler
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import Account
from conftest import client_of, make_account
from microblog.web.middleware import set_charset_aside
from moderation.models import Case, Ticket
from testing.html import Element, read
from testing.scene import HTMX, Scene, body_of
from timeline.mailing.unsubscribing import unsubscribe_url
from timeline.models import KeywordRule, Post
from timeline.tests.conftest import scene  # noqa: F401  (a fixture)

pytestmark = pytest.mark.both_databases

DIGITS = (
    b"-1 0 1 32767 32768 2147483647 2147483648 9223372036854775807 9223372036854775808 "
    b"-9223372036854775809 18446744073709551616 "
    b"1.5 1e400 NaN inf -0 +1 1_0 0x1 007 1,000 1,2"
)
NUMBERS = [
    *DIGITS.split(),
    "٣".encode(),
    "²".encode(),
    "１".encode(),
    b" 1 ",
    b"1\n",
    b"9" * 5000,
    b"-" + b"9" * 5000,
]
DATES = (
    b"0000-00-00 0001-01-01 9999-12-31 10000-01-01 2026-02-30 9999-12-31T23:59:59-14:00 "
    b"0001-01-01T00:00:00+14:00 24:00:00"
).split()
WORDS = [
    *(
        b"",
        b"\0",
        b"a\0b",
        b"\xff\xfe",
        b"\xed\xa0\x80",
        b"\xf0\x9f",
        b"%00",
        b"%ED%A0%80",
        b"\r\nX: y",
        "\u202e\u200d\u0301".encode(),
    ),
    *(
        b"'\"<script>",
        b"' OR 1=1 --",
        b"\\",
        b"%",
        b"_",
        b"*",
        b'"',
        b"NOT AND OR (",
        b"[]",
        b"{}",
        b'{"a": [1]}',
        b"null",
        b"[" * 5000,
    ),
    *(
        b"//evil.example/",
        b"http://[",
        b"http://a]b/",
        b"javascript:x",
        b"../../etc/passwd",
        b"@",
        b"@ada@x.com",
        b"a@b@c",
        b"#",
        b"a@b.c",
    ),
    *(
        b"00000000-0000-0000-0000-000000000000",
        b"x" * 300,
        b"x" * 60_000,
        "é".encode() * 3000,
        b"\n" * 3000,
        b"a" * 40 + b"@example.com",
    ),
    *(
        b"__proto__",
        b"None",
        b"on",
        b"id__exact=1",
        b"pk__in=1&pk__in=x",
        b"ada",
        b"ben@example.com",
        b"1:2:3",
        b"e30:1x2y3z:abc",
    ),
]
EXTREMES = [*NUMBERS, *DATES, *WORDS]
QUERIES = (
    *(
        "before",
        "after",
        "next",
        "q",
        "text",
        "reply_to",
        "quote",
        "draft",
        "dialog",
        "handle",
        "account",
        "posts",
        "case",
        "show",
        "kind",
    ),
    *(
        "category",
        "e",
        "p",
        "o",
        "all",
        "when",
        "state",
        "_changelist_filters",
        "_to_field",
        "_popup",
        "id__exact",
        "id__in",
        "pk",
        "id",
    ),
    *(
        "author__id__exact",
        "account__id__exact",
        "account",
        "created_at__gte",
        "created_at__year",
        "id__isnull",
        "app_label",
        "field_name",
    ),
    *(
        "model_name",
        "term",
        "opened",
        "week",
        "year",
        "month",
        "key",
        "token",
        "user",
        "page",
        "\0",
        "a.b",
        "__",
        "id__range",
    ),
)
CONTENT_TYPES = (
    *(
        "application/x-www-form-urlencoded; charset=hex",
        "application/x-www-form-urlencoded; charset=utf-16",
        "text/plain; charset=zip",
    ),
    *(
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\xe9",
        "multipart/form-data; boundary=x; charset=rot13",
    ),
    *(
        "application/json",
        "",
        ";",
        "multipart/form-data; boundary=" + "x" * 300,
        "application/x-www-form-urlencoded; charset=idna",
    ),
)
BODIES = (
    *(
        b"",
        b"&&&==",
        b"a" * 2_000_000,
        b"&".join(b"f%d=1" % n for n in range(1200)),
        b"--x\r\n",
        b"--x\r\nContent-Disposition: form-data\r\n\r\n",
    ),
    (
        b'--x\r\nContent-Disposition: form-data; name="text"\r\nContent-Transfer-Encoding: '
        b"base64\r\n\r\n%%%\r\n--x--\r\n"
    ),
    (
        b'--x\r\nContent-Disposition: form-data; name="images"; '
        b'filename="a\0b.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n--x--\r\n'
    ),
    (
        b'--x\r\nContent-Disposition: form-data; name="avatar"; '
        b'filename="../../a"\r\nContent-Type: x; charset=hex\r\n\r\nGIF89a\r\n--x--\r\n'
    ),
    b"".join(
        b'--x\r\nContent-Disposition: form-data; name="f"; filename="%d"\r\n\r\n1\r\n' % n
        for n in range(150)
    )
    + b"--x--\r\n",
    (
        b'--x\r\nContent-Disposition: form-data; name="text"\r\nContent-Type: text/plain; '
        b"charset=utf-7\r\n\r\n+AAA-\r\n--x--\r\n"
    ),
)
COOKIES = (
    *(
        "{}",
        "sessionid",
        'sessionid="\\000\\000\\000\\000\\000\\000\\000\\000\\000"',
        "sessionid=" + "x" * 5000,
        "csrftoken=\xff; theme=\xff",
    ),
    *(
        'messages="[[\\"__json_message\\",0,25,\\"x\\"]]"',
        "messages=W10:1x:y",
        "theme=<script>; ;;=;a",
        "sessionid=\xed\xa0\x80abcdefghi",
    ),
)
HEADERS: tuple[dict[str, str], ...] = (
    *(
        {"HTTP_HOST": host}
        for host in ("evil.example", "a b", "[::1", "127.0.0.1:99999999", "testserver:x", "\xff")
    ),
    *({"HTTP_REFERER": to} for to in ("http://[", "\xff", "http://testserver/%00", "x" * 9000)),
    *(
        {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": to}
        for to in ("http://[", "\xff%ff", "/%00")
    ),
    *(
        {"HTTP_RANGE": value}
        for value in ("bytes=9-1", "bytes=-0", "bytes=" + "9" * 400 + "-", "x")
    ),
    *({"HTTP_X_FORWARDED_FOR": value} for value in ("x", "1.2.3.4, ::", "\0")),
    {"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE"},
    *(
        {"HTTP_IF_MODIFIED_SINCE": value}
        for value in ("x", "Thu, 01 Jan 99999 00:00:00 GMT", "9" * 99)
    ),
    *(
        {"HTTP_ACCEPT_LANGUAGE": "x" * 900, "HTTP_ACCEPT_ENCODING": "\xff", "HTTP_ACCEPT": "*" * 99}
        for _ in range(1)
    ),
    {"CONTENT_LENGTH": "9" * 30},
    {"CONTENT_LENGTH": "٣"},
    {"HTTP_ORIGIN": "null"},
    {"HTTP_ORIGIN": "http://["},
)
METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "HEAD", "POST", "")


@dataclass(frozen=True)
class Sending:
    """A request, and who sends it."""

    who: str
    method: str
    path: str
    body: bytes = b""
    content_type: str = "application/x-www-form-urlencoded"
    headers: Any = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return (
            f"{self.who}: {self.method} {self.path[:200]} {self.body[:200]!r} {self.content_type} "
            f"{self.headers}"
        )


def encode(pairs: Iterable[tuple[str, bytes]]) -> bytes:
    return "&".join(
        f"{quote_from_bytes(name.encode())}={quote_from_bytes(value)}" for name, value in pairs
    ).encode()


# --- What there is to ask ---


def patterns(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """The routes of all addresses, `<…>` where something stands in."""
    for pattern in resolver.url_patterns:
        route = before + re.sub(
            r"\(\?P<(\w+)>(?:\[[^\]]*\]|[^()])*\)", r"<str:\1>", str(pattern.pattern)
        ).strip("^$").replace("\\Z", "")
        if isinstance(pattern, URLPattern):
            yield "/" + route.replace("^", "").replace("\\", "")
        else:
            yield from patterns(pattern, route)


def fillings(kept: dict[str, list[str]], name: str) -> list[str]:
    good = [value for key, values in kept.items() if key in name for value in values]
    return good + [quote_from_bytes(value[:3000], safe="") for value in EXTREMES]


@dataclass
class Form:
    method: str
    action: str
    fields: list[tuple[str, str]]


def forms_of(page: str, elements: list[Element]) -> Iterator[Form]:
    """The forms of a page as it is, each with what it would send; and each button that sends one of
    them elsewhere.
    """
    for form in (element for element in elements if element.tag == "form"):
        named = [
            element
            for element in elements
            if element.tag in ("input", "textarea", "select", "button")
            and element.attrs.get("name")
            and (
                form in element.inside
                or (form.attrs.get("id") and element.attrs.get("form") == form.attrs["id"])
            )
        ]
        fields = [
            (element.attrs["name"], element.attrs.get("value", element.text)) for element in named
        ]
        for action in {
            form.attrs.get("action", ""),
            *(element.attrs["formaction"] for element in elements if "formaction" in element.attrs),
        }:
            yield Form(form.attrs.get("method", "get").upper(), urljoin(page, action), fields)


def shape(path: str) -> str:
    return re.sub(r"[0-9]{2,}|[0-9a-f-]{32,}", "N", urlsplit(path).path)


class Walk:
    """What there is to send: the pages of the site as each of `clients` sees them, their links, and
    the fields of their forms.
    """

    def __init__(
        self,
        clients: dict[str, Client],
        pages: list[str],
        kept: dict[str, list[str]],
        chance: random.Random,
    ) -> None:
        self.kept, self.chance, self.who = kept, chance, list(clients)
        self.routes = sorted(set(patterns(get_resolver())))
        self.pages = list({shape(page): page for page in pages}.values())
        self.queries: list[tuple[str, str, str]] = [
            (who, page, name) for who in clients for page in self.pages for name in QUERIES
        ]
        self.fields: list[tuple[str, Form, int]] = []
        for who, client in clients.items():
            seen: set[Any] = set()
            for page in pages:
                response = client.get(page)
                if "html" in response.get("Content-Type", "") and not response.streaming:
                    self._learn(who, page, read(response), seen)
        for kind in (self.routes, self.queries, self.fields):
            chance.shuffle(kind)  # type: ignore[arg-type]

    def _learn(self, who: str, page: str, elements: list[Element], seen: set[Any]) -> None:
        links = {
            name
            for element in elements
            for name in re.findall(r"[?&]([\w.]+)=", element.attrs.get("href", ""))
        }
        self.queries += [
            (who, page, name)
            for name in links
            if name not in QUERIES and not seen.add((shape(page), name))
        ]  # type: ignore[func-returns-value]
        for form in forms_of(page, elements):
            for n, (name, _) in enumerate(form.fields):
                key = (form.method, shape(form.action), name)
                if key not in seen and name != "csrfmiddlewaretoken":
                    seen.add(key)
                    self.fields.append((who, form, n))

    def requests(self) -> Iterator[Sending]:
        """Yield without end: all fields in turn, queries, addresses, and what is no form at all."""
        while True:
            for turn in range(max(len(self.fields), len(self.queries))):
                yield self._filled(*self.fields[turn % len(self.fields)])
                yield self._filled(*self.fields[(turn * 7 + 3) % len(self.fields)])
                who, page, name = self.queries[turn % len(self.queries)]
                yield Sending(
                    who,
                    "GET",
                    f"{page.partition('?')[0]}?{encode([(name, self._value())]).decode()}",
                )
                yield self._addressed(self.routes[turn % len(self.routes)])
                yield self._odd()

    def _value(self) -> bytes:
        return self.chance.choice(EXTREMES)

    def _headers(self) -> dict[str, str]:
        return self.chance.choice([{}, HTMX_HEADERS])

    def _filled(self, who: str, form: Form, n: int) -> Sending:
        name, value = form.fields[n][0], self._value()
        typed = [(other, old.encode()) for other, old in form.fields]
        twice = self.chance.choice([[], [], [(name, self._value())], [(name + "[]", value)]])
        body = encode([*typed[:n], (name, value), *typed[n + 1 :], *twice])
        if form.method != "POST":
            return Sending(who, "GET", f"{form.action.partition('?')[0]}?{body.decode()}")
        if self.chance.random() < 0.1:
            return Sending(
                who, "POST", form.action, as_file(name, value), "multipart/form-data; boundary=x"
            )
        return Sending(who, "POST", form.action, body, headers=self._headers())

    def _addressed(self, route: str) -> Sending:
        path = re.sub(
            r"<(?:\w+:)?(\w+)>",
            lambda match: self.chance.choice(fillings(self.kept, match[1])),
            route,
        )
        return Sending(
            self.chance.choice(self.who),
            self.chance.choice(["GET", "GET", "POST"]),
            path,
            headers=self._headers(),
        )

    def _odd(self) -> Sending:
        who, page = self.chance.choice(self.who), self.chance.choice(self.pages)
        match self.chance.randrange(6):
            case 0:
                return Sending(
                    who, "GET", page, headers={"HTTP_COOKIE": self.chance.choice(COOKIES)}
                )
            case 1:
                return Sending(who, "GET", page, headers=self.chance.choice(HEADERS))
            case 2:
                return Sending(who, self.chance.choice(METHODS), page)
            case 3:
                return Sending(who, "GET", page + "?" + "&".join(f"f{n}=1" for n in range(1200)))
            case 4:
                return Sending(who, "GET", page, content_type=self.chance.choice(CONTENT_TYPES))
            case _:
                kind = self.chance.choice(
                    (*CONTENT_TYPES, *["multipart/form-data; boundary=x"] * 10)
                )
                return Sending(who, "POST", page, self.chance.choice(BODIES), kind)


HTMX_HEADERS = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in HTMX.items()}


def as_file(name: str, value: bytes) -> bytes:
    head = (
        f'--x\r\nContent-Disposition: form-data; name="{name}"; filename="a.png"\r\nContent-Type: '
        "image/png\r\n\r\n"
    ).encode()
    return head + value + b"\r\n--x--\r\n"


# --- Asking ---


def site_pages(
    scene: Scene,  # noqa: F811
    post: Post,
    case: Case,
    report: Ticket,
    rule: KeywordRule,
) -> list[str]:
    """Pages with forms, of which a stranger to the code would say: there I type something."""
    tables = [
        f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        for model in admin.site._registry
    ]
    rows = []
    for model in admin.site._registry:
        first = model._default_manager.order_by("pk").first()
        rows += (
            [f"/admin/{model._meta.app_label}/{model._meta.model_name}/{first.pk}/change/"]
            if first
            else []
        )
    staff = [
        f"/admin/{name}/"
        for name in ("tables", "words", "roles", "dashboard", "queue", "password_change")
    ]
    staff += [
        "/admin/",
        f"/admin/case/{case.pk}/",
        f"/admin/decide/?account={scene.ada.pk}",
        f"/admin/decide/?case={case.pk}",
    ]
    staff += [
        f"/admin/timeline/keywordrule/{rule.pk}/try/",
        *(f"{table}add/" for table in tables),
        *tables,
        *rows,
    ]
    own = [f"/posts/{post.pk}/{verb}" for verb in ("edit", "delete", "report")] + [
        f"/compose?reply_to={post.pk}",
        "/complete?q=@a",
    ]
    own += [
        "/@ben/report",
        "/removal",
        "/rules",
        "/transparency",
        report.get_absolute_url(),
        "/settings/reports",
        "/settings/decisions",
    ]
    own += [
        "/settings/start",
        "/account/email/",
        "/account/password/change/",
        "/account/password/set/",
        "/account/reauthenticate/",
    ]
    own += [
        "/account/login/",
        "/account/signup/",
        "/account/password/reset/",
        "/account/logout/",
        "/account/waiting",
        "/media/x/y",
    ]
    profile = ["", "/replies", "/media", "/likes", "/followers", "/following"]
    own += [
        post.get_absolute_url(),
        f"{post.get_absolute_url()}/history",
        f"{post.get_absolute_url()}/likes",
        *(f"/@ada{tab}" for tab in profile),
    ]
    lists = [
        "/",
        "/explore",
        "/explore/people",
        "/tags/engines",
        "/settings/tags",
        "/settings/appearance",
        "/bookmarks",
        "/notifications",
        "/notifications/mentions",
        "/notifications/filtered",
        "/search",
        "/drafts",
        "/compose",
        "/health",
        "/favicon.ico",
        "/ada/status/1",
    ]
    return [
        *lists,
        *own,
        "/settings",
        "/settings/profile",
        "/settings/notifications",
        unsubscribe_url(scene.ada.user, scene.ada).removeprefix("http://127.0.0.1:8000"),
        "/settings/handle",
        "/settings/account",
        "/settings/account/deactivate",
        "/settings/account/delete",
        "/settings/export",
        "/settings/export/download",
        "/settings/descriptions",
        "/welcome/picture",
        "/welcome/bio",
        "/welcome/people",
        *staff,
    ]


def staff(handle: str, **more: Any) -> Account:
    account = make_account(handle)
    for name, value in {"is_staff": True, **more}.items():
        setattr(account.user, name, value)
    account.user.save()
    return account


def send(client: Client, case: Sending) -> int:
    """The status of the answer; whatever the request did is undone, so that each meets the same
    site.
    """
    savepoint = transaction.savepoint_create()
    cookies = copy(client.cookies)
    try:
        response = client.generic(
            case.method, case.path, case.body, case.content_type, **case.headers
        )
        body_of(response)
        return response.status_code
    finally:
        client.cookies = cookies
        transaction.savepoint_rollback(savepoint)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of what a stranger sent; here only answers count
def test_nothing_that_anybody_sends_is_answered_with_a_500(scene: Scene, settings: Any) -> None:  # noqa: F811
    number, seed = int(os.environ.get("FUZZ", "250")), os.environ.get("FUZZ_SEED", "7")
    settings.DEBUG = False
    chance = random.Random(seed)
    post = say_last(scene.ada)
    report = Ticket(kind="report", reporter=scene.ben, category="spam")
    report.concern(scene.ada, [post.pk])
    report.save()
    report.confirm()
    rule = KeywordRule.objects.create(words="spam")
    moderator, keeper = staff("mod"), staff("root_", is_superuser=True)
    moderator.user.groups.add(Group.objects.get(name="Moderators"))
    clients = {name: browser_of(who) for name, who in people(scene, moderator, keeper).items()}
    case = Case.objects.get(account=scene.ada)
    kept = {
        "pk": [str(post.pk), str(case.pk)],
        "id": [str(post.pk), str(scene.ada.pk)],
        "handle": ["ada", "ben", "grace@x.com"],
        "number": ["1"],
        "name": ["engines", "small.webp"],
        "batch": [str(uuid4())],
        "reference": [report.get_absolute_url().rpartition("/")[2]],
    }
    pages = site_pages(scene, post, case, report, rule)
    walk = Walk(clients, pages if number > 1000 else chance.sample(pages, 24), kept, chance)
    assert len(walk.fields) > (300 if number > 1000 else 80), "the walk does not find the site"
    broken: dict[str, str] = {}
    raised: list[str] = []
    statuses: dict[int, int] = {}

    def note(sender: Any, **more: Any) -> None:
        raised.append(traceback.format_exc(limit=-6))

    got_request_exception.connect(note)
    try:
        for one in islice(walk.requests(), number):
            raised.clear()
            try:
                status = send(clients[one.who], one)
            except Exception:  # noqa: BLE001  (an answer that cannot be made is a 500, too)
                status = 599
                raised.append(traceback.format_exc(limit=-6))
            statuses[status] = statuses.get(status, 0) + 1
            if status >= 500:
                broken.setdefault((raised or ["?"])[-1][-700:], f"{status} {one}")
    finally:
        got_request_exception.disconnect(note)
    sent = (
        f"{number} requests to {len(walk.fields)} fields, {len(walk.queries)} queries, "
        f"{len(walk.routes)} addresses"
    )
    print(f"{sent}: {dict(sorted(statuses.items()))}")  # noqa: T201
    assert not broken, "\n\n".join(f"{case}\n{error}" for error, case in broken.items())


def people(scene: Scene, moderator: Account, keeper: Account) -> dict[str, Account | None]:  # noqa: F811
    return {"a visitor": None, "ada": scene.ada, "a moderator": moderator, "a keeper": keeper}


class Handler(ClientHandler):
    """As a server calls the application (microblog.wsgi)."""

    def __call__(self, environ: Any) -> Any:
        set_charset_aside(environ)
        return super().__call__(environ)


def browser_of(who: Account | None) -> Client:
    client = client_of(who, raise_request_exception=False)
    client.handler = Handler(enforce_csrf_checks=False)
    return client


def say_last(account: Account) -> Post:
    return account.posts.order_by("-pk").filter(kind="post", hidden_at=None)[0]
