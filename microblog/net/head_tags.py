"""The tags at the head of a page from elsewhere, found in one pass. Knows no database.

As a browser finds them (HTML, section 13.2.5), as far as that matters for what a page says of
itself: a tag within a comment, a script or a title is none. No tree is built, and no character is
read more than a few times, whatever the page is made of: each pattern takes what it takes for good
(+, ++), and where the end of something is missing, the page is over.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice

MOST_ATTRIBUTES = 100  # of one tag are read
MAX_VALUE = 4000  # characters of an attribute or a title, as they stand on the page

_VALUE = r"""(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)"""
_OPENING = re.compile(r"<(?:(?P<comment>!--)|(?P<name>/?[a-z][^\s/>]*+)|[!?/])", re.IGNORECASE)
_NO_COMMENT = re.compile(r"-?>")
_COMMENT_END = re.compile(r"--!?>")
_TAG_END = re.compile(rf"(?:[^>=]++|=\s*+{_VALUE}?+)*+>")
_BOGUS_END = re.compile(r"[^>]*+>")
_ATTRIBUTE = re.compile(rf"([^\s/>=]++)(?:\s*+=\s*+({_VALUE})?+)?+")
# "&copy=1", in an address, is none
_REFERENCE = re.compile(r"&#?[0-9a-z]{1,40}+(?:;|(?![=0-9a-z]))", re.IGNORECASE)
# Within these a title is the name of a drawing, until they end or one of the others begins, which
# none of them may hold.
_FOREIGN = frozenset(("svg", "math"))
_ENDS_FOREIGN = frozenset(
    """
    b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li
    listing menu meta nobr ol p pre ruby s small span strong strike sub sup table tt u ul var
    """.split()
)
# What stands in these is text, up to their own end tag.
_TEXT_ENDS = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("title", "textarea", "script", "style", "xmp", "iframe", "noembed", "noframes")
}


@dataclass(frozen=True)
class Tag:
    """A meta or base tag with its attributes, or a title with its text, without entities."""

    name: str
    attributes: dict[str, str]
    text: str = ""


def head_tags(page: str) -> Iterator[Tag]:
    """Yield the meta, base and title tags of `page`; an open title goes on to the end."""
    page, at = page.replace("\0", "\ufffd"), 0
    depth = 0  # of foreign elements
    while opening := _OPENING.search(page, at):
        name = (opening["name"] or "").lower()
        if opening["comment"]:
            end = _NO_COMMENT.match(page, opening.end()) or _COMMENT_END.search(page, opening.end())
        else:
            end = (_TAG_END if name else _BOGUS_END).match(page, opening.end())
        if not end:
            return
        at = end.end()
        depth = _depth(depth, name, closed=page[at - 2] == "/")
        if name in ("meta", "base") and not depth:
            yield Tag(name, _attributes(page, opening.end(), at - 1))
        elif name in _TEXT_ENDS and not depth:
            text_end = _TEXT_ENDS[name].search(page, at)
            if name == "title":
                title = page[at : text_end.start() if text_end else None]
                yield Tag(name, {}, unescape(title[:MAX_VALUE]))
            if not text_end:
                return
            at = text_end.start()


def _depth(depth: int, name: str, *, closed: bool) -> int:
    """Return how deep in foreign elements one is behind the tag `name`; `closed` ends it."""
    if name in _FOREIGN:
        return depth if closed else depth + 1
    if name[1:] in _FOREIGN:
        return max(0, depth - 1)
    return 0 if name in _ENDS_FOREIGN else depth


def _attributes(page: str, start: int, end: int) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in islice(_ATTRIBUTE.finditer(page, start, end), MOST_ATTRIBUTES):
        value = match[2] or ""
        value = (value[1:-1] if value.startswith(("'", '"')) else value)[:MAX_VALUE]
        found.setdefault(
            match[1].lower(), _REFERENCE.sub(lambda reference: unescape(reference.group()), value)
        )
    return found
