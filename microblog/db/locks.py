"""Holding rows: who would change the same rows at the same time waits."""

from typing import Any

from django.db import models


def lock_rows(rows: "models.QuerySet[Any, Any]", *fields: str) -> dict[int, tuple[Any, ...]]:
    """Let nobody else change `rows` until the transaction ends; the values of `fields` of each, by
    id, as they are by then.

    Hold accounts before posts, and all that is needed of each in one call: rows are held by id, so
    that nobody waits in a circle. On SQLite, where one transaction writes at a time, this only
    asks.
    """
    held = rows.order_by("pk").select_for_update(no_key=True).values_list("pk", *fields)
    return {pk: tuple(values) for pk, *values in held}
