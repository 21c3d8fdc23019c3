"""What the site writes, nobody else on the machine reads; a web server of its group the uploads
alone, where it sends them.
"""

import os
import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from microblog.media import uploads
from microblog.media.storage import Storage
from microblog.serving import file_modes


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def var(tmp_path: Path, settings: Any) -> Path:
    """As an installation of before left it."""
    var = tmp_path / "var"
    settings.VAR = var
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "microblog.media.storage.Storage",
            "OPTIONS": {"location": var / "media"},
        },
    }
    for name in (
        "db.sqlite3",
        "db.sqlite3-wal",
        "mail/1.log",
        "media/ab/abcd/small.webp",
        "static/css/base.css",
    ):
        path = var / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
        path.chmod(0o644)
    for folder in (var, *(path for path in var.rglob("*") if path.is_dir())):
        folder.chmod(0o755)
    return var


def test_what_was_there_is_closed(var: Path) -> None:
    file_modes.close_to_others()
    for path in (var, *var.rglob("*")):
        assert mode(path) == (0o700 if path.is_dir() else 0o600), path


@pytest.mark.parametrize("before", ["", "/_media/"])
def test_a_web_server_of_the_group_reads_uploads_alone(
    var: Path, settings: Any, before: str
) -> None:
    """Also where the site sent them itself until now."""
    settings.ACCEL_REDIRECT = before
    file_modes.close_to_others()
    settings.ACCEL_REDIRECT = "/_media/"
    file_modes.close_to_others()
    assert mode(var) == 0o710
    assert {
        mode(path) for path in (var / "media", *(var / "media").rglob("*")) if path.is_dir()
    } == {0o750}
    assert mode(var / "media/ab/abcd/small.webp") == 0o640
    assert {
        mode(var / name)
        for name in ("db.sqlite3", "db.sqlite3-wal", "mail/1.log", "static/css/base.css")
    } == {0o600}
    assert {mode(var / name) for name in ("mail", "static")} == {0o700}


def test_a_link_leads_nowhere(var: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("of somebody else")
    other.chmod(0o644)
    (var / "link").symlink_to(other)
    file_modes.close_to_others()
    assert mode(other) == 0o644


@pytest.mark.parametrize(("files", "folders"), [(0o600, 0o700), (0o640, 0o750)])
def test_uploads_are_made_that_way(
    tmp_path: Path, files: int, folders: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the umask."""
    for mask in (0o077, 0o022):
        storage = Storage(
            location=tmp_path / oct(mask),
            file_permissions_mode=files,
            directory_permissions_mode=folders,
        )
        before = os.umask(mask)
        try:
            storage.save("ab/abcd/small.webp", uploads.ContentFile(b"x"))
        finally:
            os.umask(before)
        made = sorted((tmp_path / oct(mask)).rglob("*"))
        assert [mode(path) for path in made] == [folders, folders, files]


def test_all_else_is_made_that_way(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "1.log").touch()
    assert [mode(path) for path in sorted((tmp_path / "mail", tmp_path / "mail" / "1.log"))] == [
        0o700,
        0o600,
    ]
    assert (settings.FILE_UPLOAD_PERMISSIONS, settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS) == (
        0o600,
        0o700,
    )
    uploads.store({"small.webp": b"x"})
    assert {mode(path) for path in Path(default_storage.path("")).rglob("*")} == {0o700, 0o600}
