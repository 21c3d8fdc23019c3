"""What a page says of itself: the first that says it counts, markup is text, and no page takes long
to read.
"""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microblog.net.opengraph import MAX_DESCRIPTION, MAX_TITLE, MOST_PICTURES, summarize

URL = "https://www.example.com/a/b?c"


def title(page: str | bytes, charset: str = "") -> str:
    return summarize(page if isinstance(page, bytes) else page.encode(), URL, charset).title


def meta(name: str, content: str, attribute: str = "property") -> str:
    return f'<meta {attribute}="{name}" content="{content}">'


OG, TWITTER, PLAIN = (
    meta("og:title", "Open"),
    meta("twitter:title", "Bird", "name"),
    "<title>Plain</title>",
)


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
        (
            meta("og:title", "&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp; &quot;"),
            '<script>alert(1)</script> &amp; "',
        ),
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
    assert (
        summarize((plain + meta("twitter:description", "Bird")).encode(), URL).description == "Bird"
    )
    assert (
        summarize((plain + meta("og:description", "Open\nfor all")).encode(), URL).description
        == "Open for all"
    )
    assert (
        len(summarize(meta("description", "word " * 900, "name").encode(), URL).description)
        <= MAX_DESCRIPTION
    )


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
        (
            '<meta http-equiv="Content-Type" content="text/html; '
            'charset=iso-8859-15"><title>Grüße</title>'.encode("latin-1"),
            "",
        ),
        (b"\xef\xbb\xbf" + "<title>Grüße</title>".encode(), "latin-1"),
        ("\ufeff<title>Grüße</title>".encode("utf-16-le"), ""),
        ("<title>Grüße</title>".encode("utf-16-be"), "utf-16-be"),
        ("<title>Grüße</title>".encode(), "no-such-charset"),
        *[
            ("<title>Grüße</title>".encode(), name)
            for name in (
                "zlib",
                "rot13",
                "punycode",
                "idna",
                "unicode_escape",
                "utf-7",
                "\0",
                "hex",
            )
        ],
    ],
)
def test_charset(page: bytes, charset: str) -> None:
    assert title(page, charset) == "Grüße"


def test_a_wrong_charset_gives_a_title_all_the_same() -> None:
    assert title("<title>Grüße</title>".encode("latin-1"), "utf-8") == "Gr��e"
    assert title("<title>日本</title>".encode("shift_jis"), "shift_jis") == "日本"


@pytest.mark.parametrize(
    ("label", "encoded", "found"),
    [
        ("shift_jis", b"\x87\x40\xfa\xb1\x93\xfa", "①﨑日"),
        ("Windows-31J", b"\x87\x8a", "㈱"),
        ("sjis", b"\x93\xfa", "日"),
        ("euc-jp", b"\xad\xea\xf9\xa1", "㈱纊"),
        ("iso-2022-jp", b"\x1b$B-j\x1b(B", "㈱"),
        ("gb2312", "朱镕基".encode("gb18030"), "朱镕基"),
        ("gbk", b"\x95\x32\x82\x36 \x80", "𠀀 €"),
        ("euc-kr", "뷁".encode("cp949"), "뷁"),
        ("ks_c_5601-1987", "한국".encode("euc-kr"), "한국"),
        ("big5", b"\x87\x40\xa3\xe1", "䏰€"),
        ("big5-hkscs", b"\x87\x40", "䏰"),
        ("latin1", b"\x80\x99", "€™"),
        ("us-ascii", b"Gr\xfc\xdfe", "Grüße"),
        ("tis-620", "ไทย".encode("cp874"), "ไทย"),
        ("koi8-u", "Київ".encode("koi8-u"), "Київ"),
        ("x-mac-cyrillic", "Мир".encode("mac-cyrillic"), "Мир"),
        ("iso-8859-8-i", "שלום".encode("iso-8859-8"), "שלום"),
        (" UTF8 ", "é".encode(), "é"),
        ("iso-2022-kr", b"a", ""),
    ],
)
def test_an_encoding_is_what_browsers_call_so(label: str, encoded: bytes, found: str) -> None:
    page = b"<title>" + encoded + b"</title>"
    assert title(page, label) == found
    assert title(b"<meta charset='" + label.encode() + b"'>" + page) == found


