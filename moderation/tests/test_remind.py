"""Moderators get a mail when something waits too long."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import transaction

from accounts.models import Account, User
from conftest import make_account
from moderation import schedules
from moderation.enforcement import mails, scheduled
from moderation.models import Case, Reminder
from testing.history import DAY, HOUR, NOON, ask_removal, at, decide_about, moderator, report

LONG_AGO = NOON - 2 * DAY - HOUR


@pytest.fixture
def mod(db: None) -> User:
    return moderator()


@pytest.fixture
def other(mod: User) -> User:
    return moderator("other")


@pytest.fixture
def zed(db: None) -> Account:
    return make_account("zed")


def morning(days: int = 0) -> list[Any]:
    """Return the mails that moderators get that many days after NOON."""
    mail.outbox.clear()
    with at(NOON + days * DAY):
        schedules.forget_unconfirmed.enqueue()
        schedules.remind_moderators.enqueue()
    return list(mail.outbox)


def test_every_moderator_is_told_and_nobody_else(
    mod: User, other: User, zed: Account, ada: Account
) -> None:
    # of the staff, and not of the moderators
    User.objects.filter(pk=ada.user_id).update(is_staff=True)
    moderator("gone")
    User.objects.filter(email="gone@example.com").update(is_active=False)
    User.objects.create_superuser("root@example.com")
    report(zed, LONG_AGO)
    told = morning()
    assert sorted(one.to[0] for one in told) == [
        "mod@example.com",
        "other@example.com",
        "root@example.com",
    ]
    assert all(len(one.to) == 1 for one in told)  # nobody learns the others' addresses


def test_the_reminder_says_how_many_wait(mod: User, zed: Account, ada: Account) -> None:
    report(zed, LONG_AGO, text="Bad <b>words</b>")
    (one,) = morning()
    assert one.subject.endswith("1 case waiting")
    assert "1 case in the queue has been waiting for more than 2 days." in one.body
    assert "/admin/" in one.body
    assert "zed" not in one.body
    ask_removal(ada, LONG_AGO)
    (one,) = morning(1)
    assert one.subject.endswith("2 cases waiting")
    assert "2 cases in the queue have been waiting for more than 2 days." in one.body


def test_nobody_is_told_where_nothing_waits(mod: User, zed: Account) -> None:
    assert morning() == []
    done = report(zed, LONG_AGO)
    decide_about(done, mod, NOON - DAY, "none")
    assert morning() == []
    report(zed, NOON - DAY)
    assert morning() == []
    assert not Reminder.objects.exists()


def test_what_is_put_off_waits_for_nobody_until_its_time_is_over(
    mod: User, zed: Account, ada: Account
) -> None:
    put_off = report(zed, LONG_AGO)
    with at(NOON - DAY):
        Case.objects.get(pk=put_off.case_id).snooze(3)
    assert morning() == []
    report(ada, LONG_AGO)
    assert [one.subject[-14:] for one in morning()] == ["1 case waiting"]
    assert [one.subject[-15:] for one in morning(2)] == ["2 cases waiting"]


def test_moderators_are_reminded_once_a_day(mod: User, other: User, zed: Account) -> None:
    report(zed, LONG_AGO)
    assert len(morning()) == 2
    assert morning() == []
    with at(NOON + 3 * HOUR):
        scheduled.remind_moderators()
    assert mail.outbox == []
    assert len(morning(1)) == 2
    assert len(morning(2)) == 2


def test_a_run_that_fails_leaves_the_day_to_the_next(
    mod: User, other: User, zed: Account, monkeypatch: Any
) -> None:
    report(zed, LONG_AGO)

    def fail(*_: Any) -> None:
        raise OSError("The worker was killed.")

    with monkeypatch.context() as patch, at(NOON), transaction.atomic():
        patch.setattr(mails, "tell_moderator", fail)
        with pytest.raises(OSError, match="killed"):
            scheduled.remind_moderators()
    assert not Reminder.objects.exists()
    assert len(morning()) == 2


def test_what_nobody_confirmed_is_no_reason_and_goes_after_a_week(mod: User, zed: Account) -> None:
    waiting = ask_removal(zed, LONG_AGO)
    type(waiting).objects.filter(pk=waiting.pk).update(confirmed_at=None, case=None)
    Case.objects.all().delete()
    assert morning() == []
    assert type(waiting).objects.filter(pk=waiting.pk).exists()
    assert morning(5) == []
    assert not type(waiting).objects.filter(pk=waiting.pk).exists()


def test_a_case_waits_too_long_after_two_days(mod: User, zed: Account) -> None:
    report(zed, NOON - 2 * DAY)
    assert morning() == []
    with at(NOON + timedelta(minutes=1)):
        scheduled.remind_moderators()
    assert len(mail.outbox) == 1
