"""Columns of our own kind."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

_LAST = "\U0010ffff"  # no letter comes after it


class KeyField(models.CharField):  # type: ignore[type-arg]
    """Text that either database compares letter by letter, by number, so that what begins alike
    stands together in an index.
    """

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        parameters = super().db_parameters(connection)
        return {**parameters, "collation": "C"} if connection.vendor == "postgresql" else parameters


def beginning_with(prefix: str) -> tuple[str, str]:
    """Return the range of a KeyField's values that begin with `prefix`: one walk along an index."""
    return prefix, prefix + _LAST
