"""The number that changes with every commit of anything that a visitor may be shown."""

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import Account, Follow, FormerHandle, LivelyAccount, SignupPolicy
from microblog import settings as site
from microblog.db import change_number
from microblog.db.change_number import current, fold
from microblog.tasks import tidy
from moderation.models import About, DailyFigures, Decision, Rule, Ticket
from testing.scene import say, stage
from timeline.models import (
    LinkCard,
    Media,
    Mention,
    Pin,
    Post,
    Revision,
    RisingTag,
    Tag,
    Tagging,
)

OF_OTHERS = {"account", "admin", "auth", "contenttypes", "django_ox", "mfa", "sessions"}
SHOWN = list(change_number.shown_models())
ONLY_POSTGRESQL = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer, and counts in one row"
)
SCHEDULES = site.TASKS["default"]["OPTIONS"]["SCHEDULES"]
WRITE = "UPDATE accounts_account SET location = 'London' WHERE id = %s"


def ask() -> int:
    """Return the number as another process reads it, which does not fold."""
    with connection.cursor() as cursor:
        cursor.execute(change_number._READ[connection.vendor])
        return sum(cursor.fetchone())


@pytest.fixture
def changed() -> Callable[[], bool]:
    """Whether the number has changed since this was asked last; it never goes back."""
    seen = [current()]

    def is_changed() -> bool:
        seen.append(current())
        assert seen[-1] >= seen[-2]
        return seen[-1] > seen[-2]

    return is_changed


# --- What is shown ---


def test_every_table_is_either_shown_or_not() -> None:
    """A new model is named in `shown` or `not_shown` of its AppConfig."""
    for config in apps.get_app_configs():
        if config.label not in OF_OTHERS:
            declared = [*getattr(config, "shown", ()), *getattr(config, "not_shown", ())]
            there = [model.__name__ for model in config.get_models(include_auto_created=True)]
            assert sorted(declared) == sorted(there), config.label


@pytest.mark.one_database
def test_what_visitors_pages_read_is_shown(ada: Account, ben: Account, cal: Account) -> None:
    scene = stage(ada, ben, cal)
    visitor = scene.clients()["a visitor"]
    with CaptureQueriesContext(connection) as asked:
        for page in [*scene.pages("a visitor"), "/about", "/rules", "/transparency"]:
            visitor.get(page)
    words = set(re.findall(r"\w+", " ".join(query["sql"] for query in asked.captured_queries)))
    read = words & set(connection.introspection.table_names())
    assert {"accounts_account", "timeline_post", "moderation_rule"} <= read
    # the cache is /transparency's, which remembers for a while; the number, of kept pages; what is
    # found by is written with what is shown, and no page of it is kept by the number
    beside = {"cache", *change_number.TABLES, "timeline_searchentry", "accounts_accountword"}
    assert read - {model._meta.db_table for model in SHOWN} <= beside


# --- What raises it ---


def make_row(model: type[models.Model], ada: Account, ben: Account, post: Post) -> models.Model:
    """Return a row that is not saved yet."""
    fields: dict[type[models.Model], dict[str, Any]] = {
        Account: {"handle": "zoe", "name": "Zoe"},
        Follow: {"follower": ada, "followed": ben},
        FormerHandle: {"handle": "countess", "account": ada, "until": timezone.now()},
        LinkCard: {"url": "https://a.example/", "domain": "a.example"},
        Media: {"post": post, "key": "k", "width": 1, "height": 1},
        Mention: {"post": post, "account": ben},
        Pin: {"post": post, "account": ada},
        Post: {"pk": post.pk + 1, "author": ada, "text": "Hello"},
        LivelyAccount: {"account": ada, "place": 1},
        Revision: {"post": post, "text": "Helo", "replaced_at": timezone.now()},
        RisingTag: {
            "tag_id": Tag.objects.get_or_create(name="x", folded="x")[0].pk,
            "place": 1,
            "people": 3,
            "posts": 3,
            "since": 1,
        },
        Tag: {"name": "Engines", "folded": "engines"},
        Tagging: {"post": post, "tag_id": Tag.objects.get_or_create(name="x", folded="x")[0].pk},
        DailyFigures: {"day": date(2026, 5, 1)},
        Decision: {"action": "warn", "previous": "", "digest": "d"},
        Rule: {"title": "Be kind"},
        Ticket: {"kind": "report", "account": ada, "account_number": ada.pk, "category": "spam"},
        SignupPolicy: {},
        About: {},
    }
    return model(**fields[model])


