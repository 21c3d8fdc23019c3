"""What went wrong is said in plain words, on a page in the site's look; and whether all is well, on
/health.
"""

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory, override_settings

from accounts.models import Account
from conftest import client_of
from microblog.web import views
from testing.html import find, read
from testing.scene import say


def is_ours(response: Any) -> bool:
    """Whether it is a page in the site's look, with a way on."""
    return bool(
        find(response, "nav", class_="site")
        and find(response, "main")
        and find(response, "a", href="/")
    )


@pytest.mark.parametrize(
    "url",
    [
        "/nothing",
        "/@nobody",
        "/@ada/1",
        "/@ada/99999999999999999999",
        "/posts/1/nothing",
        "/media/x/y",
        "/%00",
        "/@%F0%9F%92%A9",
    ],
)
def test_404(ada: Account, visitor: Client, as_ada: Client, url: str) -> None:
    for client in (visitor, as_ada):
        response = client.get(url)
        assert response.status_code == 404
        assert is_ours(response)
        assert find(response, "h1")[0].text == "There is nothing here"


def test_404_says_what_is_missing(visitor: Client) -> None:
    assert b"Nobody here has this handle." in visitor.get("/@nobody").content
    assert b"There is no page that begins there." in visitor.get("/explore?before=x").content


def test_404_does_not_repeat_what_was_asked_for_as_markup(visitor: Client) -> None:
    response = visitor.get("/tags/<script>alert(1)</script>")
    assert b"<script>alert" not in response.content
    read(response)


def test_a_missing_page_knows_who_is_looking(ada: Account, as_ada: Client) -> None:
    assert find(as_ada.get("/nothing"), "a", href="/@ada")


def test_403(ada: Account, as_ben: Client) -> None:
    response = as_ben.get("/@ada/likes")
    assert response.status_code == 403
    assert is_ours(response)
    assert b"Only @ada sees what @ada likes." in response.content


def test_410_names_nobody(ada: Account, as_ben: Client) -> None:
    say(ada, "Hello")
    ada.suspend()
    for url in ("/@ada", "/@ADA", "/@ada/media", "/@ada/followers"):
        response = as_ben.get(url)
        assert response.status_code == 410
        assert is_ours(response)
        assert b"This account is suspended" in response.content
        assert b"Lovelace" not in response.content


def test_a_form_that_is_out_of_date(ada: Account) -> None:
    client = client_of(ada, enforce_csrf_checks=True)
    response = client.post("/compose", {"text": "Hello"})
    assert response.status_code == 403
    assert is_ours(response)
    assert b"That form is out of date" in response.content
    assert not ada.posts.exists()


def test_a_form_with_its_token_is_taken(ada: Account) -> None:
    client = client_of(ada, enforce_csrf_checks=True)
    token = find(client.get("/compose"), "input", name="csrfmiddlewaretoken")[0].attrs["value"]
    assert (
        client.post("/compose", {"text": "Hello", "csrfmiddlewaretoken": token}).status_code == 302
    )


def test_a_form_from_another_site_is_refused_with_any_token(ada: Account) -> None:
    client = client_of(ada, enforce_csrf_checks=True)
    token = find(client.get("/compose"), "input", name="csrfmiddlewaretoken")[0].attrs["value"]
    response = client.post(
        "/compose",
        {"text": "Hello", "csrfmiddlewaretoken": token},
        headers={"Origin": "https://evil.example"},
    )
    assert response.status_code == 403


def test_500_needs_nothing_that_may_be_broken(rf: RequestFactory) -> None:
    """No database (this test has none), no session, no account."""
    response = views.server_error(rf.get("/"))
    assert response.status_code == 500
    assert b"Something broke" in response.content
    assert find(response, "a", href="/")


def test_a_host_that_is_not_ours(visitor: Client) -> None:
    assert visitor.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_too_much_at_once_is_refused_before_it_is_read(ada: Account, as_ada: Client) -> None:
    with override_settings(MAX_BODY=1000):
        response = as_ada.post("/compose", {"text": "x" * 2000})
    assert response.status_code == 413
    assert is_ours(response)
    assert not ada.posts.exists()


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options", "trace"])
def test_other_methods_are_405(ada: Account, as_ada: Client, method: str) -> None:
    for url in ("/", "/explore", "/@ada", "/compose", "/@ada/follow", "/settings/appearance"):
        assert getattr(as_ada, method)(url).status_code == 405, url


@pytest.mark.parametrize(
    ("method", "url", "allowed"),
    [
        ("get", "/@ada/follow", "POST"),
        ("get", "/posts/1/like", "POST"),
        ("post", "/explore", "GET, HEAD"),
        ("put", "/compose", "GET, HEAD, POST"),
    ],
)
def test_405(
    ada: Account, visitor: Client, as_ben: Client, method: str, url: str, allowed: str
) -> None:
    for client in (visitor, as_ben):
        response = getattr(client, method)(url)
        assert response.status_code == 405
        assert response["Allow"] == allowed
        assert is_ours(response)
        assert find(response, "h1")[0].text == "That does not work this way"


# --- Health ---


def test_health(visitor: Client) -> None:
    response = visitor.get("/health")
    assert response.status_code == 200
    assert response.json() == {"database": "ok"}
    assert not response.cookies


def test_health_without_a_database(rf: RequestFactory, db: None) -> None:
    def refuse(*args: Any) -> Any:
        raise OperationalError("no database")

    with connection.execute_wrapper(refuse):
        assert views.health(rf.get("/health")).status_code == 503


def test_the_icon_that_browsers_look_for(visitor: Client) -> None:
    response = visitor.get("/favicon.ico")
    assert response.status_code == 302
    assert response["Location"].endswith(".svg")
