"""Drafts: kept by /drafts while one writes, listed there, opened in the composer, gone once they
are sent. Nobody else sees them.
"""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Account, User
from testing.html import find
from testing.scene import HTMX, say
from timeline.models import Draft, Post
from timeline.posting import limits
from timeline.posting.publish import publish

FORM = "6f7c2f0e-52f4-4c5f-8f2b-3c7de1d4f2b1"


def keep(
    client: Client, text: str = "Half a thought", idempotency_key: Any = FORM, **more: Any
) -> Any:
    return client.post(
        "/drafts", {"text": text, "idempotency_key": idempotency_key, **more}, headers=HTMX
    )


def listed(client: Client) -> list[str]:
    return [row.text for row in find(client.get("/drafts"), "div", class_="draft")]


def typed(response: Any) -> list[str]:
    return [
        element.text
        for element in find(response, "textarea")
        if element.attrs.get("name", "").startswith("text")
    ]


# --- Keeping ---


def test_while_one_types_one_draft_is_kept(ben: Account, as_ben: Client) -> None:
    for text in ("Half", "Half a", "Half a thought\r\n"):
        response = keep(as_ben, text)
        assert (response.status_code, response.content) == (204, b"")
    kept = Draft.objects.get()
    assert (kept.account, str(kept.idempotency_key), kept.kind, kept.texts) == (
        ben,
        FORM,
        "post",
        ["Half a thought\r\n"],
    )
    assert not find(as_ben.get("/"), "p", class_="message"), "the next page says nothing of it"


def test_without_javascript_a_button_keeps_it(as_ben: Client) -> None:
    (button,) = find(as_ben.get("/compose"), "button", formaction="/drafts")
    assert button.text == "Save draft"
    response = as_ben.post(
        "/drafts", {"text": "Half a thought", "idempotency_key": FORM}, follow=True
    )
    assert response.redirect_chain == [("/drafts", 302)]
    assert find(response, "p", class_="message")[0].text == "Your draft is kept."
    assert "Half a thought" in find(response, "div", class_="draft")[0].text


def test_a_thread_is_kept_whole(as_ben: Client) -> None:
    keep(as_ben, "One", text_2="Two", text_3="")
    assert Draft.objects.get().texts == ["One", "Two", ""]


@pytest.mark.parametrize(("name", "kind"), [("reply_to", "reply"), ("quote", "quote")])
def test_draft_keeps_what_it_answers_or_quotes(
    ada: Account, as_ben: Client, name: str, kind: str
) -> None:
    post = say(ada, "Hello")
    keep(as_ben, **{name: post.pk})
    kept = Draft.objects.get()
    assert (kept.kind, kept.reply_to or kept.quote_of) == (kind, post)


@pytest.mark.parametrize("text", ["", "  ", "\r\n"])
def test_blank_text_is_no_draft(as_ben: Client, text: str) -> None:
    keep(as_ben, text)
    assert not Draft.objects.exists()
    keep(as_ben)
    keep(as_ben, text)
    assert not Draft.objects.exists(), "whoever takes all away takes the draft away"
    response = as_ben.post("/drafts", {"text": text}, follow=True)
    assert "nothing was written" in find(response, "p", class_="message")[0].text


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"text": "x" * 10_001}, 422),
        ({"text": "Hi", "text_2": "x" * 10_001}, 422),
        ({"text": "x" * 10_000}, 204),
        ({"text": "null \x00 byte"}, 204),
        ({"text": "Hi", "idempotency_key": "x"}, 204),
        ({"text": "Hi", "reply_to": "x"}, 204),
        ({"text": "Hi", "reply_to": "99999999999999999999999"}, 204),
        ({}, 204),
    ],
)
def test_no_input_breaks_it(as_ben: Client, data: dict[str, str], status: int) -> None:
    assert as_ben.post("/drafts", data, headers=HTMX).status_code == status
    as_ben.get("/drafts")


