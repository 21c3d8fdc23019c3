"""Where the files of an upload are kept: a folder for each, called by a key nobody guesses."""

import fcntl
import hashlib
import hmac
import secrets
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from typing import IO

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from microblog.signals import upload_keys_checked


def path(key: str, name: str = "") -> str:
    """Return where the file `name` of the upload `key` lies in the storage."""
    return f"{key[:2]}/{key}/{name}".rstrip("/")


def url(key: str, name: str) -> str:
    """Return the address at which the view of uploads serves the file."""
    return f"{settings.MEDIA_URL}{key}/{name}"


def store(files: Mapping[str, bytes | IO[bytes]], key: str = "") -> str:
    """Keep `files` (content by name, such as "small.webp"; an open file for a large one) and return
    their key: 32 hex digits, 128 bits.

    A given `key` overwrites what is there, so that an interrupted import leaves nothing behind when
    it runs again. What fails, on a full disk, leaves what was there before.
    """
    with _storing() if key else nullcontext():
        key = key or secrets.token_hex(16)
        is_new = not default_storage.exists(path(key))
        try:
            for name, content in files.items():
                file = ContentFile(content) if isinstance(content, bytes) else File(content)
                default_storage.save(path(key, name), file)
        except BaseException:
            if is_new:
                discard(key)
            raise
    return key


def key_for(*parts: str) -> str:
    """Return the same key for the same parts, and as hard to guess as a random one."""
    message = "\0".join(parts).encode()
    return hmac.digest(settings.SECRET_KEY.encode(), message, hashlib.sha256).hex()[:32]


def discard(key: str) -> None:
    """Delete every file of the upload `key`. Deleting what is gone is no error."""
    try:
        _, names = default_storage.listdir(path(key))
    except FileNotFoundError:
        return
    for name in names:
        default_storage.delete(path(key, name))
    default_storage.delete(path(key))
    with suppress(OSError):  # others are on that shelf
        default_storage.delete(key[:2])


# --- What belongs to nothing (microblog.media.cleanup) ---


def named(keys: Collection[str]) -> set[str]:
    """Return those of `keys` that a row names."""
    return {key for _, found in upload_keys_checked.send(None, keys=keys) for key in found or ()}


@contextmanager
def _storing() -> Iterator[None]:
    """Let nobody sweep while files are stored under a key that was there before."""
    with (settings.VAR / "storing.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


@contextmanager
def nobody_storing() -> Iterator[bool]:
    """Tell whether nobody stores anything under such a key; nobody begins to, until one is done."""
    with (settings.VAR / "storing.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def size_of(files: Mapping[str, bytes | IO[bytes]]) -> int:
    """Return how many bytes `files` are, which `store` keeps or is about to."""
    return sum(map(_length, files.values()))


def _length(content: bytes | IO[bytes]) -> int:
    if isinstance(content, bytes):
        return len(content)
    length = content.seek(0, 2)
    content.seek(0)
    return length


def bytes_of(key: str) -> int:
    """Return how many bytes the files of the upload `key` take; 0 where there are none."""
    return _bytes_below(path(key))


def stored_bytes() -> int:
    """Return how many bytes all uploads take. It asks for each file: nothing for a page."""
    return _bytes_below("")


def _bytes_below(folder: str) -> int:
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:  # discarded meanwhile, or nothing was ever stored
        return 0
    inside = f"{folder}/" if folder else ""
    return sum(_size(inside + name) for name in names) + sum(
        _bytes_below(inside + name) for name in folders
    )


def _size(file: str) -> int:
    try:
        return default_storage.size(file)
    except FileNotFoundError:
        return 0
