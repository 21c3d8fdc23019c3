"""What people write, cleaned, measured, taken apart and made into HTML: the rules of microblog.text."""

import unicodedata
from urllib.parse import urlsplit

import pytest
import regex  # type: ignore[import-untyped]
from hypothesis import example, given
from hypothesis import strategies as st

from microblog import text
from microblog.tests.reading import read

# Text as people write it, and as those write it who want to break the page.
PIECES = [
    "a", "Ada", " ", "\n", "@ada", "@ada@x.com", "#tag", "＃日本", "https://example.com/a?b=1&c=2", "example.com", "…", ".", "@", "#", "://",
    "<", ">", '"', "'", "&", "&amp;", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "http://",
    'https://example.com/"onmouseover="alert(1)', "https://example.com/'x'", "👨‍👩‍👧‍👦", "❤️", "🇩🇪",
    "1️⃣", "日本語", "\u202e", "\u200d", "\u200c", "\u0301", "\u0324", "🏴", "\U000e0067\U000e0062\U000e0065", "\U000e007f",
    "\U000e0001", "é", "\r\n",
    "\x00", "\ud800",
]  # fmt: skip
SCOTLAND = "".join(chr(0xE0000 + ord(letter)) for letter in "gbsct") + "\U000e007f"
anything = st.one_of(st.text(), st.text(st.characters()), st.lists(st.sampled_from(PIECES), max_size=12).map("".join))


# --- Cleaning ---


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Hello, world", "Hello, world"),
        ("  spaces around \n", "spaces around"),
        ("two\r\nlines\rand\ta tab", "two\nlines\nand a tab"),
        ("one\n\n\n\n\ntwo", "one\n\ntwo"),
        ("one\n \n\t\n  \ntwo", "one\n\ntwo"),
        ("one\n\n  two", "one\n\n  two"),
        ("null\x00byte, bell\x07", "nullbyte, bell"),
        ("right\u202eto left\u202c", "rightto left"),
        ("iso\u2066lates\u2069", "isolates"),
        ("zero\u200bwidth\ufeff\u2060", "zerowidth"),
        ("soft\u00adhyphen", "softhyphen"),
        ("private \ue000", "private"),
        ("half a pair \ud83d", "half a pair"),
        ("e\u0301", "é"),
        ("Z" + "\u0324" * 50, "Z" + "\u0324" * 4),
        ("Z" + "\u200d\u0324" * 50, "Z" + "\u200d\u0324" * 4),
        ("Z" + "\u200d\u200c\u0324" * 50, "Z" + "\u200d\u0324" * 4),
        ("far" + "\u200d" * 50 + "apart", "far\u200dapart"),
        ("hid\U000e0073\U000e0065\U000e0001den", "hidden"),
        ("🏴" + SCOTLAND, "🏴" + SCOTLAND),
        ("🏴" + SCOTLAND[:-1] + "x", "🏴x"),
        ("🏴" + SCOTLAND + SCOTLAND, "🏴" + SCOTLAND),
        ("葛\U000e0100城", "葛\U000e0100城"),
        ("a\u034f\u17b4\ufff0\U0001d173b", "ab"),
        ("no\ufffe\uffff\U0001ffffcharacter", "nocharacter"),
        ("one\u2028two\x85three\u2029four\x0bfive", "one\ntwo\nthree\nfour\nfive"),
        ("র\u200d্য", "র\u200d্য"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("❤\ufe0f", "❤\ufe0f"),
        ("\u200d\u200d", ""),
        ("\u3164 \u2800 \u115f", ""),
        ("\u0301", ""),
        ("", ""),
    ],
)
def test_clean(written: str, kept: str) -> None:
    assert text.clean(written) == kept


def test_clean_line_is_one_line() -> None:
    assert text.clean_line(" Ada\n\n Lovelace\u2028 \u202e") == "Ada Lovelace"


@given(anything)
def test_cleaning_twice_is_cleaning_once(value: str) -> None:
    once = text.clean(value)
    assert text.clean(once) == once
    assert text.clean_line(text.clean_line(value)) == text.clean_line(value)


@given(anything)
def test_what_is_clean_cannot_break_a_page(value: str) -> None:
    clean = text.clean(value)
    assert not [character for character in clean if unicodedata.category(character) in ("Cc", "Cs", "Co") and character != "\n"]
    assert not set(clean) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u200b\ufeff")
    assert not regex.search(r"[\u200C\u200D]{2}|(?:[\u200C\u200D]?\p{M}){5}|\p{Noncharacter_Code_Point}|[\U000E0000-\U000E0060]", clean)
    assert "\n\n\n" not in clean
    assert clean == clean.strip()
    clean.encode()
    assert "\n" not in text.clean_line(value)


# --- Measuring: X's weighted rule ---


