"""The tags at the head of a page from elsewhere, found in one pass. Knows no database.

As a browser finds them (HTML, section 13.2.5), as far as that matters for what a page says of itself: a tag within a comment, a
script or a title is none. No tree is built, and no character is read more than a few times, whatever the page is made of: each
pattern takes what it takes for good (+, ++), and where the end of something is missing, the page is over.
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
_REFERENCE = re.compile(r"&#?[0-9a-z]{1,40}+(?:;|(?![=0-9a-z]))", re.IGNORECASE)  # "&copy=1", in an address, is none
# What stands in these is text, up to their own end tag.
_TEXT_ENDS = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("title", "textarea", "script", "style", "xmp", "iframe", "noembed", "noframes")
}


@dataclass(frozen=True)
class Tag:
    """A meta tag with its attributes, or a title with its text; each as it is meant, without entities."""

    name: str
    attributes: dict[str, str]
    text: str = ""


def head_tags(page: str) -> Iterator[Tag]:
    """The meta and title tags of `page`, in order. A title that does not end goes on to the end of the page."""
    page, at = page.replace("\0", "\ufffd"), 0
    while opening := _OPENING.search(page, at):
        name = (opening["name"] or "").lower()
        if opening["comment"]:
            end = _NO_COMMENT.match(page, opening.end()) or _COMMENT_END.search(page, opening.end())
        else:
            end = (_TAG_END if name else _BOGUS_END).match(page, opening.end())
        if not end:
            return
        at = end.end()
        if name == "meta":
            yield Tag(name, _attributes(page, opening.end(), at - 1))
        elif name in _TEXT_ENDS:
            text_end = _TEXT_ENDS[name].search(page, at)
            if name == "title":
                yield Tag(name, {}, unescape(page[at : text_end.start() if text_end else None][:MAX_VALUE]))
            if not text_end:
                return
            at = text_end.start()


def _attributes(page: str, start: int, end: int) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in islice(_ATTRIBUTE.finditer(page, start, end), MOST_ATTRIBUTES):
        value = match[2] or ""
        value = (value[1:-1] if value.startswith(("'", '"')) else value)[:MAX_VALUE]
        found.setdefault(match[1].lower(), _REFERENCE.sub(lambda reference: unescape(reference.group()), value))
    return found
