"""X's long posts: tweets.js has their first 280 characters, note-tweet.js the whole, and nothing
says which belongs to which.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archives.reader.spool import Spool
from archives.x.json_access import child, children, moment, string, unwrapped
from archives.x.text import real_links, unescape, without_addressees

LONG_ENOUGH = 40  # characters that prove that a text is the beginning of another
MAX_LINKS = 1000
_LAST_LINK = re.compile(r"https?://t\.co/[A-Za-z0-9]+\Z")


@dataclass(frozen=True, slots=True)
class Note:
    """A whole text, and where its short links lead. Whether it is escaped only its tweet shows."""

    text: str
    links: dict[str, str]
    escaped: bool = False


class Notes:
    """The notes of an archive, kept in a file, found by their second."""

    def __init__(self) -> None:
        self._spool: Spool[Note] = Spool()
        self._places: dict[int, list[int]] = defaultdict(list)
        self._joined: set[int] = set()
        self.count = 0

    def add(self, item: Any) -> None:
        """Keep the element `item` of note-tweet.js."""
        raw = unwrapped(item, "noteTweet")
        core = child(raw, "core")
        posted, text = moment(raw, "createdAt"), string(core, "text")
        if posted and text:
            urls = children(core, "urls")[:MAX_LINKS]
            pairs = ((string(url, "shortUrl"), string(url, "expandedUrl")) for url in urls)
            links = real_links(pairs)
            self._places[int(posted.timestamp())].append(self._spool.add(Note(text, links)))
        self.count += 1

    @property
    def unjoined(self) -> int:
        return self.count - len(self._joined)

    def of(self, posted: datetime, body: str) -> Note | None:
        """Return the note that `body`, a tweet of that second, begins; None for a whole tweet."""
        second = int(posted.timestamp())
        for near in (second, second - 1, second + 1):
            for place in self._places.get(near, ()):
                if joined := _joined(body, self._spool.get(place)):
                    self._joined.add(place)
                    return joined
        return None

    def close(self) -> None:
        self._spool.close()


def _stub(body: str) -> str:
    """Return `body` without the "…" and the links that X puts behind what it cut."""
    stub = body.rstrip("… \n\t")
    while match := _LAST_LINK.search(stub, max(0, len(stub) - 40)):
        stub = stub[: match.start()].rstrip("… \n\t")
        if len(body) - len(stub) > 300:
            break
    return stub


def _joined(body: str, note: Note) -> Note | None:
    """Return `note` if `body` is its beginning: escaped or not, with or without its first names."""
    stub = _stub(body)
    was_cut = len(stub) < len(body)
    plain = unescape(stub)
    for beginning in (plain, without_addressees(plain)):
        if len(beginning) < LONG_ENOUGH and not (was_cut and beginning):
            continue
        names = plain.removesuffix(beginning)  # that the note goes without
        if note.text.startswith(beginning):
            return Note(names + note.text, note.links)
        if unescape(note.text).startswith(beginning):
            return Note(names + note.text, note.links, escaped=True)
    return None
