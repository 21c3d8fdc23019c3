"""What holds for every request: who may keep the answer, what varies it, what is too much, what is
no id.
"""

import logging
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse

from accounts.models import Account, User
from microblog.web.converters import MAX_ID, parse_id
from microblog.wsgi import application
from moderation.models import Ticket
from testing.html import find
from testing.scene import HTMX, body_of, say
from timeline.models import Post

# --- Who may keep it ---


def paths(post: Post) -> list[str]:
    """Every named address that a person can open, with something that is there in its places."""
    given: dict[str, Any] = {
        "pk": post.pk,
        "handle": "ada",
        "name": "engines",
        "token": "x",
        "reference": "x",
        "key": "x",
        "number": post.pk,
    }
    found = []
    for name, *_ in ((name,) for name in get_resolver().reverse_dict if isinstance(name, str)):
        for _, arguments in get_resolver().reverse_dict.getlist(name)[0][0]:
            if set(arguments) <= set(given):
                found.append(
                    reverse(name, kwargs={argument: given[argument] for argument in arguments})
                )
    return sorted({path for path in found if "logout" not in path})


def test_who_may_keep_what_is_shown_to_who_is_signed_in(ada: Account, as_ada: Client) -> None:
    asked = paths(say(ada, "Of #engines"))
    assert len(asked) > 50
    for path in asked:
        response = as_ada.get(path)
        body_of(response)
        kept = set(response.get("Cache-Control", "").split(", ")) - {
            "max-age=0",
            "must-revalidate",
            "no-cache",
        }  # as allauth says
        if path in ("/health", "/favicon.ico"):
            continue
        if path in settings.FOR_MACHINES:  # the same for everybody
            assert (kept, response.get("Vary", "")) == ({"public", "max-age=3600"}, ""), path
            continue
        assert kept == (
            {"private", "no-store"} if path.startswith(settings.SECRET) else {"private"}
        ), path
        assert path.startswith(settings.SECRET) or "no-cache" in response["Cache-Control"], path


@pytest.mark.parametrize(
    "path",
    [
        "/settings",
        "/settings/profile",
        "/settings/account/delete",
        "/settings/export",
        "/settings/export/download",
        "/drafts",
        "/bookmarks",
        "/notifications",
        "/account/email/",
        "/account/login/",
        "/settings/decisions",
        "/settings/reports",
    ],
)
def test_what_is_kept_nowhere(ada: Account, as_ada: Client, visitor: Client, path: str) -> None:
    for client in (as_ada, visitor):
        assert "no-store" in client.get(path)["Cache-Control"]


def test_the_admin_and_its_errors_are_kept_nowhere(db: None) -> None:
    root = User.objects.create_superuser("root@example.com", "a long pass phrase")
    client = Client()
    client.force_login(root)
    for path in (
        "/admin/",
        "/admin/tables/",
        "/admin/nothing/",
        "/admin/timeline/post/",
        "/admin/timeline/post/1/change/",
    ):
        assert "no-store" in client.get(path)["Cache-Control"], path


def test_pages_and_errors_are_kept_by_a_browser_alone(ada: Account, visitor: Client) -> None:
    for path in ("/explore", "/@ada", "/about", "/nothing", "/media/x/y", "/@nobody"):
        assert visitor.get(path)["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_an_answer_says_that_it_depends_on_htmx(
    ada: Account, as_ben: Client, visitor: Client, headers: dict[str, str]
) -> None:
    post = say(ada, "Hello")
    answers = [
        as_ben.post(f"/posts/{post.pk}/like", headers=headers),
        as_ben.post("/compose", {"text": "Hello"}, headers=headers),
        as_ben.post("/compose", {"text": ""}, headers=headers),
        visitor.post(f"/posts/{post.pk}/like", headers=headers),
        visitor.get("/compose", headers=headers),
        as_ben.post("/drafts", {"text": "Hello"}, headers=headers),
        as_ben.get("/nothing", headers=headers),
    ]
    assert len({answer.status_code for answer in answers}) >= 3
    for answer in answers:
        assert {"HX-Request", "HX-Boosted", "HX-History-Restore-Request"} <= {
            name.strip() for name in answer["Vary"].split(",")
        }


def test_every_answer_says_what_a_browser_may_do_with_it(ada: Account, visitor: Client) -> None:
    for path in ("/", "/nothing", "/health", "/account/login/", "/admin/login/", "/media/x/y"):
        response = visitor.get(path)
        assert "camera=()" in response["Permissions-Policy"]
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_head_says_what_get_says(ada: Account, as_ada: Client) -> None:
    for path in (
        "/",
        "/explore",
        "/@ada",
        "/compose",
        "/settings",
        "/rules",
        "/nothing",
        "/health",
        "/settings/appearance",
        "/account/password/change/",
    ):
        get, head = as_ada.get(path), as_ada.head(path)
        assert not body_of(head)
        assert get.status_code == head.status_code
        assert {name: value for name, value in get.items() if name != "Content-Length"} == {
            name: value for name, value in head.items() if name != "Content-Length"
        }, path


# --- Too much ---

