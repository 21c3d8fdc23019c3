"""What people write, cleaned, measured, taken apart and made into HTML: the rules of
microblog.text.
"""

import json
import unicodedata
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import regex  # type: ignore[import-untyped]
from hypothesis import example, given
from hypothesis import strategies as st

from microblog import text
from microblog.text import links
from testing.html import read

# Text as people write it, and as those write it who want to break the page.
PIECES = [
    "a", "Ada", " ", "\n", "@ada", "@ada@x.com", "#tag", "＃日本", "https://example.com/a?b=1&c=2",
    "example.com", "…", ".", "@", "#", "://",
    "<", ">", '"', "'", "&", "&amp;", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>",
    "javascript:alert(1)", "http://",
    'https://example.com/"onmouseover="alert(1)', "https://example.com/'x'", "👨‍👩‍👧‍👦", "❤️", "🇩🇪",
    "1️⃣", "日本語", "\u202e", "\u200d", "\u200c", "\u0301", "\u0324", "🏴",
    "\U000e0067\U000e0062\U000e0065", "\U000e007f",
    "\U000e0001", "é", "\r\n",
    "\x00", "\ud800", "\u200b", "\u2060", "\u200e", "\u200f", "\u061c", "\u00ad", "\ufeff", "/",
    "日本", "()",
]  # fmt: skip
SCOTLAND = "".join(chr(0xE0000 + ord(letter)) for letter in "gbsct") + "\U000e007f"
anything = st.one_of(
    st.text(), st.text(st.characters()), st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
)


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
        ("zero\u200bwidth\ufeff\u2060", "zero\u200bwidth\u2060"),
        ("ខ្មែរ\u200bភាសា", "ខ្មែរ\u200bភាសា"),
        ("\u200fשלום!\u200f \u200eHi\u061c", "\u200fשלום!\u200f \u200eHi\u061c"),
        ("far\u200b\u2060\u200e\u200f\u061c\u200dapart", "far\u200bapart"),
        ("a\n\u200b\n\u2060 \n\u200db", "a\n\n\u200db"),
        ("Z" + "\u200b\u0324" * 50, "Z" + "\u200b\u0324" * 4),
        ("\u200b\u2060 \u200f\n\u061c", ""),
        ("@\u00adada #\ufefftag exa\x00mple.com", "@\u2060ada #\u2060tag exa\u2060mple.com"),
        ("\ufeff@ada\x07 \x00 b", "@ada  b"),
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


def test_clean_line_keeps_no_separator() -> None:
    assert text.clean_line("A\u200bd\u2060a\u200e \u200f \u061cL\u00ad.\x00L") == "Ada L.L"
    assert text.clean_line("\u200b\u200f") == ""


@given(anything)
def test_cleaning_twice_is_cleaning_once(value: str) -> None:
    once = text.clean(value)
    assert text.clean(once) == once
    assert text.clean_line(text.clean_line(value)) == text.clean_line(value)


@given(anything)
def test_what_is_clean_cannot_break_a_page(value: str) -> None:
    clean = text.clean(value)
    assert not [
        character
        for character in clean
        if unicodedata.category(character) in ("Cc", "Cs", "Co") and character != "\n"
    ]
    assert not set(clean) & set(
        "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u00ad\ufeff"
    )
    assert not regex.search(
        r"[\u061C\u200B-\u200F\u2060]{2}|(?:[\u061C\u200B-\u200F\u2060]?\p{M}){5}"
        r"|\p{Noncharacter_Code_Point}|[\U000E0000-\U000E0060]",
        clean,
    )
    assert "\n\n\n" not in clean
    assert clean == clean.strip()
    clean.encode()
    assert not set(text.clean_line(value)) & set("\n\u061c\u200b\u200e\u200f\u2060")


# --- Measuring: X's weighted rule ---


LENGTHS = json.loads((Path(__file__).parents[1] / "lengths.json").read_text())


@pytest.mark.parametrize(("value", "length"), LENGTHS)
def test_length(value: str, length: int) -> None:
    """As the form does it: cleaned first.

    The composer counts the same ones (browser/test_length.py).
    """
    assert text.parse(text.clean(value)).length == length


