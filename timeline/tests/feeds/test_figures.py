"""What writing and liking may cost: statements that the database is asked for, and transactions."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from testing.scene import HTMX, say

BEGINS = ("BEGIN", "SAVEPOINT")
ENDS = ("COMMIT", "RELEASE SAVEPOINT", "ROLLBACK")


def cost(
    client: Client, url: str, data: dict[str, Any], headers: dict[str, str]
) -> tuple[int, int]:
    """Queries and transactions (savepoints among them) of a POST that does what it is for."""
    with CaptureQueriesContext(connection) as asked:
        assert client.post(url, data, headers=headers).status_code in (200, 204, 302)
    begun = sum(query["sql"].startswith(BEGINS) for query in asked)
    return sum(not query["sql"].startswith(BEGINS + ENDS) for query in asked), begun


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
@pytest.mark.django_db(transaction=True)
def test_a_plain_post(as_ben: Client, headers: dict[str, str]) -> None:
    queries, transactions = cost(
        as_ben, "/compose", {"text": "Hello, world", "idempotency_key": str(uuid4())}, headers
    )
    assert queries <= 8
    assert transactions <= 3


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
@pytest.mark.parametrize("deed", ["like", "unlike"])
@pytest.mark.django_db(transaction=True)
def test_a_like(
    ada: Account, ben: Account, as_ben: Client, headers: dict[str, str], deed: str
) -> None:
    post = say(ada, "Hello")
    if deed == "unlike":
        post.like(ben)
    queries, transactions = cost(as_ben, f"/posts/{post.pk}/{deed}", {}, headers)
    # one of them counts the deed; SQLite tells the author by one of its own
    assert queries <= 6 + (connection.vendor == "sqlite")
    assert transactions <= 1
