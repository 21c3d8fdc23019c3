"""A new avatar or banner of a form that was refused, kept for an hour for who chose it: browsers
give no file back to a page that they load anew.

It is made ready already. Of each there is one for an account, under a key that is always the same:
the next takes its place, and nothing adds up. No row names it, so nobody is served it, and the
nightly sweep takes it away.
"""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

from django.core import signing
from django.core.files.storage import default_storage

from accounts.models import Account
from accounts.profile_pictures import PICTURES, Field
from microblog.media import uploads

AGE = timedelta(hours=1)
_SALT = "accounts.kept_pictures"


def keep(account: Account, field: Field, files: Mapping[str, bytes]) -> str:
    """Keep `files` (by name), and return what finds them again. Raises FullError."""
    uploads.store(files, _key(account, field))
    return signing.dumps([account.pk, field, _digest(files)], salt=_SALT)


def find(account: Account, field: Field, token: str) -> Mapping[str, bytes] | None:
    """Return what was kept for `account`; None where it is gone by now, or another took its place.

    A token of somebody else finds nothing.
    """
    try:
        *about, digest = signing.loads(token, salt=_SALT, max_age=AGE)
    except (signing.BadSignature, ValueError):
        return None
    if about != [account.pk, field]:
        return None
    key = _key(account, field)
    with suppress(FileNotFoundError):
        files = {f"{size}.webp": _read(key, f"{size}.webp") for size in PICTURES[field]}
        return files if _digest(files) == digest else None
    return None


def forget(account: Account, field: Field) -> None:
    uploads.discard(_key(account, field))


def _key(account: Account, field: Field) -> str:
    return uploads.key_for(_SALT, str(account.pk), field)


def _read(key: str, name: str) -> bytes:
    with default_storage.open(uploads.path(key, name)) as file:
        content: bytes = file.read()
        return content


def _digest(files: Mapping[str, bytes]) -> str:
    return hashlib.sha256(b"".join(files[name] for name in sorted(files))).hexdigest()
