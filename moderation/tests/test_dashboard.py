"""The dashboard: who may look, what it shows, and that it costs the same on a large site."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Account, User
from conftest import client_of, make_account
from moderation import tasks
from moderation.models import DailyFigures
from testing.history import DAY, HOUR, NOON, ask_removal, at, decide_about, moderator, report
from testing.html import find, read
from timeline.posting.publish import publish

URL = "/admin/dashboard/"
MOST_QUERIES = 18


@pytest.fixture
def mod(db: None) -> User:
    with at(NOON - 400 * DAY):
        return moderator()


@pytest.fixture
def zed(db: None) -> Account:
    with at(NOON - 400 * DAY):
        return make_account("zed")


@pytest.fixture
def look(mod: User) -> Callable[[], Any]:
    """Return the page, as the moderator sees it at NOON."""

    client = client_of(mod.account)

    def look() -> Any:
        with at(NOON):
            return client.get(URL)

    return look


def tables(response: Any) -> dict[str, Any]:
    """Return the tables of the page by title."""
    return {
        table.title: table
        for section in response.context["dashboard"].sections
        for table in section.tables
    }


def rows(response: Any, title: str) -> dict[str, list[str]]:
    return {
        label: words
        for label, cells in tables(response)[title].rows
        if set(words := [cell.words for cell in cells]) - {"0", "–"}
    }


# --- Who ---


def test_a_moderator_finds_the_dashboard_from_the_queue(look: Callable[[], Any], mod: User) -> None:
    page = look()
    assert page.status_code == 200
    with at(NOON):
        assert find(client_of(mod.account).get("/admin/"), "a", href=URL)


def test_only_moderators_see_the_dashboard(visitor: Client, as_ada: Client, ben: Account) -> None:
    assert visitor.get(URL).status_code == 302
    assert as_ada.get(URL).status_code == 302
    User.objects.filter(pk=ben.user_id).update(is_staff=True)
    as_ben = client_of(ben)
    assert as_ben.get(URL).status_code == 403
    assert as_ben.post(URL).status_code == 403
    assert not DailyFigures.objects.exists()


def test_other_methods_are_refused(mod: User) -> None:
    assert client_of(mod.account).put(URL).status_code == 405


# --- What ---


def test_every_topic_is_shown_by_day_and_by_week(look: Callable[[], Any]) -> None:
    subjects = [
        "Sign-ups",
        "Posts",
        "Reports and removal requests",
        "Time to a decision",
        "Media storage",
    ]
    page = look()
    found = tables(page)
    assert list(found) == [f"{subject}, by {of}" for subject in subjects for of in ("week", "day")]
    assert [caption.text for caption in find(page, "caption")] == list(found)
    labels = [head.text for head in find(page, "th", scope="row")]
    for title, table in found.items():
        assert len(table.rows) == (30 if title.endswith("day") else 12)
        (newest, _), *others = table.rows
        shown = [f"{newest} so far", *(label for label, _ in others)]
        shown += ["In all"] if table.totals else []
        assert labels[: len(shown)] == shown
        labels = labels[len(shown) :]
    assert labels == []


def test_today_is_shown_before_any_night(look: Callable[[], Any], mod: User, zed: Account) -> None:
    with at(NOON):
        publish(zed, "Hello")
        make_account("nora")
    report(zed, NOON - 3 * HOUR)
    decide_about(ask_removal(zed, NOON - HOUR), mod, NOON, "hide")
    page = look()
    assert rows(page, "Sign-ups, by day") == {"10 Jun": ["1"]}
    assert rows(page, "Posts, by day") == {"10 Jun": ["1"]}
    assert rows(page, "Posts, by week") == {"8 Jun": ["1"]}
    assert rows(page, "Reports and removal requests, by day") == {"10 Jun": ["1", "1"]}
    assert rows(page, "Time to a decision, by day") == {"10 Jun": ["1 hour"]}
    assert "are not counted yet" in page.content.decode()


def test_kept_days_are_shown_and_add_up_to_weeks(
    look: Callable[[], Any], mod: User, zed: Account
) -> None:
    for ago in (1, 2, 3, 29, 60):
        with at(NOON - ago * DAY):
            publish(zed, "Hello")
        decide_about(report(zed, NOON - ago * DAY - ago * HOUR), mod, NOON - ago * DAY, "warn")
    with at(NOON):
        tasks.count_days.enqueue()
    page = look()
    assert rows(page, "Posts, by day") == {
        "9 Jun": ["1"],
        "8 Jun": ["1"],
        "7 Jun": ["1"],
        "12 May": ["1"],
    }
    assert rows(page, "Posts, by week") == {
        "8 Jun": ["2"],
        "1 Jun": ["1"],
        "11 May": ["1"],
        "6 Apr": ["1"],
    }
    assert rows(page, "Time to a decision, by week") == {
        "8 Jun": ["1 hour"],
        "1 Jun": ["3 hours"],
        "11 May": ["1.2 days"],
        "6 Apr": ["2.5 days"],
    }
    assert "counted yet" not in page.content.decode()
    posts = tables(page)["Posts, by day"]
    assert (posts.totals, posts.highest) == (["4"], 1)
    assert tables(page)["Time to a decision, by day"].totals == []


def test_a_day_without_figures_is_a_gap_and_no_zero(look: Callable[[], Any]) -> None:
    with at(NOON):
        tasks.count_days.enqueue()
    DailyFigures.objects.filter(day=NOON.date() - timedelta(days=4)).delete()
    page = look()
    cells = {label: cell for label, (cell,) in tables(page)["Posts, by day"].rows}
    assert (cells["6 Jun"].words, cells["5 Jun"].words) == ("–", "0")
    assert "1 day of these twelve weeks is not counted yet" in page.content.decode()


def test_the_storage_says_when_it_was_measured(look: Callable[[], Any]) -> None:
    assert "not measured yet" in look().content.decode()
    with at(NOON):
        tasks.count_days.enqueue()
    DailyFigures.objects.exclude(media_bytes=None).update(media_bytes=3 * 2**20)
    page = look()
    assert "3.0\xa0MB on 10 Jun 2026, 12:00 UTC" in page.content.decode()
    assert rows(page, "Media storage, by day") == {"9 Jun": ["3.0\xa0MB"]}
    assert rows(page, "Media storage, by week") == {"8 Jun": ["3.0\xa0MB"]}


def test_missing_days_can_be_counted_at_once(mod: User) -> None:
    client = client_of(mod.account)
    for _ in range(2):
        assert client.post(URL).status_code == 302
    assert DailyFigures.objects.count() == 84
    assert "not counted yet" not in client.get(URL).content.decode()


def test_nothing_in_it_needs_a_script_or_a_style(look: Callable[[], Any]) -> None:
    main = re.search(r'<div class="work".*', look().content.decode(), re.DOTALL)
    assert main
    assert "<meter" in main[0]
    assert not re.search(r"\sstyle=|<style|\son\w+=", main[0])


def test_a_bar_is_as_long_as_its_number_and_read_once(
    look: Callable[[], Any], zed: Account
) -> None:
    """The number stands beside it; where nothing is known there is none."""
    for ago, number in ((1, 4), (2, 1)):
        for _ in range(number):
            with at(NOON - ago * DAY):
                publish(zed, "Hello")
    with at(NOON):
        tasks.count_days.enqueue()
    DailyFigures.objects.filter(day=NOON.date() - timedelta(days=3)).delete()
    elements = read(look())
    posts = next(one for one in elements if one.text == "Posts, by day" and one.tag == "caption")
    bars = [one for one in elements if one.tag == "meter" and posts.inside[-1] in one.inside]
    sizes = [(bar.attrs["value"], bar.attrs["max"]) for bar in bars]
    assert sizes[:3] == [("0", "4"), ("4", "4"), ("1", "4")]
    assert len(sizes) == 29
    assert {bar.attrs["aria-hidden"] for bar in bars} == {"true"}


# --- What it costs ---


def queries_of(look: Callable[[], Any]) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        assert look().status_code == 200
    return [query["sql"] for query in queries]


def test_queries_do_not_grow(look: Callable[[], Any], mod: User, zed: Account) -> None:
    few = queries_of(look)
    for number in range(8):
        moment = NOON - number * HOUR
        with at(moment):
            publish(zed, "Hello")
            make_account(f"new{number}")
        decide_about(report(zed, moment), mod, moment, "warn", "sensitive")
        ask_removal(zed, moment)
    with at(NOON):
        tasks.count_days.enqueue()
    many = queries_of(look)
    assert len(few) == len(many)
    assert len(many) <= MOST_QUERIES


def test_the_page_counts_today_alone(look: Callable[[], Any]) -> None:
    counting = [sql for sql in queries_of(look) if "COUNT(" in sql]
    assert counting
    assert all(re.search(r"date_joined|confirmed_at|made_at|\"id\" >=", sql) for sql in counting), (
        counting
    )


# --- Who keeps the most ---


def test_the_ten_largest_accounts_are_listed(
    look: Callable[[], Any], zed: Account, settings: Any
) -> None:
    settings.ACCOUNT_BYTES = 5 * 1024**3
    assert "Nobody keeps any files yet." in look().content.decode()
    for n in range(12):
        Account.objects.filter(pk=make_account(f"p{n}").pk).update(stored_bytes=(n + 1) * 1024**2)
    response = look()
    table = find(response, "table")[-1]
    assert [link.text for link in find(response, "a") if link.text.startswith("@p")] == [
        f"@p{n}" for n in range(11, 1, -1)
    ]
    assert "12.0 MB" in table.text
    assert "Each account may keep 5.0 GB" in response.content.decode().replace("\xa0", " ")
