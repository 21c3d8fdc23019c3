"""A tweet's text as its reader sees it: links in full, entities as characters, without what X adds for its own use."""

import html
import re
from collections.abc import Collection, Mapping

from microblog import text

MAX_TEXT = 25_000
MAX_RAW = 150_000  # of a text as X writes it, where "&" takes five
MAX_URL = 4000
LONGEST_CUT = 40

_SPACES = r"((?:(?<![ \t])[ \t]++)?)"  # before a link; looked for once in a run of spaces, however long
_TCO = re.compile(rf"{_SPACES}(https?://t\.co/[A-Za-z0-9]+)")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});")  # with its semicolon: "?a=1&copy=2" stays
_ADDRESSEES = re.compile(r"(?:@\w+\s+)*@\w+\s*\Z|(?:@\w+\s+)+", re.ASCII)
_CUT_LINK = re.compile(r"\s*\b(?:h|ht|htt|https?|https?:/{0,2}|https?://t\.?c?o?/?\w*)…\Z", re.ASCII)
_LINK = re.compile(r"https?://[^\s<>\"\x00-\x20]+")


def is_link(url: str) -> bool:
    return len(url) <= MAX_URL and bool(_LINK.fullmatch(url))


def unescape(value: str) -> str:
    return _ENTITY.sub(lambda match: html.unescape(match.group()), value)


def wording(raw: str, links: Mapping[str, str], dropped: Collection[str], *, escaped: bool = True) -> str:
    """`raw` with its `links` (X's short one: the real one) written out, and without those in `dropped` and the spaces before them.

    Links are put in before entities are resolved, once. X escapes its texts (`escaped`), but not those of its notes.
    """

    def replaced(match: re.Match[str]) -> str:
        space, short = match.groups()
        return "" if short in dropped else space + links.get(short, short)

    value = _pattern({*links, *dropped}).sub(replaced, raw)
    value = value[:MAX_RAW]  # many short links may have become long ones
    return text.clean(unescape(value) if escaped else value)[:MAX_TEXT].rstrip()


def _pattern(urls: Collection[str]) -> re.Pattern[str]:
    """What finds `urls` in a text, the longest first. Nearly all are t.co's; those of other shorteners are short and few."""
    others = sorted((url for url in urls if len(url) <= 100 and not _TCO.fullmatch(url)), key=len, reverse=True)[:50]
    if not others:
        return _TCO
    return re.compile(f"{_SPACES}({'|'.join(map(re.escape, others))}|https?://t\\.co/[A-Za-z0-9]+)")


def without_addressees(value: str) -> str:
    """A reply's text without the names that it begins with: the page says whom it answers."""
    match = _ADDRESSEES.match(value)
    return value[match.end() :] if match else value


def without_cut_link(value: str) -> str:
    """A truncated text without the piece of a link before its "…"."""
    start, end = value[:-LONGEST_CUT], value[-LONGEST_CUT:]
    return start + _CUT_LINK.sub("…", end)
