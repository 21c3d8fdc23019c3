"""Tags at the head of a page: what a browser finds, at a cost that grows with the page and with
nothing else.
"""

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microblog.net.head_tags import MAX_VALUE, head_tags
from microblog.net.opengraph import summarize

MEGABYTE = 1024 * 1024


def metas(page: str) -> list[dict[str, str]]:
    return [tag.attributes for tag in head_tags(page) if tag.name == "meta"]


def titles(page: str) -> list[str]:
    return [tag.text for tag in head_tags(page) if tag.name == "title"]


@pytest.mark.parametrize(
    ("page", "attributes"),
    [
        ("<meta a=\"1\" b='2' c=3 d>", {"a": "1", "b": "2", "c": "3", "d": ""}),
        ("<META A = '1'\nB=\t2/>", {"a": "1", "b": "2/"}),
        ("<meta/a=1/b=2>", {"a": "1/b=2"}),
        ("<meta a=1 a=2>", {"a": "1"}),
        ('<meta a=">" b="</title>">', {"a": ">", "b": "</title>"}),
        (
            '<meta a="&lt;&#65;&amp;amp;&AMP;" b="?x=1&copy=2&lt" c=&#x41>',
            {"a": "<A&amp;&", "b": "?x=1&copy=2<", "c": "A"},
        ),
        ("<meta a=\"it's\" b='\"'>", {"a": "it's", "b": '"'}),
        ("<metal a=1><meta b>", {"b": ""}),
        ("<meta>", {}),
    ],
)
def test_attributes(page: str, attributes: dict[str, str]) -> None:
    assert metas(page) == [attributes]


@pytest.mark.parametrize(
    "page",
    [
        "<!-- <meta> -->",
        "<!-- > <meta> --!>",
        "<!-- <meta>",
        "<script><meta></script>",
        "<STYLE><meta></style >",
        "<title><meta></title>",
        "<textarea><meta></textarea>",
        "<script></scripty><meta>",
        "<a href='<meta>'>",
        "<meta a='",
        "<meta a",
        "</meta>",
        "< meta>",
        "<!meta>",
        "<?meta>",
    ],
)
def test_what_is_no_meta_tag(page: str) -> None:
    assert metas(page) == []


def test_what_follows_is_read() -> None:
    for before in (
        "<!-->",
        "<!--->",
        "<!---->",
        "<!-- --!>",
        "<!>",
        "</>",
        "</ x>",
        "<script>'<!--'</script>",
        '<a b=c"d>',
        "a < b ",
    ):
        assert metas(f"{before}<meta a>") == [{"a": ""}], before


def test_titles() -> None:
    assert titles("<title>a &amp; b</TITLE><title>c</title >") == ["a & b", "c"]
    assert titles("<title>a</b></titlex") == ["a</b></titlex"]
    assert len(titles(f"<title>{'x' * 10_000}</title>")[0]) == MAX_VALUE


# --- What it costs ---


def repeated(piece: str, before: str = "", after: str = "") -> Callable[[int], str]:
    return lambda size: before + piece * ((size - len(before) - len(after)) // len(piece)) + after


ATTACKS = {
    "80,000 attributes of one tag": lambda _size: (
        "<meta " + " ".join(f"a{n}=" for n in range(80_000)) + " content=x>"
    ),
    "attributes": repeated("a ", "<meta ", ">"),
    "attributes with quotes": repeated("a='b' ", "<meta ", ">"),
    "attributes, no end": repeated("a=b ", "<meta "),
    "equals signs": repeated("=", "<meta ", ">"),
    "equals and spaces": repeated("= ", "<meta "),
    "spaces in an attribute": repeated(" ", "<meta a", "=b>"),
    "spaces, no end": repeated(" ", "<meta a"),
    "metas": repeated("<meta a=b name=c content=d>"),
    "metas without end": repeated("<meta "),
    "tags": repeated("<a>"),
    "end tags": repeated("</a>"),
    "depth": repeated("<div>"),
    "less-thans": repeated("<"),
    "open quotes": repeated('<a b="'),
    "quotes in quotes": repeated("<a b='\">"),
    "quotes of both kinds": repeated("<a b=\"'>"),
    "a quote that does not end": repeated("'", '<meta content="'),
    "comments": repeated("<!---->"),
    "comments without end": repeated("<!-- "),
    "almost the end of a comment": repeated("--!", "<!--"),
    "declarations": repeated("<!"),
    "titles": repeated("<title></title>"),
    "almost the end of a title": repeated("</title", "<title>"),
    "a title": repeated("x", "<title>", "</title>"),
    "scripts": repeated("<script></script>"),
    "scripts without end": repeated("<script>"),
    "references in a title": repeated("&amp;", "<title>"),
    "a number that does not end": repeated("1", "<title>&#"),
    "references in attributes": repeated(
        "<meta name=description content='" + "&#x41;" * 600 + "'>"
    ),
    "ampersands": repeated("&", "<meta content='", "'>"),
    "zeros": repeated("\0"),
    "accents": repeated("\u0301\u0316", "<title>"),
    "joiners": repeated("\u200d\u0301", "<meta property=og:title content='", "'>"),
    "svg": repeated("<svg><title>x"),
    "tables": repeated("<table><form>"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ATTACKS)
def test_a_megabyte_of_anything_costs_less_than_two_seconds(name: str) -> None:
    """Of the processor; most take 0.01, the worst half a second.

    A parser that builds a tree took 31 s for the first of these.
    """
    page = ATTACKS[name](MEGABYTE).encode()
    began = time.process_time()
    summarize(page, "https://example.com/")
    assert time.process_time() - began < 2


PIECES = """<meta <title> </title> <script> </script> <!-- --> <! > /> < </ = " ' / content property
 og:title &amp; &#65; & <div> <style> a <textarea> --!> - \\0 \\u0301 \\u200d""".replace(
    "\\0", "\0"
).split()


@pytest.mark.slow
@given(st.lists(st.sampled_from([*PIECES, " "]), min_size=1, max_size=12).map("".join))
def test_no_mixture_costs_more_than_its_length(unit: str) -> None:
    page = unit * (MEGABYTE // 4 // len(unit))
    began = time.process_time()
    list(head_tags(page))
    assert time.process_time() - began < 1
