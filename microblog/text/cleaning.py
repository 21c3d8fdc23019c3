"""Clean what people write: one kind of space, and nothing that could break a page."""

import unicodedata

import regex  # type: ignore[import-untyped]

# for a pattern: scripts without spaces between words
UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"

# What separates words and shows nothing (Khmer and Thai put it between words), and the marks that
# Hebrew and Arabic need.
SEPARATORS = r"\u061C\u200B\u200E\u200F\u2060"  # for a pattern
# stands where a character was deleted that kept two pieces of a name, a tag or an address apart
_APART = "\u2060"
# a deleted character, until the words around it are known; no text holds it, for it is deleted
# itself
_GONE = "\ufffe"
# Controls, direction overrides and isolates, invisible and private characters; the joiners that
# scripts and emoji need stay, one at a
# time, and so do the invisible letters that name the flag of a part of a country.
_UNWANTED = regex.compile(
    r"[\p{Cc}\p{Cs}\p{Co}\p{Noncharacter_Code_Point}"
    r"\u00AD\u034F\u115F\u1160\u17B4\u17B5\u180E\u202A-\u202E"
    r"\u2061-\u206F\u3164\uFEFF\uFFA0\uFFF0-\uFFFB\U0001D173-\U0001D17A--[\n]]"
    r"|(🏴[\U000E0061-\U000E007A]{3,6}\U000E007F)|[\U000E0000-\U000E00FF\U000E01F0-\U000E0FFF]",
    regex.V1,
)
SEPARATOR = regex.compile(rf"[{SEPARATORS}]")
_LINE_ENDS = regex.compile(r"\r\n|[\r\v\f\u0085\u2028\u2029]")
_UNSEEN = rf"[{SEPARATORS}\u200C\u200D]"
_UNSEEN_RUN = regex.compile(rf"({_UNSEEN}){_UNSEEN}+")
# more accents on one letter no language has (UAX #15), and to put them in order is quadratic
_PILE = regex.compile(r"(\p{M}{30})\p{M}+")
_TOWER = regex.compile(rf"((?:{_UNSEEN}?\p{{M}}){{4}})(?:{_UNSEEN}?\p{{M}})+")
_WORD = regex.compile(r"\S+")
_MAY_BE_READ = regex.compile(r"[@＠#＃.:/]")  # what a name, a tag or an address has
_SPACES = regex.compile(r"\s+")
_BLANK_LINES = regex.compile(rf"\n(?:[\s{SEPARATORS}\u200C\u200D--\n]*\n){{2,}}", regex.V1)
_VISIBLE = regex.compile(r"[^\s\p{M}\p{Cf}\u2800]")


def clean(value: str) -> str:
    """Return `value` in NFC without what could break a page: controls, direction overrides,
    invisible characters, towers of accents.

    Separators and direction marks stay, one at a time. What holds nothing that one could see is "".
    """
    value = _UNWANTED.sub(lambda found: found[1] or _GONE, _one_kind_of_space(value))
    if _GONE in value:
        value = str(_WORD.sub(lambda word: _without_gone(word.group()), value))
    return _tidy(value)


def clean_line(value: str) -> str:
    """Clean likewise, on one line and without separators: for names and places."""
    value = SEPARATOR.sub("", _UNWANTED.sub(r"\1", _one_kind_of_space(value)))
    return str(_SPACES.sub(" ", _tidy(value)))


def _one_kind_of_space(value: str) -> str:
    return str(_LINE_ENDS.sub("\n", value)).replace("\t", " ")


def _without_gone(word: str) -> str:
    """Return `word` without what was deleted; pieces of a name, a tag or an address stay apart."""
    return word.strip(_GONE).replace(_GONE, _APART if _MAY_BE_READ.search(word) else "")


def _tidy(value: str) -> str:
    value = unicodedata.normalize("NFC", _PILE.sub(r"\1", _UNSEEN_RUN.sub(r"\1", value)))
    value = _TOWER.sub(r"\1", value)
    return _BLANK_LINES.sub("\n\n", value).strip() if _VISIBLE.search(value) else ""
