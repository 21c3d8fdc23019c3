"""Whatever one asks for of whatever was said: what is found is what plain Python finds."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Account
from timeline.models import Post
from timeline.posting.publish import publish
from timeline.search.find import Search
from timeline.search.query import read

WORDS = ("ada", "adam", "adamant", "bee", "beet", "zoo", "café", "CAFE", "x")
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
said = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
term = st.one_of(
    st.sampled_from(WORDS),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(
        lambda some: f'"{" ".join(some)}"'
    ),
)
choice = st.tuples(st.sampled_from(("", "-")), term).map("".join)
group = st.lists(choice, min_size=1, max_size=3)
asked = st.lists(group, min_size=1, max_size=3)


def _words(text: str) -> list[str]:
    return [word.lower().replace("é", "e") for word in re.findall(r"\w+", text)]


def _says(text: list[str], term: str, *, goes_on: bool) -> bool:
    """Tell whether `term` is in `text`: one may go on where it is the last word that was typed."""
    wanted = _words(term)
    if goes_on and term[0] != '"' and len(wanted[0]) >= 3:
        return any(word.startswith(wanted[0]) for word in text)
    return any(text[at : at + len(wanted)] == wanted for at in range(len(text) - len(wanted) + 1))


def _is_asked_for(text: str, groups: list[list[str]]) -> bool:
    words, last = _words(text), (len(groups) - 1, len(groups[-1]) - 1)
    return all(
        any(
            _says(words, term.removeprefix("-"), goes_on=(m, n) == last and term[0] != "-")
            is (term[0] != "-")
            for n, term in enumerate(group)
        )
        for m, group in enumerate(groups)
    )


@pytest.mark.django_db
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(said, min_size=1, max_size=6), groups=asked)
def test_what_is_found_is_what_was_asked_for(
    ada: Account, texts: list[str], groups: list[list[str]]
) -> None:
    Post.objects.all().delete()
    posts = [
        publish(ada, text, moment=FIRST + timedelta(days=number), limited=False)
        for number, text in enumerate(texts)
    ]
    expected = [post.pk for post in reversed(posts) if _is_asked_for(post.text, groups)]
    query = read(" ".join(" OR ".join(group) for group in groups))
    assert [entry.pk for entry in Search(query, None).newest(None).rows] == expected
