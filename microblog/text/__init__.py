"""Text of people: cleaned, measured, and taken apart into links, mentions and tags. Knows no
database.
"""

from microblog.text.parser import (
    MAX_FOLDED_TAG,
    MAX_LENGTH,
    MAX_TYPED,
    UNSPACED,
    MentionURL,
    Parsed,
    clean,
    clean_line,
    fold,
    fold_tag,
    parse,
    shown_lines,
    shown_url,
)

__all__ = [
    "MAX_FOLDED_TAG",
    "MAX_LENGTH",
    "MAX_TYPED",
    "UNSPACED",
    "MentionURL",
    "Parsed",
    "clean",
    "clean_line",
    "fold",
    "fold_tag",
    "parse",
    "shown_lines",
    "shown_url",
]
