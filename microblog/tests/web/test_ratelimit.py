"""Counts that end by the clock, and by nothing else."""

from datetime import timedelta

import pytest
import time_machine
from django.test import RequestFactory
from django.utils import timezone
from time_machine import TimeMachineFixture

from microblog.models import Spending
from microblog.web import ratelimit
from microblog.web.ratelimit import Limit, TooManyError, check, client_network, record, spend, spent
from testing.database import at_once, of_two_writers

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
FIVE = Limit("five", 5, timedelta(hours=1), "You did that five times.")


def test_after_the_last_one_says_when() -> None:
    for _ in range(5):
        spend(FIVE, "ada")
    with pytest.raises(
        TooManyError, match=r"You did that five times. Please try again in 60 minutes."
    ) as caught:
        spend(FIVE, "ada")
    assert 3590 < caught.value.retry_after <= 3600
    spend(FIVE, "ben")


def test_refused_is_not_counted() -> None:
    spend(FIVE, "ada", 3)
    with pytest.raises(TooManyError):
        spend(FIVE, "ada", 3)
    spend(FIVE, "ada", 2)
    with pytest.raises(TooManyError):
        spend(FIVE, "cal", 6)
    assert spent(FIVE, "cal") == 0


def test_what_happened_is_counted_beyond_the_limit() -> None:
    record(FIVE, "ada", 7)
    assert spent(FIVE, "ada") == 7
    with pytest.raises(TooManyError):
        check(FIVE, "ada")


def test_window_ends_by_the_clock(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to("2026-05-01T12:00:00Z", tick=False)
    spend(FIVE, "ada", 4)
    time_machine.shift(3599)
    spend(FIVE, "ada")
    with pytest.raises(TooManyError):
        spend(FIVE, "ada")
    time_machine.shift(1)
    assert spent(FIVE, "ada") == 0
    spend(FIVE, "ada", 5)


def test_ten_thousand_addresses_push_nobody_out() -> None:
    for _ in range(5):
        spend(FIVE, "attacker")
    for number in range(10_000):
        spend(FIVE, f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    with pytest.raises(TooManyError):
        spend(FIVE, "attacker")
    assert Spending.objects.count() == 10_001


def test_sweep_takes_what_is_over_alone(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to("2026-05-01T12:00:00Z", tick=False)
    spend(FIVE, "early")
    time_machine.shift(1800)
    spend(FIVE, "late")
    time_machine.shift(1800)
    ratelimit.sweep()
    assert Spending.objects.count() == 1
    assert spent(FIVE, "late") == 1


def test_keys_tell_nothing() -> None:
    spend(FIVE, "ada@example.com\0\ud800")
    assert "ada" not in Spending.objects.get().key


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
    ],
)
def test_a_household_is_one(address: str, network: str) -> None:
    assert client_network(RequestFactory().get("/", REMOTE_ADDR=address)) == network


@of_two_writers
def test_at_once_no_more_than_allowed() -> None:
    def try_once() -> bool:
        try:
            spend(FIVE, "ada")
        except TooManyError:
            return False
        return True

    assert sum(at_once(*[try_once] * 40)) == 5


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (1, "1 second"),
        (59, "59 seconds"),
        (60, "1 minute"),
        (61, "2 minutes"),
        (7200, "120 minutes"),
        (7201, "3 hours"),
        (86400, "24 hours"),
    ],
)
def test_when_one_may_again_in_words(seconds: int, said: str) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        error = TooManyError("Too fast.", timezone.now() + timedelta(seconds=seconds))
    assert str(error) == f"Too fast. Please try again in {said}."
    assert error.retry_after == seconds
