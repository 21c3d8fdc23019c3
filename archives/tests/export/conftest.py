"""`take(account)`: an archive is written, and read as anybody reads it who has the file."""

import json
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from accounts.models import Account
from archives.export.archive import write_archive


@dataclass
class Taken:
    """What is in an archive, by the names of its files."""

    files: dict[str, bytes]

    @classmethod
    def read(cls, file: Any) -> "Taken":
        with ZipFile(file) as archive:
            assert archive.testzip() is None
            return cls({name: archive.read(name) for name in archive.namelist()})

    def json(self, name: str) -> Any:
        return json.loads(self.files[f"{name}.json"])

    def rows(self, name: str) -> list[Any]:
        return self.json(f"microblog/{name}")

    @property
    def items(self) -> list[dict[str, Any]]:
        """The activities of the outbox."""
        return self.json("outbox")["orderedItems"]

    @property
    def notes(self) -> list[dict[str, Any]]:
        """Of those, the posts that are no retweets."""
        return [item["object"] for item in self.items if item["type"] == "Create"]

    @property
    def pages(self) -> list[str]:
        names = [name for name in self.files if name.endswith(".html")]
        return [self.files[name].decode() for name in names]

    @property
    def words(self) -> str:
        """All that is no picture."""
        kinds = (".json", ".html")
        return "\n".join(
            content.decode() for name, content in self.files.items() if name.endswith(kinds)
        )


def take(account: Account) -> Taken:
    file = BytesIO()
    write_archive(Account.objects.get(pk=account.pk), file)
    return Taken.read(file)
