"""X's data files (`window.YTD.tweets.part0 = [ … ]`), read an element at a time, however long they
are.
"""

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from archives.reader.container import ArchiveError, Reader

CHUNK = 128 * 1024
MAX_ELEMENT = 1024 * 1024  # characters; a tweet takes about 2,000, the longest note 300,000
MAX_LOST = 100  # how often we look for the next element when we lost our place

NEAR = 300  # characters between which the beginning of an element stands

_GAP = re.compile(r"[\s,]*")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\Z)|[{}\[\]]', re.DOTALL)
_PIECE = re.compile(r'"|[{}\[\]]|\\.|\\', re.DOTALL)
_START = re.compile(r'\{\s{0,100}"(?:([A-Za-z_]{1,60})"\s{0,100}:)?')


@dataclass(frozen=True, slots=True)
class Malformed:
    """The element `number` (from 1) of `file`: no JSON, nested without end, or too large."""

    file: str
    number: int
    is_large: bool = False


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
        """Let go of what is done, read as much again as is left; tell whether there was more."""
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
        """Go to the next character but space and comma, and return it; "" at the end."""
        while True:
            match = _GAP.match(self.text, self.at)
            self.at = match.end() if match else self.at
            if self.at < len(self.text) or not self.more():
                return self.text[self.at : self.at + 1]


def elements(source: Reader) -> Iterator[Any]:
    """Yield the elements of the file's array; a Malformed for each that cannot be read.

    Raises ArchiveError.
    """
    window = _Window(source)
    _enter(window)
    decode = json.JSONDecoder().raw_decode
    lost, number = 0, 1
    value: Any = None
    while (char := window.skip()) not in ("", "]"):
        begin = window.at
        try:
            value, window.at = decode(window.text, begin)
        except (ValueError, RecursionError):
            if window.left() < MAX_ELEMENT and window.more():
                continue
            is_closed = _skip_element(window)
            is_large = not is_closed and _skip_to_next(window) > MAX_ELEMENT
            lost += not (is_closed or is_large)
            if lost > MAX_LOST:
                raise ArchiveError(f"{window.name} in the archive is broken throughout.") from None
            value = Malformed(window.name, number, is_large)
        else:
            value = (
                value
                if window.at - begin <= MAX_ELEMENT
                else Malformed(window.name, number, is_large=True)
            )
        yield value
        number += 1
    if not char and not isinstance(value, Malformed):
        yield Malformed(window.name, number)  # the file ends in the middle


def _enter(window: _Window) -> None:
    """Go to the first element: behind the first "=" and "["."""
    window.more()
    at = window.text.find("=") + 1
    window.at = at
    if not at or window.skip() != "[":
        raise ArchiveError(f"{window.name} in the archive is not as X makes it.")
    window.at += 1


def _skip_element(window: _Window) -> bool:
    """Go behind an unreadable element by its brackets, if it ends in the window; tell whether."""
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
    return False


def _skip_to_next(window: _Window) -> int:
    """Go on where the next element begins, or behind the end of this one, which the window does not
    show; how many characters that took.

    The next one is known by the word with which this one begins, for within a text its quotation
    marks would be escaped.
    """
    begun = _START.match(window.text, window.at)
    word = re.compile(rf'\{{\s{{0,100}}"{begun[1]}"\s{{0,100}}:') if begun and begun[1] else _START
    if not window.more():
        start = word.search(window.text, window.at + 1) or _START.search(window.text, window.at + 1)
        skipped = (start.start() if start else len(window.text)) - window.at
        window.at += skipped
        return skipped
    skipped, inside, begin, has_more = 0, _Inside(), window.at + 1, True
    while True:
        start = word.search(window.text, begin)
        end = start.start() if start else max(begin, len(window.text) - NEAR * has_more)
        at, is_closed = inside.follow(window.text, window.at, end)
        skipped += at - window.at
        window.at = at
        if is_closed or start or not has_more:
            return skipped
        has_more = window.more()
        begin = window.at


class _Inside:
    """How deep in an element one is, and whether in a string, as it goes by in pieces."""

    def __init__(self) -> None:
        self._depth = 0
        self._in_string = False

    def follow(self, value: str, start: int, end: int) -> tuple[int, bool]:
        """Read `value` on; return as far as one got, and whether the element ended there."""
        for token in _PIECE.finditer(value, start, end):
            match token.group():
                case '"':
                    self._in_string = not self._in_string
                case "{" | "[" if not self._in_string:
                    self._depth += 1
                case "}" | "]" if not self._in_string:
                    self._depth -= 1
                    if self._depth <= 0:
                        return token.end(), True
                case "\\":
                    return token.start(), False  # what it escapes comes with the next piece
        return end, False
