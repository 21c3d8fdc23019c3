"""What people write: cleaned, measured, taken apart into links, mentions and tags, and made into
HTML. Knows no database.

The rules are X's (its open-sourced twitter-text, configuration version 3), so that what fits there
fits here.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from html import escape, unescape
from operator import itemgetter
from typing import Literal, NamedTuple

import regex  # type: ignore[import-untyped]
from django.utils.safestring import SafeString, mark_safe

from microblog.net import hosts
from microblog.text.links import links

MAX_LENGTH = 280
# a link counts 23, however long it is; what is longer is refused before anything else is done with
# it
MAX_TYPED = 50_000
URL_LENGTH = 23
SHOWN_PATH_LENGTH = 15

type MentionURL = Callable[[str], str | None]
"""Takes a name in lower case ("ada", "ada@x.com"); the address that a mention of it leads to, or None: no link."""

# for a pattern: scripts without spaces between words
UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"

# --- Cleaning ---

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
    r"[\p{Cc}\p{Cs}\p{Co}\p{Noncharacter_Code_Point}\u00AD\u034F\u115F\u1160\u17B4\u17B5\u180E\u202A-\u202E"
    r"\u2061-\u206F\u3164\uFEFF\uFFA0\uFFF0-\uFFFB\U0001D173-\U0001D17A--[\n]]"
    r"|(🏴[\U000E0061-\U000E007A]{3,6}\U000E007F)|[\U000E0000-\U000E00FF\U000E01F0-\U000E0FFF]",
    regex.V1,
)
_SEPARATOR = regex.compile(rf"[{SEPARATORS}]")
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
    """`value` in NFC without what could break a page: controls, direction overrides, invisible
    characters, towers of accents.

    Separators and direction marks stay, one at a time. What holds nothing that one could see is "".
    """
    value = _UNWANTED.sub(lambda found: found[1] or _GONE, _one_kind_of_space(value))
    if _GONE in value:
        value = str(_WORD.sub(lambda word: _without_gone(word.group()), value))
    return _tidy(value)


def clean_line(value: str) -> str:
    """Likewise, on one line and without separators: for names and places."""
    value = _SEPARATOR.sub("", _UNWANTED.sub(r"\1", _one_kind_of_space(value)))
    return str(_SPACES.sub(" ", _tidy(value)))


def _one_kind_of_space(value: str) -> str:
    return str(_LINE_ENDS.sub("\n", value)).replace("\t", " ")


def _without_gone(word: str) -> str:
    """`word` without what was deleted.

    Where it may be a name, a tag or an address, its pieces stay apart.
    """
    return word.strip(_GONE).replace(_GONE, _APART if _MAY_BE_READ.search(word) else "")


def _tidy(value: str) -> str:
    value = unicodedata.normalize("NFC", _PILE.sub(r"\1", _UNSEEN_RUN.sub(r"\1", value)))
    value = _TOWER.sub(r"\1", value)
    return _BLANK_LINES.sub("\n\n", value).strip() if _VISIBLE.search(value) else ""


# --- Measuring ---

_PICTURE = r"\p{Extended_Pictographic}(?:\uFE0F|(?<=\p{Emoji_Modifier_Base})\p{EMod})?"
_EMOJI = regex.compile(
    rf"\p{{Regional_Indicator}}{{2}}|[0-9#*]\uFE0F?\u20E3|🏴[\U000E0061-\U000E007A]{{3,6}}\U000E007F|{_PICTURE}(?:\u200D{_PICTURE}){{0,3}}"
)
_PLAIN_SYMBOLS = frozenset("©®™〰〽㊗㊙")  # pictographs only when a variation selector says so
_LIGHT = regex.compile(r"[\u0000-\u10FF\u2000-\u200D\u2010-\u201F\u2032-\u2037]")


def _weight(value: str) -> int:
    emoji = [m for m in _EMOJI.finditer(value) if m.group() not in _PLAIN_SYMBOLS]
    rest, end = [], 0
    for match in emoji:
        rest.append(value[end : match.start()])
        end = match.end()
    plain = "".join(rest) + value[end:]
    light = len(_LIGHT.findall(plain))
    return 2 * len(emoji) + light + 2 * (len(plain) - light)


# --- Taking apart ---

_HOST = regex.compile(r"[^/?#\\]*")
_ELEMENT = regex.compile(r"<[^>]*+>")
_TAG_LETTER = r"\p{L}\p{M}"
_TAG_SIGN = r"\p{Nd}_\u200C\u200D\uA67E\u05BE\u05F3\u05F4～〜゛゜゠・〃\u0F0B\u0F0C·"
_ANY_SEPARATOR = rf"[{SEPARATORS}]?"  # looked through, to what it separates; a tag ends at one
_NAME = regex.compile(
    rf"""(?:(?<![A-Za-z0-9_!\#$%&*@＠]{_ANY_SEPARATOR})|(?<=(?<![A-Za-z0-9_+~.-]{_ANY_SEPARATOR})(?i:rt):?))
         [@＠](?P<mention>[A-Za-z0-9_]{{1,30}}+(?:@[A-Za-z0-9-]++(?:\.[A-Za-z0-9-]++)+)?)
         (?!{_ANY_SEPARATOR}(?:[A-Za-z0-9_@＠À-ÖØ-öø-ɏ\u0300-\u036F]|://))
      | (?:(?<![{_TAG_LETTER}{_TAG_SIGN}&]{_ANY_SEPARATOR})|(?<=[\uFE0E\uFE0F]{_ANY_SEPARATOR}))
         [\#＃](?![\uFE0F\u20E3])(?P<tag>[{_TAG_SIGN}]*+[{_TAG_LETTER}][{_TAG_LETTER}{_TAG_SIGN}]*+)(?!{_ANY_SEPARATOR}(?:[\#＃]|://))""",
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
    """A text in pieces, in order; together they are the text."""

    tokens: tuple[Token, ...]

    def _values(self, kind: str) -> list[str]:
        return [token.value for token in self.tokens if token.kind == kind]

    @cached_property
    def links(self) -> list[str]:
        """Addresses, each with its scheme, in order."""
        return self._values("link")

    @cached_property
    def mentions(self) -> set[str]:
        """Names in lower case."""
        return {name.lower() for name in self._values("mention")}

    @cached_property
    def tags(self) -> dict[str, str]:
        """Tags as first typed, by their folded form."""
        tags: dict[str, str] = {}
        for tag in self._values("tag"):
            tags.setdefault(fold_tag(tag), tag)
        return tags

    @cached_property
    def length(self) -> int:
        """By X's weighted rule: a link counts 23, an emoji 2, a character of a heavy script 2, any
        other 1.
        """
        words = "".join("\0" if token.kind == "link" else token.text for token in self.tokens)
        return _weight(words) + (URL_LENGTH - 1) * len(self.links)

    def html(
        self, mention_url: MentionURL, tag_url: Callable[[str], str] | None = None
    ) -> SafeString:
        """The text as HTML, made only by escaping. Line breaks stay as they are: CSS shows them."""
        return mark_safe("".join(self._pieces(mention_url, tag_url)))  # noqa: S308  (every piece is escaped below)

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


def fold_tag(tag: str) -> str:
    """The form in which two spellings of one tag are the same: by Unicode's compatibility folding,
    and I with a dot is an i.
    """
    return unicodedata.normalize("NFKC", _caseless(tag))


_IGNORED = regex.compile(r"[\p{Cf}\p{Default_Ignorable_Code_Point}]+")


def fold(value: str) -> str:
    """The form in which two spellings of the same words are the same: case, width, spaces and what
    is invisible do not count.
    """
    folded = unicodedata.normalize("NFKC", _IGNORED.sub("", _caseless(value)))
    return str(_SPACES.sub(" ", folded)).strip()


def _caseless(value: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).casefold())
    return folded.replace("i\u0307", "i")  # what casefold makes of İ


def shown_url(url: str) -> str:
    """`url` as a page shows it, and X: without its scheme, the host whole, and at most 15
    characters of what follows.
    """
    address = url.partition("://")[2].removesuffix("/")
    place = _host(url)
    name, colon, port = place.rpartition("@")[2].partition(":")
    shown, rest = hosts.shown(name.removeprefix("www.")) + colon + port, address[len(place) :]
    return shown + (rest if len(rest) <= SHOWN_PATH_LENGTH else f"{rest[:SHOWN_PATH_LENGTH]}…")


def shown_lines(html: str) -> int:
    """About how many lines the HTML of a text fills where a line has 60 characters."""
    return sum(1 + len(line) // 60 for line in unescape(_ELEMENT.sub("", html)).split("\n"))


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
    """The `known` addresses in `value`, the longest first, and `value` with spaces in their places,
    where nothing else begins or ends.
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
    """Found as if there were no separators: they make no link, and in the midst of a host they undo
    it.
    """
    if not _SEPARATOR.search(value):
        yield from _whole_links(value)
        return
    places = [n for n, character in enumerate(value) if not _SEPARATOR.match(character)]
    for link, start in _whole_links(_SEPARATOR.sub("", value)):
        first, last = places[start], places[start + len(link.text) - 1]
        yield _up_to_separator(link, value[first : last + 1]), first


def _up_to_separator(link: Token, written: str) -> Token:
    """What is left of `link`, which was `written` with separators: it ends at the first one, or is
    none where that stands in its host.
    """
    kept = _SEPARATOR.split(written, maxsplit=1)[0]
    if kept == written:
        return link
    found = next((token for token, start in _whole_links(kept) if not start), None)
    return found if found and _host(found.value) == _host(link.value) else Token("plain", written)


def _host(url: str) -> str:
    return str(_HOST.match(url.partition("://")[2])[0])


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
