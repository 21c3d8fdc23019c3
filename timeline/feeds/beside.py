"""What stands beside a page: the tags that rise, and people to follow; both by one query.

Chosen by the clock, and shown as they are now to who looks.
"""

from datetime import timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from accounts.models import Account, LivelyAccount
from accounts.shown import ShownAccount, ShownViewer
from accounts.suggestions import PERSON, SUGGESTED, chosen_for, person_of, suggested
from microblog.db.prepared import Params, Statement, prepared
from timeline import ids
from timeline.feeds import rising

LIVELY, LIVELY_FOR = 30, timedelta(days=14)


class ShownTag(NamedTuple):
    """A tag that rises: when it was chosen, how many used it within a day, in how many posts."""

    name: str
    people: int
    posts: int


class Beside(NamedTuple):
    """What one viewer may like to read besides."""

    people: tuple[ShownAccount, ...] = ()
    tags: tuple[ShownTag, ...] = ()


def beside(viewer: Account | ShownViewer | None) -> Beside:
    """Return what `viewer` (None: a visitor) is shown beside a page."""
    among = chosen_for(viewer) if viewer else None
    rows = sorted(_beside(viewer=viewer.pk if viewer else None, among=among))
    people, tags = ([row[2:] for row in rows if row[0] == kind] for kind in (1, 2))
    return Beside(
        tuple(map(person_of, people)), tuple(ShownTag(row[1], *row[-3:-1]) for row in tags)
    )


@prepared
def _beside(viewer: Any, among: Params | None) -> Statement:
    people = Statement.of(suggested(viewer, among, SUGGESTED).values_list("place", *PERSON))
    tags = Statement.of(
        rising.seen_by(viewer).values_list("place", "tag__name", "people", "posts")[: rising.SHOWN]
    )
    flags = ", ".join(f"CAST({name} AS integer)" for name in PERSON[5:9])
    sql = f"""SELECT 1, place, pk, handle, host, name, avatar, {flags}, known
        FROM ({people.sql}) person
        UNION ALL SELECT 2, place, 0, tag__name, '', '', '', 0, 0, people, posts, ''
        FROM ({tags.sql}) tag"""  # noqa: S608  (the parts are ours)
    return people._replace(sql=sql, params=(*people.params, *tags.params), converters={})


def choose_lively() -> None:
    """Choose anew who is shown to whoever follows nobody yet; where these are the same as before,
    nothing is written.
    """
    since = ids.first_id_at(timezone.now() - LIVELY_FOR)
    chosen = list(Account.objects.lively_since(since, LIVELY).values_list("pk", flat=True))
    before = LivelyAccount.objects.order_by("place").values_list("account", flat=True)
    if chosen != list(before):
        with transaction.atomic():
            LivelyAccount.objects.all().delete()
            LivelyAccount.objects.bulk_create(
                LivelyAccount(place=place, account_id=pk) for place, pk in enumerate(chosen, 1)
            )