@pytest.mark.parametrize(
    ("value", "length"),
    [
        ("", 0),
        ("Hello", 5),
        ("line\nbreak", 10),
        ("äöüß", 4),
        ("Ω and Ж", 7),
        ("“quoted” — dash…", 17),
        ("日本語", 6),
        ("한국", 4),
        ("👍", 2),
        ("👍🏽", 2),
        ("👨‍👩‍👧‍👦", 2),
        ("🏳️‍🌈", 2),
        ("🇩🇪🇫🇷", 4),
        ("1️⃣", 2),
        ("❤️", 2),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", 2),
        ("🚀🏽", 4),
        ("👍\u200d" * 7 + "👍", 5),
        ("©", 1),
        ("™", 2),
        ("https://example.com", 23),
        ("https://example.com/" + "a" * 300, 23),
        ("example.com", 23),
        ("see https://example.com, and example.org!", 4 + 23 + 6 + 23 + 1),
        ("@ada and #tag", 13),
        ("a" * 280, 280),
        ("日" * 141, 282),
    ],
)
def test_length(value: str, length: int) -> None:
    assert text.parse(value).length == length


# --- Taking apart ---


@pytest.mark.parametrize(
    ("value", "mentions"),
    [
        ("hi @ada", {"ada"}),
        ("@Ada, @BEN: (@cal)", {"ada", "ben", "cal"}),
        ("＠ada", {"ada"}),
        ("@ada's", {"ada"}),
        ("@ada.", {"ada"}),
        ("@ada@x.com", {"ada@x.com"}),
        ("@ada@x.com.", {"ada@x.com"}),
        ("これは@adaさん", {"ada"}),
        ("RT@ada", {"ada"}),
        ("@ada/list", {"ada"}),
        ("@adaé", set()),
        ("ada@example.com", set()),
        ("x@ada@example.com", set()),
        ("@ada@ben", set()),
        ("@" + "a" * 30, {"a" * 30}),
        ("@" + "a" * 31, set()),
        ("@日本", set()),
        ("https://example.com/@ada", set()),
        ("example.com/@ada", set()),
        ("@ada://x", set()),
        ("@", set()),
    ],
)
def test_mentions(value: str, mentions: set[str]) -> None:
    assert text.parse(value).mentions == mentions


@pytest.mark.parametrize(
    ("value", "tags"),
    [
        ("a #tag", ["tag"]),
        ("#Tag, #other!", ["Tag", "other"]),
        ("#日本語。", ["日本語"]),
        ("＃full", ["full"]),
        ("#with_under_1", ["with_under_1"]),
        ("#2026goals", ["2026goals"]),
        ("#col·lab", ["col·lab"]),
        ("#コーヒー・豆", ["コーヒー・豆"]),
        ("#תנ״ך", ["תנ״ך"]),
        ("❤️#tag /#b", ["tag", "b"]),
        ("#️⃣", []),
        ("#42", []),
        ("#", []),
        ("a#b", []),
        ("&#39;", []),
        ("#one#two", []),
        ("#tag://x", []),
        ("##tag", ["tag"]),
        ("https://example.com/#tag", []),
        ("#" + "a" * 100, ["a" * 100]),
        ("#" + "a" * 101, []),
    ],
)
def test_tags(value: str, tags: list[str]) -> None:
    assert list(text.parse(value).tags.values()) == tags


@pytest.mark.parametrize("spelling", ["Straße", "STRASSE", "strasse"])
def test_spellings_of_one_tag_are_one(spelling: str) -> None:
    assert text.fold_tag(spelling) == "strasse"
    assert list(text.parse(f"#Straße #{spelling}").tags) == ["strasse"]


@pytest.mark.parametrize(
    ("value", "links"),
    [
        ("https://example.com", ["https://example.com"]),
        ("http://example.com.", ["http://example.com"]),
        ("(https://example.com/a)", ["https://example.com/a"]),
        ("https://example.com/a_(b)", ["https://example.com/a_(b)"]),
        ("example.com/a", ["https://example.com/a"]),
        ("HTTPS://Example.COM", ["HTTPS://Example.COM"]),
        ("https://münchen.de", ["https://münchen.de"]),
        ("https://t.co/abc…", ["https://t.co/abc"]),
        ("https://example.com/a?b=1&c=2#d", ["https://example.com/a?b=1&c=2#d"]),
        ("a https://one.com b https://two.com", ["https://one.com", "https://two.com"]),
        ("見てhttps://example.comを", ["https://example.com"]),
        ("見てexample.com/aを", ["https://example.com/a"]),
        ("https://example.com/日本", ["https://example.com/"]),
        ("österreich.at", ["https://österreich.at"]),
        ("example.photography", ["https://example.photography"]),
        ("https://one.example/a", ["https://one.example/a"]),
        ("https://localhost:8000/a", ["https://localhost:8000/a"]),
        ("https://example.com.evil.test/a", ["https://example.com.evil.test/a"]),
        ("https://example.com@evil.com", []),
        ("one.example", []),
        ("javascript:alert(1)", []),
        ("javascript://example.com/%0aalert(1)", []),
        ("data:text/html,<b>", []),
        ("ftp://example.com", []),
        ("//example.com", []),
        ("ada@example.com", []),
        ("mailto:ada@example.com", []),
        ("1.2.3.4", []),
        ("node.js", []),
        ("e.g.this", []),
        ("3.14", []),
    ],
)
def test_links(value: str, links: list[str]) -> None:
    assert text.parse(value).links == links


