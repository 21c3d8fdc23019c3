"""The cast: Ada writes, Ben follows her, Cal is a stranger to both, a visitor is not signed in."""

import gc
import os
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from accounts.models import Account, User
from microblog.kept.memory import MEMORY
from microblog.media import isolation
from testing import database, decoded
from timeline.models import Post
from timeline.posting.publish import publish as publish_post

PASSWORD = "a long pass phrase"
# where each case of a test may lead to other SQL
ROOMS_OF_QUERIES = {"db", "enforcement", "feeds", "models", "posting", "search", "statistics"}
# where tests are about requests and answers, whatever stands in them
ROOM_OF_ANSWERS = "web"
_NUMBERS = count()

# A deadline and "too slow" are by the clock, which a busy machine passes.
hypothesis_settings.register_profile(
    "microblog", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("microblog")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs the database or the browser, and leave out what the run on the other
    database has.
    """
    kept, left_out = [], []
    cases = Counter(map(_test_of, items))
    seen: Counter[str] = Counter()
    for item in items:
        if database.is_needed_by(item):
            item.add_marker("database")
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        number, of = seen[_test_of(item)], cases[_test_of(item)]
        seen[_test_of(item)] += 1
        is_for = _is_for(connection.vendor, item) and not (
            connection.vendor == "postgresql" and _is_one_case_more(item, number, of)
        )
        (kept if is_for else left_out).append(item)
    config.hook.pytest_deselected(items=left_out)
    items[:] = kept


def pytest_collection_finish() -> None:
    """Let the collector of garbage walk no more over what stays: Django, the site and the tests,
    a hundred thousand objects and more at each walk.
    """
    gc.collect()
    gc.freeze()


def _is_for(vendor: str, item: pytest.Item) -> bool:
    """Return whether a test says something on this database that the other's run does not say. In
    a browser, or where HTML is read, the database is scenery: see docs/decisions/testing.md.
    """
    marks = {mark.name for mark in item.iter_markers()}
    if vendor != "postgresql":
        return "postgresql" not in marks
    is_of_answers = bool(marks & {"browser", "one_database"}) or ROOM_OF_ANSWERS in item.path.parts
    return "database" in marks and ("both_databases" in marks or not is_of_answers)


def _test_of(item: pytest.Item) -> str:
    """Return the name of a test, without that of its case."""
    return item.nodeid.partition("[")[0]


def _is_one_case_more(item: pytest.Item, number: int, of: int) -> bool:
    """Tell whether this case is not one of the first, the middle and the last of its test: outside
    of the rooms of what is asked of the database, cases are inputs that Python tells apart.
    """
    if ROOMS_OF_QUERIES.intersection(item.path.parts) or "both_databases" in item.keywords:
        return False
    return number not in (0, of // 2, of - 1)


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


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django's, with our own way to empty the database after tests that commit."""
    with pytest.MonkeyPatch.context() as patch:
        with django_db_blocker.unblock():
            database.restore_after_tests_that_commit(patch)
        yield


@pytest.fixture(autouse=True)
def _media(settings: Any, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test has an empty storage of its own, and waits for no disk: what is synced when,
    test_syncing says.
    """
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    default = {
        "BACKEND": "microblog.media.storage.Storage",
        "OPTIONS": {"location": _folder_of(request), "allow_overwrite": True},
    }
    settings.STORAGES = {**settings.STORAGES, "default": default}


def _folder_of(request: pytest.FixtureRequest) -> Path:
    """Return the test's tmp_path; where it does not ask for that, a folder that is made when
    something is written: few do, and thousands of folders take long to make and to remove.
    """
    if "tmp_path" in request.fixturenames:
        return Path(request.getfixturevalue("tmp_path"))
    factory: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
    return factory.getbasetemp() / "media" / str(next(_NUMBERS))


@pytest.fixture(autouse=True)
def _decoded_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same picture is decoded once, but where the tests are about that."""
    if not {"media", "db"}.intersection(request.path.parts):
        monkeypatch.setattr(isolation, "run", decoded.run)


@pytest.fixture(autouse=True)
def _memory() -> None:
    """Every test begins with an empty memory."""
    MEMORY.clear()


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
