"""Bars, drawn as SVG: values in, markup out.

What they look like is in dashboard.css, in the light and in the dark.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, HEIGHT = 360, 210  # about as wide as a phone, so that the words keep their size there
LEFT, RIGHT, TOP, BOTTOM = 42, 354, 28, 168  # of the space for bars
LETTER = 6  # a letter of a label is about that wide
MOST_STEPS = 4  # of the scale


@dataclass(frozen=True)
class Bars:
    """A bar for each of `labels`, stacked of the values of each of `series`; None is where nothing
    is known.

    `up` and `across` say what the axes measure. `said` is the value of each bar in words, and
    `summary` the picture, for who does not see it. The last bar is of what is not over yet where
    `is_running`.
    """

    title: str
    up: str
    across: str
    labels: Sequence[str]
    series: Mapping[str, Sequence[float | None]]
    said: Sequence[str]
    summary: str
    is_running: bool = True


def draw(bars: Bars) -> SafeString:
    columns = list(zip(*bars.series.values(), strict=True))
    scale = steps(max((sum(value or 0 for value in column) for column in columns), default=0))
    parts = [_legend(bars), _scale(scale), _columns(bars, columns, scale[-1]), _labels(bars.labels)]
    if not any(value is not None for column in columns for value in column):
        parts.append(
            _text((LEFT + RIGHT) // 2, (TOP + BOTTOM) // 2, "middle", "Nothing is known yet")
        )
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>',
        WIDTH,
        HEIGHT,
        f"{bars.title}. {bars.summary}",
        _text(0, 12, "start", bars.up, "axis"),
        _text(RIGHT, HEIGHT - 6, "end", bars.across, "axis"),
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def steps(highest: float) -> list[float]:
    """The numbers beside the scale, from 0 to `highest` or somewhat more: round ones, whole, and
    not more than MOST_STEPS after the 0.
    """
    step = max(1, 10 ** floor(log10(highest / MOST_STEPS))) if highest > MOST_STEPS else 1
    step = next(step * times for times in (1, 2, 5, 10) if step * times * MOST_STEPS >= highest)
    return [step * number for number in range(max(1, ceil(highest / step)) + 1)]


def _scale(scale: Sequence[float]) -> SafeString:
    """A thin line, and its number, for each step."""
    lines = (
        (LEFT, RIGHT, y, y, _text(LEFT - 6, y + 4, "end", f"{number:,}"))
        for number in scale
        for y in [_height(number, scale[-1])]
    )
    return format_html_join("", '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>{}', lines)


def _columns(bars: Bars, columns: Sequence[Sequence[float | None]], highest: float) -> SafeString:
    width = (RIGHT - LEFT) / max(1, len(columns))
    drawn = []
    for number, column in enumerate(columns):
        running = " running" if bars.is_running and number == len(columns) - 1 else ""
        x, below, pieces = LEFT + number * width, 0.0, []
        for place, value in enumerate(column):
            top, bottom = _height(below + (value or 0), highest), _height(below, highest)
            if value:
                pieces.append(
                    (
                        f"series-{place}{running}",
                        f"{x + width * 0.1:.1f}",
                        top,
                        f"{width * 0.8:.1f}",
                        round(bottom - top, 1),
                    )
                )
            below += value or 0
        shapes = format_html_join(
            "", '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>', pieces
        )
        drawn.append(
            (
                f"{bars.labels[number]}: {bars.said[number]}",
                f"{x:.1f}",
                TOP,
                f"{width:.1f}",
                BOTTOM - TOP,
                shapes,
            )
        )
    # Behind each bar, a piece of nothing from top to bottom: where the pointer finds its words.
    column_of = (
        '<g><title>{}</title><rect class="reach" x="{}" y="{}" width="{}" height="{}"/>{}</g>'
    )
    return format_html_join("", column_of, drawn)


def _labels(labels: Sequence[str]) -> SafeString:
    """As many as have room, counted from the last one, which is now."""
    width = (RIGHT - LEFT) / max(1, len(labels))
    every = max(1, ceil((max(map(len, labels), default=0) + 2) * LETTER / width))
    shown = [number for number in range(len(labels)) if (len(labels) - 1 - number) % every == 0]
    placed = []
    for number in shown:
        half = len(labels[number]) * LETTER / 2  # the last one stays inside
        placed.append(
            (
                _text(
                    round(min(LEFT + (number + 0.5) * width, WIDTH - half)),
                    BOTTOM + 18,
                    "middle",
                    labels[number],
                ),
            )
        )
    return format_html_join("", "{}", placed)


def _legend(bars: Bars) -> SafeString:
    """Which colour is what, where there are two."""
    if len(bars.series) < 2:
        return SafeString()
    x, marks = RIGHT, []
    for place, name in reversed(list(enumerate(bars.series))):
        marks.append((f"series-{place}", x - len(name) * LETTER - 14, 4, _text(x, 12, "end", name)))
        x -= len(name) * LETTER + 26
    return format_html_join("", '<rect class="{}" x="{}" y="{}" width="9" height="9"/>{}', marks)


def _height(value: float, highest: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * value / highest, 1)


def _text(x: int, y: float, anchor: str, words: str, kind: str = "") -> SafeString:
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}" class="{}">{}</text>', x, y, anchor, kind, words
    )
