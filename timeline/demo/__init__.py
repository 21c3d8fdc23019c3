"""The demo community: a dozen invented people, what they say and what it looks like, so that a
newcomer sees a living site at once.
"""

from collections.abc import Callable
from datetime import datetime

DOMAIN = "demo.example"  # of all its e-mail addresses: nobody reads what is sent there

moved_in: list[Callable[[datetime], object]] = []
"""Called, in the transaction in which it moves in, with the moment that it counts as now: the apps above have something to add."""

moving_out: list[Callable[[list[int]], object]] = []
"""Called, in the transaction in which it goes, with the ids of its accounts, which are still here."""
