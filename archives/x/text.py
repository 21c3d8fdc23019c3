"""A tweet's text as its reader sees it: links in full, entities as characters, without what X adds
for its own use.
"""

import html
import re
from collections.abc import Collection, Iterable, Mapping

from django.utils.encoding import iri_to_uri

from microblog import text

MAX_TEXT = 25_000
MAX_RAW = 150_000  # of a text as X writes it, where "&" takes five
MAX_URL = 4000
LONGEST_CUT = 40

# before a link; looked for once in a run of spaces, however long
_SPACES = r"((?:(?<![ \t])[ \t]++)?)"
_TCO = re.compile(rf"{_SPACES}(https?://t\.co/[A-Za-z0-9]+)")
# with its semicolon: "?a=1&copy=2" stays
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});")
_NAME = re.compile(r"@(\w+)(?:\s+|\Z)", re.ASCII)
_ADDRESSEES = re.compile(r"(?:@\w+\s+)*@\w+\s*\Z|(?:@\w+\s+)+", re.ASCII)
_CUT_LINK = re.compile(
    r"\s*\b(?:h|ht|htt|https?|https?:/{0,2}|https?://t\.?c?o?/?\w*)…\Z", re.ASCII
)
_LINK = re.compile(r"https?://[^\s<>\"\x00-\x20]+")


def is_link(url: str) -> bool:
    return len(url) <= MAX_URL and bool(_LINK.fullmatch(url))


def real_links(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return where each of X's short links leads, of `pairs` in which both are links."""
    return {short: url for short, url in pairs if is_link(short) and is_link(url)}


def unescape(value: str) -> str:
    return _ENTITY.sub(lambda match: html.unescape(match.group()), value)


def full_text(
    raw: str, links: Mapping[str, str], dropped: Collection[str], *, escaped: bool = True
) -> str:
    """Return `raw` with its `links` (X's short one: the real one) written out, and without those in
    `dropped` that stand at its end.

    Links are put in before entities are resolved, once. X escapes its texts (`escaped`), but not
    those of its notes.
    """
    pattern = _pattern({*links, *dropped})
    value = pattern.sub(
        lambda match: match[1] + encoded(links.get(match[2], match[2])),
        _without_last(raw.rstrip(), pattern, dropped),
    )
    value = value[:MAX_RAW]  # many short links may have become long ones
    return text.clean(unescape(value) if escaped else value)[:MAX_TEXT].rstrip()


def _without_last(raw: str, pattern: re.Pattern[str], dropped: Collection[str]) -> str:
    """Return `raw` without the links in `dropped` behind its last word."""
    end = len(raw)
    for match in reversed(list(pattern.finditer(raw))):
        if match[2] not in dropped or raw[match.end() : end].strip():
            break
        end = match.start()
    return raw[:end]


def encoded(url: str) -> str:
    """Return `url` so that cleaning a text loses nothing of it: it leads to the same place."""
    return url if text.clean(url) == url else iri_to_uri(url)


def links_in(links: Mapping[str, str], value: str, *, escaped: bool = True) -> tuple[str, ...]:
    """Return those of `links` that `full_text` wrote into `value`, as they stand there."""
    written = {encoded(url) for url in links.values()}
    shown = map(unescape, written) if escaped else written
    return tuple(sorted(url for url in shown if url in value))


def _pattern(urls: Collection[str]) -> re.Pattern[str]:
    """Return a pattern that finds `urls`, the longest first: t.co's, and some few of others."""
    others = sorted(
        (url for url in urls if len(url) <= 100 and not _TCO.fullmatch(url)), key=len, reverse=True
    )[:50]
    if not others:
        return _TCO
    return re.compile(f"{_SPACES}({'|'.join(map(re.escape, others))}|https?://t\\.co/[A-Za-z0-9]+)")


def without_addressee(value: str, name: str) -> str:
    """Return a reply to `name` without it at its beginning; further names may be words."""
    match = _NAME.match(value)
    return value[match.end() :] if match and match[1].lower() == name.lower() else value


def without_first_name(value: str) -> str:
    """Return a text without the name at its beginning, whatever that is."""
    match = _NAME.match(value)
    return value[match.end() :] if match else value


def without_addressees(value: str) -> str:
    """Return a text without all the names that it begins with: to compare it with another one."""
    match = _ADDRESSEES.match(value)
    return value[match.end() :] if match else value


def without_cut_link(value: str) -> str:
    """Return a truncated text without the piece of a link before its "…"."""
    start, end = value[:-LONGEST_CUT], value[-LONGEST_CUT:]
    return start + _CUT_LINK.sub("…", end)
