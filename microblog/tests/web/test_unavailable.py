"""While the database is away, or there is too much to do: 503 on a page that asks nobody, and one
line in the log.
"""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client

from accounts.models import Account
from conftest import client_of
from microblog.serving import WAITED
from microblog.serving.log_filters import DeliberateFilter
from microblog.web.unavailable import PATIENCE, is_database_away
from testing.html import find

pytestmark = pytest.mark.both_databases


def sqlite_error(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = code
    return error


def because(error: Exception, cause: Exception | None) -> Exception:
    error.__cause__ = cause
    return error


AWAY = [
    because(
        OperationalError("the connection is closed"),
        psycopg.OperationalError("the connection is closed"),
    ),
    because(
        OperationalError("terminating connection"),
        psycopg.errors.AdminShutdown("terminating connection"),
    ),
    because(OperationalError("starting up"), psycopg.errors.CannotConnectNow("starting up")),
    because(OperationalError("too many"), psycopg.errors.TooManyConnections("too many")),
    because(
        InterfaceError("connection already closed"),
        psycopg.InterfaceError("connection already closed"),
    ),
    because(OperationalError("locked"), sqlite_error(sqlite3.SQLITE_BUSY)),
    because(OperationalError("unable to open"), sqlite_error(sqlite3.SQLITE_CANTOPEN)),
]
WRONG = [
    because(OperationalError("no such table"), sqlite_error(sqlite3.SQLITE_ERROR)),
    because(OperationalError("deadlock"), psycopg.errors.DeadlockDetected("deadlock")),
    because(OperationalError("full"), psycopg.errors.DiskFull("full")),
    ValueError("no"),
]


@pytest.mark.parametrize("error", AWAY, ids=str)
def test_the_database_is_away(error: Exception) -> None:
    assert is_database_away(error)


@pytest.mark.parametrize("error", WRONG, ids=str)
def test_something_else_is_wrong(error: Exception) -> None:
    assert not is_database_away(error)


def failing(error: Exception) -> AbstractContextManager[None]:
    """No query works."""

    def fail(*_: Any) -> None:
        raise error

    return connection.execute_wrapper(fail)


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], list[logging.LogRecord]]]:
    """What django.request logs, as the settings have it."""
    logger, filters = logging.getLogger("django.request"), [DeliberateFilter()]
    before, logger.filters = logger.filters, filters
    yield lambda: [record for record in caplog.records if record.name == "django.request"]
    logger.filters = before


@pytest.mark.parametrize("error", [AWAY[0], AWAY[4], AWAY[5]], ids=str)
@pytest.mark.parametrize("who", ["a visitor", "ada"])
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["plain", "htmx"])
def test_a_page_says_so(
    ada: Account, error: Exception, who: str, headers: dict[str, str], lines: Any
) -> None:
    client = client_of(ada if who == "ada" else None)
    client.raise_request_exception = False
    with failing(error):
        for response, again in [
            (client.get("/@ada?before=5", headers=headers), "/@ada?before=5"),
            (client.post("/compose", {"text": "Hello"}, headers=headers), "/"),
        ]:
            # who is to sign in is led there without a query
            if response.status_code == 302 or "HX-Redirect" in response:
                continue
            assert response.status_code == 503
            assert 0 < int(response["Retry-After"]) <= 60
            assert find(response, "main")
            assert [heading.text for heading in find(response, "h1")] == ["Please try again soon"]
            assert find(response, "a", class_="button")[-1].attrs["href"] == again
            assert "default-src 'none'" in response["Content-Security-Policy"]
            assert "no-store" in response["Cache-Control"]
    assert client.get("/@ada").status_code == 200
    assert client.get("/settings").status_code == (200 if who == "ada" else 302), (
        "nobody is signed out by it"
    )
    assert lines()
    assert {(record.levelname, record.exc_info) for record in lines()} == {("WARNING", None)}


def test_what_is_wrong_is_still_our_fault(ada: Account, visitor: Client, lines: Any) -> None:
    visitor.raise_request_exception = False
    with failing(WRONG[0]):
        response = visitor.get("/@ada")
    assert response.status_code == 500
    assert find(response, "h1")[0].text == "Something broke"
    [record] = lines()
    assert record.levelname == "ERROR"
    assert record.exc_info


@pytest.mark.parametrize("error", AWAY, ids=str)
def test_health(visitor: Client, error: Exception) -> None:
    with failing(error):
        assert visitor.get("/health").status_code == 503
    assert visitor.get("/health").status_code == 200


def test_who_waited_too_long_is_not_worked_on(
    ada: Account, as_ada: Client, lines: Any, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        response = as_ada.post("/compose", {"text": "Hello"}, **{WAITED: PATIENCE + 1})
    assert response.status_code == 503
    assert response["Retry-After"]
    assert "More people ask" in response.content.decode()
    assert not ada.posts.exists()
    assert [(record.levelname, record.exc_info) for record in lines()] == [("WARNING", None)]
    assert as_ada.get("/", **{WAITED: PATIENCE - 1}).status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql
def test_a_connection_that_is_cut(ada: Account) -> None:
    client = Client(raise_request_exception=False)
    client.get("/@ada")
    with psycopg.connect(
        **{**connection.get_connection_params(), "cursor_factory": None}, autocommit=True
    ) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    assert client.get("/@ada").status_code == 503
    connection.close()
    assert client.get("/@ada").status_code == 200
