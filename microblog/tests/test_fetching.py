"""Fetching from strangers: nothing inside the own network, nothing for long, nothing large.

No test reaches beyond 127.0.0.1.
"""

import gzip
import socket
import ssl
import subprocess
import threading
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microblog.net import addresses, fetching
from microblog.net.addresses import is_own, is_public
from microblog.net.fetching import (
    MAX_BYTES,
    PAGES,
    PICTURES,
    Fetched,
    Fetcher,
    FetchError,
    LimitedSocket,
)
from testing.websites import Website, answer, redirect

OUTSIDE = "93.184.215.14"


class Names:
    """A resolver that says what it is told to, and one thing after the other; `asked` holds the
    names.
    """

    def __init__(self, **answers: list[list[str]]) -> None:
        self.answers, self.asked = (
            {name.replace("_", "."): list(given) for name, given in answers.items()},
            list[str](),
        )

    def __call__(self, host: str, seconds: float) -> list[str]:
        self.asked.append(host)
        answers = self.answers.get(host) or [[]]
        return answers.pop(0) if len(answers) > 1 else answers[0]


class Wires:
    """A dialer that notes the address, and connects to `port` of 127.0.0.1 whatever it is."""

    def __init__(self, port: int = 0) -> None:
        self.port, self.dialed = port, list[tuple[str, int]]()

    def __call__(self, address: str, port: int, seconds: float) -> socket.socket:
        self.dialed.append((address, port))
        if not self.port:
            raise ConnectionRefusedError
        return fetching.dial("127.0.0.1", self.port, seconds)


@pytest.fixture
def site() -> Iterator[Website]:
    with Website().serving() as website:
        yield website


def get(site: Website, path: str = "/", kinds: tuple[str, ...] = PAGES, **options: Any) -> Fetched:
    return Fetcher("Tester", allowed=[site.name], **options).get(site.url(path), kinds)


# --- Addresses ---


@pytest.mark.parametrize(
    "address",
    """0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1
    127.255.255.254 168.63.129.16
    169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1
    192.168.1.1 198.18.0.1 198.19.255.255
    198.51.100.7 203.0.113.7 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
    :: ::1 ::7f00:1 ::127.0.0.1 ::10.0.0.1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:8.8.8.8
    ::ffff:0:127.0.0.1 64:ff9b::7f00:1
    64:ff9b::8.8.8.8 64:ff9b:1::7f00:1 100::1 2001::1 2001:0:7f00:1:: 2001:10::1 2001:20::1
    2001:db8::1 2002:7f00:1:: 2002:a00:1::1
    3fff::1 5f00::1 fc00::1 fd00:ec2::254 fd12:3456::1 fe80::1 fe80::1%eth0 2606:4700::1111%eth0
    fec0::1 ff02::1 ff0e::1 4000::1
    2130706433 0x7f000001 0177.0.0.1 127.1 127.0.1 0x7f.0.0.1 017700000001 localhost 127.0.0.1.
    127.0.0.1/8 １２７.0.0.1""".split(),
)
def test_inside(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "8.8.8.8",
        OUTSIDE,
        "100.63.255.255",
        "172.32.0.1",
        "2606:4700:4700::1111",
        "2a00:1450::1",
    ],
)
def test_outside(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses())
def test_nothing_that_pythons_own_table_calls_private_is_public(address: Any) -> None:
    if is_public(str(address)):
        assert address.is_global
        assert not address.is_multicast
        assert not getattr(address, "ipv4_mapped", None)


def test_this_machine_knows_its_own_addresses() -> None:
    assert is_own("127.0.0.1")
    assert not is_own(OUTSIDE)


