"""Words, phrases and tags in texts: whole words, any case, any script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microblog.text import fold, holds, holds_tag

HELD = [
    ("Spoilers ahead", "spoiler", False),
    ("No SPOILER, please", "spoiler", True),
    ("spoiler", "Spoiler", True),
    ("a (spoiler)", "spoiler", True),
    ("the #spoiler tag", "spoiler", True),
    ("spoiler2", "spoiler", False),
    ("Die Straße", "STRASSE", True),
    ("ΣΊΣΥΦΟΣ", "σίσυφος", True),
    ("ＳＰＯＩＬＥＲ", "spoiler", True),
    ("spoi\u00adler", "spoiler", True),
    ("café", "cafe", False),
    ("cafe\u0301", "café", True),
    ("the season\nfinale", "season  finale", True),
    ("the season, the finale", "season finale", False),
    ("l'amour", "amour", True),
    ("это спойлер!", "Спойлер", True),
    ("это спойлеры", "спойлер", False),
    ("संपादक", "संपाद", False),
    ("今日の東京都知事選挙は", "東京", True),
    ("ネタバレ注意", "ネタバレ", True),
    ("ไม่อยากดูสปอยล์หนัง", "สปอยล์", True),
    ("한국어", "한국", False),
    ("I love 🔥🔥", "🔥", True),
    ("C++ is", "c++", True),
    ("a.b", "a b", False),
    ("written by @ben today", "@ben", True),
    ("", "word", False),
]


@pytest.mark.parametrize(("text", "phrase", "is_held"), HELD)
def test_whole_words_in_any_case_and_script(text: str, phrase: str, is_held: bool) -> None:
    assert holds(fold(text), fold(phrase)) is is_held


@pytest.mark.parametrize(
    ("text", "tag", "is_held"),
    [
        ("all #Engines run", "#engines", True),
        ("＃ENGINES", "#engines", True),
        ("all engines run", "#engines", False),
        ("#enginesroom", "#engines", False),
        ("#engines_room", "#engines", False),
        ("#enginesroom and #engines", "#engines", True),
        ("#東京都", "#東京", False),
        ("#東京、", "#東京", True),
        ("#İstanbul", "#istanbul", True),
    ],
)
def test_a_tag_is_not_the_beginning_of_another(text: str, tag: str, is_held: bool) -> None:
    assert holds_tag(fold(text), fold(tag)) is is_held


@given(st.text(), st.text(min_size=1), st.text())
def test_what_stands_apart_is_found(before: str, phrase: str, after: str) -> None:
    if folded := fold(phrase):
        assert holds(f"{fold(before)} {folded} {fold(after)}", folded)
