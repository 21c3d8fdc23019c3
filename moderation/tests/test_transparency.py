"""The public page of what moderation did: the right figures, and nobody's name."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Account, User
from conftest import make_account
from moderation import tasks
from moderation.enforcement.decide import Ruling, decide
from moderation.enforcement.undo import undo
from moderation.models import Action, DailyFigures, Decision
from moderation.statistics import daily_stats, transparency
from testing.history import DAY, HOUR, NOON, ask_removal, at, decide_about, moderator, report
from testing.html import find

URL = "/transparency"
NOTHING = "Nothing to tell yet"


@pytest.fixture
def mod(db: None) -> User:
    with at(NOON - 500 * DAY):
        return moderator()


@pytest.fixture
def zed(db: None) -> Account:
    with at(NOON - 500 * DAY):
        return make_account("zed")


@pytest.fixture(autouse=True)
def _clear(clear_cache: None) -> None:
    pass


def page(client: Client) -> Any:
    with at(NOON):
        response = client.get(URL)
    assert response.status_code == 200
    return response


def told(client: Client) -> dict[str, dict[str, tuple[str, str]]]:
    """Return what each table says, last year and ever, where that is something."""
    tables = page(client).context["tables"]
    return {
        table.title: {
            label: (year, ever) for label, year, ever in table.rows if ever not in ("0", "–")
        }
        for table in tables
    }


def count_days() -> None:
    with at(NOON):
        tasks.count_days.enqueue()
    cache.clear()


@pytest.fixture
def short_year(monkeypatch: Any) -> None:
    """So that nobody need count more than a year of days."""
    monkeypatch.setattr(transparency, "YEAR", 30 * DAY)


def live(mod: User, zed: Account, first: int = 400) -> None:
    """Some moderation, `first` days ago and lately."""
    decide_about(
        report(zed, NOON - first * DAY, "hate"), mod, NOON - first * DAY + 2 * HOUR, "warn"
    )
    report(zed, NOON - 3 * DAY)
    ask_removal(zed, NOON - 3 * DAY, "law")
    undone = decide_about(report(zed, NOON - 2 * DAY), mod, NOON - 2 * DAY + HOUR, "suspend")
    with at(NOON - 2 * DAY + HOUR):
        undo(mod, undone)
    again = zed.tickets.reports().order_by("-pk")[0]
    decide_about(again, mod, NOON - DAY, "hide", "limit")
    with at(NOON - DAY + HOUR):
        appeal = zed.notices.order_by("-pk")[0].appeal_with("No!")
    with at(NOON - HOUR):
        decide(mod, zed, Ruling(appeal=Action.OVERTURN), appeal.case)
    report(zed, NOON - 2 * HOUR, "other")


EXPECTED = {
    "Reports": {"Spam": ("2", "2"), "Hate": ("0", "1"), "Something else": ("1", "1")},
    "Removal requests": {"The law": ("1", "1")},
    "Decisions": {
        "Warn": ("0", "1"),
        "Hide the posts": ("1", "1"),
        "Limit the account": ("1", "1"),
    },
    "Appeals": {"Sent": ("1", "1"), "Decision taken back": ("1", "1")},
    "Median time to a decision": {
        "Reports": ("1 day", "1 day"),
        "Removal requests": ("2 days", "2 days"),
        "Appeals": ("22 hours", "22 hours"),
    },
}


def test_the_page_says_that_nothing_happened(visitor: Client) -> None:
    response = page(visitor)
    assert NOTHING in response.content.decode()
    assert not find(response, "table")
    count_days()
    assert NOTHING in page(visitor).content.decode()


def test_all_is_told_before_any_night(visitor: Client, mod: User, zed: Account) -> None:
    live(mod, zed)
    assert told(visitor) == EXPECTED


def test_the_same_is_told_after_the_night(
    visitor: Client, mod: User, zed: Account, short_year: None
) -> None:
    live(mod, zed, first=60)
    count_days()
    assert DailyFigures.objects.count() == 84
    assert told(visitor) == EXPECTED


def test_the_same_is_told_when_nights_were_missed(
    visitor: Client, mod: User, zed: Account, short_year: None
) -> None:
    live(mod, zed, first=60)
    with at(NOON - 2 * DAY):
        tasks.count_days.enqueue()
    cache.clear()
    assert told(visitor) == EXPECTED


def test_what_happens_today_is_there_at_once(visitor: Client, as_ada: Client, zed: Account) -> None:
    count_days()
    assert NOTHING in page(visitor).content.decode()
    report(zed, NOON - HOUR)
    for client in (visitor, as_ada):
        assert told(client)["Reports"] == {"Spam": ("1", "1")}


def test_each_table_has_its_sums(visitor: Client, mod: User, zed: Account) -> None:
    live(mod, zed)
    totals = {table.title: table.total for table in page(visitor).context["tables"]}
    assert totals == {
        "Reports": ("3", "4"),
        "Removal requests": ("1", "1"),
        "Decisions": ("2", "3"),
        "Appeals": None,
        "Median time to a decision": None,
    }


def test_the_page_names_nobody(visitor: Client, mod: User, zed: Account) -> None:
    with at(NOON - DAY):
        decide_order = Ruling(actions=(Action.WARN,), statement="You know why, Zed.")
        found = report(zed, NOON - DAY, text="I am Zoe")
        decide(mod, zed, decide_order, found.case)
    text = find(page(visitor), "main")[0]
    main = re.search(r"<main.*</main>", page(visitor).content.decode(), re.DOTALL)
    assert text
    assert main
    assert not re.search(
        r"zed|zoe|mod\b|@example|\bknow why", main[0].replace("moderat", ""), re.IGNORECASE
    )


def test_every_action_but_the_undoing_has_its_row(visitor: Client, zed: Account) -> None:
    report(zed, NOON - HOUR)
    tables = {
        table.title: [row[0] for row in table.rows] for table in page(visitor).context["tables"]
    }
    shown = tables["Decisions"] + tables["Appeals"]
    assert len(shown) == len(Action.values) - 1 + 1  # without Undone; with "Sent"


def test_other_methods_are_refused(visitor: Client) -> None:
    assert visitor.post(URL).status_code == 405
    assert visitor.head(URL).status_code == 200


@pytest.mark.parametrize("url", ["/rules", "/explore"])
def test_other_pages_lead_to_transparency(visitor: Client, url: str) -> None:
    assert find(visitor.get(url), "a", href=URL)


def test_queries_do_not_grow(visitor: Client, mod: User, zed: Account) -> None:
    def query_count() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            page(visitor)
        return len(
            [
                query
                for query in queries
                if "SAVEPOINT" not in query["sql"] and "cache" not in query["sql"]
            ]
        )

    report(zed, NOON - DAY)
    count_days()
    few = query_count()
    live(mod, zed, first=60)
    assert Decision.objects.count() > 4
    assert query_count() == few == 8


def test_the_past_is_summed_once_in_a_while(visitor: Client, zed: Account) -> None:
    report(zed, NOON - DAY)
    count_days()
    page(visitor)
    with CaptureQueriesContext(connection) as queries:
        page(visitor)
    assert not [query for query in queries if "dailyfigures" in query["sql"]]


def test_no_day_is_counted_twice_while_the_sums_are_remembered(
    visitor: Client, zed: Account
) -> None:
    report(zed, NOON - DAY)
    assert told(visitor)["Reports"] == {"Spam": ("1", "1")}  # remembers that no day is kept
    with at(NOON):
        daily_stats.count_missing()
    assert told(visitor)["Reports"] == {"Spam": ("1", "1")}
