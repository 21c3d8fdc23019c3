"""What a post is found by: its words, and marks of what else it is. Knows no database."""

from collections.abc import Iterable
from typing import NamedTuple

from microblog.db.words import mark, text_of
from microblog.text.tokens import tokens

LONGEST_TAG = 100  # characters of a folded tag; of a longer one the beginning counts
_LINK = ' rel="nofollow noopener ugc"'  # as microblog.text renders one, and nobody can write it

# The kinds of marks that a post can have.
AUTHOR, MENTION, TAG = "a", "n", "t"
REPLY, QUOTE = mark("r"), mark("q")
MEDIA, IMAGE, VIDEO, ALT, LINK = mark("m"), mark("i"), mark("v"), mark("d"), mark("l")
_OF_KIND = {"reply": REPLY, "quote": QUOTE, "image": IMAGE, "video": VIDEO, "gif": VIDEO}


class Document(NamedTuple):
    """A post, as far as it is found by that."""

    author: int
    kind: str
    text: str
    html: str
    card_title: str
    media: tuple[tuple[str, str], ...]  # of each its kind and what it shows in words
    tags: Iterable[str]  # folded
    mentions: Iterable[int]

    @property
    def words(self) -> str:
        """Return its words, as the index keeps them."""
        parts = (self.text, *(alt for _, alt in self.media), self.card_title)
        return text_of(map(tokens, parts), sorted(self._marks()))

    def _marks(self) -> set[str]:
        found = {mark(AUTHOR, self.author)}
        found |= {mark(MENTION, account) for account in self.mentions}
        found |= {tag_mark(tag) for tag in self.tags}
        found |= {_OF_KIND[kind] for kind in (self.kind, *dict(self.media)) if kind in _OF_KIND}
        if self.media:
            found.add(MEDIA)
        if any(alt for _, alt in self.media):
            found.add(ALT)
        if _LINK in self.html:
            found.add(LINK)
        return found


def tag_mark(folded: str) -> str:
    return mark(TAG, folded[:LONGEST_TAG])