@pytest.mark.parametrize(
    "host",
    """localhost localhost. LOCALHOST app.localhost printer.local db.internal
    metadata.google.internal router.lan nas.home.arpa intranet
    127.0.0.1 127.0.0.1. 127.1 127.0.1 2130706433 017700000001 0x7f000001 0x7f.1 0177.0.0.1
    0177.0x0.0.1 127.0.0.0x1 127.000.000.001 0
    0.0.0.0 １２７.０.０.１ ①②⑦.0.0.1 127。0。0。1 169.254.169.254 10.0.0.5 100.64.1.1 192.168.0.1
    224.0.0.1 255.255.255.255
    1.2.3.4.5 256.1.1.1
    [::1] [::] [::7f00:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::FFFF:10.0.0.1] [0:0:0:0:0:0:0:1]
    [64:ff9b::7f00:1] [2002:7f00:1::]
    [fe80::1] [fe80::1%25eth0] [fec0::1] [fc00::1] [ff02::1] [::1 user@127.0.0.1 8.8.8.8@127.0.0.1
    a..b -- %31%32%37.0.0.1
    a_b""".split(),
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_spelling_leads_inside(host: str, scheme: str) -> None:
    names, wires = Names(), Wires()
    with pytest.raises(FetchError):
        Fetcher("Tester", resolver=names, dialer=wires).get(f"{scheme}://{host}/", PAGES)
    assert not wires.dialed
    assert not names.asked


@pytest.mark.parametrize(
    "answers",
    [
        [],
        ["127.0.0.1"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::a00:1"],
        ["fe80::1%2"],
        [OUTSIDE, "10.0.0.1"],
        ["10.0.0.1", OUTSIDE],
        [OUTSIDE, "not an address"],
    ],
)
def test_one_address_inside_refuses_the_host(answers: list[str]) -> None:
    wires = Wires()
    with pytest.raises(FetchError):
        Fetcher("Tester", resolver=Names(www_example=[answers]), dialer=wires).get(
            "http://www.example/", PAGES
        )
    assert not wires.dialed


@pytest.mark.parametrize(
    "url",
    [
        "ftp://www.example/",
        "file:///etc/passwd",
        "gopher://www.example/",
        "javascript:1",
        "//www.example/",
        "http://",
        "http://www.example:22/",
        "http://www.example:8000/",
        "http://www.example:0x50/",
        "http://www.example:99999/",
        "http://www.example/" + "x" * 4000,
        "http://" + "a." * 200 + "example/",
        "http://" + "ü" * 10_000 + ".example/",
    ],
)
def test_what_is_no_website_is_not_dialed(url: str) -> None:
    wires = Wires()
    with pytest.raises(FetchError):
        Fetcher("Tester", resolver=Names(www_example=[[OUTSIDE]]), dialer=wires).get(url, PAGES)
    assert not wires.dialed


def test_a_name_is_asked_for_once_and_its_number_dialed(site: Website) -> None:
    """DNS rebinding: the second answer, which would lead inside, is never asked for."""
    site.pages["/"] = answer(b"<title>Hello</title>")
    names, wires = Names(www_example=[[OUTSIDE], ["127.0.0.1"]]), Wires(site.port)
    found = Fetcher("Tester (+http://site.example)", resolver=names, dialer=wires).get(
        "http://WWW.example./", PAGES
    )
    assert found.body == b"<title>Hello</title>"
    assert (names.asked, wires.dialed) == (["www.example"], [(OUTSIDE, 80)])
    _, headers = site.asked[0]
    assert (headers["host"], headers["user-agent"]) == (
        "www.example",
        "Tester (+http://site.example)",
    )
    assert not {"cookie", "referer", "authorization"} & headers.keys()


def test_a_name_that_means_something_else_after_a_redirect_is_refused(site: Website) -> None:
    site.pages["/"] = redirect("/again")
    names, wires = Names(www_example=[[OUTSIDE], ["127.0.0.1"]]), Wires(site.port)
    with pytest.raises(FetchError, match="own network"):
        Fetcher("Tester", resolver=names, dialer=wires).get("http://www.example/", PAGES)
    assert (wires.dialed, site.paths) == ([(OUTSIDE, 80)], ["/"])


def test_a_name_with_letters_of_its_own_and_a_path_of_them(site: Website) -> None:
    site.pages["/%C3%A4?q=%C3%B6"] = answer(b"ok")
    names, wires = Names(**{"xn--bcher-kva_example": [[OUTSIDE]]}), Wires(site.port)
    assert (
        Fetcher("Tester", resolver=names, dialer=wires)
        .get("http://bücher.example/ä?q=ö#ü", PAGES)
        .body
        == b"ok"
    )
    assert site.asked[0][1]["host"] == "xn--bcher-kva.example"


def test_the_next_address_is_tried_and_not_all_of_a_thousand() -> None:
    wires = Wires()
    with pytest.raises(FetchError):
        Fetcher(
            "Tester",
            resolver=Names(www_example=[[f"93.184.215.{n}" for n in range(200)]]),
            dialer=wires,
        ).get("http://www.example/", PAGES)
    assert len(wires.dialed) == fetching.MOST_ADDRESSES


# --- Redirects ---


def test_redirects_are_followed_wherever_they_are_relative_to(site: Website) -> None:
    site.pages["/"] = redirect("/b", 301)
    site.pages["/b"] = redirect("c?d#e", 303)
    site.pages["/c?d"] = redirect(site.url("/e"), 307)
    site.pages["/e"] = redirect("/ü".encode().decode("latin-1"), 308)
    site.pages["/%C3%BC"] = answer(b"ok")
    assert get(site).url == site.url("/ü")


def test_four_redirects_and_no_more(site: Website) -> None:
    site.pages["/"] = redirect("/")
    with pytest.raises(FetchError, match="too often"):
        get(site)
    assert len(site.asked) == 5


@pytest.mark.parametrize(
    "location",
    [
        "http://10.0.0.1/",
        "http://[::1]/",
        "//127.1/",
        "http://localhost/",
        "http://www.example:8000/",
        "http://inside.example/",
        "file:///etc/passwd",
        "",
        "http://[",
    ],
)
def test_a_redirect_is_vetted_like_the_first_address(site: Website, location: str) -> None:
    site.pages["/"] = redirect(location)
    wires = Wires(site.port)
    names = Names(www_example=[[OUTSIDE]], inside_example=[["192.168.0.1"]])
    with pytest.raises(FetchError):
        Fetcher("Tester", resolver=names, dialer=wires).get("http://www.example/", PAGES)
    assert {address for address, _ in wires.dialed} == {OUTSIDE}


# --- Hosts of the own network that the keeper named ---


def test_a_named_host_is_not_vetted_and_its_neighbours_are(site: Website) -> None:
    site.pages["/"] = answer(b"ok")
    assert Fetcher("Tester", allowed=["127.0.0.1"]).get(site.url(), PAGES).body == b"ok"
    with pytest.raises(FetchError):
        Fetcher("Tester", allowed=["127.0.0.1:1", "localhost"]).get(site.url(), PAGES)
    names = Names(wiki_lan=[["127.0.0.1"]])
    assert (
        Fetcher("Tester", allowed=["Wiki.lan"], resolver=names)
        .get(f"http://wiki.lan:{site.port}/", PAGES)
        .body
        == b"ok"
    )
    assert len(site.asked) == 2


# --- Time and size ---


# Without the deadline these tests would not end: what answers them goes on until they have ended.
TOO_LATE = "(?i)time"


def drip(handler: BaseHTTPRequestHandler, over: threading.Event, head: bytes, piece: bytes) -> None:
    handler.wfile.write(head)
    while not over.wait(0.05):
        handler.wfile.write(piece)


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"", b""),
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"a"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"1\r\na\r\n",
        ),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n"
            + gzip.compress(b"", mtime=0)[:10],
            b"\0\0\0\xff\xff",
        ),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
)
def test_who_answers_in_drops_is_left_after_the_deadline(
    site: Website, head: bytes, piece: bytes
) -> None:
    site.pages["/"] = lambda handler: drip(handler, site.over, head, piece)
    with pytest.raises(FetchError, match=TOO_LATE):
        get(site, seconds=0.5)


