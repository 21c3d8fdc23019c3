"""Who on this machine may read what the site writes: nobody but itself; a web server of its group
the uploads, where it sends them.

Files are made that way (`umask` in settings, the permissions of uploads). What was there before, or
was copied there, `serve` mends.
"""

import os
import stat
from contextlib import suppress

from django.conf import settings
from django.core.files.storage import default_storage

type Modes = tuple[int, int]
"""Of files, and of folders."""

OURS: Modes = (0o600, 0o700)
SHARED: Modes = (0o640, 0o750)


def close_to_others() -> None:
    """Take from all in VAR what others may do with it, and let the group read uploads."""
    shares = bool(settings.ACCEL_REDIRECT)
    uploads = os.path.normpath(default_storage.path(""))
    _close_below(str(settings.VAR.absolute()), OURS, {uploads: SHARED if shares else OURS})
    with suppress(PermissionError):
        settings.VAR.chmod(0o710 if shares else 0o700)


def _close_below(folder: str, modes: Modes, others: dict[str, Modes]) -> None:
    """Give what is in `folder` these `modes`, and what is in one of `others` its own."""
    with suppress(FileNotFoundError, PermissionError), os.scandir(folder) as entries:
        for entry in entries:
            wanted = others.get(entry.path, modes)
            # it goes while one looks, or is somebody else's
            with suppress(FileNotFoundError, PermissionError):
                _close(entry, wanted)
            if entry.is_dir(follow_symlinks=False):
                _close_below(entry.path, wanted, others)


def _close(entry: "os.DirEntry[str]", modes: Modes) -> None:
    mode = entry.stat(follow_symlinks=False).st_mode
    wanted = modes[stat.S_ISDIR(mode)]
    if not stat.S_ISLNK(mode) and stat.S_IMODE(mode) != wanted:
        os.chmod(entry.path, wanted)  # noqa: PTH101  (there may be a million)
