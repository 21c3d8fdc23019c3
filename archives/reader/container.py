"""Archives from strangers, opened with care: a zip or a folder, of which nothing is ever unpacked
to its own path.
"""

import os
import re
import stat
import struct
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

MAX_MEMBERS = 400_000
MAX_DIRECTORY = 48 * 1024 * 1024  # bytes of a zip's list of members, which zipfile reads at once
MAX_TOTAL = 64 * 1024**3  # bytes read in one import; X cuts its archives at 50 GiB
MAX_RATIO = 200  # X's own files shrink to a tenth
RATIO_COUNTS_FROM = 16 * 1024 * 1024

_TWEETS = re.compile(r"(?:data/)?(?:tweets?|note-tweet|manifest|account)(?:-part\d+)?\.js")
_GRAILBIRD = re.compile(r"tweets\.csv|data/js/(?:tweet_index\.js|tweets/.*)")

_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, struct.error),
    *(EOFError, RuntimeError, OSError, ValueError, KeyError),
)


class ArchiveError(Exception):
    """This archive cannot be brought in. The message, one line, is for who brought it."""


class MemberError(ArchiveError):
    """One file of the archive cannot be read, which may be a picture to leave out."""


class Reader:
    """A file of an archive, read from its beginning. Raises MemberError: broken, or too large."""

    def __init__(
        self, container: "Container", name: str, source: IO[bytes], limit: int, packed: int
    ) -> None:
        self.name = shown(name)
        self._container, self._source, self._limit = container, source, limit
        self._ratio_limit = max(packed * MAX_RATIO, RATIO_COUNTS_FROM)
        self._count = 0

    def read(self, size: int) -> bytes:
        """Return at most `size` bytes; none at the end. What really came out is what counts."""
        with _readable(self.name):
            data = self._source.read(size)
        self._count += len(data)
        if self._count > self._limit:
            raise MemberError(f"{self.name} in the archive is too large.")
        if self._count > self._ratio_limit:
            raise MemberError(
                f"{self.name} in the archive unpacks to suspiciously much: this looks like a "
                "zip bomb."
            )
        self._container.count(len(data))
        return data

    def all(self) -> bytes:
        """Return the whole of it, for files that are small by their limit."""
        return b"".join(self)

    def __iter__(self) -> Iterator[bytes]:
        while data := self.read(256 * 1024):
            yield data


class Container(ABC):
    """The files of an archive, by names that begin where X's do, in whatever folder they lie."""

    def __init__(self, sizes: dict[str, int]) -> None:
        self._prefix = start = _prefix(sizes)
        own = {name: size for name, size in sizes.items() if name.startswith(start)}
        self.sizes = {name.removeprefix(start): size for name, size in own.items()}
        self._total = 0

    @contextmanager
    def open(self, name: str, limit: int) -> Iterator[Reader]:
        """Yield the file `name`, of which more than `limit` bytes are refused."""
        with _readable(name):
            source, packed = self._open(self._prefix + name)
        with source:
            yield Reader(self, name, source, limit, packed)

    def count(self, size: int) -> None:
        self._total += size
        if self._total > MAX_TOTAL:
            raise ArchiveError("This archive is too large: more than 64 GB came out of it.")

    @abstractmethod
    def _open(self, name: str) -> tuple[IO[bytes], int]:
        """Return the file and how many bytes it takes in the archive."""


class Folder(Container):
    def __init__(self, path: Path) -> None:
        self._path = path
        # as they are on the disk, by those that this container gives them
        self._names: dict[str, str] = {}
        super().__init__(dict(self._walk()))

    def _walk(self) -> Iterator[tuple[str, int]]:
        members = 0
        for folder, folders, files in os.walk(self._path):
            for name in (*folders, *files):
                path = Path(folder, name)
                kind = path.lstat()
                members += 1
                _check_no_link(name, kind.st_mode)
                if members > MAX_MEMBERS:
                    raise ArchiveError("There are far too many files in this folder.")
                if stat.S_ISREG(kind.st_mode):
                    own = path.relative_to(self._path).as_posix()
                    self._names[_slashed(own)] = own
                    yield _slashed(own), kind.st_size

    def _open(self, name: str) -> tuple[IO[bytes], int]:
        path = self._path / self._names[name]
        return path.open("rb"), path.stat().st_size


