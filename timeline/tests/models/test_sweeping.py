"""Uploads that no row names are swept a day after they were stored: what a killed process, or an
import that never ended, left behind.
"""

import os
import time
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import models

from accounts.models import Account
from microblog.media import cleanup, uploads
from microblog.media.cleanup import sweep
from microblog.tasks import tidy
from testing.scene import say
from timeline.models import LinkCard

FILES = {"small.webp": b"small", "large.webp": b"large"}


def age(key: str, days: float = 2, *names: str) -> None:
    """Let the folder of `key` be so old, and those of its files, or all."""
    folder = Path(default_storage.path(uploads.path(key)))
    then = time.time() - timedelta(days=days).total_seconds()
    for path in [folder / name for name in names] or folder.iterdir():
        os.utime(path, (then, then))
    os.utime(folder, (then, then))


def is_here(key: str) -> bool:
    return default_storage.exists(uploads.path(key))


def left_over(days: float = 2, **more: Any) -> str:
    key = uploads.store(FILES, **more)
    age(key, days)
    return key


def test_what_nothing_names_goes_after_a_day(db: None) -> None:
    old, young = left_over(), left_over(0.9)
    tidy.enqueue()
    assert (is_here(old), is_here(young)) == (False, True)


def test_what_a_row_names_stays(ada: Account) -> None:
    post = say(ada, "Hidden, and still here", pictures=2)
    post.hide()
    ada.set_picture("avatar", FILES)
    ada.set_picture("banner", FILES)
    card = LinkCard.objects.create(
        url="https://example.com/", domain="example.com", key=uploads.store(FILES)
    )
    keys = [*post.media.values_list("key", flat=True), ada.avatar, ada.banner, card.key]
    for key in keys:
        age(key)
    assert sweep() == 0
    assert len(keys) == 5
    assert all(map(is_here, keys))
    before, stray = ada.avatar, left_over()
    Account.objects.update(avatar="")
    assert sweep() == 2
    assert [is_here(key) for key in (*keys, stray)] == [key != before for key in keys] + [False]


def test_every_column_that_could_name_an_upload_is_asked_for() -> None:
    """A new one belongs into a receiver of `upload_keys_checked`, into the test above and here."""
    found = {
        f"{model.__name__}.{field.name}"
        for app in ("accounts", "timeline", "archives", "moderation")
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField) and field.max_length == 32
    }
    # the first two are addresses; an archive has a folder and a sweep of its own (archives.export)
    others = (".reference", ".token", "Export.key")
    found = {name for name in found if not name.endswith(others)}
    assert found == {"Account.avatar", "Account.banner", "Media.key", "LinkCard.key"}


def test_an_upload_that_is_younger_in_part_stays(db: None) -> None:
    """The large files of a video may take their time; and an import writes again what it wrote
    once.
    """
    key = left_over()
    default_storage.save(uploads.path(key, "large.webp"), BytesIO(b"anew"))
    age(key, 2, "small.webp")
    assert sweep() == 0
    assert is_here(key)


def test_an_empty_folder_goes(db: None) -> None:
    key = left_over()
    for name in FILES:
        default_storage.delete(uploads.path(key, name))
    age(key)
    assert sweep() == 1
    assert not is_here(key)


def test_what_is_no_upload_is_left_alone(db: None, tmp_path: Path) -> None:
    names = [
        "notes.txt",
        "backup/notes.txt",
        "ab/notes.txt",
        "ab/backup/notes.txt",
        f"ab/{'cd' * 16}/x",
        f"ab/{'AB' * 16}/x",
    ]
    for name in names:
        default_storage.save(name, BytesIO(b"mine"))
    for path in tmp_path.rglob("*"):
        os.utime(path, (0, 0))
    assert sweep() == 0
    assert all(default_storage.exists(name) for name in names)


class Sweeping(BytesIO):
    """A file during whose storing the nightly task runs."""

    swept = -1

    def read(self, size: int | None = -1) -> bytes:
        self.swept = max(self.swept, sweep())
        return super().read(size)


def test_an_import_that_runs_meanwhile_finds_what_it_stored(db: None) -> None:
    """It was broken off days ago, left the files of its key behind, and stores them under the same
    key now.
    """
    key = uploads.key_for("x", "1", "2", "0")
    left_over(key=key)
    content = Sweeping(b"moving pictures")
    uploads.store({"video.mp4": content}, key)
    assert content.swept == 0
    assert sweep() == 0
    with default_storage.open(uploads.path(key, "video.mp4")) as file:
        assert file.read() == b"moving pictures"


def test_a_database_of_another_site_empties_no_storage(
    ada: Account, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    """More strays than uploads: then it is not the storage that is wrong."""
    monkeypatch.setattr(cleanup, "SUSPICIOUS", 3)
    keys = [left_over() for _ in range(4)]
    assert sweep() == 0
    assert all(map(is_here, keys))
    assert "4 uploads" in caplog.text
    say(ada, "One of ours", pictures=4)
    assert sweep() == 4
    assert not any(map(is_here, keys))


def test_a_storage_without_a_folder(db: None, settings: Any, tmp_path: Any) -> None:
    storage = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path / "none"}}
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    assert sweep() == 0


def test_it_asks_a_little_at_a_time(
    ada: Account, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three queries for so many uploads, however many lie there."""
    for n in range(6):
        say(ada, str(n), pictures=4)
    monkeypatch.setattr(cleanup, "BATCH", 8)
    with django_assert_num_queries(3 * 3):
        sweep()
