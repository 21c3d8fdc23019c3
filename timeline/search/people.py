"""Who is found by handle or name."""

from accounts import shown
from accounts.models import Account
from microblog.db.time_limit import time_limit
from microblog.web.pagination import PAGE_SIZE, Page

LONGEST = 2000  # milliseconds


def people_called(typed: str, viewer: Account | None, before: int | None) -> Page:
    """Return the page that begins after the account `before` of who is called as `typed` says, as
    lists of people show them. Raises TooSlowError.
    """
    seen = Account.objects.visible_to(viewer).met_by(viewer).wanted_by(viewer)
    people = seen.with_follow_state(viewer)
    with time_limit(LONGEST):
        found = list(people.called_like(typed).best_known_first().values_list("pk", flat=True))
    start = 0
    if before is not None:
        start = found.index(before) + 1 if before in found else len(found)
    ids, rest = found[start : start + PAGE_SIZE], found[start + PAGE_SIZE :]
    by_id = people.in_bulk(ids)
    rows = [shown.person(by_id[pk]) for pk in ids if pk in by_id]
    return Page(rows, ids[-1] if rest else None, before is None)
