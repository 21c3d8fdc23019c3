"""The cast: Ada writes, Ben follows her, Cal is a stranger to both, a visitor is not signed in."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, SimpleTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from accounts.models import Account, User
from moderation.enforcement import audit_log
from timeline.models import Post
from timeline.posting.publish import publish as publish_post

PASSWORD = "a long pass phrase"

# A deadline and "too slow" are by the clock, which a busy machine passes.
hypothesis_settings.register_profile(
    "microblog", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("microblog")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, leave out what touches no database: SQLite's run has it already."""
    if connection.vendor != "postgresql":
        return
    kept, left_out = [], []
    for item in items:
        (kept if _touches_database(item) else left_out).append(item)
    config.hook.pytest_deselected(items=left_out)
    items[:] = kept


def _touches_database(item: pytest.Item) -> bool:
    """By one of pytest-django's fixtures or marks, or as a TestCase of Django's."""
    fixtures = {"db", "transactional_db", "live_server"}.intersection(
        getattr(item, "fixturenames", ())
    )
    marks = item.get_closest_marker("django_db") or item.get_closest_marker("site")
    return bool(
        fixtures or marks or issubclass(getattr(item, "cls", None) or object, SimpleTestCase)
    )


def make_account(handle: str, **fields: Any) -> Account:
    """A local account that can sign in: its name the capitalised handle, its address
    handle@example.com.
    """
    user = User.objects.create_user(f"{handle}@example.com", PASSWORD)
    return Account.objects.create_local(
        handle, **{"user": user, "name": handle.capitalize(), **fields}
    )


def client_of(account: Account | None, **extra: Any) -> Client:
    """A browser in which `account` (None: nobody) is signed in."""
    client = Client(**extra)
    if account:
        client.force_login(account.user)
    return client


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test has an empty storage of its own, and waits for no disk: what is synced when,
    test_syncing says.
    """
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    default = {
        "BACKEND": "microblog.media.storage.Storage",
        "OPTIONS": {"location": tmp_path, "allow_overwrite": True},
    }
    settings.STORAGES = {**settings.STORAGES, "default": default}


@pytest.fixture
def ada(db: None) -> Account:
    return make_account("ada", name="Ada Lovelace")


@pytest.fixture
def ben(ada: Account) -> Account:
    ben = make_account("ben")
    ben.follow(ada)
    return ben


@pytest.fixture
def cal(db: None) -> Account:
    return make_account("cal")


@pytest.fixture
def visitor(db: None) -> Client:
    return client_of(None)


@pytest.fixture
def as_ada(ada: Account) -> Client:
    return client_of(ada)


@pytest.fixture
def as_ben(ben: Account) -> Client:
    return client_of(ben)


@pytest.fixture
def as_cal(cal: Account) -> Client:
    return client_of(cal)


@pytest.fixture
def publish() -> Callable[..., Post]:
    """`publish(author, text, **more)`, as the composer does it."""
    return publish_post


@pytest.fixture
def clear_cache(db: None) -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def _open_record(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test without a transaction around it empties all tables at its end: then alone, the record
    of decisions can be emptied.
    """
    marker = request.node.get_closest_marker("django_db")
    flushes = (
        "live_server" in request.fixturenames
        or "transactional_db" in request.fixturenames
        or (marker and marker.kwargs.get("transaction"))
    )
    if flushes:
        request.getfixturevalue("transactional_db")
    yield
    if flushes:
        audit_log.take_down()  # the emptying is followed by post_migrate, which makes them anew
