"""Fetching what strangers named: never from inside the server's own network, never for long, never
much. Knows no database.

A host is resolved once, each of its addresses is vetted, and the connection goes to the vetted
number: a name that means something else a moment later changes nothing. Every redirect starts from
the beginning.
"""

import re
import socket
import ssl
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException
from time import monotonic
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from urllib3 import HTTPResponse
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError

from microblog.net import hosts
from microblog.net.addresses import is_own, is_public, resolve

MAX_SECONDS = 8.0
MAX_BYTES = 1024 * 1024  # of a response, unpacked
MAX_REDIRECTS = 4
MAX_URL = 4000  # characters
MOST_ADDRESSES = 4  # of a host are tried
PAGES = ("text/html", "application/xhtml+xml")
PICTURES = ("image/",)
_PICTURE_SIGNATURE = re.compile(
    rb"\xff\xd8\xff|\x89PNG\r\n|GIF8|RIFF....WEBP|....ftyp(?:avif|hei[cx]|mif1)", re.DOTALL
)

# takes a host name and the seconds that are left; gives its addresses as numbers, or raises OSError
type Resolver = Callable[[str, float], list[str]]
# takes an address as a number, a port and the seconds that are left; gives a connected socket, or
# raises OSError
type Dialer = Callable[[str, int, float], socket.socket]
# takes a host (a number, or a name of hosts.to_ascii) and a port before they are asked; raises what
# it likes where they may not be
type Admit = Callable[[str, int], None]


class FetchError(Exception):
    """Nothing was fetched; the message says why."""


@dataclass(frozen=True)
class Fetched:
    """What came back from `url`, after all redirects; `cut` where it was more than MAX_BYTES."""

    url: str
    charset: str  # as the server calls it, or ""
    body: bytes
    cut: bool


# --- Addresses ---

_PRIVATE_NAMES = tuple(
    ".localhost .localdomain .local .internal .intranet .lan .corp .home .home.arpa .onion".split()
)
_NAME = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)+")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


@dataclass(frozen=True)
class _Place:
    """Where a URL leads: `host` is a name or a usual number, `target` what to ask it for."""

    scheme: str
    host: str
    port: int
    target: str
    is_number: bool

    @property
    def name(self) -> str:
        """Return the host as it stands in a URL."""
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def header(self) -> str:
        usual = self.port == {"http": 80, "https": 443}[self.scheme]
        return self.name if usual else f"{self.name}:{self.port}"


