"""Mails to strangers: how many they get, by mailbox, by network, and in all."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client, RequestFactory

from accounts.auth import unsolicited_mail
from accounts.auth.unsolicited_mail import count_mail, mailbox_of
from accounts.models import Account
from accounts.tests.conftest import SIGN_UP, sign_up_form
from microblog.web.ratelimit import TooManyError

RESET = "/account/password/reset/"


@pytest.mark.parametrize(
    ("email", "mailbox"),
    [
        ("eve@example.com", "eve@example.com"),
        ("EVE@Example.COM", "eve@example.com"),
        ("eve+1@example.com", "eve@example.com"),
        ("eve+1+2@example.com", "eve@example.com"),
        ("e.v.e@example.com", "eve@example.com"),
        ("e.ve+news@example.com.", "eve@example.com"),
        ("eve@other.example", "eve@other.example"),
        ("eva@example.com", "eva@example.com"),
        ("@", "@"),
    ],
)
def test_mailbox_is_the_same_in_other_spellings(email: str, mailbox: str) -> None:
    assert mailbox_of(email) == mailbox


def ask(email: str, network: str = "192.0.2.1") -> bool:
    try:
        count_mail(RequestFactory().post("/", REMOTE_ADDR=network), email)
    except TooManyError:
        return False
    return True


def test_mailbox_is_limited_from_one_network_and_from_all(db: None) -> None:
    assert [ask(f"eve+{n}@example.com") for n in range(6)] == [True] * 5 + [False]
    assert [ask(f"eve+{n}@example.com", f"198.51.100.{n}") for n in range(6)] == [True] * 5 + [
        False
    ]
    assert ask("ada@example.com")


def test_network_is_limited(db: None) -> None:
    assert [ask(f"{n}@example.com") for n in range(21)] == [True] * 20 + [False]
    assert ask("ada@example.com", "192.0.2.2")


def test_household_of_version_6_counts_as_one_network(db: None) -> None:
    assert [ask(f"{n}@example.com", f"2001:db8::{n}") for n in range(21)] == [True] * 20 + [False]


def test_all_mails_together_are_limited(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unsolicited_mail, "IN_ALL", replace(unsolicited_mail.IN_ALL, most=7))
    assert [ask(f"{n}@example.com", f"198.51.100.{n}") for n in range(8)] == [True] * 7 + [False]


@pytest.mark.usefixtures("confirms")
def test_every_way_to_write_to_a_stranger_counts_together(
    ada: Account, mailoutbox: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    """One network and one mailbox, spelled in five ways, over four pages."""
    ways = [
        (SIGN_UP, sign_up_form(email="ev.e@example.com")),
        (
            "/@ada/report",
            {"category": "spam", "email": "eve+1@example.com", "idempotency_key": str(uuid4())},
        ),
        (
            "/removal",
            {
                "handle": "ada",
                "reason": "me",
                "text": "That is me",
                "email": "eve+2@example.com",
                "idempotency_key": str(uuid4()),
            },
        ),
        (RESET, {"email": "eve+3@example.com"}),
        (SIGN_UP, sign_up_form(handle="other", email="eve+4@example.com")),
    ]
    with django_capture_on_commit_callbacks(execute=True):
        answers = [Client().post(url, data).status_code for url, data in ways]
        assert answers == [302, 200, 200, 302, 302]
        for url, data in ways:
            assert (
                Client().post(url, {**data, "idempotency_key": str(uuid4())}).status_code == 429
            ), url
    assert len(mail.outbox) == 4  # a new password is for nobody: no mail


@pytest.mark.usefixtures("confirms")
def test_a_refusal_tells_nothing_of_an_address(ada: Account) -> None:
    pages = []
    for email in ("ada@example.com", "free@example.com"):
        [Client().post(SIGN_UP, sign_up_form(email=email)) for _ in range(5)]
        response = Client().post(SIGN_UP, sign_up_form(email=email))
        pages.append(
            (
                response.status_code,
                "Too many attempts: this e-mail address" in response.content.decode(),
            )
        )
    assert pages == [(429, True)] * 2
