"""What is kept in memory: that it is what would be made now, for whom, and in how many bytes."""

import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as site
from django.contrib import messages
from django.db import OperationalError, connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe

from accounts.models import Account, User
from conftest import client_of
from microblog.kept import middleware, pages
from microblog.kept.digests import digest, is_value
from microblog.kept.memory import MEMORY, Memory, bytes_of
from microblog.kept.pages import PageResponse, part_of_value
from microblog.templatetags import microblog as site_tags
from microblog.text.age import short_age, watched
from microblog.web import responses
from microblog.web.middleware import VARY
from moderation.models import About, Rule
from testing import https
from testing.html import find
from testing.scene import HTMX, external, from_outside, one_of_each, retweet, say
from timeline.feeds.row import Row
from timeline.models import Post
from timeline.templatetags import timeline as timeline_tags

KINDS = (
    *("/", "/explore", "/explore?before={post}", "/tags/engines", "/tags/nothing"),
    *("/@ada", "/@ada?before={post}", "/@ada/replies", "/@ada/media", "/@ben", "/@grace@x.com"),
    *("/@ada/followers", "/@ada/following", "/@ben/followers"),
    *("/@ada/{post}", "/@ada/{post}?before=1", "/@ada/{post}/retweets", "/@ada/{post}/quotes"),
    *("/about", "/rules"),
)


@pytest.fixture
def paths(ada: Account, ben: Account) -> list[str]:
    """Every kind of page that is kept, with something on it."""
    for number in range(8):
        one_of_each(ada, ben, number)
    from_outside(external(), "From elsewhere")
    post = say(ada, "Hello #engines <b>", pictures=1)
    say(ben, "Quoted", quote_of=post)
    say(ben, "And answered", reply_to=post)
    say(ada, "By herself", reply_to=post)
    retweet(ben, post)
    post.like(ben)
    ada.edit(bio="Of #engines & @ben", location="London", website="https://ada.example")
    Rule.objects.create(title="Be kind", text="At all times")
    return [path.format(post=post.pk) for path in KINDS]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Let the time stand still, and go on when it is told to."""
    moment = [timezone.now()]
    monkeypatch.setattr(timezone, "now", lambda: moment[0])

    def go_on(by: timedelta) -> None:
        moment[0] += by

    return go_on


def asked(client: Client, path: str, **more: Any) -> tuple[Any, int]:
    """Return the answer, and how many queries it took."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path, **more)
    return response, len(queries)


def of(response: Any) -> tuple[int, dict[str, str], bytes]:
    return response.status_code, dict(response.items()), response.content


