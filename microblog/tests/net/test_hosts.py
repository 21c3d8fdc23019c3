"""Hosts: how a page shows them, whose they are, and which of them are this very site."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microblog import text
from microblog.net import hosts
from microblog.net.hosts import is_this_site, owner, shown

SHOWN = """
    example.com Example.COM localhost 127.0.0.1 [::1] a_b.example xn--80ak6aa92e.com
    bücher.example faß.de ąćę.pl tiếngviệt.vn ırmak.com.tr þorn.is þjóð.is
    пример.com пример.рф президент.рф тест.com ру.рф аррӏе.ru ελλάδα.com εξέταση.gr հայ.am ไทย.com
    नेपाल.com தமிழ்.com
    例え.jp 例えtest.jp ラーメン.jp 東京go.jp 中国.cn 한국.kr kbs한국.kr الاختبار.com מבחן.com
""".split()
PUNYCODE = """
    pаypal.com раураl.com gοogle.com gооgle.com гоogle.com wіkіpedia.org microsоft.example
    exаmple.co.uk
    аррӏе.com ею.com ру.com сс-1.com αικ.com հօսօ.com აb.ge აbc.com เแ.com 〇.com 工口.com аррӏе.со
    ɡoogle.com þorn.com laþe.com ırk.com kəz.com ߏa.com ०.com ০৭.com a١.com
    例えб.jp 한국かな.kr comノfoo.example aー.com ー.com example一com.example
    😀.ws bücher😀.ws ☃.net ✔a.com a・b.com
