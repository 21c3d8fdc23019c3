"""The name of what is rendered: a digest of the values that it shows, and of the release that
renders them.
"""

import json
import platform
from functools import cache, lru_cache
from hashlib import blake2b
from operator import attrgetter
from pathlib import Path
from typing import Any

import django
import django_htmx
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils import translation

LENGTH = 40  # hexadecimal digits of a digest
# settings that a page shows, or is made by
SHOWN = ("SITE_NAME", "SITE_URL", "SITE_DESCRIPTION", "EXPLORE_URL", "MEDIA_URL", "STATIC_URL")
_shown = attrgetter(*SHOWN)
_PLAIN = {str, int, bool, type(None)}


def digest(*values: object) -> str | None:
    """Return the name of what shows `values`; None where one of them is no value, and where nothing
    is kept.
    """
    if not settings.KEPT_BYTES:
        return None
    try:
        written = _write(values).encode()
    except TypeError:
        return None
    told = _begun(settings_shown(), translation.get_language()).copy()
    told.update(written)
    return told.hexdigest()


@lru_cache(16)
def _begun(shown: tuple[str, ...], language: str) -> blake2b:
    """Return the beginning of each digest, which the parts of a page have in common."""
    written = _write((shown, language)).encode()
    return blake2b(written, digest_size=LENGTH // 2, key=release())


def settings_shown() -> tuple[str, ...]:
    # in one step, not in seven
    shown: tuple[str, ...] = _shown(settings._wrapped)  # type: ignore[misc]  # noqa: SLF001
    return shown


def is_value(value: Any) -> bool:
    """Return whether `value` is plain and frozen all through, so that equal digests show the same.

    A string that is marked as safe is none: it is written as the same string, and shown otherwise.
    """
    left = [value]
    while left:
        one = left.pop()
        kind = type(one)
        if kind in _PLAIN:
            continue
        if isinstance(one, tuple) or kind is list:
            left.extend(one)
        elif kind is dict:
            left.extend(one.values())
            if any(type(key) is not str for key in one):
                return False
        else:
            return False
    return True


@cache
def release() -> bytes:
    """Return what tells this release from all others: code, templates, static files, libraries."""
    told = blake2b(digest_size=32)
    told.update(f"{platform.python_version()} {django.__version__}".encode())
    told.update(Path(django_htmx.__file__).read_bytes())
    for path in _sources():
        told.update(f"\0{path.relative_to(settings.BASE_DIR)}\0".encode() + path.read_bytes())
    static: dict[str, str] = getattr(staticfiles_storage, "hashed_files", {})
    told.update(repr(sorted(static.items())).encode())
    return told.digest()


def _sources() -> list[Path]:
    """Return the files of our own apps that say how a page looks."""
    rooms = [Path(app.path) for app in apps.get_app_configs()]
    ours = [room for room in rooms if room.parent == settings.BASE_DIR]
    return sorted(path for room in ours for kind in ("*.py", "*.html") for path in room.rglob(kind))


_write = json.JSONEncoder(check_circular=False, separators=(",", ":")).encode
