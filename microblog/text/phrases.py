"""Find words, phrases and tags in texts. Both are folded (microblog.text.fold)."""

import regex  # type: ignore[import-untyped]

from microblog.text.cleaning import UNSPACED

# What a word is made of where words stand apart: letters and digits of scripts that put spaces
# between them. A border: no word runs on.
_LETTER = rf"[[\p{{L}}\p{{M}}\p{{N}}]--[{UNSPACED}]]"
_BORDER = regex.compile(rf"(?<!{_LETTER})|(?!{_LETTER})", regex.V1)
_TAG_RUNS_ON = regex.compile(r"[\p{L}\p{M}\p{Nd}_]")  # in any script


def holds(text: str, phrase: str, *, anywhere: bool = False) -> bool:
    """Tell whether `phrase` stands in `text`: as whole words, or `anywhere`.

    Where a script puts no spaces between words, both are the same. No pattern is made of it; each
    word is looked at once.
    """
    start = text.find(phrase)
    while start >= 0 and not anywhere:
        if _BORDER.match(text, start):
            if _BORDER.match(text, start + len(phrase)):
                return True
            start += 1
        start = text.find(phrase, _BORDER.search(text, start).start())
    return start >= 0


def holds_tag(text: str, tag: str) -> bool:
    """Tell whether `tag`, with its "#", stands in `text`, and not the beginning of another."""
    start = text.find(tag)
    while start >= 0 and _TAG_RUNS_ON.match(text, start + len(tag)):
        start = text.find(tag, start + 1)
    return start >= 0