def test_the_oldest_make_room(
    monkeypatch: pytest.MonkeyPatch, ada: Account, as_ben: Client
) -> None:
    monkeypatch.setattr(limits, "MAX_DRAFTS", 3)
    Draft.objects.keep(ada, uuid4(), "post", ["Ada's"], {})
    for n in range(5):
        with time_machine.travel(timezone.now() - timedelta(minutes=10 - n)):
            keep(as_ben, f"Draft {n}", uuid4())
    assert [next(iter(kept.texts)) for kept in Draft.objects.newest_first()] == [
        "Ada's",
        "Draft 4",
        "Draft 3",
        "Draft 2",
    ]


def test_all_drafts_have_a_size_in_all(
    monkeypatch: pytest.MonkeyPatch, ada: Account, as_ben: Client
) -> None:
    """In bytes, as they are kept: a letter beyond ASCII takes six."""
    monkeypatch.setattr(limits, "MAX_DRAFTS_BYTES", 3000)
    Draft.objects.keep(ada, uuid4(), "post", ["x" * 2900], {})
    for text in ("a" * 900, "b" * 900, "c" * 900, "ö" * 190):
        keep(as_ben, text, uuid4())
    assert [one.excerpt[0] for one in Draft.objects.newest_first()] == ["ö", "c", "b", "x"]
    keep(as_ben, "ö" * 600, uuid4())
    assert [one.excerpt[0] for one in Draft.objects.newest_first()] == ["ö", "x"], (
        "the newest is kept, however large"
    )


def test_a_draft_that_grows_makes_the_oldest_go(
    monkeypatch: pytest.MonkeyPatch, as_ben: Client
) -> None:
    monkeypatch.setattr(limits, "MAX_DRAFTS_BYTES", 3000)
    keep(as_ben, "a" * 1500, uuid4())
    keep(as_ben, "b", FORM)
    keep(as_ben, "b" * 2000, FORM)
    assert [one.excerpt[0] for one in Draft.objects.all()] == ["b"]


def test_draft_that_is_too_long_is_refused(as_ben: Client) -> None:
    parts = {f"text_{n}": "x" * 10_000 for n in range(2, 6)}
    assert keep(as_ben, "x" * 10_000, **parts).status_code == 204
    response = keep(as_ben, "x" * 10_000, **parts, text_6="x")
    assert response.status_code == 422
    assert "at most 50,000 characters" in response.content.decode()


def test_what_an_account_can_keep_takes_a_megabyte(as_ben: Client) -> None:
    """168 MB came in within 13 seconds."""
    parts = {f"text_{n}": "\U0001f600" * 10_000 for n in range(2, 6)}
    for _ in range(4):
        keep(as_ben, "\U0001f600" * 10_000, uuid4(), **parts)
    assert sum(len(json.dumps(one.texts)) for one in Draft.objects.all()) <= limits.MAX_DRAFTS_BYTES


def test_drafts_have_a_limit_an_hour(
    monkeypatch: pytest.MonkeyPatch, as_ada: Client, as_ben: Client
) -> None:
    monkeypatch.setattr(limits, "DRAFTS", replace(limits.DRAFTS, most=3))
    for text in ("H", "Ha", "Half"):
        assert keep(as_ben, text).status_code == 204
        assert as_ben.post(f"/drafts/{Draft.objects.get().pk}/delete").status_code == 302
    response = keep(as_ben, "Half a")
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 3500
    assert not Draft.objects.exists()
    assert keep(as_ada).status_code == 204
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1)):
        assert keep(as_ben, "Half a").status_code == 204


def test_who_types_without_a_pause_of_a_second_is_not_hindered() -> None:
    assert limits.DRAFTS.most >= limits.DRAFTS.within.total_seconds(), (
        "a page keeps a draft once a second at most"
    )


# --- Sending ---


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_what_was_sent_is_no_draft(as_ben: Client, headers: dict[str, str]) -> None:
    keep(as_ben)
    keep(as_ben, "Another", uuid4())
    as_ben.post("/compose", {"text": "A whole thought", "idempotency_key": FORM}, headers=headers)
    assert [kept.texts for kept in Draft.objects.all()] == [["Another"]]