@given(anything)
@example("https://example.com…")
@example("#tag#tag@ada@x.com")
def test_pieces_are_the_text(value: str) -> None:
    parsed = text.parse(value)
    assert "".join(token.text for token in parsed.tokens) == value
    assert all(token.text for token in parsed.tokens)
    assert parsed.length >= 0


# --- HTML ---


def html(value: str) -> str:
    return text.parse(value).html({"ada": "/@ada"}.get, lambda tag: f"/tags/{tag}")


@pytest.mark.parametrize(
    ("value", "made"),
    [
        ("plain", "plain"),
        ("two\nlines", "two\nlines"),
        ("<b>&amp;\"'", "&lt;b&gt;&amp;amp;&quot;&#x27;"),
        ("@Ada!", '<a href="/@ada">@Ada</a>!'),
        ("@nobody", "@nobody"),
        ("#tag", '<a href="/tags/tag">#tag</a>'),
        ("https://www.example.com/", '<a href="https://www.example.com/" rel="nofollow noopener ugc">example.com</a>'),
        (
            "https://example.com/?a=1&b=2",
            '<a href="https://example.com/?a=1&amp;b=2" rel="nofollow noopener ugc">example.com/?a=1&amp;b=2</a>',
        ),
    ],
)
def test_html(value: str, made: str) -> None:
    assert html(value) == made


def test_a_long_link_is_cut_and_says_so_in_its_title() -> None:
    url = "https://example.com/a/long/way/to/go/for/a/page"
    (link,) = read(html(url))
    assert link.attrs == {"href": url, "title": url, "rel": "nofollow noopener ugc"}
    assert link.text == "example.com/a/long/way/to/…"


@pytest.mark.parametrize(
    ("written", "known", "links"),
    [
        ("見て https://ja.wikipedia.org/wiki/日本。", ["https://ja.wikipedia.org/wiki/日本"], ["https://ja.wikipedia.org/wiki/日本"]),
        ("https://a.example/«x»(", ["https://a.example/«x»("], ["https://a.example/«x»("]),
        ("seehttps://a.example/@ada/#tag,then", ["https://a.example/@ada/#tag,"], ["https://a.example/@ada/#tag,"]),
        ("https://a.example/x/日 y", ["https://a.example/x", "https://a.example/x/日"], ["https://a.example/x/日"]),
        ("b.com/a https://a.com/日", ["https://a.com/日"], ["https://b.com/a", "https://a.com/日"]),
    ],
)
def test_an_address_that_is_known_is_whole(written: str, known: list[str], links: list[str]) -> None:
    parsed = text.parse(written, known)
    assert parsed.links == links
    assert "".join(token.text for token in parsed.tokens) == written
    assert not parsed.mentions
    assert not parsed.tags


@given(anything, st.lists(anything, max_size=3))
def test_known_addresses_lose_no_character(value: str, known: list[str]) -> None:
    assert "".join(token.text for token in text.parse(value, known).tokens) == value


def test_tags_are_links_only_where_wanted() -> None:
    assert text.parse("#tag").html({}.get) == "#tag"


@given(anything)
@example('https://example.com/"onmouseover="alert(1)')
@example("https://example.com/<script>")
@example("@ada<script>")
def test_nothing_becomes_markup_but_our_links(value: str) -> None:
    for element in read(html(value)):
        assert element.tag == "a"
        assert not element.attrs.keys() - {"href", "title", "rel"}
        assert urlsplit(element.attrs["href"]).scheme.lower() in ("", "http", "https")
        assert element.attrs["href"].lower().startswith(("/@ada", "/tags/", "http://", "https://"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Spam", "sPAM"),
        ("STRASSE", "straße"),
        ("ｓｐａｍ", "spam"),
        ("s\u200dp\ufe0fa\u034fm", "spam"),
        ("two \n  words ", "Two words"),
        ("cafe\u0301", "CAFÉ"),
        ("ﬁne", "fine"),
    ],
)
def test_spellings_that_are_the_same_words(one: str, other: str) -> None:
    assert text.fold(one) == text.fold(other) == text.fold(text.fold(one))


@pytest.mark.parametrize(("one", "other"), [("cafe", "café"), ("spam", "sp am"), ("spam", "spam!"), ("и", "u")])
def test_spellings_that_are_not(one: str, other: str) -> None:
    assert text.fold(one) != text.fold(other)
