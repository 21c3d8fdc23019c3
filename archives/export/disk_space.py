"""Whether there is room for one more archive: asked before it is begun."""

import shutil
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage

from accounts.models import Account
from archives.models import Export, ExportError

EMPTY_BYTES = 32 * 1024  # of an archive without a post
POST_BYTES = 4096  # that a post takes in it, about: twice what was measured
SPACE_KEPT_FREE = 1024**3  # for the site itself
NO_ROOM = (
    "There is no room on this site for your archive now. Please ask again in a few days: the "
    "archives that others asked for are gone by then."
)


def needed_for(account: Account) -> int:
    """Return how many bytes the archive of `account` takes, about: rather too many."""
    rows = account.posts_count + account.following_count + account.followers_count
    return EMPTY_BYTES + account.stored_bytes + POST_BYTES * rows


def check_room(export: Export) -> None:
    """Raise ExportError where all archives together would take too much, or too little would stay
    free on the disk.
    """
    needed = needed_for(export.account)
    others = Export.objects.exclude(pk=export.pk).stored_bytes()
    if settings.EXPORT_BYTES and others + needed > settings.EXPORT_BYTES:
        raise ExportError(NO_ROOM)
    if free_at(Path(default_storage.path(""))) < needed + SPACE_KEPT_FREE:
        raise ExportError(NO_ROOM)


def free_at(folder: Path) -> int:
    """Return how many bytes are free where `folder` is, or is to be."""
    here = next(path for path in (folder, *folder.parents) if path.exists())
    return shutil.disk_usage(here).free
