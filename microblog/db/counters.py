"""Changing a stored count in the database, so that nobody's step is lost."""

from django.db.models import F, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest


def clamped_delta(column: str, step: int) -> Combinable:
    """Return `column` moved by `step`, never below zero: what goes may not be counted yet."""
    return F(column) + step if step >= 0 else Greatest(F(column) + step, Value(0))
