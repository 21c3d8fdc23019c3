"""Fold spellings of the same words into one form, by which they are compared."""

import unicodedata

import regex  # type: ignore[import-untyped]

_SPACES = regex.compile(r"\s+")


def fold_tag(tag: str) -> str:
    """Return the form in which two spellings of a tag are the same: NFKC folded; dotted I is i."""
    return unicodedata.normalize("NFKC", _caseless(tag))


_IGNORED = regex.compile(r"[\p{Cf}\p{Default_Ignorable_Code_Point}]+")


def fold(value: str) -> str:
    """Return the form in which case, width, spaces and what is invisible do not count."""
    folded = unicodedata.normalize("NFKC", _IGNORED.sub("", _caseless(value)))
    return str(_SPACES.sub(" ", folded)).strip()


def _caseless(value: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).casefold())
    return folded.replace("i\u0307", "i")  # what casefold makes of İ
