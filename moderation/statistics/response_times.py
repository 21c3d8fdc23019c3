"""How long people waited for a decision: kept as a tally, from which the median over any stretch of
time comes.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta

# Up to how many minutes a wait is kept to which: a median is off by 5 % at most, and no tally grows
# beyond some hundred entries.
STEPS = ((120, 1), (2 * 1440, 10), (20 * 1440, 240), (10**9, 1440))

Tally = Mapping[str, int]
"""How many waited for so many minutes. The minutes are text, as keys are in JSON."""


def tally(waited: Iterable[timedelta]) -> dict[str, int]:
    """Count how many waited for how long."""
    return dict(Counter(str(_rounded(max(0, int(wait.total_seconds()) // 60))) for wait in waited))


def median(*tallies: Tally) -> int | None:
    """Return the median of all together, in minutes (the lower of two); None for no waits."""
    whole: Counter[int] = Counter()
    for one in tallies:
        whole.update({int(minutes): number for minutes, number in one.items()})
    before, middle = 0, (whole.total() + 1) // 2
    for minutes in sorted(whole):
        before += whole[minutes]
        if before >= middle:
            return minutes
    return None


def in_words(minutes: int) -> str:
    """Say it in the unit that fits: 40 minutes, 3 hours, 2.5 days, 14 days."""
    if minutes < 1:
        return "less than a minute"
    size, unit = next(
        (size, unit)
        for size, unit in ((1440, "day"), (60, "hour"), (1, "minute"))
        if minutes >= size
    )
    number = f"{minutes / size:.{1 if minutes < 10 * size else 0}f}".removesuffix(".0")
    return f"{number} {unit}{'' if number == '1' else 's'}"


def _rounded(minutes: int) -> int:
    step = next(step for below, step in STEPS if minutes < below)
    return (minutes + step // 2) // step * step
