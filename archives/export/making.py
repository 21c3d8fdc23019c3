"""Make the archive that somebody asked for: one at a time on the whole site, so that the worker has
threads left for mail; begun anew where a worker died on the way.
"""

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from archives.export.archive import write_archive
from archives.export.disk_space import NO_ROOM, check_room
from archives.models import Export, ExportError
from archives.models.export import BROKEN, FOLDER, new_key, path_of
from microblog.db.full_disk import is_full
from timeline.models import Notification
from timeline.models.notification import tell_of_today

log = logging.getLogger(__name__)


def make(export_id: int) -> bool:
    """Make the archive, if it is still to be made; return whether it was one's turn: another may be
    at it, or at somebody else's.
    """
    with _alone() as is_alone:
        export = Export.objects.due().with_account().filter(pk=export_id).first()
        if is_alone and export:
            _sweep()
            _make(export)
        return is_alone or not export


def _make(export: Export) -> None:
    key = new_key()
    try:
        check_room(export)
        made_at = timezone.now()
        with default_storage.write(path_of(key)) as file:  # type: ignore[attr-defined]  # ours
            for name in write_archive(export.account, file):
                log.warning("Archive of %s: the storage has no %s", export.account_id, name)
        _offer(export, key, made_at)
    except ExportError as error:
        export.fail(str(error))
    except Exception as error:
        if not is_full(error):
            log.exception("Archive of account %s", export.account_id)
        export.fail(NO_ROOM if is_full(error) else BROKEN)
    if not Export.objects.keys([key]):
        default_storage.delete(path_of(key))


@transaction.atomic
def _offer(export: Export, key: str, made_at: datetime) -> None:
    """Let the file be downloaded, if it is wanted still, and tell its owner so."""
    if not export.keep(key, default_storage.size(path_of(key)), made_at):
        return
    tell_of_today(Notification.Kind.EXPORT, [export.account_id])
    if user := export.account.user:
        get_adapter().send_mail("archives/mail/ready", user.email, {"export": export})


@contextmanager
def _alone() -> Iterator[bool]:
    """Tell whether nobody else makes an archive; nobody begins to, until one is done or dead."""
    with (settings.VAR / "exporting.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


# --- By the clock ---


def tidy() -> None:
    """Take away archives that were kept for long enough, and files that belong to none."""
    Export.objects.forget_old()
    Export.objects.give_up()
    with _alone() as is_alone:
        if is_alone:
            _sweep()


def _sweep() -> None:
    """Delete what a process left behind that was killed: parts of a file, and one without a row.
    Whose turn it is knows that nobody writes.
    """
    try:
        _, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:  # nothing was ever made
        return
    used = {f"{key}.zip" for key in Export.objects.keys({name[:-4] for name in names})}
    for name in set(names) - used:
        default_storage.delete(f"{FOLDER}/{name}")
