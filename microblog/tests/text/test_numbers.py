"""How pages say numbers and ages: compact figures are cut, never rounded up."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from microblog.templatetags.microblog import age, compact, figure
from microblog.text.age import short_age
from testing.html import read

NOW = datetime(2026, 5, 17, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0"),
        (7, "7"),
        (999, "999"),
        (1_000, "1K"),
        (1_099, "1K"),
        (1_100, "1.1K"),
        (1_204, "1.2K"),
        (1_299, "1.2K"),
        (9_999, "9.9K"),
        (10_000, "10K"),
        (10_999, "10K"),
        (11_300, "11K"),
        (118_000, "118K"),
        (999_999, "999K"),
        (1_000_000, "1M"),
        (2_345_678, "2.3M"),
        (999_999_999, "999M"),
        (1_000_000_000, "1B"),
        (2_900_000_000, "2.9B"),
    ],
)
def test_compact(number: int, shown: str) -> None:
    assert compact(number) == shown


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_compact_never_says_more_than_there_is(one: int, other: int) -> None:
    def worth(shown: str) -> float:
        return float(shown.rstrip("KMB")) * {"K": 1e3, "M": 1e6, "B": 1e9}.get(shown[-1], 1)

    assert worth(compact(one)) <= one
    assert (one <= other) == (one <= other and worth(compact(one)) <= worth(compact(other)))


def test_a_small_figure_is_the_number() -> None:
    assert figure(999) == "999"


def test_a_large_figure_has_the_exact_one_for_the_mouse_and_for_screen_readers() -> None:
    outer, shown, exact = read(str(figure(118_234)))
    assert outer.attrs["title"] == "118,234"
    assert (shown.text, shown.attrs["aria-hidden"]) == ("118K", "true")
    assert (exact.text, exact.classes) == ("118,234", {"sr"})


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        (timedelta(seconds=-30), "now"),
        (timedelta(days=-400), "now"),
        (timedelta(0), "now"),
        (timedelta(seconds=59), "now"),
        (timedelta(seconds=60), "1m"),
        (timedelta(minutes=59, seconds=59), "59m"),
        (timedelta(hours=1), "1h"),
        (timedelta(hours=23, minutes=59), "23h"),
        (timedelta(days=1), "1d"),
        (timedelta(days=6), "6d"),
        (timedelta(days=29), "29d"),
        (timedelta(days=30), "1mo"),
        (timedelta(days=60), "2mo"),
        (timedelta(days=364), "11mo"),
        (timedelta(days=365), "May 17, 2025"),
        (timedelta(days=365 * 16), "May 21, 2010"),
    ],
)
def test_age(ago: timedelta, shown: str) -> None:
    assert short_age(NOW - ago, NOW) == shown


def test_an_age_is_a_time_with_the_whole_date() -> None:
    with time_machine.travel(NOW, tick=False):
        (time,) = read(str(age(NOW - timedelta(hours=3))))
    assert time.tag == "time"
    assert time.text == "3h"
    assert datetime.fromisoformat(time.attrs["datetime"]) == NOW - timedelta(hours=3)
    assert time.attrs["title"] == "17 May 2026, 09:00 UTC"