def test_the_deadline_holds_for_all_that_is_fetched_together(site: Website) -> None:
    site.pages["/"] = answer(b"ok")
    site.pages["/slow"] = lambda handler: drip(handler, site.over, b"", b"")
    fetcher = Fetcher("Tester", allowed=[site.name], seconds=1.5)
    fetcher.get(site.url(), PAGES)
    for path in ("/slow", "/"):
        with pytest.raises(FetchError):
            fetcher.get(site.url(path), PAGES)


def test_a_handshake_that_never_ends_is_left_after_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        name = f"127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(FetchError, match=TOO_LATE):
            Fetcher("Tester", allowed=[name], seconds=0.4).get(f"https://{name}/", PAGES)


def test_a_resolver_that_never_answers_is_left_after_the_deadline() -> None:
    def slow(host: str, seconds: float) -> list[str]:
        assert seconds <= 0.3
        time.sleep(seconds)
        raise OSError

    with pytest.raises(FetchError):
        Fetcher("Tester", seconds=0.3, resolver=slow).get("http://www.example/", PAGES)


def test_the_resolver_of_the_system() -> None:
    assert "127.0.0.1" in addresses.resolve("127.0.0.1", 5)
    with pytest.raises(OSError, match="no address"):
        addresses.resolve("a" * 300, 5)


