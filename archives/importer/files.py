"""The pictures and videos of an archive, made ours: recognised by what is in them, cleared of what
nobody should know.
"""

import math
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import IO, Any

from django.conf import settings

from accounts.models import Account
from archives.importer import disk_space
from archives.reader.container import MemberError
from archives.x.archive import XArchive
from archives.x.media import File
from archives.x.tweet import Tweet
from microblog.media import images, uploads, video
from microblog.media.video import VideoError
from timeline.posting.attachments import PICTURE_SIZES

MAX_VIDEO = 1024**3  # bytes
ABSENT = "not in the archive"
EMPTY = "an empty file"
FULL = "no room in the storage of the account (setting ACCOUNT_BYTES)"
NO_PICTURE = "a picture that is broken, too large, or of a kind that we do not know"


type Stored = dict[str, Any]
"""What the row of Media says of a picture or video whose files are in the storage."""


class MissingError(Exception):
    """This picture or video cannot come in. The message is the reason."""


class StorageQuota:
    """How many bytes of files may still come in for `account`, when this was made."""

    def __init__(self, account: Account) -> None:
        self._left = (settings.ACCOUNT_BYTES or math.inf) - account.stored_bytes

    def check(self, size: int) -> None:
        """Raise MissingError where `size` bytes are too many."""
        if size > self._left:
            raise MissingError(FULL)

    def use(self, size: int) -> None:
        """Use up `size` bytes; raise MissingError where they are too many."""
        self.check(size)
        self._left -= size


def find(archive: XArchive, tweet: Tweet, file: File) -> str:
    """Return the name of the archive's file. Raises MissingError."""
    name = archive.media(file.names, tweet.id, is_video=file.kind != "image")
    if not name:
        raise MissingError(ABSENT)
    if not archive.container.sizes[name]:
        raise MissingError(EMPTY)
    return name


def size(archive: XArchive, tweet: Tweet, file: File) -> int:
    """Return how many bytes the archive has of a picture or video; 0 where it has none."""
    try:
        return archive.container.sizes[find(archive, tweet, file)]
    except MissingError:
        return 0


def store_all(
    archive: XArchive, tweet: Tweet, quota: StorageQuota
) -> tuple[list[Stored], Counter[str]]:
    """Keep the media of `tweet`, under the same keys in every run; count by reason what cannot."""
    stored: list[Stored] = []
    missing: Counter[str] = Counter()
    for number, file in enumerate(tweet.media):
        key = uploads.key_for("x", str(archive.owner.id), str(tweet.id), str(number))
        try:
            quota.check(1)
            fields = _store(archive, find(archive, tweet, file), file, key, quota)
        except MissingError as error:
            missing[str(error)] += 1
        else:
            fields |= {"kind": file.kind, "alt": file.alt, "key": key, "position": len(stored)}
            stored.append(fields)
    return stored, missing


def check_all(archive: XArchive, tweet: Tweet) -> tuple[int, Counter[str]]:
    """Say how many of the media of `tweet` would be kept, and by reason how many would not."""
    found = 0
    missing: Counter[str] = Counter()
    for file in tweet.media:
        try:
            _check(archive, find(archive, tweet, file), file)
            found += 1
        except MissingError as error:
            missing[str(error)] += 1
    return found, missing


@contextmanager
def _readable(size: int) -> Iterator[None]:
    """Turn what is wrong with a picture or a video of `size` bytes into a MissingError."""
    try:
        yield
    except MemberError as error:
        raise MissingError("a file of the archive that is broken, or too large") from error
    except images.ImageError as error:
        disk_space.raise_if_full(size)
        raise MissingError(NO_PICTURE) from error
    except VideoError as error:
        disk_space.raise_if_full(size)
        raise MissingError(str(error)) from error


def _store(archive: XArchive, name: str, file: File, key: str, quota: StorageQuota) -> Stored:
    with _readable(archive.container.sizes[name]):
        if file.kind != "image":
            # a video comes in as large as it is, or not at all
            quota.check(archive.container.sizes[name])
            with _cleared(archive, name) as (copy, container):
                files: dict[str, bytes | IO[bytes]] = {video.file_name(container): copy}
                quota.use(size := uploads.size_of(files))
                uploads.store(files, key)
            shape = {"width": file.width, "height": file.height}
            return {**shape, "bytes": size, "container": container}
        picture = images.fit(BytesIO(_content(archive, name)), PICTURE_SIZES)
    quota.use(size := uploads.size_of(picture.files))
    uploads.store(picture.files, key)
    return {
        "width": picture.width,
        "height": picture.height,
        "bytes": size,
        "color": picture.color,
        "moves": picture.moves,
        "small_width": picture.widths["small.webp"],
    }


def _check(archive: XArchive, name: str, file: File) -> None:
    with _readable(archive.container.sizes[name]):
        if file.kind == "image":
            images.check(BytesIO(_content(archive, name)))
        else:
            with _cleared(archive, name):
                pass


@contextmanager
def _cleared(archive: XArchive, name: str) -> Iterator[tuple[IO[bytes], video.Container]]:
    """Yield a copy of the video `name` without its metadata, and what it is."""
    with tempfile.TemporaryFile() as copy, archive.container.open(name, MAX_VIDEO) as source:
        for chunk in source:
            copy.write(chunk)
        container = video.clear(copy)
        copy.seek(0)
        yield copy, container


def store_picture(
    archive: XArchive, name: str, sizes: dict[str, tuple[int, int]]
) -> tuple[str, int]:
    """Keep an avatar or banner, cut to `sizes`; return its key, the same in every run, and bytes.

    Raises MissingError.
    """
    key = picture_key(archive, name)
    try:
        with _readable(archive.container.sizes[name]):
            files = images.crop(BytesIO(_content(archive, name)), sizes).files
    except MissingError as error:
        raise MissingError(NO_PICTURE) from error
    return uploads.store(files, key), uploads.size_of(files)


def picture_key(archive: XArchive, name: str) -> str:
    return uploads.key_for("x", str(archive.owner.id), "profile", name.rpartition("/")[2])


def _content(archive: XArchive, name: str) -> bytes:
    with archive.container.open(name, images.MAX_BYTES) as source:
        return source.all()