@pytest.fixture
def renders(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The pages that are rendered."""
    rendered: list[str] = []
    render = pages.render_to_string

    def note(template: str, values: Any) -> str:
        rendered.append(template)
        return render(template, values)

    monkeypatch.setattr(pages, "render_to_string", note)
    return rendered


# --- Which pages are kept ---


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_each_page_is_kept_with_all_its_headers(
    paths: list[str], visitor: Client, headers: dict[str, str]
) -> None:
    for path in paths:
        first, many = asked(visitor, path, headers=headers)
        kept, one = asked(visitor, path, headers=headers)
        assert isinstance(first, PageResponse), path
        assert (kept.status_code, one, many > 1) == (200, 1, True), path
        MEMORY.clear()
        assert of(first) == of(kept) == of(visitor.get(path, headers=headers)), path
        assert first["Cache-Control"] == "private, no-cache"
        assert set(VARY) <= set(first["Vary"].split(", "))
        assert not first.cookies


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_page_of_values_is_the_page_of_its_request(
    paths: list[str],
    visitor: Client,
    headers: dict[str, str],
    clock: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its templates find in the values all that they would find in the request of a visitor."""
    made = [visitor.get(path, headers=headers).content for path in paths]
    monkeypatch.setattr(responses, "page_of_values", lambda *_: None)
    MEMORY.clear()
    assert made == [visitor.get(path, headers=headers).content for path in paths]


def test_change_elsewhere_renders_nothing(
    paths: list[str], visitor: Client, cal: Account, renders: list[str], clock: Any
) -> None:
    path = "/@ada"
    before = visitor.get(path)
    renders.clear()
    Account.objects.filter(pk=cal.pk).update(name="Cal the second")
    after, many = asked(visitor, path)
    assert of(before) == of(after)
    assert (renders, many > 1) == ([], True)
    assert asked(visitor, path)[1] == 1


def test_change_elsewhere_asks_again_what_was_asked_and_runs_no_view(
    paths: list[str], visitor: Client, cal: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = set()
    for path in paths:
        first = visitor.get(path)
        Account.objects.filter(pk=cal.pk).update(location=path)
        if reads := answer_at(path).reads:
            known.add(path)
            with monkeypatch.context() as patch:
                patch.setattr(middleware, "noted", None)
                again, many = asked(visitor, path)
            assert of(again) == of(first), path
            assert many == 1 + len(reads.questions), path
            assert asked(visitor, path)[1] == 1, path
    assert {"/explore", "/@ada", "/@ada/replies", "/@ada/media"} <= known


def test_change_of_what_was_asked_is_seen(ada: Account, visitor: Client) -> None:
    for number in range(8):  # more often than it takes to have a plan kept
        say(ada, f"Number {number}")
        assert f"Number {number}".encode() in visitor.get("/@ada").content
        Account.objects.filter(pk=ada.pk).update(name=f"Ada {number}")
        assert f"Ada {number}".encode() in visitor.get("/@ada").content


def test_page_that_asks_anything_else_is_made_anew(paths: list[str], visitor: Client) -> None:
    """Of a QuerySet that is asked as Django does, nobody knows the rows."""
    visitor.get("/about")
    assert answer_at("/about").reads is None


def answer_at(path: str) -> middleware.Answer:
    """Return what is kept of the page that was answered at `path`."""
    plain, _, query = path.partition("?")
    kept = [(key, value) for key, (value, _) in MEMORY._entries.items()]
    return next(
        value
        for key, value in kept
        if isinstance(value, middleware.Answer) and key[2:4] == (plain, query)  # type: ignore[index]
    )


def test_change_between_the_number_and_the_values(
    ada: Account, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page shows it; and the next request finds that the number is another."""
    current = middleware.change_number.current

    def then_change() -> int:
        number = current()
        Account.objects.filter(pk=ada.pk).update(name="Countess")
        return number

    with monkeypatch.context() as patch:
        patch.setattr(middleware.change_number, "current", then_change)
        assert b"Countess" in visitor.get("/@ada").content
    assert asked(visitor, "/@ada")[1] > 1
    assert asked(visitor, "/@ada")[1] == 1


def test_what_a_keeper_writes_shows_at_once(visitor: Client, db: None) -> None:
    for path in ("/about", "/rules"):
        visitor.get(path)
    About(place="A village of ours").save()
    Rule.objects.create(title="Be brief")
    assert b"A village of ours" in visitor.get("/about").content
    assert b"Be brief" in visitor.get("/rules").content


def test_setting_shows_at_once(ada: Account, visitor: Client, settings: Any) -> None:
    for name in ("SITE_NAME", "SITE_URL"):
        for path in ("/", "/@ada", "/about"):
            visitor.get(path)
            setattr(settings, name, f"https://{name}.example")
            assert f"https://{name}.example".encode() in visitor.get(path).content


def test_nothing_is_kept_where_nothing_may_be(
    paths: list[str], visitor: Client, settings: Any
) -> None:
    settings.KEPT_BYTES = 0
    for path in paths:
        response = visitor.get(path)
        assert (response.status_code, response.get("ETag")) == (200, None), path
    assert (len(MEMORY), MEMORY.size) == (0, 0)


def test_kept_page_is_not_shown_while_the_database_is_away(ada: Account, visitor: Client) -> None:
    def fail(*_: Any) -> None:
        raise OperationalError("the connection is closed")

    visitor.raise_request_exception = False
    page = visitor.get("/@ada")
    with connection.execute_wrapper(fail):
        away = visitor.get("/@ada")
    assert (away.status_code, "Retry-After" in away) == (503, True)
    assert of(visitor.get("/@ada")) == of(page)


# --- Ages ---

UNITS = [
    *(timedelta(seconds=number) for number in (0, 1, 59, 60, 61, 119, 120, 3599, 3600, 7199, 7200)),
    *(timedelta(days=number) - timedelta(seconds=1) for number in (1, 2, 30, 60, 330, 360, 365)),
    *(timedelta(days=number) for number in (1, 2, 29, 30, 59, 60, 329, 330, 359, 360, 364)),
]
INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize("age", UNITS, ids=str)
def test_when_an_age_has_other_words(age: timedelta) -> None:
    now = timezone.now()
    moment = now - age
    with watched() as watch:
        words = short_age(moment, now)
    assert watch.ends_at
    assert watch.ends_at > now
    assert short_age(moment, watch.ends_at - INSTANT) == words != short_age(moment, watch.ends_at)


def test_date_stays_what_it_is_and_the_first_age_counts() -> None:
    now = timezone.now()
    with watched() as watch:
        short_age(now - timedelta(days=365), now)
        assert watch.ends_at is None
        for seconds in (7200, 30, 4000):
            short_age(now - timedelta(seconds=seconds), now)
    assert watch.ends_at == now + timedelta(seconds=30)


def test_page_is_right_until_an_age_has_other_words(
    ada: Account,
    visitor: Client,
    clock: Callable[[timedelta], None],
    publish: Callable[..., Post],
) -> None:
    publish(ada, "Hello")
    assert [time.text for time in find(visitor.get("/@ada"), "time")] == ["now"]
    clock(timedelta(seconds=59))
    assert asked(visitor, "/@ada")[1] == 1
    clock(timedelta(seconds=1))
    page, many = asked(visitor, "/@ada")
    assert ([time.text for time in find(page, "time")], many > 1) == (["1m"], True)
    clock(-timedelta(seconds=30))
    page, many = asked(visitor, "/@ada")
    assert ([time.text for time in find(page, "time")], many > 1) == (["now"], True)


# --- For whom ---


def everything_kept() -> bytes:
    def told(value: object) -> bytes:
        if isinstance(value, bytes):
            return value
        return b"\n".join(map(told, value)) if isinstance(value, tuple) else str(value).encode()

    return told(tuple(MEMORY._entries.items()))


def test_nothing_of_who_is_signed_in_is_kept(
    paths: list[str],
    cal: Account,
    as_cal: Client,
    visitor: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No token, no session; the name of who looks in parts alone of which it is a value."""
    parts: list[tuple[Any, str]] = []

    def note(kind: str, value: Any, render: Any) -> Any:
        html = part_of_value(kind, value, render)
        parts.append((value, html))
        return html

    for tags in (site_tags, timeline_tags):
        monkeypatch.setattr(tags, "part_of_value", note)
    visitors = [visitor.get(path).content for path in paths]
    hers = [as_cal.get(path) for path in paths]
    assert not any(isinstance(page, PageResponse) for page in hers)
    kept = everything_kept()
    secrets = [as_cal.cookies[name].value for name in ("sessionid", "csrftoken")]
    tokens = [find(page, "input", name="csrfmiddlewaretoken")[0].attrs["value"] for page in hers]
    assert kept.count(b"<article") > 20
    for secret in ("csrfmiddlewaretoken", *secrets, *tokens):
        assert secret.encode() not in kept, secret
    pages = [body for body, _ in MEMORY._entries.values() if isinstance(body, bytes)]
    assert len(pages) == len(visitors)
    assert not any(b"@cal" in page for page in pages)
    named = [value for value, html in parts if "@cal" in html]
    assert named
    assert all("'cal'" in repr(value) for value in named)
    assert visitors == [visitor.get(path).content for path in paths]
    assert [b"@cal" in page for page in visitors] == [False] * len(visitors)


def test_rows_are_kept_for_who_did_the_same(
    paths: list[str], ada: Account, ben: Account, cal: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a viewer did to a post is in the value of its row, and in no page that is kept."""
    post = Post.objects.get(pk=int(paths[-6].split("/")[2]))
    post.bookmark(ada)
    post.retweet(cal)
    rows: list[tuple[Row, str]] = []
    keep = timeline_tags.part_of_value

    def note(kind: str, row: Any, render: Any) -> Any:
        html = keep(kind, row, render)
        rows.append((row, html))
        return html

    monkeypatch.setattr(timeline_tags, "part_of_value", note)
    for viewer in (None, ada, None, ben, cal, None):
        client = client_of(viewer)
        for path in paths:
            client.get(path)
    done = [0, 0, 0]
    for row, html in rows:
        did = row.reactions
        is_done = (did.is_liked, did.is_bookmarked, did.is_retweeted) if did else (False,) * 3
        assert html.count('aria-pressed="true"') == sum(is_done[:2])
        assert html.count("Undo retweet") == is_done[2]
        done = [sum(pair) for pair in zip(done, is_done, strict=True)]
    assert all(done), "each was done by somebody"
    kept = [body for body, _ in MEMORY._entries.values() if isinstance(body, bytes)]
    assert len(kept) >= len(paths)
    for mark in (b'aria-pressed="true"', b"Undo retweet", b'id="deed"', b'class="me"'):
        assert not any(mark in body for body in kept), mark


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_pages_of_who_is_signed_in_are_asked_for_anew(
    paths: list[str], as_ada: Client, headers: dict[str, str]
) -> None:
    """They have no name; a browser keeps them for its back button, and says that it may not do so
    for somebody else.
    """
    for path in paths:
        page = as_ada.get(path, headers={**headers, "if-none-match": "*"})
        assert (page.status_code, "ETag" in page) == (200, False), path
        assert page["Cache-Control"] == "private, no-cache"
        assert set(VARY) <= set(page["Vary"].split(", "))


def test_who_signs_in_and_out_sees_their_own(ada: Account, as_ada: Client, visitor: Client) -> None:
    visitor.get("/@ada")
    assert find(as_ada.get("/@ada"), "form", id="deed")
    as_ada.logout()
    as_ada.cookies.clear()
    page, one = asked(as_ada, "/@ada")
    assert (find(page, "form", id="deed"), one) == ([], 1)


def test_staff_without_a_handle_is_no_visitor(ada: Account, visitor: Client) -> None:
    visitor.get("/@ada")
    staff = Client()
    staff.force_login(User.objects.create_superuser("root@example.com", "a long pass phrase"))
    page = staff.get("/@ada")
    assert not isinstance(page, PageResponse)
    assert b"Choose a handle" in page.content
    assert b"Choose a handle" not in visitor.get("/@ada").content


def test_session_that_means_nothing(ada: Account, visitor: Client) -> None:
    right = visitor.get("/@ada").content
    for value in ("x" * 32, "nonsense", "a" * 5000, "'\"<b>"):
        client = Client()
        client.cookies["sessionid"] = value
        MEMORY.clear()
        page = client.get("/@ada")
        assert (page.status_code, page.content) == (200, right)
        assert asked(visitor, "/@ada")[1] > 1, "what took a cookie away is no answer for others"


def test_pending_message_is_for_one(ada: Account, visitor: Client, rf: Any) -> None:
    visitor.get("/@ada")
    told = Client()
    request: HttpRequest = rf.get("/")
    request.session = {}  # type: ignore[assignment]
    storage = messages.storage.default_storage(request)
    storage.add(messages.SUCCESS, "For you alone")
    response = told.get("/health")
    storage.update(response)
    told.cookies.update(response.cookies)
    MEMORY.clear()
    page = told.get("/@ada")
    assert find(page, "p", class_="message")[0].text == "For you alone"
    assert not isinstance(page, PageResponse)
    assert b"For you alone" not in visitor.get("/@ada").content
    assert b"For you alone" not in told.get("/@ada").content
    assert b"For you alone" not in everything_kept()


def test_theme_host_language_and_fragment_tell_pages_apart(
    ada: Account, visitor: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    dark = Client()
    dark.cookies[site.DISPLAY_COOKIE_NAME] = "dark"
    odd = Client()
    odd.cookies[site.DISPLAY_COOKIE_NAME] = "<b>"

    def answers() -> list[Any]:
        return [
            visitor.get("/@ada"),
            dark.get("/@ada"),
            visitor.get("/@ada", headers=HTMX),
            visitor.get("/@ada", headers={**HTMX, "HX-Boosted": "true"}),
            visitor.get("/@ada", headers={"host": "other.example"}),
            odd.get("/@ada"),
        ]

    first, again = answers(), answers()
    assert [of(page) for page in first] == [of(page) for page in again]
    themes = [
        find(page, "html") and find(page, "html")[0].attrs.get("data-theme") for page in first
    ]
    assert themes == [None, "dark", [], None, None, None]
    assert len({page["ETag"] for page in first}) == 4

    def german(*_: object) -> str:
        return "de"

    monkeypatch.setattr(translation, "get_language", german)
    monkeypatch.setattr(translation, "get_language_from_request", german)
    page, many = asked(visitor, "/@ada")
    assert (page["ETag"] != first[0]["ETag"], many > 1) == (True, True)


def test_other_host_is_refused_though_the_page_is_kept(ada: Account, visitor: Client) -> None:
    visitor.get("/@ada")
    assert visitor.get("/@ada", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(("proxies", "status"), [("1", 200), ("0", 301)])
def test_page_is_kept_for_the_scheme_that_a_trusted_proxy_says(
    ada: Account, monkeypatch: pytest.MonkeyPatch, proxies: str, status: int
) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", proxies)
    behind = {"host": https.HOST, "x-forwarded-proto": "https"}
    evil = {**behind, "x-forwarded-host": "evil.example", "forwarded": "host=evil.example"}
    with https.https_settings(monkeypatch):
        client = Client()
        first = client.get("/@ada", headers=behind)
        assert first.status_code == status
        for headers in (behind, evil):
            again, many = asked(client, "/@ada", headers=headers)
            assert (of(again), many) == (of(first), 1 if status == 200 else 0)
        for more in ({}, {"x-forwarded-proto": "http"}):
            page = client.get("/@ada", headers={"host": https.HOST, **more})
            assert (page.status_code, page["Location"]) == (301, f"https://{https.HOST}/@ada")


@pytest.mark.parametrize("path", ["/nothing", "/@nobody", "/@ada/likes", "/ada/status/1", "/@ada/"])
def test_other_answers_are_not_kept(ada: Account, visitor: Client, path: str) -> None:
    first, second = visitor.get(path), visitor.get(path)
    assert first.status_code == second.status_code != 200
    kept = [value for value, _ in MEMORY._entries.values()]
    assert {type(value) for value in kept} == {SafeString}, "no page, only parts of all pages"


def test_head(paths: list[str], visitor: Client) -> None:
    for path in paths:
        head = visitor.head(path)
        get = visitor.get(path)
        kept = visitor.head(path)
        assert head.content == kept.content == b""
        assert dict(head.items()) == dict(get.items()) == dict(kept.items()), path


# --- What somebody has already ---


@pytest.mark.parametrize(
    ("shape", "has"),
    [
        ('W/"{}"', True),
        ('"{}"', True),
        ('W/"{}-gzip"', True),
        ('"{};br"', True),
        ('"{}--gzip"', True),
        ('"x", W/"{}", "y"', True),
        (" * ", True),
        ('W/"{}x"', False),
        ('W/"x{}"', False),
        ("{}", False),
        ('""', False),
        ('W/"' + "0" * 40 + '"', False),
        (',,,"\\"W/' * 500, False),
        ("é\x80", False),
    ],
)
@pytest.mark.parametrize("is_kept", [True, False], ids=["kept", "made anew"])
def test_not_modified(
    ada: Account, visitor: Client, clock: Any, shape: str, has: bool, is_kept: bool
) -> None:
    page = visitor.get("/@ada")
    digest = page["ETag"][3:-1]
    if not is_kept:
        MEMORY.clear()
    answer = visitor.get("/@ada", headers={"if-none-match": shape.replace("{}", digest)})
    if not has:
        assert of(answer) == of(page)
        return
    assert (answer.status_code, answer.content) == (304, b"")
    rest = {name: value for name, value in page.items() if not name.startswith("Content-T")}
    rest.pop("Content-Length")
    assert dict(answer.items()) == rest


def test_changed_page_is_sent(ada: Account, visitor: Client) -> None:
    tag = visitor.get("/@ada")["ETag"]
    ada.edit(name="Countess")
    page = visitor.get("/@ada", headers={"if-none-match": tag})
    assert (page.status_code, page["ETag"] != tag) == (200, True)


# --- Values ---


def test_what_is_a_value() -> None:
    for value in ("a", 1, True, None, (), ("a", (1,)), ["a"], {"a": {"b": [None]}}):
        assert is_value(value), value
        assert digest(value)
    for value in (
        mark_safe("a"),
        {1: "a"},
        {1, 2},
        b"a",
        object(),
        [mark_safe("a")],
        1.5,
        iter(()),
    ):
        assert not is_value(value), value
    for value in (object(), {1, 2}, b"a", iter(()), timezone.now()):
        assert digest(value) is None


def test_values_that_differ_have_other_names() -> None:
    values: list[object] = [None, "", "1", 1, True, (), (1,), ("1",), (1, 2), ((1,), 2), {"a": 1}]
    assert len({digest(value) for value in values}) == len(values)
    assert digest("a", "b") != digest("ab") != digest(("a", "b"))


def test_what_is_no_value_is_made_each_time() -> None:
    made: list[object] = []

    def render() -> Any:
        made.append(1)
        return mark_safe(f"<b>{len(made)}</b>")

    safe = mark_safe("a")
    assert [
        part_of_value("x", value, render) for value in ("a", safe, "a", object(), object())
    ] == [
        "<b>1</b>",
        "<b>1</b>",
        "<b>1</b>",
        "<b>2</b>",
        "<b>3</b>",
    ]


# --- How much ---


def test_memory_forgets_what_was_not_used_for_longest(settings: Any) -> None:
    settings.KEPT_BYTES = 100_000
    memory = Memory()
    for number in range(1000):
        memory.put(str(number), "x" * 1000)
        assert memory.get("0") == "x" * 1000, "what is used stays"
        assert memory.size <= settings.KEPT_BYTES
    assert 60 < len(memory) < 90
    assert memory.get("1") is None
    assert memory.get("999")
    memory.put("large", "x" * 20_000)
    assert memory.get("large") is None, "nothing pushes out all else"
    before = memory.size
    memory.put("999", "x" * 1000)
    assert memory.size == before
    memory.clear()
    assert (memory.size, len(memory)) == (0, 0)


def test_memory_counts_the_bytes_that_it_takes(settings: Any) -> None:
    """Of what it holds, keys and all: letters of any width, names of pages, headers."""
    settings.KEPT_BYTES = 4_000_000
    memory = Memory()
    tracemalloc.start()
    try:
        for number in range(40_000):
            wide = "🌍" * (number % 50)
            memory.put((f"path {number}", "x" * (number % 9)), (f"{number}{wide}", (str(number),)))
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert memory.size > settings.KEPT_BYTES * 0.99
    assert held < settings.KEPT_BYTES * 1.1
    assert bytes_of(("a", ("bc",))) > bytes_of(("a", "bc")) > bytes_of("bc")


def test_threads_share_a_memory(settings: Any) -> None:
    settings.KEPT_BYTES = 50_000
    memory = Memory()

    def work(thread: int) -> None:
        for number in range(2000):
            key = str(number * (thread + 1) % 97)
            assert memory.get(key) in (None, f"{key} is kept")
            memory.put(key, f"{key} is kept")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))
    assert memory.size == sum(size for _, size in memory._entries.values()) <= 50_000
    assert len(memory) == 97


def test_flood_of_queries_fills_nothing(ada: Account, visitor: Client) -> None:
    say(ada, "Hello")
    for page in ("/@ada", "/nothing"):
        visitor.get(page)
    before = len(MEMORY)
    for query in ("a=1", "a=2", "before", "before=", "before=x", "before=1&before=2", "%62efore=1"):
        visitor.get(f"/@ada?{query}")
    assert len(MEMORY) - before <= 3, "pages by what they show, and none by its address"


def test_flood_of_pages_stays_within_the_bound(
    ada: Account, visitor: Client, settings: Any
) -> None:
    settings.KEPT_BYTES = 300_000
    say(ada, "Hello")
    for number in range(60):
        page = visitor.get(f"/explore?before={number}")
        assert page.status_code == 200
        assert MEMORY.size <= settings.KEPT_BYTES
    assert MEMORY.size > settings.KEPT_BYTES * 0.8
    assert asked(visitor, "/explore?before=59")[1] == 1
    assert asked(visitor, "/explore?before=0")[1] > 1


def test_page_of_many_rows_is_not_kept(monkeypatch: pytest.MonkeyPatch, visitor: Client) -> None:
    for rows, size in ((pages.MOST_ROWS, 1), (pages.MOST_ROWS + 1, 0)):
        MEMORY.clear()
        monkeypatch.setattr(pages, "render_to_string", lambda *_, rows=rows: "<article>" * rows)
        assert pages.page_of_values("x.html", {"rows": rows})
        assert len(MEMORY) == size
