"""How long people waited: what is kept of it, and the median that comes from it."""

from datetime import timedelta
from statistics import median_low

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.statistics import response_times

MINUTES = st.lists(st.integers(0, 2_000_000), min_size=1, max_size=60)


def tally(minutes: list[int]) -> dict[str, int]:
    return response_times.tally(timedelta(minutes=one) for one in minutes)


@pytest.mark.parametrize(
    ("minutes", "kept"),
    [
        ([], {}),
        ([0, 0, 7], {"0": 2, "7": 1}),
        ([119, 124, 125, 126], {"119": 1, "120": 1, "130": 2}),
        ([1440, 2874, 2999, 3001], {"1440": 1, "2870": 1, "2880": 1, "3120": 1}),
        ([40_000, 525_600], {"40320": 1, "525600": 1}),
    ],
)
def test_long_waits_are_kept_less_exactly(minutes: list[int], kept: dict[str, int]) -> None:
    assert tally(minutes) == kept


def test_seconds_are_cut_and_a_clock_that_was_set_back_is_no_wait() -> None:
    assert response_times.tally(
        [timedelta(seconds=59), timedelta(seconds=119), timedelta(hours=-1)]
    ) == {
        "0": 2,
        "1": 1,
    }


@pytest.mark.parametrize(
    ("tallies", "median"),
    [
        ([], None),
        ([{}, {}], None),
        ([{"5": 1}], 5),
        ([{"5": 1, "90": 1}], 5),
        ([{"5": 1, "90": 2}], 90),
        ([{"5": 2}, {"7": 2}, {"1000": 1}], 7),
        ([{"9": 3}, {"10": 2}], 9),
    ],
)
def test_median_of_several_tallies(tallies: list[dict[str, int]], median: int | None) -> None:
    assert response_times.median(*tallies) == median


@given(MINUTES, MINUTES)
def test_the_median_is_off_by_five_percent_at_most(first: list[int], second: list[int]) -> None:
    exact = median_low(first + second)
    found = response_times.median(tally(first), tally(second))
    assert found is not None
    assert abs(found - exact) <= exact * 0.05


@given(MINUTES)
def test_a_tally_stays_small(minutes: list[int]) -> None:
    assert sum(tally(minutes).values()) == len(minutes)
    assert all(int(kept) < 2880 or int(kept) % 240 == 0 for kept in tally(minutes))


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "less than a minute"),
        (1, "1 minute"),
        (59, "59 minutes"),
        (60, "1 hour"),
        (90, "1.5 hours"),
        (550, "9.2 hours"),
        (1400, "23 hours"),
        (1440, "1 day"),
        (3600, "2.5 days"),
        (20160, "14 days"),
    ],
)
def test_a_wait_is_said_in_the_unit_that_fits(minutes: int, words: str) -> None:
    assert response_times.in_words(minutes) == words
