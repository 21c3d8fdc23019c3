"""Text of people: cleaned, measured, and taken apart into links, mentions and tags. Knows no
database.

The rules are X's (its open-sourced twitter-text, configuration version 3), so that what fits there
fits here.
"""

from microblog.text.cleaning import clean, clean_line
from microblog.text.display import shown_lines, shown_url
from microblog.text.folding import fold, fold_tag
from microblog.text.parser import (
    MAX_FOLDED_TAG,
    MAX_LENGTH,
    MAX_TYPED,
    MentionURL,
    Parsed,
    Token,
    parse,
)
from microblog.text.phrases import holds, holds_tag

__all__ = [
    "MAX_FOLDED_TAG",
    "MAX_LENGTH",
    "MAX_TYPED",
    "MentionURL",
    "Parsed",
    "Token",
    "clean",
    "clean_line",
    "fold",
    "fold_tag",
    "holds",
    "holds_tag",
    "parse",
    "shown_lines",
    "shown_url",
]
