"""Connections that the pool kept: which are used without a question, and which are none."""

import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg_pool import ConnectionPool

from microblog.db import pool

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def parameters() -> dict[str, Any]:
    return {**connection.get_connection_params(), "cursor_factory": None, "autocommit": True}


def connected() -> Any:
    return psycopg.connect(**parameters())


@pytest.fixture
def kept() -> Iterator[Any]:
    with connected() as one:
        pool.check(one)
        yield one


@pytest.fixture
def asked(kept: Any, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    asked: list[Any] = []
    monkeypatch.setattr(ConnectionPool, "check_connection", asked.append)
    return asked


def test_what_was_used_just_now_is_not_asked(kept: Any, asked: list[Any]) -> None:
    kept.execute("SELECT 1")
    pool.check(kept)
    assert asked == []


def test_what_was_not_used_for_long_is_asked(kept: Any, asked: list[Any]) -> None:
    kept.seen_at -= pool.ASKED_AFTER + 1
    pool.check(kept)
    pool.check(kept)
    assert asked == [kept]


def test_what_was_cut_is_none(kept: Any) -> None:
    with connected() as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [kept.info.backend_pid])
    time.sleep(0.05)
    with pytest.raises(psycopg.OperationalError):
        pool.check(kept)


def test_pool_gives_another_for_what_was_cut() -> None:
    with ConnectionPool(kwargs=parameters(), min_size=1, check=pool.check) as connections:
        with connections.connection() as first:
            lost = first.info.backend_pid
        with connected() as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [lost])
        with connections.connection() as second:
            assert second.execute("SELECT 1").fetchone() == (1,)
            assert second.info.backend_pid != lost
