"""Take a text apart into the words by which it is found. The one home of that, for what is indexed
and for what is asked.
"""

import re
import unicodedata
from collections.abc import Iterator

import regex  # type: ignore[import-untyped]

from microblog.text.cleaning import UNSPACED
from microblog.text.folding import fold

LONGEST_TOKEN = 64  # characters; of a longer word the beginning counts

# Accents and points that one may leave off: no vowels of Devanagari, nor what tells が from か.
_OPTIONAL = (
    r"[[[\p{Mn}&&\p{Script=Inherited}]--[\u3099\u309A]]"
    r"[\p{Mn}&&\p{Script=Hebrew}][\p{Mn}&&\p{Script=Arabic}]]+"
)
_MARKS = regex.compile(_OPTIONAL, regex.V1)
# Scripts of which one looks for a part of a row of letters, wherever a word may begin in it.
_PAIRED = rf"{UNSPACED}\p{{Hangul}}ー"
# Words as UAX 29 has them, cut at the punctuation that it lets stand within: "Ada" is in "Ada's".
_PIECE = regex.compile(
    rf"(?P<run>[{_PAIRED}][{_PAIRED}\p{{M}}]*)"
    rf"|[[\p{{L}}\p{{M}}\p{{N}}]--[{_PAIRED}]]+"
    r"|\p{Extended_Pictographic}",
    regex.V1,
)
_PLAIN = re.compile(r"[a-z0-9]+")


def folded_words(value: str) -> str:
    """Return the form in which case, width and accents do not count."""
    apart = unicodedata.normalize("NFD", fold(value))
    return unicodedata.normalize("NFC", _MARKS.sub("", apart))


def pieces(value: str) -> Iterator[tuple[int, str]]:
    """Yield what words are made of, as it stands in a text, and where."""
    return ((found.start(), found[0]) for found in _PIECE.finditer(value))


def tokens(value: str) -> Iterator[str]:
    """Yield the words of a text, in order.

    Of a row of letters without spaces each is one with the letter behind it; the last stands alone.
    """
    for piece, is_run in _pieces(value):
        if is_run:
            yield from (piece[at : at + 2] for at in range(len(piece)))
        else:
            yield piece


def tokens_asked(value: str) -> tuple[tuple[str, ...], bool]:
    """Return the words that stand one behind the other in a text which says `value`; and whether
    the last may go on: so it is with a single letter of a row without spaces.
    """
    found, is_run, piece = [*tokens(value)], False, ""
    for piece, is_run in _pieces(value):  # noqa: B007  (of the last)
        pass
    if not is_run:
        return tuple(found), False
    return (tuple(found), True) if len(piece) == 1 else (tuple(found[:-1]), False)


def _pieces(value: str) -> Iterator[tuple[str, bool]]:
    """Yield words, and rows of letters without spaces."""
    if value.isascii():  # most are, and need none of what takes its time
        yield from ((word[:LONGEST_TOKEN], False) for word in _PLAIN.findall(value.lower()))
        return
    for found in _PIECE.finditer(folded_words(value)):
        is_run = found["run"] is not None
        yield (found[0] if is_run else found[0][:LONGEST_TOKEN]), is_run
