"""The figures of a day: what they count, when they are kept, and that counting again changes
nothing.
"""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account, User
from conftest import make_account
from microblog.media import uploads
from moderation import tasks
from moderation.enforcement.decide import Ruling, decide
from moderation.enforcement.undo import undo
from moderation.models import Action, DailyFigures, Decision
from moderation.statistics import daily_stats
from testing.history import DAY, HOUR, NOON, ask_removal, at, decide_about, moderator, report
from testing.scene import external, from_outside
from timeline.posting.publish import publish

TODAY = NOON.date()
YESTERDAY = TODAY - timedelta(days=1)
BEFORE = NOON - DAY  # yesterday at noon


@pytest.fixture
def mod(db: None) -> User:
    with at(NOON - 400 * DAY):
        return moderator()


@pytest.fixture
def zed(db: None) -> Account:
    """Return who is reported, and joined long ago."""
    with at(NOON - 400 * DAY):
        return make_account("zed")


def of(day: date) -> DailyFigures:
    with at(NOON):
        return daily_stats.counted(day)


# --- What is counted ---


def test_sign_ups_and_posts_count_on_their_day(zed: Account) -> None:
    for moment in (
        BEFORE - DAY,
        BEFORE - 12 * HOUR,
        BEFORE,
        BEFORE + 12 * HOUR - timedelta(seconds=1),
        BEFORE + 12 * HOUR,
    ):
        with at(moment):
            make_account(f"new{User.objects.count()}")
            publish(zed, "Hello")
    assert (of(YESTERDAY).signups, of(YESTERDAY).posts) == (3, 3)
    assert (of(TODAY).signups, of(TODAY).posts) == (1, 1)
    assert of(TODAY - timedelta(days=7)).posts == 0


def test_retweets_count_as_posts_and_posts_from_elsewhere_do_not(zed: Account) -> None:
    with at(BEFORE):
        original = from_outside(external("nina"), "From X")
        original.retweet(zed)
    assert original.created_at.date() == YESTERDAY - timedelta(days=30)
    assert of(YESTERDAY).posts == 1
    assert of(YESTERDAY - timedelta(days=30)).posts == 0


def test_reports_and_removals_count_when_moderators_can_see_them(zed: Account) -> None:
    report(zed, BEFORE)
    report(zed, BEFORE, "hate")
    report(zed, BEFORE, "hate")
    ask_removal(zed, BEFORE, "picture")
    unconfirmed = ask_removal(zed, BEFORE, "law")
    type(unconfirmed).objects.filter(pk=unconfirmed.pk).update(confirmed_at=None)
    late = report(zed, BEFORE, "illegal")
    type(late).objects.filter(pk=late.pk).update(created_at=BEFORE - 6 * DAY)
    figures = of(YESTERDAY)
    assert figures.reports == {"spam": 1, "hate": 2, "illegal": 1}
    assert figures.removals == {"picture": 1}
    assert (figures.reports_count, figures.removals_count) == (4, 1)


def test_what_was_withdrawn_was_sent_all_the_same(zed: Account) -> None:
    report(zed, BEFORE).withdraw()
    assert of(YESTERDAY).reports == {"spam": 1}
    assert of(YESTERDAY).waits["report"] == {}


def test_decisions_count_unless_they_were_undone(mod: User, zed: Account) -> None:
    first = report(zed, BEFORE - HOUR)
    undone = decide_about(first, mod, BEFORE, "suspend", "ban")
    with at(BEFORE + timedelta(minutes=5)):
        undo(mod, undone)
    assert of(YESTERDAY).decisions == {}
    assert of(YESTERDAY).waits["report"] == {}
    decide_about(first, mod, BEFORE + HOUR, "warn", "limit")
    assert of(YESTERDAY).decisions == {"warn": 1, "limit": 1}
    assert of(YESTERDAY).waits["report"] == {"120": 1}


def test_what_is_undone_after_midnight_was_not_decided_the_day_before(
    mod: User, zed: Account
) -> None:
    late = BEFORE + 12 * HOUR - timedelta(minutes=4)
    batch = decide_about(report(zed, BEFORE), mod, late, "warn")
    with at(late + timedelta(minutes=9)):
        undo(mod, batch)
    assert of(YESTERDAY).decisions == of(TODAY).decisions == {}


def test_a_wait_belongs_to_the_day_of_its_decision(mod: User, zed: Account) -> None:
    report(zed, BEFORE - 4 * HOUR)
    report(zed, BEFORE - 2 * HOUR)
    asked = ask_removal(zed, BEFORE - 30 * HOUR)
    decide_about(asked, mod, BEFORE, "hide")
    figures = of(YESTERDAY)
    assert figures.waits["report"] == {"240": 1, "120": 1}
    assert figures.waits["removal"] == {"1800": 1}
    assert figures.median_wait() == 240
    assert figures.median_wait("report") == 120
    assert figures.median_wait("appeal") is None
    assert not any(of(YESTERDAY - DAY).waits.values())


