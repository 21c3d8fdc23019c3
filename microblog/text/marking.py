"""Mark words in the HTML that was made of a text: it stays as it is, but for `<mark>`."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex  # type: ignore[import-untyped]

from microblog.text.tokens import pieces, tokens

_MARKUP = regex.compile(r"<[^>]*>|&(?:#\w+|\w+);")


class _Word(NamedTuple):
    token: str
    start: int  # in the HTML
    end: int


def mark_words(html: str, phrases: Sequence[tuple[tuple[str, ...], bool]]) -> str:
    """Return `html` with what stands there of `phrases` marked: of each its tokens, and whether the
    last may go on. No mark crosses an element.
    """
    words = [word for start, text in _texts(html) for word in _words(text, start)]
    found = sorted({at for phrase in phrases for at in _places(words, *phrase)})
    marked, end = [], 0
    for start, stop in _joined([words[at] for at in found]):
        marked += [html[end:start], "<mark>", html[start:stop], "</mark>"]
        end = stop
    return "".join([*marked, html[end:]])


def _texts(html: str) -> Iterator[tuple[int, str]]:
    """Yield what stands between elements and entities, and where."""
    end = 0
    for markup in _MARKUP.finditer(html):
        yield end, html[end : markup.start()]
        end = markup.end()
    yield end, html[end:]


def _words(text: str, offset: int) -> Iterator[_Word]:
    for start, piece in pieces(text):
        begin, found = offset + start, [*tokens(piece)]
        if len(found) == len(piece):  # a letter each, with the one behind it
            for at, token in enumerate(found, begin):
                yield _Word(token, at, at + min(len(token), begin + len(piece) - at))
        else:
            yield from (_Word(token, begin, begin + len(piece)) for token in found)


def _places(words: Sequence[_Word], asked: tuple[str, ...], is_open: bool) -> Iterator[int]:  # noqa: FBT001
    """Yield the place of each word that stands there as it is asked for."""
    *before, last = asked
    for at in range(len(words) - len(before)):
        said = [word.token for word in words[at : at + len(asked)]]
        goes_on = said[-1].startswith(last) if is_open else said[-1] == last
        if goes_on and said[:-1] == before:
            yield from range(at, at + len(asked))


def _joined(words: Sequence[_Word]) -> list[tuple[int, int]]:
    """Return where marks begin and end: of letters in a row, one."""
    spans: list[tuple[int, int]] = []
    for word in words:
        if spans and word.start <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(spans[-1][1], word.end)
        else:
            spans.append((word.start, word.end))
    return spans
