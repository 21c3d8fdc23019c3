"""Sweeping the storage: uploads that no row names, and that were stored a day ago or longer, go.

They are what a process left behind that was killed between storing files and writing their row. The
day is far more than lies between the two; what an import stores again under the key of a run that
was broken off is as new as the last of its files.
"""

import logging
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import batched

from django.core.files.storage import default_storage
from django.utils import timezone

from microblog.media import uploads

AGE = timedelta(days=1)
BATCH = 500  # uploads that the database is asked for at once
# so many strays, and more than there are uploads with a row, are no accident: the database is not
# the storage's
SUSPICIOUS = 1000
WRONG_DATABASE = (
    "%s uploads belong to nothing in the database, and %s to something. Is it the right one? "
    "Nothing was swept."
)
_KEY = re.compile(r"[0-9a-f]{32}")

log = logging.getLogger(__name__)


def sweep() -> int:
    """Delete the files of every upload that nothing names any more; how many uploads that were."""
    named = 0
    strays: list[str] = []
    for keys in batched(_keys(), BATCH):
        used = uploads.named(keys)
        named += len(used)
        strays += [key for key in keys if key not in used and _is_old(key)]
    if len(strays) > max(named, SUSPICIOUS):
        log.error(WRONG_DATABASE, len(strays), named)
        return 0
    return sum(_take(key) for key in strays)


def _take(key: str) -> bool:
    """Delete its files, if it is a stray that nobody stores again now; return whether it was."""
    with uploads.nobody_storing() as alone:
        is_stray = alone and not uploads.named([key]) and _is_old(key)
        if is_stray:
            uploads.discard(key)
    return is_stray


def _keys() -> Iterator[str]:
    """Return the keys of all uploads in the storage."""
    for shelf in _folders(""):
        yield from (key for key in _folders(shelf) if key.startswith(shelf) and _KEY.fullmatch(key))


def _folders(path: str) -> list[str]:
    try:
        return sorted(default_storage.listdir(path)[0])
    except FileNotFoundError:
        return []


def _is_old(key: str) -> bool:
    """Tell whether its folder and all its files have been as they are for a day."""
    return all(changed < timezone.now() - AGE for changed in _changes(key))


def _changes(key: str) -> Iterator[datetime]:
    folder = uploads.path(key)
    try:
        yield default_storage.get_modified_time(folder)
        for name in default_storage.listdir(folder)[1]:
            yield default_storage.get_modified_time(uploads.path(key, name))
    except FileNotFoundError:  # it goes while one looks
        yield timezone.now()
