"""Who on this machine may read what the site writes: nobody but itself; a web server of its group the uploads, where it sends them.

Files are made that way (`umask` in settings, the permissions of uploads). What was there before, or was copied there, `serve` mends.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage


def close_to_others() -> None:
    """Take from all in VAR whatever others may do with it, and give the group of the uploads what it needs."""
    shares = bool(settings.ACCEL_REDIRECT)
    media = Path(default_storage.path(""))
    for path in _below(settings.VAR):
        of_uploads = shares and path.is_relative_to(media)
        _close(path, 0o640 if of_uploads else 0o600, 0o750 if of_uploads else 0o700)
    _close(settings.VAR, 0o600, 0o710 if shares else 0o700)


def _below(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        yield from (Path(parent, name) for name in (*folders, *files))


def _close(path: Path, file: int, folder: int) -> None:
    with suppress(FileNotFoundError, PermissionError):  # it goes while one looks, or is somebody else's
        mode = path.lstat().st_mode
        wanted = folder if stat.S_ISDIR(mode) else file
        if not stat.S_ISLNK(mode) and stat.S_IMODE(mode) != wanted:
            path.chmod(wanted)
