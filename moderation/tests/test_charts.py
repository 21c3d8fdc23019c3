"""Bars as SVG: they are as high as they should be, and say what they show."""

from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.statistics import charts
from moderation.statistics.charts import BOTTOM, LEFT, RIGHT, TOP, WIDTH, Bars, draw, steps


def bars(*series: list[float | None], **more: Any) -> Bars:
    number = len(series[0])
    given = {
        "title": "Posts, by day",
        "up": "posts",
        "across": "day, in UTC",
        "labels": [f"{place + 1} Jun" for place in range(number)],
        "series": {f"kind {place}": values for place, values in enumerate(series)},
        "said": [f"{place} said" for place in range(number)],
        "summary": "1 Jun to 2 Jun.",
    }
    return Bars(**{**given, **more})


def read(drawn: Bars) -> ET.Element:
    return ET.fromstring(draw(drawn))


def shapes(svg: ET.Element, kind: str) -> list[dict[str, str]]:
    return [
        rect.attrib
        for rect in svg.iter("rect")
        if kind in rect.attrib["class"].split() and "x" in rect.attrib
    ]


def heights(svg: ET.Element, kind: str = "series-0") -> list[float]:
    return [
        float(rect["height"])
        for group in svg.iter("g")
        for rect in [r.attrib for r in group.iter("rect")]
        if kind in rect["class"]
    ]


def words(svg: ET.Element) -> list[str]:
    return [text.text or "" for text in svg.iter("text")]


@pytest.mark.parametrize(
    ("highest", "scale"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (3, [0, 1, 2, 3]),
        (4, [0, 1, 2, 3, 4]),
        (5, [0, 2, 4, 6]),
        (2.5, [0, 1, 2, 3]),
        (40, [0, 10, 20, 30, 40]),
        (41, [0, 20, 40, 60]),
        (118_000, [0, 50_000, 100_000, 150_000]),
    ],
)
def test_the_scale_has_round_numbers(highest: float, scale: list[float]) -> None:
    assert steps(highest) == scale


@given(st.floats(0, 1e15) | st.integers(0, 10**15))
def test_the_scale_reaches_the_highest_in_few_steps(highest: float) -> None:
    scale = steps(highest)
    assert scale[-1] >= highest
    assert 2 <= len(scale) <= charts.MOST_STEPS + 1
    assert all(number == int(number) for number in scale)


def test_bars_are_as_high_as_their_values() -> None:
    whole = BOTTOM - TOP
    assert heights(read(bars([4, 2, 1]))) == [whole, whole / 2, whole / 4]


def test_nothing_is_drawn_for_zero_and_for_what_is_not_known() -> None:
    svg = read(bars([0, None, 3]))
    assert len(heights(svg)) == 1
    assert "Nothing is known yet" not in words(svg)
    assert "Nothing is known yet" in words(read(bars([None, None])))
    assert "Nothing is known yet" not in words(read(bars([0, 0])))


def test_two_series_stand_on_each_other_and_have_a_legend() -> None:
    svg = read(bars([1, 3], [3, None]))
    columns = [
        [rect.attrib for rect in group.iter("rect") if rect.attrib["class"] != "reach"]
        for group in svg.iter("g")
    ]
    below, above = columns[0]
    assert (below["class"], above["class"]) == ("series-0", "series-1")
    assert float(above["y"]) == TOP
    assert float(above["y"]) + float(above["height"]) == float(below["y"])
    assert {"kind 0", "kind 1"} <= set(words(svg))
    assert "kind 0" not in words(read(bars([1, 3])))


def test_the_last_bar_is_marked_as_not_over() -> None:
    assert [rect["class"] for rect in shapes(read(bars([1, 2])), "series-0")] == [
        "series-0",
        "series-0 running",
    ]
    assert not shapes(read(bars([1, 2], is_running=False)), "running")


def test_the_picture_has_a_text_and_its_axes_names() -> None:
    svg = read(bars([1, 2]))
    assert svg.attrib["role"] == "img"
    assert svg.attrib["aria-label"] == "Posts, by day. 1 Jun to 2 Jun."
    assert {"posts", "day, in UTC", "1 Jun", "2 Jun"} <= set(words(svg))
    assert [title.text for title in svg.iter("title")] == ["1 Jun: 0 said", "2 Jun: 1 said"]


@pytest.mark.parametrize("number", [1, 12, 30, 84])
def test_labels_never_touch_and_the_last_bar_has_one(number: int) -> None:
    drawn = bars([1.0] * number, labels=["30 Sep"] * number)
    at = sorted(
        float(text.attrib["x"]) for text in read(drawn).iter("text") if text.text == "30 Sep"
    )
    assert all(right - left >= len("30 Sep") * charts.LETTER for left, right in pairwise(at))
    half = len("30 Sep") * charts.LETTER / 2
    assert at[-1] == min(round(RIGHT - (RIGHT - LEFT) / number / 2), WIDTH - half)


def test_text_is_text_and_nothing_needs_a_style() -> None:
    svg = draw(bars([1], title='<b>"', labels=["<i>"], said=["&"], summary="'"))
    assert "<b>" not in svg
    assert "<i>" not in svg
    assert "style" not in svg
    assert read(bars([1], title='<b>"')).attrib["aria-label"].startswith('<b>"')