""".split()


@pytest.mark.parametrize("host", SHOWN)
def test_one_script_is_shown_as_it_is(host: str) -> None:
    assert shown(host) == host


@pytest.mark.parametrize("host", PUNYCODE)
def test_what_could_pass_for_another_is_shown_in_ascii(host: str) -> None:
    assert shown(host).isascii()
    assert "xn--" in shown(host)
    assert shown(f"www.{host}") == f"www.{shown(host)}"


@pytest.mark.parametrize(
    ("host", "result"),
    [
        ("аррӏе.com", "xn--80ak6aa92e.com"),
        ("пример.аррӏе.com", "пример.xn--80ak6aa92e.com"),
        ("аb.рф", "xn--b-7sb.рф"),
        ("BÜCHER.example", "bücher.example"),
        ("ｅｘａｍｐｌｅ.com", "example.com"),
        ("bu\u0308cher.example", "bücher.example"),
        ("ü" * 70 + ".com", "%C3%BC" * 70 + ".com"),
        ("ü..com", "%C3%BC..com"),
    ],
)
def test_shown_otherwise(host: str, result: str) -> None:
    assert shown(host) == result


@given(st.text(max_size=40), st.sampled_from(["com", "рф", "", "ü"]))
def test_nothing_breaks_it_and_latin_is_never_mixed_with_cyrillic_or_greek(
    label: str, ending: str
) -> None:
    for part in shown(f"{label}.{ending}").split("."):
        kinds = {
            kind
            for kind in ("LATIN", "CYRILLIC", "GREEK")
            for letter in part
            if kind in hosts.unicodedata.name(letter, "").split()
        }
        assert len(kinds) <= 1


@pytest.mark.parametrize(
    "host",
    [
        "".join(map(chr, range(0x4E00, 0x4E00 + 4000))) + ".com",
        "ü." * 2000 + "com",
        "\u0301\u0316" * 2000,
    ],
)
def test_a_host_that_is_none_costs_nothing(host: str) -> None:
    """Of the processor: to encode 4,000 different letters took 7 s."""
    began = time.process_time()
    assert shown(host).isascii()
    assert time.process_time() - began < 0.2


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://www.пример.com/a", "пример.com/a"),
        ("https://аррӏе.com:8443/a?b#c", "xn--80ak6aa92e.com:8443/a?b#c"),
        ("https://pаypal.com/" + "x" * 20, "xn--pypal-4ve.com/" + "x" * 14 + "…"),
        ("https://bank.example@elsewhere.example/", "elsewhere.example"),
        ("https://elsewhere.example\\@bank.example/", "elsewhere.example\\@bank.example"),
        ("https://EXAMPLE.com/ä", "EXAMPLE.com/ä"),
    ],
)
def test_the_text_of_a_link(url: str, link: str) -> None:
    assert text.shown_url(url) == link


def test_a_post_shows_it_and_leads_where_it_led() -> None:
    assert text.parse("See https://pаypal.com/a").html(lambda _name: None) == (
        'See <a href="https://pаypal.com/a" rel="nofollow noopener ugc">xn--pypal-4ve.com/a</a>'
    )


# --- Whose ---


@pytest.mark.parametrize(
    ("host", "whose"),
    [
        ("example.com", "example.com"),
        ("a.b.example.com", "example.com"),
        ("a.example.co.uk", "example.co.uk"),
        ("a.github.io", "github.io"),
        ("a.blogspot.com", "blogspot.com"),
        ("1-2-3-4.nip.io", "nip.io"),
        ("a.xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("a.xn--80aaxitdbjk.xn--p1ai", "xn--80aaxitdbjk.xn--p1ai"),
        ("com", "com"),
        ("localhost", "localhost"),
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "2001:db8::/64"),
    ],
)
def test_owner(host: str, whose: str) -> None:
    assert owner(host) == whose


# --- This very site ---


@pytest.mark.parametrize(
    ("site_url", "allowed", "host", "port", "is_ours"),
    [
        ("https://microblog.example", [], "microblog.example", 443, True),
        ("https://microblog.example", [], "microblog.example", 80, True),
        ("https://microblog.example", [], "microblog.example", 8000, True),
        ("https://microblog.example", [], "microblog.example", 8443, False),
        ("https://microblog.example", [], "www.microblog.example", 443, False),
        ("https://microblog.example", [], "notmicroblog.example", 443, False),
        ("https://Microblog.Example.:8443", [], "microblog.example", 8443, True),
        ("https://microblog.example:8443", [], "microblog.example", 443, False),
        ("https://bücher.example", [], "xn--bcher-kva.example", 443, True),
        ("https://microblog.example", ["other.example"], "other.example", 443, True),
        ("https://microblog.example", ["OTHER.example."], "other.example", 80, True),
        ("https://microblog.example:8443", ["other.example"], "other.example", 443, True),
        ("https://microblog.example", ["other.example"], "a.other.example", 443, False),
        ("https://microblog.example", [".other.example"], "other.example", 443, True),
        ("https://microblog.example", [".other.example"], "a.b.other.example", 443, True),
        ("https://microblog.example", [".other.example"], "another.example", 443, False),
        ("https://microblog.example", [".bücher.example"], "a.xn--bcher-kva.example", 443, True),
        ("https://microblog.example", ["*"], "example.com", 443, False),
        ("http://127.0.0.1:8000", ["127.0.0.1", "localhost", "[::1]"], "127.0.0.1", 8000, True),
        ("http://127.0.0.1:8000", ["127.0.0.1", "localhost", "[::1]"], "localhost", 8000, True),
        ("http://127.0.0.1:8000", ["127.0.0.1", "localhost", "[::1]"], "::1", 8000, True),
        ("http://127.0.0.1:8000", ["127.0.0.1", "localhost", "[::1]"], "127.0.0.1", 8001, False),
        ("http://127.0.0.1:8000", ["127.0.0.1", "localhost", "[::1]"], "localhost", 80, False),
        ("http://[::1]:9000", [], "::1", 9000, True),
    ],
)
def test_this_site(
    settings: Any, site_url: str, allowed: list[str], host: str, port: int, is_ours: bool
) -> None:
    settings.SITE_URL, settings.ALLOWED_HOSTS, settings.PORT = site_url, allowed, 8000
    assert is_this_site(host, port) is is_ours
