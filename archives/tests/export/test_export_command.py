"""`manage.py export_archive`, as somebody types it."""

import errno
import os
import stat
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from accounts.models import Account
from archives.management.commands import export_archive
from microblog.media import uploads
from testing.scene import external, say

from .conftest import Taken

pytestmark = pytest.mark.django_db


def run(*args: object) -> str:
    out = StringIO()
    call_command("export_archive", *map(str, args), stdout=out, stderr=out)
    return out.getvalue()


@pytest.mark.parametrize("handle", ["ada", "@ada", "ADA"])
@pytest.mark.both_databases
def test_it_writes_the_archive(ada: Account, tmp_path: Path, handle: str) -> None:
    say(ada, "Hello", pictures=1)
    path = tmp_path / "ada.zip"
    assert run(handle, path).startswith(f"@ada is in {path}: ")
    assert Taken.read(path).notes[0]["source"]["content"] == "Hello"
    assert sorted(tmp_path.glob(".*")) == []
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def test_somebody_suspended_has_an_archive(ada: Account, tmp_path: Path) -> None:
    ada.suspend()
    assert "@ada is in" in run("ada", tmp_path / "ada.zip")


@pytest.mark.parametrize("handle", ["nobody", "grace@x.com", "", "deleted"])
def test_who_is_not_here_has_none(db: None, tmp_path: Path, handle: str) -> None:
    external("grace")
    Account.objects.create(handle="deleted", name="x").remove()
    with pytest.raises(CommandError, match="Nobody here is called"):
        run(handle, tmp_path / "a.zip")
    assert list(tmp_path.iterdir()) == []


def test_it_overwrites_nothing(ada: Account, tmp_path: Path) -> None:
    path = tmp_path / "ada.zip"
    path.write_text("precious")
    with pytest.raises(CommandError, match="is there already"):
        run("ada", path)
    with pytest.raises(CommandError, match="is there already"):
        run("ada", tmp_path)
    assert path.read_text() == "precious"


def test_a_file_that_came_meanwhile_stays(
    ada: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ada.zip"

    def meanwhile(*args: Any) -> list[str]:
        path.write_text("precious")
        return []

    monkeypatch.setattr(export_archive, "write_archive", meanwhile)
    with pytest.raises(CommandError, match="is there already"):
        run("ada", path)
    assert path.read_text() == "precious"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there(ada: Account, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no folder"):
        run("ada", tmp_path / "nothing" / "ada.zip")


def test_too_little_room_is_said_first(
    ada: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(ada, "Hello")
    monkeypatch.setattr(export_archive, "free_at", lambda folder: 1)
    with pytest.raises(CommandError, match="1 byte are free"):
        run("ada", tmp_path / "ada.zip")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "No space left on device"),
        (KeyboardInterrupt(), "Interrupted"),
    ],
)
def test_where_it_is_broken_off_nothing_is_left(
    ada: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Any, said: str
) -> None:
    def broken(account: Account, file: Any, progress: Any) -> list[str]:
        file.write(b"half")
        raise error

    monkeypatch.setattr(export_archive, "write_archive", broken)
    with pytest.raises(CommandError, match=said):
        run("ada", tmp_path / "ada.zip")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_the_storage_lost_is_named(ada: Account, tmp_path: Path) -> None:
    media = say(ada, "Look", pictures=1).media.get()
    default_storage.delete(uploads.path(media.key, "large.webp"))
    assert f"The storage has no media_attachments/files/{media.key}" in run(
        "ada", tmp_path / "ada.zip"
    )