@pytest.mark.parametrize("model", SHOWN, ids=lambda model: model.__name__)
def test_every_change_of_what_is_shown(
    model: type[models.Model], ada: Account, cal: Account, changed: Callable[[], bool]
) -> None:
    row = make_row(model, ada, cal, say(ada, "Hello"))
    assert changed()
    row.save(force_insert=True)
    assert changed()
    if model is Decision:  # which nobody changes
        return
    row.save()
    assert changed()
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        assert not changed()
        cursor.execute(f"UPDATE {table} SET id = id")
        assert changed()
    row.delete()
    assert changed()


def test_statements_of_any_kind(db: None, changed: Callable[[], bool]) -> None:
    statements = [
        "INSERT INTO timeline_tag (name, folded) VALUES ('A', 'a'), ('B', 'b')",
        "UPDATE timeline_tag SET name = 'C' WHERE folded = 'a'",
        "DELETE FROM timeline_tag WHERE folded = 'a'",
        "DELETE FROM timeline_tag",
    ]
    if connection.vendor == "postgresql":
        statements.append("TRUNCATE moderation_about")
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            assert changed()


def test_what_nobody_sees_raises_nothing(ada: Account, changed: Callable[[], bool]) -> None:
    assert changed() is False
    ada.user.save()
    assert changed() is False


@pytest.mark.parametrize(
    "name", [name for name, one in SCHEDULES.items() if one["cron"].split()[1] == "*"]
)
def test_the_clock_leaves_an_idle_site_alone(
    name: str, ada: Account, changed: Callable[[], bool]
) -> None:
    import_string(SCHEDULES[name]["task"]).func()
    assert not changed()


def test_what_is_rolled_back(ada: Account) -> None:
    before = current()
    with suppress(ZeroDivisionError), transaction.atomic():
        ada.save()
        assert current() > before
        raise ZeroDivisionError
    assert current() == before


