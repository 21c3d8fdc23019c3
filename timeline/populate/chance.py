"""Dice: what the numbers of a community are drawn from."""

from collections.abc import Callable
from random import Random

QUANTILES = 4096


class Chance(Random):
    """Numbers that look random, and are the same for the same seed. Nothing secret is made of
    them.
    """

    def number(self, quantiles: list[float], factor: float) -> int:
        """Return a whole number, by a table of `heavy_tail`, times `factor` on the average."""
        drawn = self.random() * QUANTILES
        at = int(drawn)
        return int(quantiles[at] * factor + drawn - at)

    def key(self) -> str:
        """Return the key of an upload."""
        return f"{self.getrandbits(128):032x}"


def heavy_tail(mean: float, exponent: float = 1.3) -> list[float]:
    """Return quantiles of a Pareto distribution (Lomax's form): most are small, a few very large.

    The smaller the `exponent` (above 1), the larger are the few.
    """
    raw: list[float] = [
        (1 - (n + 0.5) / QUANTILES) ** (-1 / exponent) - 1 for n in range(QUANTILES)
    ]
    scale = mean * QUANTILES / sum(raw)
    return [scale * one for one in raw]


def zipf(size: int, exponent: float) -> Callable[[float], int]:
    """Return what makes of a number in [0, 1) a rank in [0, size): the first ranks are the most
    frequent, by Zipf's law (the inverse of its distribution, taken as continuous).

    The `exponent` is below 1: the nearer to it, the more frequent they are.
    """
    span, power = size ** (1 - exponent) - 1, 1 / (1 - exponent)
    last = size - 1
    return lambda drawn: min(int((span * drawn + 1) ** power) - 1, last)
