"""What a text may cost: 10,000 characters of anything 50 ms of processor time, and twice the text
twice the work.
"""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microblog import text

# seconds for 10,000 characters: twice what they take on a machine that does nothing else
MOST = 0.1
TRIES = 8  # on a busy machine the same work takes longer at times, never shorter

# What the patterns of text.py and text_links.py tell apart, and what is near to it.
LABELS = [
    "a", "A1", "a-", "-a", "a_b", "_", "-", "x" * 62, "x" * 63, "x" * 64, "日", "日本", "é", "ж",
    "😀", "ſ", "K", "İ", "ß", "²", "xn--",
    "xn--a",
]  # fmt: skip
DOMAINS = [
    "com", "co", "co.uk", "COM", "みんな", "भारतम्", "嘉里大酒店", "vermögensberatung", "xn--p1ai",
    "notatld", "c", "localhost", "1.2.3.4",
]  # fmt: skip
SIGNS = [
    "://", "http", "http://", "https://", "HTTPS://", "ftp://", "www.", "t.co/", "https://t.co/",
    "@", "＠", "#", "＃", "$", "&", "rt:@",
    "RT", "@a@",
]  # fmt: skip
PATHS = [
    "/", "//", "?", "?a=", "&b=", "#/", ":", ":80", "(", ")", "((", "))", "()", "[", "]", "{", "}",
    "!", "'", '"', "*", ";", "%", "~",
    "|", "=", "+", "#", "・", "あ", "(日)",
]  # fmt: skip
MARKS = [
    "\u0301", "\u0324", "\u0f73", "\u05b0", "\u0591", "\u0345", "\u20e3", "\ufe0f", "\ufe0e",
    "\u094d", "\U0001d165", "\u1161", "ᄀ", "각",
    "ﷺ", "ΐ",
]  # fmt: skip
UNSEEN = [
    "\u200d", "\u200c", "\u200b", "\u202e", "\u2066", "\ufeff", "\u00ad", "\ud800", "\ue000",
    "\x00", "\ufffe", "\U000e0067",
    "\U000e007f", "\U000e0100", "\u2060", "\u200e", "\u200f", "\u061c",
]  # fmt: skip
EMOJI = [
    "👨‍👩‍👧‍👦",
    "👨",
    "👍🏽",
    "🏽",
    "❤️",
    "1️⃣",
    "1",
    "🇩",
    "🇩🇪",
    "🏴",
    "🏴\U000e0067\U000e0062\U000e0065\U000e007f",
    "©",
    "〰",
    "✈",
]
SPACES = [" ", "\n", "\r", "\r\n", "\t", "\v", "\u2028", "\u3000", "\xa0", " \n"]
STOPS = [".", "..", ",", "…", "、", "。", "-", "_", "·", "・", "<", "&amp;", "٪"]
fragments = st.sampled_from(
    LABELS + DOMAINS + SIGNS + PATHS + MARKS + UNSEEN + EMOJI + SPACES + STOPS
) | st.sampled_from([".", ".com", ".co", "/", "@", "#"])
units = st.builds("".join, st.lists(fragments | st.characters(), min_size=1, max_size=9))
attacks = st.builds(
    lambda first, unit, last: (first, unit, last), st.just("") | units, units, st.just("") | units
)


def spread(attack: tuple[str, str, str], characters: int) -> str:
    """`characters` of the middle piece over and over, between the first and the last."""
    first, unit, last = attack
    room = max(0, characters - len(first) - len(last))
    return (first + (unit * (room // len(unit) + 1))[:room] + last)[:characters]


def work(value: str) -> None:
    """All that is done with a text, from the form to the page."""
    parsed = text.parse(text.clean(value))
    parsed.html(lambda name: f"/@{name}", lambda tag: f"/tags/{tag}")
    assert parsed.length >= 0


def seconds(value: str) -> float:
    began = time.process_time()
    work(value)
    return time.process_time() - began


def is_within(most: float, value: str) -> bool:
    return any(seconds(value) <= most for _ in range(TRIES))


@pytest.mark.slow
@given(attacks)
@settings(max_examples=60, deadline=None)
def test_ten_thousand_characters_of_anything_take_fifty_milliseconds(
    attack: tuple[str, str, str],
) -> None:
    assert is_within(MOST, spread(attack, 10_000))


# What took longest, each in its time: seconds or minutes.
WORST = [
    "a.", "ab.", "日com.", "a.com", "a.com,", "a.com ", "www.", "xn--a.com", "a_b.",
    "x" * 63 + ".", "http://1.", "http://a.com/(",
    "a" * 64 + "日.",
]  # fmt: skip
PILES = ["\u0f73", "\u05b0\u0591", "\u0301\u0324"]
NAMES = [
    "@a",
    "#a",
    "#a#",
    "@a@a.",
    "rt:@a",
    "1️⃣",
    "👨‍",
    "🏴",
    "\n ",
    "ﷺ",
    "https://",
    "/日t.co/é",
    "(",
]
PATHS_AND_SEPARATORS = [
    "https://a.co/あ", "a.co/é(", "a.co#", "a.co#()", "a.co/()", "a.co/日・本", "a.co/日\u200d",
    "\u200b", "a\u200b", "@\u200ba",
    "#a\u200b", "a.co/\u2060", "a.co\u200f", "@a\u00ad.", "\u200b\n", "\u200b\u0301", "\ufeff",
    "#ﷺ", "#İ",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("piece", WORST + PILES + NAMES + PATHS_AND_SEPARATORS)
def test_no_text_takes_long(piece: str) -> None:
    assert is_within(MOST, spread(("", piece, "com"), 10_000))


@pytest.mark.slow
@pytest.mark.parametrize("piece", WORST + PILES + NAMES + PATHS_AND_SEPARATORS)
def test_twice_the_text_is_twice_the_work(piece: str) -> None:
    """At most 2.5 times."""
    once, twice = (
        spread(("", piece, "com"), text.MAX_TYPED // 4),
        spread(("", piece, "com"), text.MAX_TYPED // 2),
    )
    least = seconds(once)
    assert any(
        seconds(twice) <= 2.5 * max(least := min(least, seconds(once)), 0.002) for _ in range(TRIES)
    )
