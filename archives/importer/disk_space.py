"""Whether an import fits on the disk: estimated before it begins, and said plainly where it does
not.
"""

import errno
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.template.defaultfilters import filesizeformat

from accounts.models import Account
from archives.importer.report import ImportSummary
from archives.reader.container import ArchiveError
from archives.x.tweet import Tweet
from microblog.db.full_disk import is_full

# that a post takes in SQLite with its indexes, tags and ids, but for its text: half of it, measured
POST_BYTES = 1000
TEXT_TIMES = 4  # its text is kept as HTML as well, and there may be links in it
PICTURE_TIMES = 1.2  # all sizes of a picture together, beside the one that X kept
VIDEO_TIMES = 1.1
RESERVE = 64 * 1024**2  # for logs, temporary files, and the site itself
COPIES = 3  # of a file, while it is made anew
LITTLE = 16 * 1024**2  # and so much more, or nobody can tell a broken picture from a full disk


@dataclass(slots=True)
class Need:
    """Bytes that an import takes, about: media, the database's file, temporary files at a time."""

    media: float = 0
    rows: float = 0
    temporary: float = 0

    def add(self, tweet: Tweet, sizes: Sequence[int]) -> None:
        """Add what `tweet` takes, whose files have those `sizes` in the archive."""
        self.rows += POST_BYTES + TEXT_TIMES * len(tweet.text.encode())
        for file, size in zip(tweet.media, sizes, strict=True):
            self.media += size * (PICTURE_TIMES if file.kind == "image" else VIDEO_TIMES)
            self.temporary = max(self.temporary, COPIES * size)


def shortage(need: Need, account: Account | None) -> str:
    """Say where the disk has less room than an import into `account` needs; "" where it has it."""
    if settings.ACCOUNT_BYTES:  # what an account has no room for does not come in
        need.media = min(
            need.media, max(0, settings.ACCOUNT_BYTES - (account.stored_bytes if account else 0))
        )
    needed: Counter[int] = Counter()
    folders: dict[int, Path] = {}
    for folder, size in _places(need):
        device = folder.stat().st_dev
        needed[device] += int(size)
        folders.setdefault(device, folder)
    for device, size in needed.items():
        free = shutil.disk_usage(folders[device]).free
        if size + RESERVE > free:
            needed_here = (
                f"this import needs about {_shown(size + RESERVE)} at {folders[device]}, where "
                f"{_shown(free)} are free"
            )
            return f"There is not enough room on the disk: {needed_here}."
    return ""


@contextmanager
def explain_full_disk(summary: ImportSummary) -> Iterator[None]:
    """Turn the error of a full disk into an ArchiveError that says how far the import came."""
    try:
        yield
    except Exception as error:
        if not is_full(error):
            raise
        raise ArchiveError(
            f"The disk is full ({os.strerror(errno.ENOSPC)}). {summary.kinds.total():,} posts "
            "came in before that, each of them whole. "
            "Make room, and run the same command again: it goes on where it stopped."
        ) from error


def raise_if_full(size: int) -> None:
    """Raise OSError where temporary files may have had too little room for one of `size` bytes."""
    if shutil.disk_usage(tempfile.gettempdir()).free < COPIES * size + LITTLE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _places(need: Need) -> Iterable[tuple[Path, float]]:
    """Yield the folders that grow, of those on a disk of this machine, and by how much."""
    yield Path(tempfile.gettempdir()), need.temporary
    if media := getattr(default_storage, "location", ""):
        yield _existing(Path(media)), need.media
    if (
        connection.vendor == "sqlite"
        and (database := Path(connection.settings_dict["NAME"])).is_file()
    ):
        yield database.parent, need.rows


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())


def _shown(size: float) -> str:
    return filesizeformat(size).replace("\xa0", " ")