def test_an_appeal_and_its_answer_count(mod: User, zed: Account) -> None:
    decide_about(report(zed, BEFORE - HOUR), mod, BEFORE, "warn")
    with at(BEFORE + HOUR):
        appeal = zed.notices.get().appeal_with("No!")
    assert of(YESTERDAY).appeals == 1
    with at(NOON):
        decide(mod, zed, Ruling(appeal=Action.OVERTURN), appeal.case)
    assert of(TODAY).decisions == {"overturn": 1}
    assert of(TODAY).waits["appeal"] == {"1380": 1}


# --- The night ---


def test_every_missing_day_of_twelve_weeks_is_counted_and_a_second_run_changes_nothing(
    mod: User, zed: Account
) -> None:
    report(zed, BEFORE - 3 * DAY)
    with at(NOON):
        tasks.count_days.enqueue()
        kept = list(DailyFigures.objects.in_order().values())
        tasks.count_days.enqueue()
    assert [row["day"] for row in kept] == [
        TODAY - timedelta(days=days) for days in range(84, 0, -1)
    ]
    assert kept == list(DailyFigures.objects.in_order().values())
    assert DailyFigures.objects.get(day=YESTERDAY - timedelta(days=3)).reports == {"spam": 1}
    with at(NOON + 3 * DAY):
        tasks.count_days.enqueue()
    assert DailyFigures.objects.count() == 87


def test_a_missing_day_is_counted_later(db: None) -> None:
    with at(NOON):
        tasks.count_days.enqueue()
        DailyFigures.objects.filter(day=TODAY - timedelta(days=40)).delete()
        assert daily_stats.missing_days() == [TODAY - timedelta(days=40)]
        tasks.count_days.enqueue()
        assert daily_stats.missing_days() == []


def test_the_history_of_moderation_is_counted_from_its_first_day_in_steps(
    zed: Account, monkeypatch: Any
) -> None:
    report(zed, NOON - 120 * DAY)
    monkeypatch.setattr(daily_stats, "STEP", 50)
    with at(NOON):
        assert daily_stats.count_missing() is True
        assert DailyFigures.objects.count() == 50
        tasks.count_days.enqueue()
    assert DailyFigures.objects.count() == 120
    assert DailyFigures.objects.in_order()[0].reports == {"spam": 1}


def test_a_day_is_not_counted_while_something_of_it_may_be_undone(db: None) -> None:
    midnight = daily_stats.midnight(TODAY)
    with at(midnight + timedelta(minutes=9)):
        assert daily_stats.missing_days()[-1] == YESTERDAY - timedelta(days=1)
    with at(midnight + timedelta(minutes=10)):
        assert daily_stats.missing_days()[-1] == YESTERDAY


def test_a_day_is_counted_in_as_many_queries_on_a_busy_site(mod: User, zed: Account) -> None:
    with CaptureQueriesContext(connection) as quiet:
        of(YESTERDAY)
    for number in range(5):
        decide_about(report(zed, BEFORE + number * HOUR), mod, BEFORE + number * HOUR, "warn")
    with CaptureQueriesContext(connection) as busy:
        of(YESTERDAY)
    assert Decision.objects.count() == 5
    assert len(busy) == len(quiet) == 9


# --- Media storage ---


def test_the_storage_is_measured_once_in_the_night(db: None) -> None:
    uploads.store({"small.webp": b"12345", "large.webp": b"1234567"})
    gone = uploads.store({"small.webp": b"1"})
    uploads.store({"video.mp4": b"123"})
    uploads.discard(gone)
    assert uploads.stored_bytes() == 15
    with at(NOON):
        tasks.count_days.enqueue()
        uploads.store({"small.webp": b"1"})
    with at(NOON + HOUR):
        tasks.count_days.enqueue()
    measured = DailyFigures.objects.exclude(media_bytes=None)
    assert [(row.day, row.media_bytes, row.measured_at) for row in measured] == [
        (YESTERDAY, 15, NOON)
    ]


def test_an_empty_storage_takes_nothing(settings: Any, tmp_path: Any) -> None:
    assert uploads.stored_bytes() == 0
    options = {"location": tmp_path / "never made"}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": options},
    }
    assert not default_storage.exists("")
    assert uploads.stored_bytes() == 0


# --- Together ---


def test_figures_of_several_days_add_up() -> None:
    first = DailyFigures(
        day=YESTERDAY,
        signups=1,
        posts=2,
        reports={"spam": 1},
        waits={"report": {"5": 1}},
        media_bytes=7,
        measured_at=BEFORE,
    )
    second = DailyFigures(
        day=TODAY,
        signups=3,
        appeals=1,
        reports={"spam": 2, "hate": 1},
        waits={"report": {"5": 1, "9": 4}},
    )
    whole = DailyFigures.together([first, second])
    assert (whole.signups, whole.posts, whole.appeals) == (4, 2, 1)
    assert whole.reports == {"spam": 3, "hate": 1}
    assert whole.waits == {"report": {"5": 2, "9": 4}}
    assert (whole.media_bytes, whole.measured_at, whole.day) == (7, BEFORE, TODAY)
    assert first.reports == {"spam": 1}
    assert DailyFigures.together([]).median_wait() is None
