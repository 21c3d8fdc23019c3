"""The zip, written from beginning to end, a piece at a time. No name in it is a person's."""

import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import IO, Any, Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.core.files.storage import default_storage

CONTEXT = [
    "https://www.w3.org/ns/activitystreams",
    {
        "sensitive": "as:sensitive",
        "Hashtag": "as:Hashtag",
        "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
        "discoverable": "http://joinmastodon.org/ns#discoverable",
        "PropertyValue": "http://schema.org#PropertyValue",
        "value": "http://schema.org#value",
        "quoteUri": "http://fedibird.com/ns#quoteUri",
        "microblog": {"@id": "urn:microblog:archive", "@type": "@json"},
    },
]
_OWN_ONLY = 0o600 << 16  # who may read a file, once it is unpacked


class ArchiveFile:
    """The zip that is written to `file`. What is in it by now, `names` has."""

    def __init__(self, file: IO[bytes], made_at: datetime) -> None:
        self._zip = ZipFile(file, "w", ZIP_DEFLATED)
        self._time = made_at.astimezone(UTC).timetuple()[:6]
        self.names: set[str] = set()
        self.missing: list[str] = []  # files that the storage no longer has

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self._zip.close()

    def add_text(self, name: str, text: str) -> None:
        with self._open(name) as out:
            out.write(text.encode())

    def add_json(self, name: str, value: Any) -> None:
        self.add_text(name, json.dumps(value, ensure_ascii=False, indent=2) + "\n")

    def add_list(self, name: str, items: Iterable[Any]) -> int:
        """Add a JSON list, an item a line, and return how many these are."""
        with self._open(name) as out:
            out.write(b"[\n")
            number = _write_lines(out, items)
            out.write(b"]\n")
        return number

    def add_collection(self, name: str, items: Iterable[Any]) -> int:
        """Add an OrderedCollection of ActivityStreams, an item a line; likewise."""
        head = {"@context": CONTEXT, "id": name, "type": "OrderedCollection"}
        with self._open(name) as out:
            out.write(json.dumps(head, indent=2).removesuffix("\n}").encode())
            out.write(b',\n  "orderedItems": [\n')
            number = _write_lines(out, items)
            out.write(f'  ],\n  "totalItems": {number}\n}}\n'.encode())
        return number

    def add_file(self, name: str, path: str) -> None:
        """Add the file at `path` of the storage as it is, once; note where it is missing."""
        if name in self.names:
            return
        try:
            source = default_storage.open(path)
        except FileNotFoundError:
            self.missing.append(name)
            return
        with source, self._open(name, ZIP_STORED) as out:
            shutil.copyfileobj(source, out, 256 * 1024)

    @contextmanager
    def _open(self, name: str, method: int = ZIP_DEFLATED) -> Iterator[IO[bytes]]:
        self.names.add(name)
        info = ZipInfo(name, self._time)
        info.compress_type, info.external_attr = method, _OWN_ONLY
        with self._zip.open(info, "w", force_zip64=True) as out:
            yield out


def _write_lines(out: IO[bytes], items: Iterable[Any]) -> int:
    number = 0
    for number, item in enumerate(items, 1):
        line = json.dumps(item, ensure_ascii=False)
        out.write((f",\n{line}" if number > 1 else line).encode())
    out.write(b"\n" if number else b"")
    return number
