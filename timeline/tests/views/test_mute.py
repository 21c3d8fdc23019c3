"""Mute: POST /@cal/mute, muted words at /settings/privacy/words, and what a thread folds. Nobody
else learns of it.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts import limits
from accounts.models import Account, Mute, MutedWord
from accounts.models.mute import MOST_MUTED_WORDS
from conftest import client_of
from testing.html import find, rows_of
from testing.scene import HTMX, say
from timeline.models import Post

WORDS = "/settings/privacy/words"


def words(client: Client, url: str) -> str:
    return find(client.get(url), "main")[0].text


def formactions(response: Any) -> list[str]:
    return [button.attrs.get("formaction", "") for button in find(response, "button")]


# --- An account ---


def test_one_mutes_for_ever_or_for_a_time(as_ada: Client, ada: Account, cal: Account) -> None:
    as_ada.post("/@cal/mute")
    assert Mute.objects.get().until is None
    as_ada.post("/@cal/mute", {"for": "week"})
    until = Mute.objects.get().until
    assert until
    assert timedelta(days=6) < until - timezone.now() < timedelta(days=8)
    assert "Until" in words(as_ada, "/settings/privacy/muted")


def test_a_time_that_is_none(as_ada: Client, cal: Account) -> None:
    assert as_ada.post("/@cal/mute", {"for": "century"}).status_code == 422
    assert not Mute.objects.exists()


def test_a_list_of_whom_one_mutes(as_ada: Client, ada: Account, cal: Account) -> None:
    ada.mute(cal)
    assert "/@cal/unmute" in formactions(as_ada.get("/settings/privacy/muted"))
    for _ in range(2):
        assert as_ada.post("/@cal/unmute").status_code == 302
    assert "You mute nobody" in words(as_ada, "/settings/privacy/muted")


def test_what_ran_out_is_not_listed(as_ada: Client, ada: Account, cal: Account) -> None:
    ada.mute(cal, timezone.now() - timedelta(seconds=1))
    assert "You mute nobody" in words(as_ada, "/settings/privacy/muted")
    assert "/@cal/mute" in [a.attrs["href"] for a in find(as_ada.get("/@cal"), "a")]


def test_nobody_else_learns_of_it(
    ada: Account, cal: Account, as_ada: Client, as_cal: Client, visitor: Client
) -> None:
    ago = timedelta(hours=2, minutes=1)  # so that no age changes its words meanwhile
    post = say(ada, "About a spoiler", ago=ago)
    reply = say(cal, "No spoiler", reply_to=post, ago=ago)
    quote = say(cal, "Look", quote_of=post, ago=ago)
    urls = ["/@ada", "/@cal", "/explore", "/", *(p.get_absolute_url() for p in (post, reply))]

    def seen() -> list[tuple[list[int], str]]:
        pages = [client.get(url) for client in (as_cal, visitor) for url in urls]
        return [(rows_of(page), find(page, "main")[0].text) for page in pages]

    before = seen()
    ada.mute(cal)
    ada.mute_word("spoiler")
    assert seen() == before
    assert as_cal.post(f"/posts/{post.pk}/like").status_code == 302
    quote.refresh_from_db()
    post.refresh_from_db()
    assert (post.replies_count, post.quotes_count, post.likes_count) == (1, 1, 1)


def test_whom_one_mutes_is_not_suggested(as_ada: Client, ada: Account, cal: Account) -> None:
    say(cal, "Hello")
    assert "/@cal/follow" in formactions(as_ada.get("/explore"))
    ada.mute(cal)
    assert "/@cal/follow" not in formactions(as_ada.get("/explore"))


# --- A thread ---


@pytest.fixture
def thread(ada: Account, ben: Account, cal: Account) -> dict[str, Post]:
    post = say(ada, "The post")
    return {
        "post": post,
        "ben": say(ben, "The answer of Ben", reply_to=post),
        "cal": say(cal, "The answer of Cal", reply_to=post),
    }


def folded(page: Any) -> dict[str, str]:
    """The sentence above each reply that is folded, by the id of its row."""
    said = [s.text for s in find(page, "summary") if "muted-reply" in s.inside[-1].classes]
    rows = [row.attrs["id"] for row in find(page, "article") if row.within("details")]
    return dict(zip(rows, said, strict=True))


def test_a_reply_from_somebody_muted_is_folded(
    ben: Account, cal: Account, as_ben: Client, thread: dict[str, Post]
) -> None:
    url = thread["post"].get_absolute_url()
    before = as_ben.get(url)
    ben.mute(cal)
    for page in (as_ben.get(url), as_ben.get(url, headers=HTMX)):
        assert folded(page) == {f"p{thread['cal'].pk}": "A reply from somebody you muted"}
        assert "The answer of Cal" in page.content.decode(), "works without a script"
        assert not [d for d in find(page, "details", class_="muted-reply") if "open" in d.attrs]
    assert rows_of(as_ben.get(url)) == rows_of(before)


def test_a_reply_with_a_muted_word_is_folded(
    ben: Account, cal: Account, as_ben: Client, thread: dict[str, Post]
) -> None:
    ben.mute_word("answer")
    page = as_ben.get(thread["post"].get_absolute_url())
    assert folded(page) == {f"p{thread['cal'].pk}": "A reply with a word that you muted"}
    ben.mute(cal)
    page = as_ben.get(thread["post"].get_absolute_url())
    assert folded(page) == {f"p{thread['cal'].pk}": "A reply from somebody you muted"}


def test_the_page_of_somebody_muted_folds_nothing_of_theirs(
    ben: Account, cal: Account, as_ben: Client, thread: dict[str, Post]
) -> None:
    for number in range(2):  # the first goes on with a thread, the second is a reply
        say(cal, f"And {number}", reply_to=thread["cal"])
    ben.mute(cal)
    page = as_ben.get(thread["cal"].get_absolute_url())
    assert not folded(page)
    assert "The answer of Cal" in find(page, "main")[0].text


def test_nothing_is_folded_for_others(
    ben: Account, cal: Account, as_cal: Client, visitor: Client, thread: dict[str, Post]
) -> None:
    ben.mute(cal)
    for client in (as_cal, visitor):
        assert not folded(client.get(thread["post"].get_absolute_url()))


# --- Words ---


def errors(response: Any) -> list[str]:
    return [error.text for error in find(response, "p", class_="error")]


def test_one_adds_a_word_and_removes_it(as_ada: Client, ada: Account) -> None:
    assert "You mute no words" in words(as_ada, WORDS)
    typed = {"word": " Season  Finale ", "lasting": "month"}
    response = as_ada.post(WORDS, typed, follow=True)
    assert "Season Finale" in find(response, "main")[0].text
    assert "Not from people you follow" in find(response, "main")[0].text
    word = MutedWord.objects.get()
    assert (word.account, word.text, word.folded) == (ada, "Season Finale", "season finale")
    assert not word.hides_followed
    assert word.until
    assert timedelta(days=29) < word.until - timezone.now() < timedelta(days=31)
    for _ in range(2):
        assert as_ada.post(f"{WORDS}/{word.pk}/remove").status_code == 302
    assert not MutedWord.objects.exists()


def test_for_ever_and_of_everybody(as_ada: Client) -> None:
    as_ada.post(WORDS, {"word": "#Engines", "hides_followed": "on"})
    word = MutedWord.objects.get()
    assert (word.folded, word.until, word.hides_followed) == ("#engines", None, True)
    assert "Not from" not in words(as_ada, WORDS)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", "Type a word, a phrase or a tag."),
        (" \u200b ", "Type a word, a phrase or a tag."),
        ("x" * 101, "At most 100 characters fit; this has 101."),
        ("\ufdfa" * 30, "Written out, this is too long. Use fewer characters."),
        ("SPOILER", "You have muted this already. To change how, remove it first."),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_is_no_word_is_refused_in_place(
    typed: str, error: str, headers: dict[str, str], as_ada: Client, ada: Account
) -> None:
    ada.mute_word("spoiler")
    response = as_ada.post(WORDS, {"word": typed, "lasting": "week"}, headers=headers)
    assert response.status_code == 422
    assert errors(response) == [error]
    (field,) = find(response, "input", name="word")
    assert field.attrs.get("value", "") == typed
    assert [i.attrs["value"] for i in find(response, "input", name="lasting", checked="")] == [
        "week"
    ]
    assert MutedWord.objects.count() == 1


def test_a_time_that_no_word_is_muted_for(as_ada: Client) -> None:
    response = as_ada.post(WORDS, {"word": "spoiler", "lasting": "century"})
    assert errors(response) == ["Choose a day, a week, 30 days, or for ever."]


def test_so_many_words_and_no_more(as_ada: Client, ada: Account) -> None:
    MutedWord.objects.bulk_create(
        MutedWord(account=ada, text=f"w{n}", folded=f"w{n}") for n in range(MOST_MUTED_WORDS)
    )
    response = as_ada.post(WORDS, {"word": "spoiler"})
    assert errors(response) == ["You have muted 200 words. Remove one first."]
    MutedWord.objects.filter(text="w0").update(until=timezone.now() - timedelta(seconds=1))
    assert as_ada.post(WORDS, {"word": "spoiler"}).status_code == 302


def test_a_word_that_ran_out_can_be_muted_anew(as_ada: Client, ada: Account) -> None:
    ada.mute_word("spoiler", until=timezone.now() - timedelta(seconds=1))
    assert "spoiler" not in words(as_ada, WORDS)
    assert as_ada.post(WORDS, {"word": "Spoiler"}).status_code == 302
    assert MutedWord.objects.get().until is None


def test_they_are_ones_own(as_ada: Client, as_ben: Client, ada: Account) -> None:
    ada.mute_word("<b>secret</b>")
    assert "secret" not in words(as_ben, WORDS)
    as_ben.post(f"{WORDS}/{MutedWord.objects.get().pk}/remove")
    assert MutedWord.objects.exists()
    assert "<b>secret</b>" in words(as_ada, WORDS)


def test_muting_is_limited(
    as_ada: Client, monkeypatch: pytest.MonkeyPatch, clear_cache: None
) -> None:
    monkeypatch.setattr(limits, "MUTES", replace(limits.MUTES, most=1))
    assert as_ada.post(WORDS, {"word": "one"}).status_code == 302
    response = as_ada.post(WORDS, {"word": "two"})
    assert response.status_code == 429
    assert find(response, "input", name="word")[0].attrs["value"] == "two"


def test_a_visitor_signs_in_first(visitor: Client, ada: Account) -> None:
    ada.mute_word("spoiler")
    pages: list[Callable[[], Any]] = [
        lambda: visitor.get(WORDS),
        lambda: visitor.post(WORDS, {"word": "x"}),
        lambda: visitor.post(f"{WORDS}/{MutedWord.objects.get().pk}/remove"),
    ]
    for page in pages:
        assert page()["Location"].startswith("/account/login/")
    assert client_of(ada).get(f"{WORDS}/{MutedWord.objects.get().pk}/remove").status_code == 405
    assert MutedWord.objects.count() == 1


def test_the_settings_lead_there(as_ada: Client) -> None:
    assert find(as_ada.get("/settings/privacy"), "a", href=WORDS)
