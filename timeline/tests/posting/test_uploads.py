"""What pictures cost others: text is looked at before them, work is counted, and uploads leave
threads for readers.
"""

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from accounts.models import Account
from conftest import client_of
from microblog.media import images, metering
from microblog.web import upload_gate
from microblog.web.ratelimit import spend, spent
from testing.html import find
from testing.pictures import plain, upload
from testing.scene import HTMX
from timeline.models import KeywordRule, Post

PROGRAM = """
import json, os, sys, time
with open({log!r}, "a") as log:
    log.write("x")
print(json.dumps({{"refused": "It was opened."}}))
"""


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A file that has a byte for each picture that was given to a process."""
    log, program = tmp_path / "opened", tmp_path / "program.py"
    log.touch()
    program.write_text(PROGRAM.format(log=str(log)))
    monkeypatch.setattr(images, "PROGRAM", program)
    return log


def errors(response: Any) -> str:
    return " ".join(element.text for element in find(response, "div", class_="errors")).strip()


# --- Words first ---


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"text": "x" * 281}, id="too long"),
        pytest.param({"text_2": "x" * 281}, id="a further post is too long"),
        pytest.param({"alt_1": "x" * 1501}, id="a description is too long"),
        pytest.param({"text_2": "", "quote": "1"}, id="what it quotes is gone"),
        pytest.param({"text": "Such gibberish"}, id="a rule"),
        pytest.param({"text_2": "Such gibberish"}, id="a rule, in a further post"),
        pytest.param({"alt_1": "Such gibberish"}, id="a rule, in a description"),
    ],
)
def test_no_picture_is_opened_before_all_words_are_right(
    opened: Path, as_ada: Client, fields: dict[str, str]
) -> None:
    rule = KeywordRule.objects.create(words="gibberish", action=KeywordRule.Action.REFUSE)
    rule.mark_tried()
    rule.switch_on()
    response = as_ada.post(
        "/compose", {"text": "Hello", "images": upload(), "images_2": upload(), **fields}
    )
    assert response.status_code == 422
    assert errors(response)
    assert not opened.read_bytes()


def test_after_a_picture_that_is_none_no_further_one_is_opened(
    opened: Path, as_ada: Client
) -> None:
    response = as_ada.post(
        "/compose",
        {"text": "Hello", "images": [upload(), upload()], "text_2": "More", "images_2": upload()},
    )
    assert response.status_code == 422
    assert "It was opened." in errors(response)
    assert opened.read_bytes() == b"x"
    assert not Post.objects.exists()


@pytest.mark.parametrize(("headers", "number"), [(HTMX, 0), ({}, 1)], ids=["htmx", "plain"])
def test_a_profile_with_a_wrong_word_opens_only_what_it_has_to_keep(
    opened: Path, as_ada: Client, headers: dict[str, str], number: int
) -> None:
    """A script keeps the file in its field; a page that is loaded anew cannot."""
    response = as_ada.post(
        "/settings/profile",
        {"name": "", "avatar": upload(), "avatar_position": "middle", "banner_position": "middle"},
        headers=headers,
    )
    assert response.status_code == 422
    assert len(opened.read_bytes()) == number


# --- What it costs is counted ---

PROFILE = {"name": "Ada", "avatar_position": "middle", "banner_position": "middle"}


@pytest.mark.parametrize(
    ("url", "fields"),
    [
        ("/compose", {"text": "Hi", "images": b"no picture"}),
        ("/settings/profile", {**PROFILE, "avatar": b"no picture"}),
    ],
)
def test_it_is_counted_also_when_it_is_refused(
    ada: Account, as_ada: Client, url: str, fields: dict[str, Any]
) -> None:
    sent = {
        name: upload(value) if isinstance(value, bytes) else value for name, value in fields.items()
    }
    assert as_ada.post(url, sent).status_code == 422
    counts = spent(metering.PER_ACCOUNT, ada.pk), spent(metering.PER_NETWORK, "127.0.0.1")
    assert counts[0] == counts[1]
    assert 10 < counts[0] < 1000 * images.SECONDS, "what was reserved is given back"


@pytest.mark.parametrize("by", ["account", "network"])
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
@pytest.mark.parametrize(
    ("url", "fields", "typed"),
    [
        ("/compose", {"text": "Hi", "images": ""}, "Hi"),
        ("/settings/profile", {**PROFILE, "banner": ""}, "Ada"),
    ],
)
def test_who_sent_too_many_waits(
    opened: Path,
    ada: Account,
    as_ada: Client,
    by: str,
    headers: dict[str, str],
    url: str,
    fields: dict[str, Any],
    typed: str,
) -> None:
    limit, subject = (
        (metering.PER_ACCOUNT, ada.pk) if by == "account" else (metering.PER_NETWORK, "127.0.0.1")
    )
    spend(limit, subject, limit.most - 1000)
    response = as_ada.post(
        url, {name: value or upload() for name, value in fields.items()}, headers=headers
    )
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 3000
    assert metering.REFUSAL in response.text
    assert headers or typed in response.text
    assert not opened.read_bytes()
    assert spent(metering.PER_ACCOUNT, ada.pk) in (0, limit.most - 1000), (
        "what was not done is not counted"
    )


def test_a_post_of_words_is_not_concerned(ada: Account, as_ada: Client) -> None:
    spend(metering.PER_ACCOUNT, ada.pk, metering.PER_ACCOUNT.most)
    assert as_ada.post("/compose", {"text": "Hello"}).status_code == 302


# --- Half of the threads ---


@pytest.fixture
def crowded() -> Iterator[None]:
    """As many requests with files as may be are being answered."""
    taken = 0
    while upload_gate.places.acquire(blocking=False):
        taken += 1
    yield
    for _ in range(taken):
        upload_gate.places.release()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_who_comes_beyond_is_told_so_and_keeps_what_was_typed(
    crowded: None, opened: Path, as_ada: Client, headers: dict[str, str]
) -> None:
    fields = {
        "text": "Hello",
        "alt_1": "A cat",
        "text_2": "More",
        "images": upload(),
        "images_2": upload(),
    }
    response = as_ada.post("/compose", fields, headers=headers)
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "Please try again in a few seconds." in errors(response)
    assert headers or "choose them again" in errors(response)
    if not headers:
        typed = {
            name: find(response, "textarea", name=name)[0].text
            for name in ("text", "alt_1", "text_2")
        }
        assert typed == {"text": "Hello", "alt_1": "A cat", "text_2": "More"}
    assert not opened.read_bytes()
    assert not Post.objects.exists()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_profile_beyond_the_places_is_told_so_too(
    crowded: None, opened: Path, ada: Account, as_ada: Client, headers: dict[str, str]
) -> None:
    response = as_ada.post(
        "/settings/profile", {**PROFILE, "name": "Augusta", "avatar": upload()}, headers=headers
    )
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "Please try again in a few seconds." in response.text
    assert find(response, "input", name="name")[0].attrs["value"] == "Augusta"
    ada.refresh_from_db()
    assert (ada.name, ada.avatar) == ("Ada Lovelace", "")
    assert not opened.read_bytes()


def test_who_sends_words_is_not_concerned(crowded: None, ada: Account) -> None:
    assert client_of(ada).post("/compose", {"text": "Hello"}).status_code == 302
    assert client_of(ada).post("/settings/profile", PROFILE).status_code == 302
    assert client_of(ada).get("/health").status_code == 200


def test_a_place_is_given_back(ada: Account, as_ada: Client) -> None:
    for number in range(5):
        assert (
            as_ada.post(
                "/compose", {"text": f"{number}", "images": upload(b"no picture")}
            ).status_code
            == 422
        )
    assert as_ada.post("/compose", {"text": "Hello", "images": upload(plain())}).status_code == 302


def test_places_are_half_of_the_threads(settings: Any) -> None:
    """As many threads as a process has, each with a file, at the same time."""
    arrived, leave = Event(), Event()
    kept: list[bool] = []

    def view(request: HttpRequest) -> HttpResponse:
        kept.append(bool(request.FILES["file"].read()))
        if len(kept) == settings.WEB_THREADS:
            arrived.set()
        leave.wait(60)
        return HttpResponse()

    answer = upload_gate.UploadsMiddleware(view)
    threads = [
        Thread(target=lambda: answer(RequestFactory().post("/", {"file": upload()})))
        for _ in range(settings.WEB_THREADS)
    ]
    for thread in threads:
        thread.start()
    arrived.wait(60)
    leave.set()
    for thread in threads:
        thread.join()
    assert sorted(kept) == [False] * (settings.WEB_THREADS // 2) + [True] * (
        settings.WEB_THREADS // 2
    )
