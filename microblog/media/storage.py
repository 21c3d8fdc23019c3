# mypy: allow-subclassing-any
"""Where files lie: uploads, on the disk whole or not at all; static files."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]


class Storage(FileSystemStorage):
    """A file gets its name when all of it is on the disk, before `save` returns."""

    def _save(self, name: str, content: Any) -> str:
        path = Path(self.path(name))
        try:
            self._make_folder(path.parent)
            self._write(path, content)
        except FileNotFoundError:  # the empty folder was taken away meanwhile
            self._make_folder(path.parent)
            self._write(path, content)
        return name

    def _make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self._make_folder(folder.parent)
        with suppress(FileExistsError):
            folder.mkdir()
            folder.chmod(self.directory_permissions_mode or 0o700)
            _sync(folder.parent)

    def _write(self, path: Path, content: Any) -> None:
        with self._whole(path) as file:
            for chunk in content.chunks():
                file.write(chunk)

    @contextmanager
    def write(self, name: str) -> Iterator[IO[bytes]]:
        """Give a file to write to, which is called `name` once the block is left; where it fails,
        nothing is left of it.
        """
        path = Path(self.path(name))
        self._make_folder(path.parent)
        with self._whole(path) as file:
            yield file

    @contextmanager
    def _whole(self, path: Path) -> Iterator[IO[bytes]]:
        part = path.with_name(f".{secrets.token_hex(8)}")
        try:
            with part.open("xb") as file:
                os.fchmod(file.fileno(), self.file_permissions_mode or 0o600)
                yield file
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        _sync(path.parent)


def _sync(folder: Path) -> None:
    """Have the names in `folder` on the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Under names that change with the files, also where one JavaScript module imports another."""

    support_js_module_import_aggregation = True
