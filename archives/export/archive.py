"""All of the archive, in the order in which it is written."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO, Any

from django.conf import settings
from django.utils import timezone

from accounts.models import Account
from archives.export import lists, pages, profile
from archives.export.activities import Values, activity, filled, when
from archives.export.archive_file import ArchiveFile
from archives.export.own_posts import OwnPost, posts_of, walk
from timeline.signals import own_data_requested

FORMAT = 1
FOLDER = "microblog"  # of what other software has no name for

type Progress = Callable[[int, int], None]


def write_archive(
    account: Account, file: IO[bytes], progress: Progress = lambda _done, _total: None
) -> list[str]:
    """Write the archive of `account` to `file`; return which of its files the storage lacks.

    `progress` is told how many posts are done, and of how many; each is read twice. What is posted
    meanwhile is not in it, and what is deleted meanwhile may be.
    """
    made_at = timezone.now()
    newest = posts_of(account).order_by("-pk").values_list("pk", flat=True).first() or 0
    total = 2 * posts_of(account).count()
    with ArchiveFile(file, made_at) as archive:
        archive.add_json("actor.json", profile.actor(account))
        profile.add_pictures(archive, account)
        done = archive.add_collection(
            "outbox.json",
            map(activity, _told(walk(account, newest), progress, total)),
        )
        archive.add_collection("likes.json", lists.addresses(lists.likes_of(account)))
        archive.add_collection("bookmarks.json", lists.addresses(lists.bookmarks_of(account)))
        counts = _add_lists(archive, account)
        newest_first = walk(account, newest, newest_first=True)
        for number in pages.add_pages(archive, account, newest_first):
            progress(done + number, max(total, done + number))
        about = {"made_at": when(made_at), "counts": {"posts": done, **counts}}
        archive.add_json(f"{FOLDER}/about.json", _about(account, about, archive.missing))
    return archive.missing


def _told(posts: Iterable[OwnPost], progress: Progress, total: int) -> Iterator[OwnPost]:
    for number, own in enumerate(posts, 1):
        yield own
        progress(number, max(total, number))


def _add_lists(archive: ArchiveFile, account: Account) -> dict[str, int]:
    """Add the lists of ours, and those of the apps beside; return how long each is."""
    archive.add_json(f"{FOLDER}/settings.json", profile.settings_of(account))
    found: dict[str, Iterable[Any]] = {name: rows(account) for name, rows in lists.LISTS.items()}
    answers: list[tuple[Any, Any]] = own_data_requested.send(Account, account=account)
    for _, more in answers:
        found |= more
    return {name: archive.add_list(f"{FOLDER}/{name}.json", rows) for name, rows in found.items()}


def _about(account: Account, about: Mapping[str, Any], missing: list[str]) -> Values:
    return filled(
        format="microblog-archive",
        version=FORMAT,
        site=settings.SITE_URL,
        account=str(account),
        **about,
        missing=missing,
    )
