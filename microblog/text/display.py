"""Shorten addresses and texts as pages show them."""

from html import unescape

import regex  # type: ignore[import-untyped]

from microblog.net import hosts

SHOWN_PATH_LENGTH = 15
_ELEMENT = regex.compile(r"<[^>]*+>")
_HOST = regex.compile(r"[^/?#\\]*")


def shown_url(url: str) -> str:
    """Return `url` as pages show it, and X: no scheme, the host, and 15 characters more."""
    address = url.partition("://")[2].removesuffix("/")
    place = host_in(url)
    name, colon, port = place.rpartition("@")[2].partition(":")
    shown, rest = hosts.shown(name.removeprefix("www.")) + colon + port, address[len(place) :]
    return shown + (rest if len(rest) <= SHOWN_PATH_LENGTH else f"{rest[:SHOWN_PATH_LENGTH]}…")


def shown_lines(html: str) -> int:
    """Return about how many lines the HTML of a text fills where a line has 60 characters."""
    return sum(1 + len(line) // 60 for line in unescape(_ELEMENT.sub("", html)).split("\n"))


def host_in(url: str) -> str:
    """Return the host of `url` with its port and user, as they stand there."""
    return str(_HOST.match(url.partition("://")[2])[0])