@pytest.mark.parametrize("packed", ["", "gzip", "deflate"])
def test_a_large_page_is_cut(site: Website, packed: str) -> None:
    pack = {"": bytes, "gzip": gzip.compress, "deflate": zlib.compress}[packed]
    site.pages["/"] = answer(
        pack(b"x" * (3 * MAX_BYTES)), **({"Content_Encoding": packed} if packed else {})
    )
    found = get(site)
    assert (len(found.body), found.cut) == (MAX_BYTES, True)
    site.pages["/"] = answer(
        pack(b"x" * MAX_BYTES), **({"Content_Encoding": packed} if packed else {})
    )
    assert (len(get(site).body), get(site).cut) == (MAX_BYTES, False)


def test_a_bomb_is_not_unpacked(site: Website) -> None:
    bomb = gzip.compress(bytes(300 * MAX_BYTES))
    site.pages["/"] = answer(bomb, Content_Encoding="gzip")
    tracemalloc.start()
    try:
        assert len(get(site).body) == MAX_BYTES
        assert tracemalloc.get_traced_memory()[1] < 20 * MAX_BYTES
    finally:
        tracemalloc.stop()


def test_an_endless_header_and_endless_nothing_are_refused(site: Website) -> None:
    site.pages["/header"] = answer(b"", X="y" * 100_000)
    nothing = b"\0\0\0\xff\xff" * MAX_BYTES  # empty blocks: as many bytes as one likes, and no page
    site.pages["/nothing"] = answer(
        gzip.compress(b"", mtime=0)[:10] + nothing, Content_Encoding="gzip"
    )
    for path in ("/header", "/nothing"):
        with pytest.raises(FetchError):
            get(site, path)


# --- What comes back ---


@pytest.mark.parametrize(
    ("content_type", "kinds", "fits"),
    [
        ("text/html", PAGES, True),
        ("TEXT/HTML;charset=x", PAGES, True),
        ("application/xhtml+xml", PAGES, True),
        ("text/plain", PAGES, False),
        ("application/json", PAGES, False),
        ("image/png", PAGES, False),
        ("", PAGES, False),
        ("image/png", PICTURES, True),
        ("text/html", PICTURES, False),
    ],
)
def test_only_what_was_asked_for(
    site: Website, content_type: str, kinds: tuple[str, ...], fits: bool
) -> None:
    site.pages["/"] = answer(b"ok", content_type)
    if fits:
        assert get(site, kinds=kinds).body == b"ok"
    else:
        with pytest.raises(FetchError):
            get(site, kinds=kinds)


@pytest.mark.parametrize(
    ("body", "kinds", "fits"),
    [
        (b"<!doctype html>", PAGES, True),
        (b"\xef\xbb\xbf\n <title>a</title>", PAGES, True),
        (b"\x89PNG\r\n\x1a\n", PAGES, False),
        (b"\x89PNG\r\n\x1a\n", PICTURES, True),
        (b"\xff\xd8\xff\xe0", PICTURES, True),
        (b"RIFF1234WEBP", PICTURES, True),
        (b"<svg>", PICTURES, False),
        (b"%PDF-1.7", PAGES, False),
        (b"", PAGES, False),
    ],
)
def test_where_no_type_is_said_the_first_bytes_decide(
    site: Website, body: bytes, kinds: tuple[str, ...], fits: bool
) -> None:
    site.pages["/"] = lambda handler: handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n" + body)
    if fits:
        assert get(site, kinds=kinds).body == body
    else:
        with pytest.raises(FetchError):
            get(site, kinds=kinds)


