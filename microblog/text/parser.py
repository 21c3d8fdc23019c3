"""Take texts apart into links, mentions and tags, and make HTML of them."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from html import escape
from operator import itemgetter
from typing import Literal, NamedTuple

import regex  # type: ignore[import-untyped]
from django.utils.safestring import SafeString, mark_safe

from microblog.text.cleaning import SEPARATOR, SEPARATORS
from microblog.text.display import host_in, shown_url
from microblog.text.folding import fold_tag
from microblog.text.links import links
from microblog.text.weight import weight_of

MAX_LENGTH = 280
# a link counts 23, however long it is; what is longer is refused before anything else is done with
# it
MAX_TYPED = 50_000
URL_LENGTH = 23

# takes a name in lower case ("ada", "ada@x.com"); gives the address that a mention of it leads to,
# or None: no link
type MentionURL = Callable[[str], str | None]

_TAG_LETTER = r"\p{L}\p{M}"
_TAG_SIGN = r"\p{Nd}_\u200C\u200D\uA67E\u05BE\u05F3\u05F4～〜゛゜゠・〃\u0F0B\u0F0C·"
_ANY_SEPARATOR = rf"[{SEPARATORS}]?"  # looked through, to what it separates; a tag ends at one
_NAME = regex.compile(
    rf"""(?:(?<![A-Za-z0-9_!\#$%&*@＠]{_ANY_SEPARATOR})
          |(?<=(?<![A-Za-z0-9_+~.-]{_ANY_SEPARATOR})(?i:rt):?))
         [@＠](?P<mention>[A-Za-z0-9_]{{1,30}}+(?:@[A-Za-z0-9-]++(?:\.[A-Za-z0-9-]++)+)?)
         (?!{_ANY_SEPARATOR}(?:[A-Za-z0-9_@＠À-ÖØ-öø-ɏ\u0300-\u036F]|://))
      | (?:(?<![{_TAG_LETTER}{_TAG_SIGN}&]{_ANY_SEPARATOR})|(?<=[\uFE0E\uFE0F]{_ANY_SEPARATOR}))
         [\#＃](?![\uFE0F\u20E3])
         (?P<tag>[{_TAG_SIGN}]*+[{_TAG_LETTER}][{_TAG_LETTER}{_TAG_SIGN}]*+)
         (?!{_ANY_SEPARATOR}(?:[\#＃]|://))""",
    regex.VERBOSE,
)
MAX_TAG_LENGTH = 100
# folding makes up to three letters of one, but for a few that are whole phrases
MAX_FOLDED_TAG = 300


class Token(NamedTuple):
    """A piece of a text.

    `value` is the address of a link, the name in a mention or a tag as typed.
    """

    kind: Literal["plain", "link", "mention", "tag"]
    text: str
    value: str = ""


@dataclass(frozen=True)
class Parsed:
    """A text in pieces, in order; joined, they are the text."""

    tokens: tuple[Token, ...]

    def _values(self, kind: str) -> list[str]:
        return [token.value for token in self.tokens if token.kind == kind]

    @cached_property
    def links(self) -> list[str]:
        """Return the addresses, each with its scheme, in order."""
        return self._values("link")

    @cached_property
    def mentions(self) -> set[str]:
        """Return the names in lower case."""
        return {name.lower() for name in self._values("mention")}

    @cached_property
    def tags(self) -> dict[str, str]:
        """Return the tags as first typed, by their folded form."""
        tags: dict[str, str] = {}
        for tag in self._values("tag"):
            tags.setdefault(fold_tag(tag), tag)
        return tags

    @cached_property
    def length(self) -> int:
        """Return X's weighted length: 23 for a link, 2 for an emoji or a heavy script, else 1."""
        words = "".join("\0" if token.kind == "link" else token.text for token in self.tokens)
        return weight_of(words) + (URL_LENGTH - 1) * len(self.links)

    def html(
        self, mention_url: MentionURL, tag_url: Callable[[str], str] | None = None
    ) -> SafeString:
        """Return the text as HTML, made only by escaping. Line breaks stay: CSS shows them."""
        return mark_safe(  # noqa: S308  (every piece is escaped below)
            "".join(self._pieces(mention_url, tag_url))
        )

    def _pieces(
        self, mention_url: MentionURL, tag_url: Callable[[str], str] | None
    ) -> Iterator[str]:
        for token in self.tokens:
            url: str | None = None
            if token.kind == "link":
                shown = shown_url(token.value)
                title = f' title="{escape(token.value)}"' if shown.endswith("…") else ""
                yield (
                    f'<a href="{escape(token.value)}"{title} rel="nofollow noopener '
                    f'ugc">{escape(shown)}</a>'
                )
                continue
            if token.kind == "mention":
                url = mention_url(token.value.lower())
            elif token.kind == "tag" and tag_url:
                url = tag_url(token.value)
            yield f'<a href="{escape(url)}">{escape(token.text)}</a>' if url else escape(token.text)


def parse(value: str, known: Collection[str] = ()) -> Parsed:
    """Take `value` apart.

    Where two pieces overlap, the first is one: a name inside of an address is no mention.

    The longest of the `known` addresses (each with its scheme) that stands at a place is one link
    there, whatever X's rule says.
    """
    tokens: list[Token] = []
    end = 0
    found, rest = _known_links(value, known)
    for token, start in sorted((*found, *_links(rest), *_names(rest)), key=itemgetter(1)):
        if start < end:
            continue
        if start > end:
            tokens.append(Token("plain", value[end:start]))
        tokens.append(token)
        end = start + len(token.text)
    if end < len(value):
        tokens.append(Token("plain", value[end:]))
    return Parsed(tuple(tokens))


def _known_links(value: str, known: Collection[str]) -> tuple[list[tuple[Token, int]], str]:
    """Return the `known` addresses in `value`, the longest first, and `value` with spaces in their
    places, where nothing else begins or ends.
    """
    standing = sorted({url for url in known if url and url in value}, key=len, reverse=True)
    if not standing:
        return [], value
    pattern = re.compile("|".join(map(re.escape, standing)))
    found = [
        (Token("link", match.group(), match.group()), match.start())
        for match in pattern.finditer(value)
    ]
    return found, pattern.sub(lambda match: " " * len(match.group()), value)


def _links(value: str) -> Iterator[tuple[Token, int]]:
    """Find links as if there were no separators: in the midst of a host they undo it."""
    if not SEPARATOR.search(value):
        yield from _whole_links(value)
        return
    places = [n for n, character in enumerate(value) if not SEPARATOR.match(character)]
    for link, start in _whole_links(SEPARATOR.sub("", value)):
        first, last = places[start], places[start + len(link.text) - 1]
        yield _up_to_separator(link, value[first : last + 1]), first


def _up_to_separator(link: Token, written: str) -> Token:
    """Return what is left of `link`, which was `written` with separators: it ends at the first one,
    or is none where that stands in its host.
    """
    kept = SEPARATOR.split(written, maxsplit=1)[0]
    if kept == written:
        return link
    found = next((token for token, start in _whole_links(kept) if not start), None)
    return (
        found if found and host_in(found.value) == host_in(link.value) else Token("plain", written)
    )


def _whole_links(value: str) -> Iterator[tuple[Token, int]]:
    for start, end, has_scheme in links(value):
        link = value[start:end]
        yield Token("link", link, link if has_scheme else f"https://{link}"), start


def _names(value: str) -> Iterator[tuple[Token, int]]:
    for match in _NAME.finditer(value):
        kind: Literal["mention", "tag"] = "mention" if match["mention"] else "tag"
        if kind == "mention" or (
            len(match["tag"]) <= MAX_TAG_LENGTH and len(fold_tag(match["tag"])) <= MAX_FOLDED_TAG
        ):
            yield Token(kind, match.group(), match[kind]), match.start()