@pytest.mark.parametrize(
    ("before", "found"),
    [
        ("<meta content='text/html; charset=windows-1251' http-equiv=Content-Type>", "Мир"),
        ("<!-- <meta charset=utf-8> --><meta charset=windows-1251>", "Мир"),
        ("<script>'<meta charset=utf-8>'</script><meta charset=windows-1251>", "Мир"),
        ("<meta charset=nonsense><meta charset=windows-1251>", "Мир"),
        ("<meta name=a content='charset=utf-8'><meta charset=cp1251>", "Мир"),
        ("<style>" + "x" * 3000 + "</style><meta charset=windows-1251>", "Мир"),
    ],
)
def test_the_encoding_that_a_page_names(before: str, found: str) -> None:
    assert title(f"{before}<title>Мир</title>".encode("cp1251")) == found


def test_a_page_that_names_utf_16_in_ascii_is_utf_8() -> None:
    assert title("<meta charset=utf-16><title>Grüße</title>".encode()) == "Grüße"


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        ("日本語のページ", "shift_jis"),
        ("日本語のページ", "euc-jp"),
        ("Привет, мир", "cp1251"),
        ("Grüße aus München", "cp1252"),
        ("中文网页", "gbk"),
    ],
)
def test_where_nothing_names_an_encoding_the_looks_decide(words: str, encoding: str) -> None:
    assert title(f"<title>{words}</title>".encode(encoding)) == words


def test_what_cannot_be_read_is_left_out() -> None:
    page = "<title>日本語のページ</title>".encode("shift_jis")
    assert title(page, "utf-8") == ""
    assert (
        title(b"<meta property=og:title content='\xff\xfe\xfd'><title>Plain</title>", "utf-8")
        == "Plain"
    )
    assert (
        summarize(b"<meta name=description content='\xff\xfe\xfd a'>", URL, "utf-8").description
        == ""
    )
    assert title(b"<title>One of \xff is no harm</title>", "utf-8") == "One of \ufffd is no harm"


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<svg><title>Logo</title></svg><title>Page</title>", "Page"),
        ("<SVG a='/'><g><title>Logo</title></g></SVG><title>Page</title>", "Page"),
        ("<svg><svg><title>In</title></svg><title>Out</title></svg><title>Page</title>", "Page"),
        ("<svg/><title>Page</title>", "Page"),
        ("<math><title>Sum</title></math><title>Page</title>", "Page"),
        ("<svg><title>Logo</title></svg>", ""),
        ("<svg><title>Logo</title><style>a<b</style></svg><title>Page</title>", "Page"),
        ("<svg><p><title>Page</title>", "Page"),
        ("</svg><title>Page</title>", "Page"),
        ("<svg>" + OG, "Open"),
    ],
)
def test_the_title_of_a_drawing_is_not_the_pages(page: str, found: str) -> None:
    assert title(page) == found


@pytest.mark.parametrize(
    ("before", "address"),
    [
        ("<base href='/c/'>", "https://www.example.com/c/p.jpg"),
        ("<base href='https://cdn.example/x/y'>", "https://cdn.example/x/p.jpg"),
        (
            "<base target=_top><base href='//cdn.example/'><base href='/no/'>",
            "https://cdn.example/p.jpg",
        ),
        ("<base href='javascript:0'>", "https://www.example.com/a/p.jpg"),
        ("<base href='http://['>", "https://www.example.com/a/p.jpg"),
        ("<svg><base href='/c/'></svg>", "https://www.example.com/a/p.jpg"),
    ],
)
def test_addresses_are_read_from_the_base(before: str, address: str) -> None:
    assert summarize((before + meta("og:image", "p.jpg")).encode(), URL).picture == address
    assert summarize((meta("og:image", "p.jpg") + before).encode(), URL).picture == address


def test_pictures_in_order_each_once() -> None:
    page = "".join(
        meta(name, address)
        for name, address in (
            ("twitter:image", "/t"),
            ("og:image", "/a"),
            ("og:image", "/b"),
            ("og:image", "/a"),
        )
    )
    assert summarize(page.encode(), URL).pictures == tuple(
        f"https://www.example.com/{name}" for name in "abt"
    )
    many = "".join(meta("og:image", f"/{n}") for n in range(9))
    assert len(summarize(many.encode(), URL).pictures) == MOST_PICTURES


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    """<div> <b><i><p> <a><b> < <a </ <meta <meta_" <meta_' <meta_content=x_name=y> <meta_a=""
    <title> <title>< <title></b></title>
    <svg><title>x <svg> </svg> <base_href=a> <meta_charset=x> <script> <!-- charset_ <html_a=1>
    <table><form> &amp; _a " '""".split(),
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
