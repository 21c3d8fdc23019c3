"""Where the web addresses in a text begin and end: X's rules (its open-sourced twitter-text 3.1), bounded so that no text takes long."""

from collections.abc import Iterator

import regex  # type: ignore[import-untyped]
from linkify_it.tlds import TLDS

MAX_LENGTH = 4096
MAX_LABEL = 63
MAX_SHORT = 40  # of what follows "t.co/"

_LATIN = r"À-ÖØ-öø-ɏɓɔɖɗəɛɣɨɯɲʉʋʻ\u0300-\u036F\u1E00-\u1EFF"
_CYRILLIC = r"\u0400-\u04FF"

# A host: labels of letters, digits and symbols of any script, the last of which is a domain that exists.
_LETTER = r"\p{L}\p{M}\p{N}\p{So}\u200C\u200D"
_LABEL = rf"[{_LETTER}][{_LETTER}_-]{{0,62}}+(?<![_-])\."
_NAME = rf"[{_LETTER}][{_LETTER}-]{{0,62}}+(?<!-)\."
_END = r"(?:(?i:\L<tlds>)(?![0-9A-Za-z@+-])|(?i:xn--)[-0-9A-Za-z]+)"
_HOST = rf"(?:{_LABEL}){{0,20}}{_NAME}{_END}"

# After "https://", whatever its domain: domains are born, and a house has names of its own.
_ANY_HOST = (
    r"(?:(?:[A-Za-z0-9][A-Za-z0-9_-]{0,62}+(?<![_-])\.){1,20}[A-Za-z][A-Za-z0-9-]{1,62}+(?<!-)|localhost|[0-9]{1,3}(?:\.[0-9]{1,3}){3})"
    r"(?![\w@+-]|\.\w)"
)

# A path: any run of these, of which the last is one that may end it; brackets only in pairs.
_ENDS = rf"[-+A-Za-z0-9=_#/{_CYRILLIC}{_LATIN}]"
_INSIDE = r"[!*';:,.$%[\]–~@|&]"
_ANY = rf"[-+A-Za-z0-9=_#/!*';:,.$%[\]–~@|&{_CYRILLIC}{_LATIN}]"
_BRACKETS = rf"\((?:{_ANY}++\)|{_ANY}*+\({_ANY}++\){_ANY}*+\))"
_PATH = rf"/(?:{_INSIDE}*+(?:{_ENDS}++|{_BRACKETS}))*+"
_QUERY = r"\?(?:[!?*'@();:+$%[\].,~|]*+[-A-Za-z0-9_&=#/]++)++"

_TLDS = frozenset(tld.lower() for tld in TLDS) | {tld.lower().encode().decode("idna") for tld in TLDS if tld.startswith("XN--")}
_WORD = regex.compile(r"\S++")
_MAY_BE = regex.compile(r"://|\.\p{L}\w")  # sees at once that most words are no address
_URL = regex.compile(
    rf"(?P<before>^|[^A-Za-z0-9@＠$#＃\uFEFF])(?P<url>(?:(?P<scheme>(?i:https?)://)(?P<host>{_ANY_HOST}|{_HOST})|(?P<host>{_HOST}))"
    rf"(?::[0-9]++)?(?P<path>{_PATH})?(?:{_QUERY})?)",
    tlds=_TLDS,
)
_LATIN_HOST = regex.compile(rf"(?:[A-Za-z0-9{_LATIN}][-_A-Za-z0-9{_LATIN}]*+\.)+{_END}", tlds=_TLDS)
_SHORT = regex.compile(rf"(?i:https?://t\.co)/(?P<name>[A-Za-z0-9]++)(?:{_QUERY})?")


def links(value: str) -> Iterator[tuple[int, int, bool]]:
    """Start and end of each web address in `value`, in order, and whether it has a scheme (http or https)."""
    for word in _WORD.finditer(value):
        if _MAY_BE.search(word[0]):
            for start, end, has_scheme in _links_in(word[0]):
                yield word.start() + start, word.start() + end, has_scheme


def _links_in(word: str) -> Iterator[tuple[int, int, bool]]:
    for match in _URL.finditer(word):
        start, end = match.span("url")
        if match["scheme"]:
            short = _SHORT.match(word, start, end)
            if short and len(short["name"]) > MAX_SHORT:
                continue
            end = short.end() if short else end
            if end - start <= MAX_LENGTH and _fits(match["host"]):
                yield start, end, True
        elif match["before"] not in ("-", "_", ".", "/"):
            yield from _latin_hosts(match)


def _latin_hosts(match: "regex.Match[str]") -> Iterator[tuple[int, int, bool]]:
    """Without a scheme, of "見てexample.comを" only "example.com" is meant; what follows a host belongs to the last."""
    start, host_end = match.span("host")
    hosts = [(start + host.start(), start + host.end()) for host in _LATIN_HOST.finditer(match["host"])]
    for n, (begin, end) in enumerate(hosts, 1):
        last = match.end("url") if n == len(hosts) and end == host_end and match["path"] else end
        if last - begin <= MAX_LENGTH:
            yield begin, last, False


def _fits(host: str) -> bool:
    return host.isascii() or all(label.isascii() or len(label.encode("punycode")) + 4 <= MAX_LABEL for label in host.split("."))