PART = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n1\r\n'
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"text=" + b"a" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1), FORM, 413),
        (b"&".join(b"f%d=1" % n for n in range(1200)), FORM, 400),
        (PART * 150 + b"--x--\r\n", "multipart/form-data; boundary=x", 400),
        (b"1", "multipart/form-data; boundary=", 400),
        (b"1", "multipart/form-data", 400),
    ],
    ids=["words", "fields", "files", "no boundary", "none at all"],
)
def test_too_much_is_refused_on_a_page_and_no_traceback_is_logged(
    ada: Account,
    as_ada: Client,
    body: bytes,
    kind: str,
    status: int,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    response = as_ada.generic("POST", "/compose?a=1", body, kind)
    assert response.status_code == status
    assert find(response, "nav", class_="site")
    assert not ada.posts.exists()
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize("charset", ["hex", "zip", "utf-16", "idna", "nonsense", '"HEX"'])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_charset_that_is_not_ours(
    db: None, rf: RequestFactory, method: str, charset: str
) -> None:
    """Asked of the application as a server does: Django breaks before any middleware, and before
    the client of its tests.
    """
    environ = rf._base_environ()
    kind = f"{FORM}; Charset={charset}"
    environ |= {
        "REQUEST_METHOD": method,
        "PATH_INFO": "/settings/appearance",
        "QUERY_STRING": "a=1",
        "CONTENT_TYPE": kind,
        "HTTP_HOST": "testserver",
    }
    answered = []
    page = b"".join(application(environ, lambda status, headers: answered.append(status)))
    assert answered == ["400 Bad Request"]
    assert find(page.decode(), "nav", class_="site")


@pytest.mark.parametrize("charset", ["UTF-8", '"utf-8"'])
def test_our_own_charset(ada: Account, as_ada: Client, charset: str) -> None:
    as_ada.generic("POST", "/compose", b"text=%C3%A9", f"{FORM}; charset={charset}")
    assert ada.posts.get().text == "é"


def test_an_address_without_end(visitor: Client, db: None) -> None:
    response = visitor.get("/explore?q=" + "x" * 20_000)
    assert response.status_code == 414
    assert find(response, "nav", class_="site")


def test_a_cookie_that_no_database_keeps_is_none(ada: Account, visitor: Client) -> None:
    response = visitor.generic(
        "GET", "/explore", HTTP_COOKIE='sessionid="' + "\\000" * 12 + '"; theme=dark'
    )
    assert response.status_code == 200
    assert find(response, "html")[0].attrs["data-theme"] == "dark"


# --- Ids out of strings ---

NO_ID = [
    "",
    " 1",
    "1 ",
    "1\n",
    "-1",
    "+1",
    "1_0",
    "1.0",
    "1e3",
    "0x1",
    "٣",
    "１",
    "²",
    "9223372036854775808",
    "9" * 5000,
    "\0",
    "\ud800",
    "a",
]


def test_what_is_an_id() -> None:
    assert [parse_id(value) for value in ("0", "007", "1", str(MAX_ID))] == [0, 7, 1, MAX_ID]
    assert [parse_id(value) for value in (*NO_ID, None, 1, [])] == [None] * (len(NO_ID) + 3)


@pytest.mark.parametrize(
    "value", ["9223372036854775808", "-9223372036854775809", "9" * 300, *NO_ID[:9]]
)
def test_posts_of_a_report_that_are_none(ada: Account, visitor: Client, value: str) -> None:
    posts = [say(ada, "One"), say(ada, "Two")]
    form = {"category": "spam", "email": "zoe@example.com", "posts": [value]}
    response = visitor.post(f"/posts/{posts[0].pk}/report", form)
    assert response.status_code in (200, 422)
    assert (response.status_code == 200) == (
        not Ticket.objects.reports().filter(post_ids=[]).exists()
        and Ticket.objects.reports().exists()
    ) or value == ""


def test_a_number_that_no_column_holds_is_among_no_rows(ada: Account) -> None:
    post = say(ada, "One")
    huge = [2**63, -(2**63) - 1, 10**400]
    assert list(Post.objects.filter(pk__in=[post.pk, *huge])) == [post]
    assert not Post.objects.filter(pk__in=huge).exists()
    assert list(Post.objects.exclude(pk__in=huge)) == [post]
    assert not Post.objects.in_bulk(huge)
    for model, field in ((Post, "author"), (Post, "reply_to"), (Ticket, "reporter")):
        assert not model.objects.filter(**{f"{field}__in": huge}).exists()
        assert not model.objects.filter(**{field: huge[0]}).exists()
    assert (
        list(Post.objects.filter(author__in=[ada.pk, *huge]))
        == list(Post.objects.filter(author__in=[ada]))
        == [post]
    )
    assert list(Post.objects.exclude(author=huge[0])) == [post]


@pytest.mark.parametrize("name", ["reply_to", "quote", "draft"])
@pytest.mark.parametrize("value", ["9223372036854775808", "0", "x", "9" * 5000])
def test_a_composer_about_nothing(ada: Account, as_ada: Client, name: str, value: str) -> None:
    assert as_ada.get("/compose", {name: value}).status_code == 404
    if name != "draft":
        assert as_ada.post("/compose", {"text": "Hello", name: value}).status_code == 422