def test_the_composer_knows_the_same_domains() -> None:
    module = (Path(__file__).parents[2] / "static/js/domains.js").read_text()
    domains = [""]
    for common, rest in regex.findall(r"(\d)(\D+)", module.split('"')[3]):
        domains.append(domains[-1][: int(common)] + rest)
    assert set(domains[1:]) == {domain for domain in links._TLDS if not domain.startswith("xn--")}


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
    ("spellings", "folded"),
    [
        (["Tag", "ＴＡＧ", "ｔａｇ"], "tag"),
        (["カタカナ", "ｶﾀｶﾅ"], "カタカナ"),
        (["ガ", "ｶﾞ", "か\u3099".replace("か", "カ")], "ガ"),
        (["ﬁne", "fine", "FINE"], "fine"),
        (["2026年", "２０２６年"], "2026年"),
        (["İstanbul", "Istanbul", "istanbul", "i\u0307stanbul", "ISTANBUL"], "istanbul"),
        (["ısı", "ıSı"], "ısı"),
        (["ſtone", "STONE"], "stone"),
    ],
)
def test_forms_of_one_letter_are_one_in_a_tag(spellings: list[str], folded: str) -> None:
    assert {text.fold_tag(spelling) for spelling in spellings} == {folded}
    assert text.fold_tag(folded) == folded


def test_a_tag_that_folds_into_a_page_is_none() -> None:
    assert text.parse("#" + "ﷺ" * 100).tags == {}
    assert len(next(iter(text.parse("#" + "ΐ" * 100).tags))) == 100


@given(st.text(st.characters(categories=("L", "M", "Nd")), max_size=20))
def test_folding_a_tag_twice_is_folding_it_once(tag: str) -> None:
    once = text.fold_tag(tag)
    assert text.fold_tag(once) == once


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
        ("https://ja.wikipedia.org/wiki/日本", ["https://ja.wikipedia.org/wiki/日本"]),
        ("ja.wikipedia.org/wiki/日本_(国)。", ["https://ja.wikipedia.org/wiki/日本_(国)"]),
        (
            "https://ja.wikipedia.org/wiki/レオナルド・ダ・ヴィンチ",
            ["https://ja.wikipedia.org/wiki/レオナルド・ダ・ヴィンチ"],
        ),
        (
            "https://fa.wikipedia.org/wiki/می\u200cخواهم",
            ["https://fa.wikipedia.org/wiki/می\u200cخواهم"],
        ),
        ("https://hi.wikipedia.org/wiki/हिन्दी", ["https://hi.wikipedia.org/wiki/हिन्दी"]),
        ("https://ko.wikipedia.org/wiki/K팝", ["https://ko.wikipedia.org/wiki/K팝"]),
        ("https://example.com/さくら？", ["https://example.com/さくら"]),
        ("https://example.com/?q=日本#国", ["https://example.com/?q=日本#国"]),
        ("https://example.com/?q=1を", ["https://example.com/?q=1"]),
        ("https://example.com/a❤️", ["https://example.com/a"]),
        ("https://example.com/#1️⃣", ["https://example.com/#1"]),
        ("https://example.com/f()", ["https://example.com/f()"]),
        ("(https://example.com/f())", ["https://example.com/f()"]),
        ("example.com/f(g()).", ["https://example.com/f(g())"]),
        ("https://example.com/f(", ["https://example.com/f"]),
        ("example.com#top", ["https://example.com#top"]),
        ("https://example.com#top.", ["https://example.com#top"]),
        ("https://example.com:80#日本", ["https://example.com:80#日本"]),
        ("https://example.com?a=1#b", ["https://example.com?a=1#b"]),
        ("example.com#", ["https://example.com"]),
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


# --- What shows nothing: it separates, and makes nothing ---

SEPARATORS = ["\u200b", "\u2060", "\u200e", "\u200f", "\u061c"]
DELETED = ["\u00ad", "\ufeff", "\x00", "\u202e", "\u2066", "\ue000", "\ud800", "\u115f"]


def read_pieces(value: str) -> list[str]:
    return [token.text for token in text.parse(text.clean(value)).tokens if token.kind != "plain"]


