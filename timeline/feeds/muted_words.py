"""Which texts say what somebody would rather not read."""

import re
from collections.abc import Iterable
from html import unescape

from microblog.text import fold, holds, holds_tag

_MARKUP = re.compile(r"<[^>]*>")
_APART = "\0"  # which no text has, and no word


class MutedWords:
    """Words, phrases and tags, each folded and with whether it counts also for whom one follows."""

    def __init__(self, words: Iterable[tuple[str, bool]] = ()) -> None:
        self._words = list(words)
        self._of_followed = [word for word, counts in self._words if counts]
        self._of_strangers = [word for word, _ in self._words]

    def __bool__(self) -> bool:
        return bool(self._words)

    def are_in(self, html: str, *texts: str, is_followed: bool) -> bool:
        """Tell whether a post says one of them: its `html` as it is shown, or one of its `texts`;
        by somebody whom one follows, or does not.
        """
        words = self._of_followed if is_followed else self._of_strangers
        if not words:
            return False
        folded = fold(_APART.join((plain(html), *texts)))
        return any(word in folded and _says(folded, word) for word in words)


def plain(html: str) -> str:
    """Return the words of `html`, as a post shows it."""
    return unescape(_MARKUP.sub("", html))


def _says(text: str, word: str) -> bool:
    return holds_tag(text, word) if word.startswith("#") else holds(text, word)