def test_what_comes_late_makes_no_draft_of_what_was_sent(as_ben: Client) -> None:
    as_ben.post("/compose", {"text": "A whole thought", "idempotency_key": FORM})
    keep(as_ben)
    assert not Draft.objects.exists()


def test_what_was_refused_stays_a_draft(as_ben: Client) -> None:
    keep(as_ben, "x" * 300)
    as_ben.post("/compose", {"text": "x" * 300, "idempotency_key": FORM})
    assert Draft.objects.exists()


def test_it_goes_in_the_transaction_that_publishes(
    ben: Account, as_ben: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(as_ben)

    def broken(*_args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("timeline.posting.content.set_tags", broken)
    with pytest.raises(RuntimeError):
        publish(ben, "A whole #thought", idempotency_key=Draft.objects.get().idempotency_key)
    assert (Draft.objects.count(), Post.objects.count()) == (1, 0)


# --- The list ---


def test_the_list_is_one_s_own_and_the_newest_first(
    ada: Account, as_ada: Client, as_ben: Client
) -> None:
    post = say(ada, "Hello")
    for minutes, text, more in (
        (3, "The oldest", {}),
        (2, "The next", {"reply_to": post.pk, "text_2": "more"}),
        (1, "The newest", {"quote": post.pk}),
    ):
        with time_machine.travel(timezone.now() - timedelta(minutes=minutes)):
            keep(as_ben, text, uuid4(), **more)
    newest, following, oldest = listed(as_ben)
    assert "The newest" in newest
    assert "Quote of @ada" in newest
    assert "Reply to @ada" in following
    assert "2 posts" in following
    assert "The oldest" in oldest
    assert listed(as_ada) == []
    assert find(as_ada.get("/drafts"), "h2")[0].text == "No drafts"


def test_it_is_read_a_page_at_a_time(ben: Account, as_ben: Client) -> None:
    for n in range(45):
        Draft.objects.keep(ben, uuid4(), "post", [f"Number {n}"], {})
    response, seen = as_ben.get("/drafts"), []
    for size in (20, 20, 5):
        rows = [row.text.split()[-1] for row in find(response, "div", class_="draft")]
        assert len(rows) == size
        seen += rows
        (more,) = find(response, "a", class_="more") or [None]
        if more:
            assert more.attrs["hx-get"] == more.attrs["href"]
            response = as_ben.get(more.attrs["href"])
    assert seen == [str(n) for n in reversed(range(45))]
    assert as_ben.get("/drafts?before=x").status_code == 404
    assert not find(as_ben.get("/drafts?before=1"), "h2", class_="empty")


def test_a_page_of_a_hundred_large_ones_costs_what_a_page_of_two_does(
    ben: Account, as_ben: Client
) -> None:
    costs: list[int] = []
    as_ben.get("/drafts")  # chooses whom one may like to follow, for some minutes
    for _ in range(2):
        for _ in range(2 + 98 * len(costs)):
            Draft.objects.keep(ben, uuid4(), "post", ['"' * 900, *["<" * 900] * 9], {})
        with CaptureQueriesContext(connection) as captured:
            response = as_ben.get("/drafts")
        assert not [query for query in captured if '"timeline_draft"."texts"' in query["sql"]], (
            "no list reads what they say"
        )
        costs.append(len(captured))
    assert len(find(response, "div", class_="draft")) == 20
    assert costs[0] == costs[1]
    assert len(response.content) < 100_000


def test_markup_in_a_draft_is_text(as_ben: Client) -> None:
    keep(as_ben, "<script>alert(1)</script>")
    assert "<script>alert(1)</script>" in listed(as_ben)[0]


def test_a_draft_opens_in_the_composer(ada: Account, as_ben: Client) -> None:
    post = say(ada, "Hello")
    keep(as_ben, "One", text_2="Two", reply_to=post.pk)
    (link,) = find(as_ben.get("/drafts"), "a", href=f"/compose?draft={Draft.objects.get().pk}")
    response = as_ben.get(link.attrs["href"])
    assert typed(response) == ["One", "Two"]
    hidden = {
        field.attrs["name"]: field.attrs.get("value")
        for field in find(response, "input", type="hidden")
    }
    assert (hidden["idempotency_key"], hidden["reply_to"]) == (FORM, str(post.pk))
    as_ben.post("/compose", {**hidden, "text": "One", "text_2": "Two"})
    assert not Draft.objects.exists()
    assert post.replies.get().text == "One"


@pytest.mark.parametrize(
    "go",
    [Post.remove, Post.hide, lambda post: Post.objects.filter(pk=post.pk).delete()],
    ids=["deleted", "hidden", "no row"],
)
def test_a_draft_whose_target_has_gone_says_so(ada: Account, as_ben: Client, go: Any) -> None:
    post = say(ada, "Hello")
    keep(as_ben, reply_to=post.pk)
    go(post)
    assert "Reply to a post that is gone" in listed(as_ben)[0]
    response = as_ben.get(f"/compose?draft={Draft.objects.get().pk}")
    assert "What this draft answers is gone." in find(response, "p", class_="message")[0].text
    assert typed(response) == ["Half a thought"]
    assert not find(response, "input", name="reply_to")


@pytest.mark.parametrize("pk", ["1", "x", "-1", "9" * 18, "9" * 30, "٣"])
def test_draft_that_is_not_there_is_404(as_ben: Client, pk: str) -> None:
    assert as_ben.get("/compose", {"draft": pk}).status_code == 404


# --- Deleting ---


def test_owner_deletes_a_draft(as_ben: Client) -> None:
    keep(as_ben)
    url = f"/drafts/{Draft.objects.get().pk}/delete"
    for _ in range(2):
        assert as_ben.post(url)["Location"] == "/drafts"
        assert not Draft.objects.exists()


def test_with_htmx_the_list_is_shown_anew(as_ben: Client) -> None:
    keep(as_ben, "One", uuid4())
    keep(as_ben, "Two", uuid4())
    response = as_ben.post(f"/drafts/{Draft.objects.get(texts=['One']).pk}/delete", headers=HTMX)
    (left,) = find(response, "div", class_="draft")
    assert left.text.endswith("Two")
    assert find(response, "section", id="drafts")


# --- Nobody else ---


def test_somebody_else_cannot_open_or_delete_a_draft(as_ada: Client, as_ben: Client) -> None:
    keep(as_ben)
    kept = Draft.objects.get()
    assert as_ada.get(f"/compose?draft={kept.pk}").status_code == 404
    as_ada.post(f"/drafts/{kept.pk}/delete")
    keep(as_ada, "Ada's, with the same number")
    assert {one.account.handle: one.texts for one in Draft.objects.all()} == {
        "ben": ["Half a thought"],
        "ada": ["Ada's, with the same number"],
    }


def test_visitor_signs_in_first(visitor: Client, as_ben: Client) -> None:
    keep(as_ben)
    kept = Draft.objects.get()
    assert visitor.get("/drafts")["Location"] == "/account/login/?next=/drafts"
    assert visitor.get(f"/compose?draft={kept.pk}").status_code == 302
    assert keep(visitor, "Mine")["HX-Redirect"].startswith("/account/login/")
    visitor.post(f"/drafts/{kept.pk}/delete")
    assert Draft.objects.get() == kept


def test_get_deletes_nothing(as_ben: Client) -> None:
    keep(as_ben)
    assert as_ben.get(f"/drafts/{Draft.objects.get().pk}/delete").status_code == 405


def test_staff_do_not_read_them(ben: Account, as_ben: Client) -> None:
    keep(as_ben)
    user = User.objects.create_user("staff@example.com", is_staff=True, is_superuser=True)
    user.user_permissions.set(Permission.objects.all())
    client = Client()
    client.force_login(user)
    assert client.get("/admin/timeline/draft/", follow=True).status_code == 404
    assert b"Half a thought" not in client.get(f"/admin/accounts/account/{ben.pk}/delete/").content
    assert "thought" not in str(Draft.objects.get())