@pytest.mark.parametrize("status", [204, 206, 304, 400, 403, 404, 500])
def test_any_other_answer_is_none(site: Website, status: int) -> None:
    site.pages["/"] = answer(b"" if status in (204, 304) else b"no", status=status)
    with pytest.raises(FetchError):
        get(site)


@pytest.mark.parametrize("packed", ["br", "zstd", "gzip, gzip", "nonsense"])
def test_what_is_packed_otherwise_is_refused(site: Website, packed: str) -> None:
    site.pages["/"] = answer(b"ok", Content_Encoding=packed)
    with pytest.raises(FetchError):
        get(site)


def test_what_calls_itself_packed_and_is_not_is_refused(site: Website) -> None:
    site.pages["/"] = answer(b"this is no gzip", Content_Encoding="gzip")
    with pytest.raises(FetchError):
        get(site)


@pytest.mark.parametrize(
    "answered",
    [
        b"",
        b"\0\xff\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
    ],
)
def test_what_speaks_no_http_is_refused(site: Website, answered: bytes) -> None:
    site.pages["/"] = lambda handler: handler.wfile.write(answered) and None
    with pytest.raises(FetchError):
        get(site)


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        name = f"127.0.0.1:{server.getsockname()[1]}"
    with pytest.raises(FetchError):
        Fetcher("Tester", allowed=[name]).get(f"http://{name}/", PAGES)


# --- With https ---


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of www.example, signed by itself; its key is in the same file."""
    path = tmp_path_factory.mktemp("tls") / "www.example.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=www.example",
    ]
    more = ["-addext", "subjectAltName=DNS:www.example", "-keyout", path, "-out", f"{path}.crt"]
    subprocess.run([*command, *more], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + Path(f"{path}.crt").read_bytes())
    return path


@pytest.fixture
def secret(site: Website, certificate: Path) -> tuple[Website, ssl.SSLContext, list[str | None]]:
    """The site with https, a client's context that trusts it, and the names that clients said hello
    to.
    """
    hellos: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _socket, name, _context: hellos.append(name)
    site.server.socket = context.wrap_socket(
        site.server.socket, server_side=True, do_handshake_on_connect=False
    )
    return site, ssl.create_default_context(cafile=str(certificate)), hellos


def test_the_certificate_is_for_the_name_and_not_for_the_number(
    secret: tuple[Website, ssl.SSLContext, list[str | None]],
) -> None:
    site, trusting, hellos = secret
    site.pages["/"] = answer(b"ok")
    names, wires = Names(www_example=[[OUTSIDE]], other_example=[[OUTSIDE]]), Wires(site.port)
    assert (
        Fetcher("Tester", resolver=names, dialer=wires, tls=trusting)
        .get("https://www.example/", PAGES)
        .body
        == b"ok"
    )
    assert (hellos, wires.dialed, site.asked[0][1]["host"]) == (
        ["www.example"],
        [(OUTSIDE, 443)],
        "www.example",
    )
    for host, context in (("other.example", trusting), ("www.example", None)):
        with pytest.raises(FetchError, match=r"(?i)certificate"):
            Fetcher("Tester", resolver=names, dialer=wires, tls=context).get(
                f"https://{host}/", PAGES
            )
    assert len(site.asked) == 1


def test_who_answers_in_drops_with_https_is_left_after_the_deadline(
    secret: tuple[Website, ssl.SSLContext, list[str | None]],
) -> None:
    site, trusting, _ = secret
    site.pages["/"] = lambda handler: drip(
        handler, site.over, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"a"
    )
    fetcher = Fetcher(
        "Tester",
        resolver=Names(www_example=[[OUTSIDE]]),
        dialer=Wires(site.port),
        tls=trusting,
        seconds=0.6,
    )
    with pytest.raises(FetchError, match=TOO_LATE):
        fetcher.get("https://www.example/", PAGES)


def test_a_plain_socket_counts_what_it_receives() -> None:
    ours, theirs = socket.socketpair()
    with theirs, LimitedSocket(fileno=ours.detach()) as limited:
        theirs.send(b"abc")
        assert limited.recv_into(bytearray(10)) == 3
