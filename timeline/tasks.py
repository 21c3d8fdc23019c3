"""Slow work: each task loads by key and calls a verb, and may run twice."""

from collections.abc import Iterable

from django.tasks import task

from timeline.feeds import counters
from timeline.posting import cards, purge


@task()
def remove_post(post_id: int) -> None:
    purge.remove_rows(post_id)


@task()
def remove_left_over() -> None:
    """Run every hour."""
    purge.remove_left_over()


@task()
def recount_these(accounts: Iterable[int] = (), posts: Iterable[int] = ()) -> None:
    counters.recount_these(accounts, posts)


@task()
def recount_around_post(post_id: int) -> None:
    counters.recount_around_post(post_id)


@task()
def recount_around(account_id: int) -> None:
    counters.recount_around_account(account_id)


@task(queue_name="pages")  # whose worker nobody else waits for
def fetch_card(card_id: int) -> None:
    cards.fetch(card_id)
