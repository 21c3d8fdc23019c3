"""Which posts say a muted word: pure, a table."""

import pytest

from timeline.feeds.muted_words import MutedWords


def are_in(words: str, html: str, *texts: str, is_followed: bool = False) -> bool:
    return MutedWords([(words, True)]).are_in(html, *texts, is_followed=is_followed)


@pytest.mark.parametrize(
    ("word", "html", "says"),
    [
        ("spoiler", "No <b>spoiler</b>s", False),
        ("spoiler", 'A <a href="/tags/Spoiler">#Spoiler</a>', True),
        ("#spoiler", 'A <a href="/tags/Spoiler">#Spoiler</a>', True),
        ("#spoiler", "A spoiler", False),
        ("#spoil", 'A <a href="/tags/Spoiler">#Spoiler</a>', False),
        ("tags", 'A <a href="/tags/Spoiler">#Spoiler</a>', False),
        ("href", 'A <a href="/tags/Spoiler">#Spoiler</a>', False),
        ("amp", "Tea &amp; cake", False),
        ("tea & cake", "Tea &amp; cake", True),
        ("season finale", "The season\nfinale", True),
        ("<b>", "a &lt;b&gt; c", True),
        ("\0", "text", False),
    ],
)
def test_what_the_post_shows_is_searched(word: str, html: str, says: bool) -> None:
    assert are_in(word, html) is says


def test_so_is_what_its_pictures_and_its_card_say() -> None:
    assert are_in("spoiler", "Look", "A title", "The SPOILER in a picture")
    assert not are_in("a b", "a", "b"), "a phrase stands in one of them"


def test_of_whom_one_follows_only_some_words_count() -> None:
    words = MutedWords([("mild", False), ("bad", True)])
    assert words.are_in("mild", is_followed=False)
    assert not words.are_in("mild", is_followed=True)
    assert words.are_in("bad", is_followed=True)


def test_no_words_are_nowhere() -> None:
    assert not MutedWords()
    assert not MutedWords().are_in("anything", is_followed=False)
