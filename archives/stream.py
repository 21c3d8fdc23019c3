"""X's data files (`window.YTD.tweets.part0 = [ … ]`), read an element at a time, however long they are."""

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

from archives.reading import ArchiveError, Reader

CHUNK = 128 * 1024
MAX_ELEMENT = 1024 * 1024  # characters; a tweet takes about 2,000, the longest note 300,000
MAX_LOST = 100  # how often we look for the next element when we lost our place

_GAP = re.compile(r"[\s,]*")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\Z)|[{}\[\]]', re.DOTALL)
_START = re.compile(r"\{\s*\"")


class Malformed:
    """Stands for an element that is no JSON, is nested without end, or is too large."""


MALFORMED = Malformed()


class _Window:
    """The part of a file's text that is being looked at: from `at` to the end of `text`."""

    def __init__(self, source: Reader) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._ended = False
        self.name = source.name
        self.text = ""
        self.at = 0

    def more(self) -> bool:
        """Let go of what is done, and read as much again as is left; whether there was more."""
        if self._ended:
            return False
        rest = self.text[self.at :]
        data = self._source.read(max(CHUNK, len(rest)))
        self._ended = not data
        self.text, self.at = rest + self._decoder.decode(data, final=self._ended), 0
        return not self._ended

    def left(self) -> int:
        return len(self.text) - self.at

    def skip(self) -> str:
        """Go on to the next character that is neither space nor comma, and return it; "" at the end."""
        while True:
            match = _GAP.match(self.text, self.at)
            self.at = match.end() if match else self.at
            if self.at < len(self.text) or not self.more():
                return self.text[self.at : self.at + 1]


def elements(source: Reader) -> Iterator[Any]:
    """The elements of the file's array, as JSON has them; MALFORMED for each that cannot be read. Raises ArchiveError."""
    window = _Window(source)
    _enter(window)
    decode = json.JSONDecoder().raw_decode
    lost = 0
    value: Any = None
    while (char := window.skip()) not in ("", "]"):
        try:
            value, window.at = decode(window.text, window.at)
        except (ValueError, RecursionError):
            if window.left() < MAX_ELEMENT and window.more():
                continue
            value = MALFORMED
            yield value
            if not _skip_element(window):
                lost += 1
                if lost > MAX_LOST:
                    raise ArchiveError(f"{window.name} in the archive is broken throughout.") from None
        else:
            yield value
    if not char and value is not MALFORMED:
        yield MALFORMED  # the file ends in the middle


def _enter(window: _Window) -> None:
    """Go to the first element: behind the first "=" and "["."""
    window.more()
    at = window.text.find("=") + 1
    window.at = at
    if not at or window.skip() != "[":
        raise ArchiveError(f"{window.name} in the archive is not as X makes it.")
    window.at += 1


def _skip_element(window: _Window) -> bool:
    """Go behind an element that cannot be read, by its brackets; whether that worked. Else go to what looks like the next one."""
    closing: list[str] = []
    for token in _TOKEN.finditer(window.text, window.at) if window.text[window.at] in "{[" else ():
        match token.group():
            case "{":
                closing.append("}")
            case "[":
                closing.append("]")
            case "}" | "]" as bracket:
                if closing.pop() != bracket:
                    break
                if not closing:
                    window.at = token.end()
                    return True
    start = _START.search(window.text, window.at + 1)
    window.at = start.start() if start else len(window.text)
    return False