@pytest.mark.parametrize("between", SEPARATORS + DELETED)
@pytest.mark.parametrize(
    ("written", "pieces"),
    [
        ("@|ada", []),
        ("@a|da", []),
        ("a|@ada", []),
        ("@ada|@ben", []),
        ("@ada|@x.com", []),
        ("@ada@x|.com", []),
        ("ada|@example.com", []),
        ("@ada|さん", ["@ada"]),
        ("これは|@ada", ["@ada"]),
        (" |@ada| ", ["@ada"]),
        ("#|tag", []),
        ("#日本|語", ["#日本"]),
        ("日本|#tag", []),
        ("#1|a", []),
        ("#a|#b", []),
        ("#ខ្មែរ|" + "ភាសា" * 40, ["#ខ្មែរ"]),
        ("exa|mple.com", []),
        ("example.|com", []),
        ("example.co|m", []),
        ("example.co|.uk", []),
        ("example.com:80|80/a", []),
        ("https://exa|mple.com/@ada", []),
        ("https://exa|mple.com/a#tag", []),
        ("https:/|/example.com", []),
        ("example.com|/a", ["example.com"]),
        ("https://example.com/a|ครับ", ["https://example.com/a"]),
        ("https://example.com/a.|b", ["https://example.com/a"]),
        ("見て|example.com|を", ["example.com"]),
    ],
)
def test_what_shows_nothing_separates_and_makes_nothing(
    written: str, pieces: list[str], between: str
) -> None:
    assert read_pieces(written.replace("|", between)) == pieces


@given(anything, st.sampled_from(SEPARATORS))
def test_separators_make_no_address_and_no_mention(value: str, separator: str) -> None:
    bare = text.clean(regex.sub(r"[\u061C\u200B\u200E\u200F\u2060]", "", value))
    apart = text.parse(text.clean(separator.join(bare)))
    assert apart.mentions <= text.parse(bare).mentions
    assert not apart.links
    assert not [tag for tag in apart.tags if len(tag) > 1]


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
        (
            "https://www.example.com/",
            '<a href="https://www.example.com/" rel="nofollow noopener ugc">example.com</a>',
        ),
        (
            "https://example.com/?a=1&b=2",
            (
                '<a href="https://example.com/?a=1&amp;b=2" rel="nofollow noopener '
                'ugc">example.com/?a=1&amp;b=2</a>'
            ),
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
        (
            "見て https://ja.wikipedia.org/wiki/日本。",
            ["https://ja.wikipedia.org/wiki/日本"],
            ["https://ja.wikipedia.org/wiki/日本"],
        ),
        ("https://a.example/«x»(", ["https://a.example/«x»("], ["https://a.example/«x»("]),
        (
            "seehttps://a.example/@ada/#tag,then",
            ["https://a.example/@ada/#tag,"],
            ["https://a.example/@ada/#tag,"],
        ),
        (
            "https://a.example/x/日 y",
            ["https://a.example/x", "https://a.example/x/日"],
            ["https://a.example/x/日"],
        ),
        ("b.com/a https://a.com/日", ["https://a.com/日"], ["https://b.com/a", "https://a.com/日"]),
    ],
)
def test_an_address_that_is_known_is_whole(
    written: str, known: list[str], links: list[str]
) -> None:
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
        ("İSTANBUL", "istanbul"),
        ("spam\u200bmer\u200f", "spammer"),
    ],
)
def test_spellings_that_are_the_same_words(one: str, other: str) -> None:
    assert text.fold(one) == text.fold(other) == text.fold(text.fold(one))


@pytest.mark.parametrize(
    ("one", "other"), [("cafe", "café"), ("spam", "sp am"), ("spam", "spam!"), ("и", "u")]
)
def test_spellings_that_are_not(one: str, other: str) -> None:
    assert text.fold(one) != text.fold(other)


@pytest.mark.parametrize(
    ("host", "is_link"),
    [
        ("example.com", True),
        ("example.music", True),  # of 2021
        ("xn--e1afmkfd.xn--p1ai", True),
        ("example.ck", True),  # below which others register
        ("example.abarth", False),  # taken back
        ("example.notatld", False),
        ("README.md.", True),
    ],
)
def test_domains_are_those_that_registries_have_today(host: str, is_link: bool) -> None:
    assert bool(text.parse(host).links) == is_link