def _place(url: str) -> _Place:
    """Take `url` apart. Raises FetchError for what is no address of a page."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise FetchError("this is no address") from error
    if parts.scheme not in ("http", "https") or len(url) > MAX_URL:
        raise FetchError("only http and https are fetched")
    number = hosts.number(host)
    if not number:
        try:
            host = hosts.to_ascii(host)
        except UnicodeError as error:
            raise FetchError("this is no host name") from error
        number = hosts.number(host)
        if not number and _NUMBER.fullmatch(host.rpartition(".")[2]):
            raise FetchError("this number has an unusual spelling")
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~") + (
        f"?{quote(parts.query, safe="/%:@!$&'()*+,;=~?")}" if parts.query else ""
    )
    port = port or (443 if parts.scheme == "https" else 80)
    return _Place(parts.scheme, number or host, port, target, bool(number))


# --- Sockets that know when to stop ---


class _Limits:
    """What is left: seconds for everything, bytes for one response."""

    def __init__(self, seconds: float) -> None:
        self._ends = monotonic() + seconds
        self._bytes = 0

    def next_response(self) -> None:
        self._bytes = 2 * MAX_BYTES  # packed or not, headers and all

    def seconds(self) -> float:
        left = self._ends - monotonic()
        if left <= 0:
            raise TimeoutError("it took too long")
        return left

    def count(self, received: int) -> None:
        self._bytes -= received
        if self._bytes < 0:
            raise OSError("it sent too much")


class _Limited:
    """A socket that waits for no piece longer than is left for the whole."""

    limits: _Limits | None = None

    def recv_into(self, *args: Any) -> int:
        if self.limits:
            self.settimeout(self.limits.seconds())  # type: ignore[attr-defined]
        received: int = super().recv_into(*args)  # type: ignore[misc]
        if self.limits:
            self.limits.count(received)
        return received


class LimitedSocket(_Limited, socket.socket):
    """A plain one."""


class _LimitedTLSSocket(_Limited, ssl.SSLSocket):
    """An encrypted one."""


def dial(address: str, port: int, seconds: float) -> socket.socket:
    """Connect to `address`, which is a number."""
    connection = LimitedSocket(
        socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM
    )
    try:
        connection.settimeout(seconds)
        connection.connect((address, port))
    except BaseException:
        connection.close()
        raise
    return connection


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


# --- Fetching ---


class Fetcher:
    """Fetches a page and what belongs to it, all within MAX_SECONDS from now.

    `allowed` names hosts ("example.test") or hosts with a port ("127.0.0.1:8001") whose addresses
    and ports are not vetted. `admit` is asked before each request, those to which a redirect leads
    as well.
    """

    def __init__(
        self,
        user_agent: str,
        *,
        allowed: Collection[str] = (),
        admit: Admit = lambda _host, _port: None,
        seconds: float = MAX_SECONDS,
        resolver: Resolver = resolve,
        dialer: Dialer = dial,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._user_agent, self._allowed = user_agent, {name.lower() for name in allowed}
        self._admit, self._resolver, self._dialer, self._tls = admit, resolver, dialer, tls
        self._limits = _Limits(seconds)

    def get(self, url: str, kinds: tuple[str, ...]) -> Fetched:
        """Return what lies at `url`, if it is of one of `kinds`. Raises FetchError."""
        for _ in range(MAX_REDIRECTS + 1):
            try:
                found = self._get(url, kinds)
            except FetchError:
                raise
            except (OSError, HTTPError, HTTPException, ValueError) as error:
                raise FetchError(f"{type(error).__name__}: {error}") from error
            if isinstance(found, Fetched):
                return found
            url = found
        raise FetchError("it redirects too often")

    def _get(self, url: str, kinds: tuple[str, ...]) -> Fetched | str:
        """Return what lies at `url`, or where that redirects to."""
        place = _place(url)
        self._admit(place.host, place.port)
        connection = HTTPConnection(place.host, place.port)
        connection.sock = self._connect(place, self._addresses(place))
        try:
            self._limits.next_response()
            connection.request(
                "GET", place.target, headers=self._headers(place, kinds), preload_content=False
            )
            with connection.getresponse() as response:
                return self._answer(url, response, kinds)
        finally:
            connection.close()

    def _headers(self, place: _Place, kinds: tuple[str, ...]) -> dict[str, str]:
        return {
            "Host": place.header,
            "User-Agent": self._user_agent,
            "Accept": ", ".join(f"{kind}*" if kind.endswith("/") else kind for kind in kinds),
            "Accept-Encoding": "gzip, deflate",
            "Connection": "close",
        }

    def _addresses(self, place: _Place) -> list[str]:
        """Return the vetted addresses of a place; one that lies inside refuses them all."""
        if place.name in self._allowed or f"{place.name}:{place.port}" in self._allowed:
            return self._resolved(place)
        if place.port not in (80, 443):
            raise FetchError(f"port {place.port} is none of a website")
        if not place.is_number and (
            not _NAME.fullmatch(place.host) or place.host.endswith(_PRIVATE_NAMES)
        ):
            raise FetchError("this name is none of the internet")
        addresses = self._resolved(place)
        if not addresses or not all(
            is_public(address) and not is_own(address) for address in addresses
        ):
            raise FetchError("this lies inside the server's own network")
        return addresses

    def _resolved(self, place: _Place) -> list[str]:
        if place.is_number:
            return [place.host]
        return self._resolver(place.host, self._limits.seconds())

    def _connect(self, place: _Place, addresses: list[str]) -> socket.socket:
        failure: OSError = OSError("it has no address")
        for address in addresses[:MOST_ADDRESSES]:
            try:
                connection = self._dialer(address, place.port, self._limits.seconds())
            except OSError as error:
                failure = error
                continue
            return self._guard(connection, place)
        raise failure

    def _guard(self, connection: socket.socket, place: _Place) -> socket.socket:
        """Put it under the limits, encrypted where the place wants it, for its name."""
        try:
            if place.scheme == "https":
                context = self._tls or _tls()
                context.sslsocket_class = _LimitedTLSSocket
                connection.settimeout(self._limits.seconds())  # for the whole handshake
                connection = context.wrap_socket(connection, server_hostname=place.host)
            connection.limits = self._limits  # type: ignore[attr-defined]
        except BaseException:
            connection.close()
            raise
        return connection

    def _answer(self, url: str, response: HTTPResponse, kinds: tuple[str, ...]) -> Fetched | str:
        if response.status in (301, 302, 303, 307, 308):
            location = response.headers.get("Location", "").encode("latin-1", "replace")
            return urljoin(url, location.decode("utf-8", "replace"))
        if response.status != 200:
            raise FetchError(f"it answers {response.status}")
        media_type, _, parameters = response.headers.get("Content-Type", "").partition(";")
        media_type = media_type.strip().lower()
        if media_type and not media_type.startswith(kinds):
            raise FetchError(f"it is {media_type[:50]}")
        packing = response.headers.get("Content-Encoding", "identity").strip().lower()
        if packing not in ("identity", "gzip", "deflate"):
            raise FetchError("it is packed in a way that was not asked for")
        charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", parameters, re.IGNORECASE)
        body = bytearray()
        while len(body) <= MAX_BYTES and (
            chunk := response.read(min(65536, MAX_BYTES + 1 - len(body)), decode_content=True)
        ):
            body += chunk
        if not media_type and not _sniffed(body).startswith(kinds):
            raise FetchError("it is of no known type")
        return Fetched(
            url, charset[1] if charset else "", bytes(body[:MAX_BYTES]), len(body) > MAX_BYTES
        )


def _sniffed(body: bytes | bytearray) -> str:
    """Return the media type that a browser sees where the server says none; "" for other."""
    if body.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return "text/html"
    return "image/" if _PICTURE_SIGNATURE.match(body) else ""
