"""What is acknowledged is kept, whenever the power goes: files and their names are on the disk
before a row names them.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from accounts.models import Account
from microblog.media import uploads
from microblog.media.storage import Storage
from testing.scene import picture


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of what was synced so far, in their order; "INSERT" where rows of media came."""
    paths: list[str] = []
    sync = os.fsync

    def fsync(handle: int) -> None:
        paths.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        sync(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    return paths


def test_a_file_and_its_name(tmp_path: Path, synced: list[str]) -> None:
    Storage(location=tmp_path / "media").save("ab/abcd/small.webp", ContentFile(b"x"))
    parents, file, folder = synced[:-2], synced[-2], synced[-1]
    media = tmp_path / "media"
    assert parents == [str(tmp_path), str(media), str(media / "ab")]
    assert file.startswith(str(media / "ab/abcd/."))  # it has another name until it is whole
    assert folder == str(media / "ab/abcd")
    assert [path.name for path in (media / "ab/abcd").iterdir()] == ["small.webp"]


def test_before_the_row(ada: Account, publish: Callable[..., Any], synced: list[str]) -> None:
    def note(execute: Any, sql: str, *args: Any) -> Any:
        synced.extend(["ROW"] if sql.startswith('INSERT INTO "timeline_media"') else [])
        return execute(sql, *args)

    with connection.execute_wrapper(note):
        post = publish(ada, "Look", attachments=[picture()])
    folder = default_storage.path(uploads.path(post.media.get().key))
    assert synced.index("ROW") > max(n for n, path in enumerate(synced) if path.startswith(folder))
    assert len(synced) <= 8, "a few for each file, however large"
