"""Whom somebody may like to follow: chosen every few minutes, shown as they are now."""

import time
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, F, Func, Q, TextField, Value

from accounts.models import Account, Follow
from accounts.models.account_queryset import FRIENDS
from accounts.shown import Known, ShownAccount, ShownViewer
from microblog.db.prepared import Params, Statement, prepared
from microblog.kept.memory import MEMORY

SUGGESTED, TO_FOLLOW = 3, 30
CHOSEN, CHOSEN_FOR = 60, 600  # accounts; seconds
WRITTEN = 300  # who wrote last, of whom one may follow many
OF_EACH = 50  # whom each of those followed last whom one follows
_STATE = ("is_followed", "follows_viewer", "is_requested", "is_protected")
PERSON = ("pk", "handle", "host", "name", "avatar", *_STATE, "known")


def chosen_for(viewer: Account | ShownViewer) -> tuple[int, ...]:
    """Return the ids of whom `viewer` may like to follow, the best first: whom many follow of those
    whom they follow, then who is lively, then who wrote last. Kept for some minutes.
    """
    key = ("suggested", viewer.pk, (int(time.time()) + viewer.pk) // CHOSEN_FOR)
    chosen: tuple[int, ...] | None = MEMORY.get(key)
    if chosen is None:
        rows = sorted(_choice(viewer=viewer.pk), key=lambda row: row[:3])
        chosen = tuple(dict.fromkeys(pk for *_, pk in rows))[:CHOSEN]
        MEMORY.put(key, chosen)
    return chosen


# Whom those follow whom one follows, a short walk along the index for each; neither database says
# this as the other does.
_LATERAL = """CROSS JOIN LATERAL (SELECT id, followed_id FROM accounts_follow
    WHERE follower_id = friend.pk ORDER BY id DESC LIMIT {most}) theirs"""
_EACH_BY_ID = """JOIN accounts_follow theirs ON theirs.id IN (SELECT id FROM accounts_follow
    WHERE follower_id = friend.pk ORDER BY id DESC LIMIT {most})"""
_CHOICE = """SELECT * FROM (
        SELECT 1 AS way, -count(*) AS place, -max(theirs.id) AS next, theirs.followed_id AS pk
        FROM ({friends}) friend {walk}
        WHERE (SELECT id FROM accounts_follow mine WHERE mine.follower_id = %s
            AND mine.followed_id = theirs.followed_id LIMIT 1) IS NULL
        GROUP BY theirs.followed_id ORDER BY 2, 3 LIMIT {chosen}) known
    UNION ALL SELECT * FROM (
        SELECT 2 AS way, place, 0 AS next, account_id AS pk FROM accounts_livelyaccount
        UNION ALL SELECT 3, -written.last_post_id, 0, written.pk FROM ({written}) written
    ) lively
    WHERE (SELECT id FROM accounts_follow mine WHERE mine.follower_id = %s
        AND mine.followed_id = lively.pk LIMIT 1) IS NULL"""


@prepared
def _choice(viewer: Any) -> Statement:
    friends = Statement.of(
        Account.objects.visible_to(viewer)
        .wanted_by(viewer)
        .filter(pk__in=Follow.objects.newest_of(viewer, FRIENDS))
        .values_list("pk")
    )
    written = Statement.of(
        Account.objects.writing_last().values_list("last_post_id", "pk")[:WRITTEN]
    )
    walk = _LATERAL if connection.vendor == "postgresql" else _EACH_BY_ID
    sql = _CHOICE.format(
        friends=friends.sql,
        walk=walk.format(most=OF_EACH),
        chosen=CHOSEN,
        written=written.sql,
    )
    return friends._replace(
        sql=sql, params=(*friends.params, viewer, *written.params, viewer), converters={}
    )


class _Place(Func):
    """Where in a list of numbers (Params) a number stands."""

    output_field = BigIntegerField()
    function = "array_position"

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, tuple[Any, ...]]:
        among, number = self.source_expressions
        sql, params = compiler.compile(number)
        return f"(SELECT key FROM json_each(%s) WHERE value = {sql})", (among, *params)  # noqa: S608


def suggested(viewer: Any, among: Params | None, most: int) -> Any:
    """Return the first of `among` whom `viewer` may like to follow, each with its `place`; for a
    visitor, of those who are lively.
    """
    return _first(Account.objects.suggested_to(viewer), viewer, among, most)


def _first(found: Any, viewer: Any, among: Params | None, most: int) -> Any:
    """Return the first of `found`, with what a list shows of each: that is asked of these alone."""
    place = _Place(among, F("pk")) if among else F("lively__place")
    if among:
        found = found.filter(pk__in=among)
    else:
        found = found.discoverable().filter(lively__isnull=False)
    first = Account.objects.filter(pk__in=found.order_by(place).values("pk")[:most])
    first = first.with_follow_state(viewer).annotate(
        place=place, is_protected=Q(protected_at__isnull=False)
    )
    shown: Any = (
        first.with_known(viewer) if viewer else first.annotate(known=Value("", TextField()))
    )
    return shown.order_by("place")


def people_to_follow(viewer: Account | None) -> list[ShownAccount]:
    """Return whom `viewer` may like to follow, or follows since they were chosen, the best first;
    for a visitor, who is lively.
    """
    among = chosen_for(viewer) if viewer else None
    rows = _to_follow(viewer=viewer.pk if viewer else None, among=among)
    return [person_of(row[2:], row[1]) for row in rows]


@prepared
def _to_follow(viewer: Any, among: Params | None) -> Any:
    found = Account.objects.visible_to(viewer).met_by(None).wanted_by(viewer).local()
    if viewer:
        found = found.exclude(pk=viewer)
    found = _first(found, viewer, among, TO_FOLLOW)
    return found.values_list("place", "bio_html", *PERSON)


def person_of(row: tuple[Any, ...], bio_html: str = "") -> ShownAccount:
    """Return who is shown, of a row of PERSON."""
    pk, handle, host, name, avatar, followed, follows, requested, protected, known = row
    return ShownAccount(
        pk,
        handle,
        host,
        name,
        avatar,
        bio_html,
        is_followed=bool(followed),
        follows_viewer=bool(follows),
        is_requested=bool(requested),
        is_protected=bool(protected),
        known=_known(known),
    )


def _known(told: str) -> Known:
    """Return what `told`, "3:Ada", says."""
    number, _, name = told.partition(":")
    return Known((name,), int(number) - 1) if name else Known()
