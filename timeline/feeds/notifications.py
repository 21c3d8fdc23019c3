"""What the page of notifications shows: values that its template reads, and nothing else."""

from typing import Any, NamedTuple

from django.utils.text import Truncator

from accounts.models import Account
from accounts.shown import ShownAccount
from microblog.db.prepared import Params, prepared
from microblog.text.age import Age, age_at
from microblog.web.pagination import Page
from timeline.feeds.hydrate import Hydrated, hydrate
from timeline.feeds.muted_words import plain
from timeline.feeds.notification_groups import FROM_SITE, MOST_COUNTED, Group
from timeline.feeds.records import read_muted_words
from timeline.feeds.row import Row
from timeline.ids import time_of
from timeline.models import Notification
from timeline.models.notification import MENTIONS

FACES = 8
FIRST_WORDS = 140  # characters
Kind = Notification.Kind
ICONS = {
    Kind.FOLLOW: "user",
    Kind.REQUEST: "user",
    Kind.APPROVAL: "check",
    Kind.RETWEET: "retweet",
    Kind.LIKE: "like",
    Kind.EDIT: "compose",
    Kind.DECISION: "shield",
    Kind.IMPORT: "images",
    Kind.EXPORT: "images",
}


class ShownNotification(NamedTuple):
    """A place of the page: a post that mentions one, as its `row`; else who did what."""

    kind: str  # "like"
    is_unread: bool
    row: Row | None
    icon: str = ""
    faces: tuple[ShownAccount, ...] = ()
    others: int = 0  # besides the first
    is_more: bool = False  # there are more than `others`
    url: str = ""  # of the post, and how it begins:
    words: str = ""
    when: Age | None = None


@prepared
def _people(viewer: Any, ids: Params) -> Any:
    people = Account.objects.visible_to(viewer).filter(pk__in=ids)
    return people.values_list("pk", "handle", "host", "name", "avatar")


def show_page(page: Page, viewer: Account) -> Page:
    """Return `page` with what it shows in the place of its groups, without what has words that
    `viewer` muted.
    """
    groups: list[Group] = page.rows
    faces = {pk for group in groups if group.kind not in MENTIONS for pk in group.people[:FACES]}
    asked = _people(viewer=viewer.pk, ids=faces) if faces else []
    people = {
        pk: ShownAccount(
            pk, handle, host, name, avatar, "", is_followed=False, follows_viewer=False
        )
        for pk, handle, host, name, avatar in asked
    }
    entries = [group.entry for group in groups if group.entry]
    hydrated = hydrate(entries, viewer, muted=read_muted_words(viewer) if entries else None)
    wanted = {None, *(entry.pk for entry in hydrated.wanted(entries))}
    shown = [
        (group.kind, _show(group, people, hydrated)) for group in groups if group.post in wanted
    ]
    # whoever was in a group may be gone since it was read
    rows = [one for kind, one in shown if one.row or one.faces or kind in FROM_SITE]
    return page._replace(rows=rows)


def _show(group: Group, people: dict[int, ShownAccount], hydrated: Hydrated) -> ShownNotification:
    kind, members, post = Kind(group.kind), group.people, group.post
    if post and kind in MENTIONS:
        return ShownNotification(kind.name.lower(), group.is_unread, hydrated.row(post))
    return ShownNotification(
        kind=kind.name.lower(),
        is_unread=group.is_unread,
        row=None,
        icon=ICONS[kind],
        faces=tuple(people[pk] for pk in members[:FACES] if pk in people),
        others=min(len(members[1:]), MOST_COUNTED - 1),
        is_more=len(members) > MOST_COUNTED,
        url=hydrated.post(post).url if post else "",
        words=Truncator(plain(hydrated.post(post).html)).chars(FIRST_WORDS) if post else "",
        when=age_at(time_of(group.cursor), hydrated.now),
    )