class Zip(Container):
    def __init__(self, file: IO[bytes]) -> None:
        _check_directory(file)
        with _readable("The list of files"):
            self._zip = zipfile.ZipFile(file)
        members = self._zip.infolist()
        if len(members) > MAX_MEMBERS:
            raise ArchiveError("There are far too many files in this zip.")
        for member in members:
            _check_member(member)
        named = {_slashed(member.filename): member for member in members}
        self._members = {name: member for name, member in named.items() if not name.endswith("/")}
        super().__init__({name: member.file_size for name, member in self._members.items()})

    def _open(self, name: str) -> tuple[IO[bytes], int]:
        member = self._members[name]
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise MemberError(
                f"{shown(name)} in the archive is packed in a way that X does not use."
            )
        return self._zip.open(member), member.compress_size


@contextmanager
def open_archive(path: Path) -> Iterator[Container]:
    """Yield the archive at `path`, a zip or a folder. Raise ArchiveError for what is neither."""
    try:
        is_folder = path.is_dir()
        if not is_folder and not path.is_file():
            raise ArchiveError(f"There is no file {shown(str(path))}.")
        file = None if is_folder else path.open("rb")
    except OSError as error:
        raise ArchiveError(f"{shown(str(path))} cannot be read: {error.strerror}.") from error
    if file is None:
        yield Folder(path)
        return
    with file:
        yield Zip(file)


def shown(name: str) -> str:
    """Return a name from an archive short, and without what moves a cursor."""
    safe = name if name.isprintable() else ascii(name)[1:-1]
    return safe if len(safe) <= 100 else f"{safe[:100]}…"


@contextmanager
def _readable(name: str) -> Iterator[None]:
    """Turn what Python raises for a broken, encrypted or vanished file into a MemberError."""
    try:
        yield
    except _BROKEN as error:
        reason = "is broken: it cannot be read to its end"
        if isinstance(error, RuntimeError) and "password" in str(error):
            reason = "is locked with a password"
        raise MemberError(f"{shown(name)} in the archive {reason}.") from error


def _check_directory(file: IO[bytes]) -> None:
    """Refuse what is no zip, or one whose list of members is huge: its end has that size."""
    size = file.seek(0, 2)
    tail_size = min(size, 22 + 65535 + 20)
    file.seek(size - tail_size)
    tail = file.read(tail_size)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        file.seek(0)
        if file.read(2) == b"PK":
            raise ArchiveError("This zip is cut off: its end is missing. Please download it again.")
        raise ArchiveError("This is no zip file, and no folder.")
    directory = int.from_bytes(tail[at + 12 : at + 16], "little")
    locator = tail.rfind(b"PK\x06\x07", 0, at)
    if locator >= 0:  # a zip of more than 4 GB, or one that says so
        file.seek(min(int.from_bytes(tail[locator + 8 : locator + 16], "little"), size))
        directory = max(
            directory if directory != 0xFFFFFFFF else 0,
            int.from_bytes(file.read(56)[40:48], "little"),
        )
    if directory > MAX_DIRECTORY:
        raise ArchiveError("There are far too many files in this zip.")
    file.seek(0)


def _slashed(name: str) -> str:
    """Return a name with the slashes that zips have, also where Windows packed it."""
    return name.replace("\\", "/")


def _check_member(member: zipfile.ZipInfo) -> None:
    name = _slashed(member.orig_filename)
    if name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in PurePosixPath(name).parts:
        raise ArchiveError(
            f"{shown(name)} in the archive points outside of it: this is no archive as X makes "
            "them."
        )
    _check_no_link(name, member.external_attr >> 16)


def _check_no_link(name: str, mode: int) -> None:
    if stat.S_ISLNK(mode):
        raise ArchiveError(
            f"{shown(name)} in the archive is a link to somewhere else: this is no archive as "
            "X makes them."
        )


def _prefix(names: dict[str, int]) -> str:
    """Return the folder in which X's own names begin, with its slash; "" where none is around."""
    if any(_TWEETS.fullmatch(name) for name in names):
        return ""
    packed = [(name, name.partition("/")[2]) for name in names]
    found = [name.removesuffix(inner) for name, inner in packed if _TWEETS.fullmatch(inner)]
    if folders := set(found) - {"__MACOSX/"}:
        return min(folders)
    if any(_GRAILBIRD.fullmatch(name) or _GRAILBIRD.fullmatch(inner) for name, inner in packed):
        raise ArchiveError(
            "This archive was made in 2018 or before, in a form that X gave up. Please ask X "
            "for a new one."
        )
    if any(name.endswith(".zip") for name in names):
        raise ArchiveError(
            "There are no tweets in this archive, but there is a zip in it. Please unpack that one."
        )
    raise ArchiveError("There are no tweets in this archive: data/tweets.js is missing.")
