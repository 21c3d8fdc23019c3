"""What the timeline does when an app below it tells or asks (connected in timeline.apps)."""

from collections.abc import Collection
from typing import Any

from accounts.models import Account
from timeline.models import LinkCard, Media
from timeline.tasks import recount_around, recount_these


def recount_around_account(account: Account, **_: Any) -> None:
    recount_around.enqueue(account.pk)


def recount_accounts(account_ids: list[int], **_: Any) -> None:
    recount_these.enqueue(accounts=account_ids)


def name_uploads(keys: Collection[str], **_: Any) -> set[str]:
    """Return those of `keys` that belong to a post's media or to the picture of a link card."""
    return {key for key in (*Media.objects.keys(keys), *LinkCard.objects.keys(keys)) if key}
