"""What a page says of itself: the first that says it counts, markup is text, and no page takes long to read."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microblog.webpages import MAX_DESCRIPTION, MAX_TITLE, summarize

URL = "https://www.example.com/a/b?c"


def title(page: str | bytes, charset: str = "") -> str:
    return summarize(page if isinstance(page, bytes) else page.encode(), URL, charset).title


def meta(name: str, content: str, attribute: str = "property") -> str:
    return f'<meta {attribute}="{name}" content="{content}">'


OG, TWITTER, PLAIN = meta("og:title", "Open"), meta("twitter:title", "Bird", "name"), "<title>Plain</title>"


@pytest.mark.parametrize(
    ("page", "found"),
    [
        (PLAIN + TWITTER + OG, "Open"),
        (PLAIN + TWITTER, "Bird"),
        (PLAIN, "Plain"),
        (meta("og:title", " ") + TWITTER + PLAIN, "Bird"),
        (meta("og:title", "\u200b") + PLAIN, "Plain"),
        (OG + meta("og:title", "Second"), "Open"),
        (meta("og:title", "By name", "name") + PLAIN, "By name"),
        ("<META PROPERTY='OG:Title' CONTENT='Loud'>", "Loud"),
        ("<html><head><title>A\n  <b>b</b>\tc</title></head>", "A <b>b</b> c"),
        (meta("og:title", "&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp; &quot;"), '<script>alert(1)</script> &amp; "'),
        (meta("og:title", "a > b <i>c</i>"), "a > b <i>c</i>"),
        ("<title>Never ends", "Never ends"),
        ("<script>'<title>No</title>'</script><title>Yes</title>", "Yes"),
        ("<!-- <title>No</title> --><title>Yes</title>", "Yes"),
        ("<title>left\u202eright\u0000\u200b\u2066</title>", "leftright\ufffd"),
        ("<title>Z" + "\u0301" * 100 + "</title>", "Ź" + "\u0301" * 4),
        ("<title>" + "x" * 300 + "</title>", "x" * (MAX_TITLE - 1) + "…"),
        ("", ""),
        ("no markup at all", ""),
        ("<title></title>", ""),
    ],
)
def test_title(page: str, found: str) -> None:
    assert title(page)[: MAX_TITLE + 1] == found


def test_description() -> None:
    plain = meta("description", "Plain", "name")
    assert summarize(plain.encode(), URL).description == "Plain"
    assert summarize((plain + meta("twitter:description", "Bird")).encode(), URL).description == "Bird"
    assert summarize((plain + meta("og:description", "Open\nfor all")).encode(), URL).description == "Open for all"
    assert len(summarize(meta("description", "word " * 900, "name").encode(), URL).description) <= MAX_DESCRIPTION


@pytest.mark.parametrize(
    ("content", "address"),
    [
        ("https://cdn.example/p.jpg", "https://cdn.example/p.jpg"),
        ("/p.jpg", "https://www.example.com/p.jpg"),
        ("p.jpg", "https://www.example.com/a/p.jpg"),
        ("//cdn.example/p.jpg", "https://cdn.example/p.jpg"),
        ("javascript:alert(1)", ""),
        ("data:image/png;base64,AAAA", ""),
        ("file:///etc/passwd", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_picture(content: str, address: str) -> None:
    assert summarize(meta("og:image", content).encode(), URL).picture == address
    assert summarize(meta("twitter:image", content).encode(), URL).picture == address


def test_the_safer_picture_of_open_graph_comes_first() -> None:
    page = meta("twitter:image", "/t") + meta("og:image", "/o") + meta("og:image:secure_url", "/s")
    assert summarize(page.encode(), URL).picture == "https://www.example.com/s"


@pytest.mark.parametrize(
    ("page", "charset"),
    [
        ("<title>Grüße</title>".encode(), ""),
        ("<title>Grüße</title>".encode(), "utf-8"),
        ("<title>Grüße</title>".encode("latin-1"), "ISO-8859-1"),
        ("<meta charset=windows-1252><title>Grüße</title>".encode("cp1252"), ""),
        ('<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-15"><title>Grüße</title>'.encode("latin-1"), ""),
        (b"\xef\xbb\xbf" + "<title>Grüße</title>".encode(), "latin-1"),
        ("\ufeff<title>Grüße</title>".encode("utf-16-le"), ""),
        ("<title>Grüße</title>".encode("utf-16-be"), "utf-16-be"),
        ("<title>Grüße</title>".encode(), "no-such-charset"),
        *[
            ("<title>Grüße</title>".encode(), name)
            for name in ("zlib", "rot13", "punycode", "idna", "unicode_escape", "utf-7", "\0", "hex")
        ],
    ],
)
def test_charset(page: bytes, charset: str) -> None:
    assert title(page, charset) == "Grüße"


def test_a_wrong_charset_gives_a_title_all_the_same() -> None:
    assert title("<title>Grüße</title>".encode("latin-1"), "utf-8") == "Gr��e"
    assert title("<title>日本</title>".encode("shift_jis"), "shift_jis") == "日本"


@pytest.mark.parametrize(
    "piece",
    """<div> <b><i><p> <a><b> < <a </ <meta <meta_" <meta_' <meta_content=x_name=y> <meta_a="" <title> <title>< <title></b></title>
    <svg><title>x <script> <!-- charset_ <html_a=1> <table><form> &amp; _a " '""".split(),
)
@pytest.mark.parametrize("start", ["", "<meta ", "<meta content='", "<title>"])
def test_no_page_of_one_megabyte_takes_long(start: str, piece: str) -> None:
    page = (start + piece.replace("_", " ") * (1024 * 1024 // len(piece))).encode()
    began = time.process_time()
    summarize(page, URL)
    assert time.process_time() - began < 3


@given(st.binary() | st.text().map(str.encode), st.text(max_size=20))
def test_anything_is_read(page: bytes, charset: str) -> None:
    found = summarize(page, URL, charset)
    assert "\n" not in found.title + found.description
