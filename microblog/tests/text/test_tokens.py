"""Words by which texts are found, and marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microblog.db.words import GAP, MOST_OF_A_WORD, MOST_WORDS, encode, text_of
from microblog.text.marking import mark_words
from microblog.text.tokens import LONGEST_TOKEN, tokens, tokens_asked

texts = st.text() | st.text(alphabet="aZé'’.日本語かが한국ไทยк\u0301\u200d🎉 _-#@")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Ada's CAFÉ", "ada s cafe"),
        ("don’t don't", "don t don t"),
        ("ｆｕｌｌ width, ﬁne ①", "full width fine 1"),
        ("Straße STRASSE İstanbul", "strasse strasse istanbul"),
        ("foo_bar #tag @ada_l example.com", "foo bar tag ada l example com"),
        ("3.14 100%", "3 14 100"),
        ("ёлка й", "елка и"),
        ("שָׁלוֹם العَرَبِيَّة", "שלום العربية"),
        ("हिन्दी", "हिन्दी"),
        ("日本語", "日本 本語 語"),
        ("語", "語"),
        ("ｶﾞ が か", "ガ が か"),
        ("スーパー", "スー ーパ パー ー"),
        ("한국어 abc語", "한국 국어 어 abc 語"),
        ("🎉🎉 ❤\ufe0f", "🎉 🎉 ❤"),
        ("co\u00adop wo\u200drd", "coop word"),
        ("... --- *", ""),
        ("x" * 100, "x" * LONGEST_TOKEN),
    ],
)
def test_what_a_text_is_found_by(said: str, found: str) -> None:
    assert " ".join(tokens(said)) == found


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("Ada's", (("ada", "s"), False)),
        ("語", (("語",), True)),
        ("日本語", (("日本", "本語"), False)),
        ("日本 語", (("日本", "本", "語"), True)),
        ("日本 abc", (("日本", "本", "abc"), False)),
        ("", ((), False)),
    ],
)
def test_what_is_asked_for(typed: str, asked: tuple[tuple[str, ...], bool]) -> None:
    assert tokens_asked(typed) == asked


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_plain_letters_are_read_as_all_others(text: str) -> None:
    assert ["e", *tokens(text)] == [*tokens(f"é {text}")]


@given(texts)
def test_every_text_has_words_that_any_index_takes(text: str) -> None:
    for token in tokens(text):
        assert 0 < len(token) <= LONGEST_TOKEN
        assert set(encode(token)) <= set("abcdefghijklmnopqrstuvwxyz0123456789")
        assert not encode(token).startswith("zz")


@given(texts, texts)
def test_what_begins_alike_is_encoded_as_what_begins_alike(one: str, other: str) -> None:
    for a in tokens(one):
        for b in tokens(other):
            assert encode(a).startswith(encode(b)) is a.startswith(b)


def test_what_no_index_can_keep_is_kept_in_none() -> None:
    words = text_of([["a"] * 300, ["b"]], ()).split()
    assert words == ["a"] * MOST_OF_A_WORD + [GAP] * (300 - MOST_OF_A_WORD + 1) + ["b", GAP, "zz"]
    many = [str(number) for number in range(20_000)]
    assert len(text_of([many, ["b"]], ()).split()) == MOST_WORDS + 1


# --- Marking ---


@pytest.mark.parametrize(
    ("html", "typed", "marked"),
    [
        ("The caf\u00e9", "cafe", "The <mark>café</mark>"),
        ("The &amp; amp", "amp", "The &amp; <mark>amp</mark>"),
        ("don&#x27;t", "don't", "<mark>don</mark>&#x27;<mark>t</mark>"),
        ('<a href="/tags/a">#a</a> a', "a", '<a href="/tags/a">#<mark>a</mark></a> <mark>a</mark>'),
        ("one two one", "one two", "<mark>one</mark> <mark>two</mark> one"),
        ("日本語を話す", "本語", "日<mark>本語</mark>を話す"),
        ("日本語", "日本語", "<mark>日本語</mark>"),
        ("nothing", "other", "nothing"),
        ("", "other", ""),
    ],
)
def test_what_is_marked(html: str, typed: str, marked: str) -> None:
    assert mark_words(html, [tokens_asked(typed)]) == marked


@given(st.lists(st.sampled_from(["<a>", "</a>", "&lt;", "&#x27;", "a", "bé", " ", "日本"])))
def test_marks_change_nothing_else(pieces: list[str]) -> None:
    html = "".join(pieces)
    marked = mark_words(html, [(("a",), True), (("be",), False), (("日本",), False)])
    assert marked.replace("<mark>", "").replace("</mark>", "") == html
