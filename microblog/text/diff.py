"""What changed from one text to another, word by word. Knows no database."""

from difflib import SequenceMatcher
from typing import Literal, NamedTuple

import regex  # type: ignore[import-untyped]

from microblog.text.cleaning import UNSPACED

MOST = 500_000  # pairs of words that are compared; two texts of 280 characters are 78,400 at most

# Where there are no spaces between words, each letter counts as one.
_WORD = regex.compile(rf"\s+|[{UNSPACED}][\p{{M}}\u200D]*|[^\s{UNSPACED}]+")


class Piece(NamedTuple):
    """A piece of either text, or of both.

    Those that are not "new" make the old text, those that are not "old" the new one.
    """

    kind: Literal["same", "old", "new"]
    text: str


def changes(before: str, after: str) -> list[Piece]:
    """Return the two texts as one, in reading order: what stayed, went ("old"), came ("new")."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) * len(new) > MOST:
        return [Piece("old", before), Piece("new", after)]
    pieces: list[Piece] = []
    gone = come = ""
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        went, came = "".join(old[a:b]), "".join(new[c:d])
        # a space between two changes is of both
        is_between = (gone or come) and went.isspace() and b < len(old) and d < len(new)
        if kind != "equal" or is_between:
            gone, come = gone + went, come + came
            continue
        pieces += [*_changed(gone, come), Piece("same", went)]
        gone = come = ""
    return [*pieces, *_changed(gone, come)]


def _changed(gone: str, come: str) -> list[Piece]:
    if gone == come:
        return [Piece("same", gone)] if gone else []
    return [piece for piece in (Piece("old", gone), Piece("new", come)) if piece.text]