def test_it_is_one_query(db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        current()


# --- Triggers that are missing, numbers that are ---


def check() -> str:
    said = StringIO()
    call_command("check", databases=["default"], stdout=said, stderr=said)
    return said.getvalue()


def lose_trigger(how: str) -> str:
    """Take one away, and return its name."""
    name = "microblog_changed_timeline_tag"
    if connection.vendor == "sqlite":
        name, how = f"{name}_insert", "DROP TRIGGER {}"
    with connection.cursor() as cursor:
        cursor.execute(how.format(name))
    return name


LOSSES = [
    "DROP TRIGGER {} ON timeline_tag",
    pytest.param("ALTER TABLE timeline_tag DISABLE TRIGGER {}", marks=ONLY_POSTGRESQL),
]


@pytest.mark.parametrize("how", LOSSES)
def test_missing_triggers(how: str, db: None, changed: Callable[[], bool]) -> None:
    assert "triggers" not in check()
    name = lose_trigger(how)
    Tag.objects.create(name="A", folded="a")
    assert not changed()
    assert f"The database has lost triggers: {name}." in check()
    call_command("migrate", verbosity=0)
    assert changed()  # for nobody counted what was changed meanwhile
    assert "triggers" not in check()
    Tag.objects.create(name="B", folded="b")
    assert changed()


def test_triggers_that_nobody_wants(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apps.get_app_config("moderation"), "shown", ())
    call_command("migrate", verbosity=0)
    present = change_number.TRIGGERS._present()
    assert "timeline_tag" in present.values()
    assert "moderation_rule" not in present.values()


@pytest.mark.django_db(transaction=True)
def test_emptying_the_site(changed: Callable[[], bool]) -> None:
    call_command("flush", interactive=False, verbosity=0)
    assert changed()
    Tag.objects.create(name="A", folded="a")
    assert changed()


def test_without_a_base_no_number_is_said_twice(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM microblog_changenumber")
    assert current() != current()


# --- Many at once: PostgreSQL ---


def another() -> "psycopg.Connection[Any]":
    """A second connection, whose transaction is open until it commits; it waits for no lock."""
    params = {**connection.get_connection_params(), "cursor_factory": None}
    return psycopg.connect(**params, options="-c lock_timeout=1")


def pending() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM microblog_change")
        return int(cursor.fetchone()[0])


def write(times: int) -> None:
    with connection.cursor() as cursor:
        for _ in range(times):
            cursor.execute(WRITE, [0])


@pytest.fixture
def folded(transactional_db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer, and counts in one row")
    change_number.fold_all()


def test_who_commits_later_than_somebody_who_began_later(
    folded: None, changed: Callable[[], bool]
) -> None:
    with another() as first, another() as second:
        first.execute(WRITE, [1])
        second.execute(WRITE, [2])
        assert not changed()
        second.commit()
        assert changed()
        fold()
        assert not changed()
        first.commit()
        assert changed()
        first.execute(WRITE, [1])
        first.rollback()
        assert not changed()


def test_nobody_queues(folded: None) -> None:
    """Eight write, and somebody folds, each before anybody has committed."""
    before = current()
    writers = [another() for _ in range(8)]
    write(3)
    with transaction.atomic():
        assert fold() == 3
        for number, writer in enumerate(writers):
            writer.execute(WRITE, [number])
        with another() as reader:
            assert sum(reader.execute(change_number._READ["postgresql"]).fetchone()) == before + 3
    for writer in writers:
        writer.commit()
        writer.close()
    assert current() == before + 3 + 8
    assert pending() == 8


def test_one_folds_at_a_time(folded: None) -> None:
    write(3)
    with another() as other:
        other.execute(change_number._HOLD)
        assert fold() == 0
        assert pending() == 3
    assert fold() == 3
    assert pending() == 0


def test_folding_keeps_it_and_is_bounded(folded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    write(25)
    before = current()
    monkeypatch.setattr(change_number, "BATCH", 10)
    assert (fold(), pending(), current()) == (10, 15, before)
    change_number.fold_all()
    assert (pending(), current()) == (0, before)


def test_the_clock_folds(folded: None, changed: Callable[[], bool]) -> None:
    write(2)
    assert changed()
    tidy.func()
    assert pending() == 0
    assert not changed()


def test_who_counts_many_folds_them(folded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change_number, "FOLD_AT", 5)
    write(4)
    before = current()
    assert pending() == 4
    write(1)
    with transaction.atomic():
        assert current() == before + 1
    assert pending() == 5
    assert current() == before + 1
    assert pending() == 0


def test_a_fold_that_fails_is_no_readers_business(
    folded: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_number, "FOLD_AT", 1)
    monkeypatch.setattr(change_number, "_FOLD", "SELECT 1 / 0 /* %s */")
    write(2)
    assert current() == current()
    assert pending() == 2


WRITES = 60  # of each who writes; a third is rolled back


def write_often() -> None:
    for number in range(WRITES):
        with suppress(ZeroDivisionError), transaction.atomic():
            write(1)
            if number % 3 == 0:
                raise ZeroDivisionError


def read_until(over: threading.Event) -> None:
    last = 0
    while not over.is_set():
        number = ask()
        assert number >= last
        last = number


def fold_until(over: threading.Event) -> None:
    while not over.is_set():
        fold()


def alone(deed: Callable[..., None], *args: Any) -> None:
    """Run `deed` in a thread, which has a connection of its own."""
    try:
        deed(*args)
    finally:
        connection.close()


def test_writers_readers_and_folders_race(folded: None) -> None:
    """No change is lost, none is counted twice, whoever folds."""
    before, over = current(), threading.Event()
    with ThreadPoolExecutor(8) as pool:
        watching = [pool.submit(alone, deed, over) for deed in (read_until, fold_until) * 2]
        writing = [pool.submit(alone, write_often) for _ in range(4)]
        for one in writing:
            one.exception()
        over.set()
        for one in writing + watching:
            one.result()
    assert current() == before + 4 * WRITES * 2 // 3
