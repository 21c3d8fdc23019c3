"""Tries of a password: three counters, and who they slow down."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.utils import timezone
from time_machine import TimeMachineFixture

from accounts.auth.login_attempts import ACCOUNT, PAIR
from accounts.models import Account
from conftest import PASSWORD, make_account
from microblog.web.ratelimit import Limit, spend
from testing.database import at_once, of_two_writers

LOGIN, CHANGE, REAUTHENTICATE = (
    "/account/login/",
    "/account/password/change/",
    "/account/reauthenticate/",
)
NEW = "another long phrase"


@pytest.fixture(autouse=True)
def _noon(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to("2026-05-01T12:00:00Z", tick=False)


def attempt(
    login: str = "ada",
    password: str = "wrong",
    address: str = "192.0.2.1",
    client: Client | None = None,
) -> Any:
    return (client or Client()).post(
        LOGIN, {"login": login, "password": password}, REMOTE_ADDR=address
    )


def attack(tries: int, login: str = "ada") -> list[int]:
    """Each from an address of its own."""
    return [attempt(login, address=f"198.51.{n >> 8}.{n & 255}").status_code for n in range(tries)]


def is_slowed(response: Any, seconds: int) -> bool:
    assert (response.status_code, int(response["Retry-After"])) == (429, seconds)
    assert "<p>Too many attempts. Please try again in " in response.content.decode()
    return True


# --- An account and an address together ---


def test_after_five_wrong_passwords_each_waits_longer(
    ada: Account, time_machine: TimeMachineFixture
) -> None:
    # one account, whatever it is called
    names = ["ada", "ADA", "@ada", "ada@example.com", " Ada@example.com"]
    assert [attempt(name).status_code for name in names] == [422] * 5
    for wait in (60, 120, 240, 480, 900):
        # a right one comes too soon as well, and what comes too soon counts for nothing
        for password in ("wrong", PASSWORD):
            assert is_slowed(attempt(password=password), wait)
        time_machine.shift(wait)
        assert attempt().status_code == 422
    assert is_slowed(attempt(), 900)
    assert attempt(password=PASSWORD, address="192.0.2.2").status_code == 302


def test_right_password_works_after_the_wait(
    ada: Account, time_machine: TimeMachineFixture
) -> None:
    [attempt() for _ in range(5)]
    time_machine.shift(60)
    assert attempt(password=PASSWORD).status_code == 302
    assert [attempt().status_code for _ in range(5)] == [422] * 5  # it begins anew


def test_unknown_names_are_answered_alike(ada: Account) -> None:
    pages = {}
    for name in ("ada", "nobody", "nobody@example.com"):
        answers = [attempt(name, address=f"192.0.2.{len(pages)}") for _ in range(6)]
        assert [answer.status_code for answer in answers] == [422] * 5 + [429]
        answer = answers[-1]
        page = re.sub(r'(csrfmiddlewaretoken" value=)"[^"]*"', r"\1", answer.content.decode())
        pages[name] = (page.replace(f'"{name}"', "..."), answer["Retry-After"])
    assert pages["ada"] == pages["nobody"] == pages["nobody@example.com"]


def test_what_comes_too_soon_costs_no_hashing(
    ada: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    [attempt() for _ in range(5)]
    hashed: list[int] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, *a: hashed.append(1) or encode(self, *a)
    )
    assert attempt(password=PASSWORD).status_code == 429
    assert not hashed


# --- An address alone ---


def test_one_address_tries_ten_times_a_minute(
    ada: Account, time_machine: TimeMachineFixture
) -> None:
    assert [attempt(f"nobody{n}").status_code for n in range(11)] == [422] * 10 + [429]
    assert is_slowed(attempt("ada", PASSWORD), 60)
    assert attempt("ada", PASSWORD, "192.0.2.2").status_code == 302
    time_machine.shift(60)
    assert attempt("ada", PASSWORD).status_code == 302


def test_household_of_version_6_counts_as_one_address(ada: Account) -> None:
    assert [attempt(f"nobody{n}", address=f"2001:db8::{n}").status_code for n in range(11)] == [
        422
    ] * 10 + [429]


def test_right_passwords_count_nowhere(ada: Account) -> None:
    assert {attempt(password=PASSWORD).status_code for _ in range(30)} == {302}


def test_own_password_buys_no_guesses_of_others(ada: Account) -> None:
    make_account("eve")
    answers = []
    for n in range(11):
        answers.append(attempt(f"nobody{n}").status_code)
        attempt("eve", PASSWORD)
    assert answers == [422] * 10 + [429]


def test_ten_thousand_addresses_wipe_no_counter(ada: Account) -> None:
    [attempt() for _ in range(5)]
    for n in range(10_000):
        spend(
            Limit("password.address", 10, timedelta(minutes=1), ""),
            f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}",
        )
    assert is_slowed(attempt(password=PASSWORD), 60)


# --- An account over all addresses ---


def test_account_slows_down_from_the_twentieth_try_on(
    ada: Account, time_machine: TimeMachineFixture
) -> None:
    assert attack(21) == [422] * 20 + [429]
    for wait in (2, 4, 8, 16, 32, 60, 60):
        assert is_slowed(attempt(password=PASSWORD), wait)
        time_machine.shift(wait)
        assert attempt(address=f"203.0.113.{wait}").status_code == 422
    time_machine.shift(60)
    assert attempt(password=PASSWORD).status_code == 302  # never refused for good


def test_account_can_be_guessed_few_times_an_hour(
    ada: Account, time_machine: TimeMachineFixture
) -> None:
    """By who has a new address for each, and asks the moment that they may."""
    end, made = timezone.now() + timedelta(hours=1), 0
    while timezone.now() < end:
        response = attempt(address=f"10.0.0.{made}")
        made += response.status_code == 422
        time_machine.shift(int(response.headers.get("Retry-After", 0)))
    assert made == 83


def test_count_begins_anew_after_an_hour(ada: Account, time_machine: TimeMachineFixture) -> None:
    attack(21)
    time_machine.shift(3600)
    assert attempt(password=PASSWORD).status_code == 302


def test_slowed_address_does_not_keep_the_owner_waiting(
    ada: Account, time_machine: TimeMachineFixture
) -> None:
    attack(20)
    [attempt(address="203.0.113.9") for _ in range(30)]  # too soon, again and again
    time_machine.shift(2)
    assert attempt(password=PASSWORD).status_code == 302


def test_owner_is_told_once_a_day(
    ada: Account, mailed: Any, time_machine: TimeMachineFixture
) -> None:
    _, mails = mailed(attack, 19)
    assert mails == []
    _, [mail] = mailed(attempt)
    assert mail.to == ["ada@example.com"]
    assert "many wrong passwords" in mail.body
    time_machine.shift(23 * 3600)
    assert mailed(attack, 20)[1] == []
    time_machine.shift(3600)
    assert len(mailed(attack, 20)[1]) == 1
    assert mailed(attack, 25, "nobody")[1] == []


def test_owner_reads_of_it_when_they_come(ada: Account) -> None:
    quiet = Client()
    attempt(password=PASSWORD, client=quiet)
    assert "typed many wrong passwords" not in quiet.get("/explore").content.decode()
    attack(20)
    assert attempt(password=PASSWORD, client=quiet).status_code == 302
    other = Client()
    attempt(client=other)
    assert "typed many wrong passwords" not in other.get("/explore").content.decode()


# --- A browser that is known ---


@pytest.fixture
def known(ada: Account) -> Client:
    """Ada signed in with it, and out."""
    client = Client()
    assert attempt(password=PASSWORD, client=client).status_code == 302
    client.post("/account/logout/")
    return client


def test_known_browser_is_not_slowed_by_others(
    known: Client, time_machine: TimeMachineFixture
) -> None:
    attack(20)
    assert attempt(password=PASSWORD).status_code == 429
    assert attempt(password=PASSWORD, client=known).status_code == 302
    assert "typed many wrong passwords" in known.get("/explore").content.decode()


def test_known_browser_has_a_safe_cookie(known: Client, settings: Any) -> None:
    cookie = known.cookies["known"]
    assert (
        cookie["httponly"],
        cookie["samesite"],
        cookie["path"],
        cookie["domain"],
        cookie["secure"],
    ) == (True, "Lax", "/", "", "")
    settings.HTTPS, settings.KNOWN_BROWSER_COOKIE = True, "__Host-known"
    client = Client()
    attempt(password=PASSWORD, client=client)
    assert client.cookies["__Host-known"]["secure"]


def test_stolen_cookie_buys_no_guesses(known: Client, time_machine: TimeMachineFixture) -> None:
    thief = {"HTTP_COOKIE": f"known={known.cookies['known'].value}"}
    answers = [
        Client(**thief).post(
            LOGIN, {"login": "ada", "password": "wrong"}, REMOTE_ADDR=f"203.0.113.{n}"
        )
        for n in range(6)
    ]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert attempt(password=PASSWORD).status_code == 302  # which is that browser's counter alone


@pytest.mark.parametrize(
    "change",
    [lambda value: value[:-1] + "x", lambda value: "", lambda value: "a:b:c", lambda value: "é"],
)
def test_forged_cookie_makes_no_browser_known(known: Client, change: Any) -> None:
    known.cookies["known"] = change(known.cookies["known"].value)
    attack(20)
    assert attempt(password=PASSWORD, client=known).status_code == 429


def test_cookie_is_bound_to_the_user(ada: Account) -> None:
    make_account("eve")
    client = Client()
    attempt("eve", PASSWORD, client=client)
    client.post("/account/logout/")
    attack(20)
    assert attempt(password=PASSWORD, client=client).status_code == 429


def test_browser_of_two_is_known_to_both(known: Client) -> None:
    make_account("eve")
    assert attempt("eve", PASSWORD, client=known).status_code == 302
    known.post("/account/logout/")
    attack(20)
    attack(20, "eve")
    for name in ("ada", "eve"):
        assert attempt(name, PASSWORD, client=known).status_code == 302
        known.post("/account/logout/")


def test_cookie_is_bound_to_the_password(known: Client, ada: Account) -> None:
    here = Client()
    attempt(password=PASSWORD, client=here)
    assert here.post(CHANGE, {"oldpassword": PASSWORD, "password1": NEW}).status_code == 302
    here.post("/account/logout/")
    attack(20)
    assert attempt(password=NEW, client=known).status_code == 429
    assert attempt(password=NEW, client=here).status_code == 302  # where it was changed, it goes on


# --- The other places that ask for it ---


@pytest.mark.parametrize("url", [CHANGE, REAUTHENTICATE])
def test_signed_in_user_guesses_no_more(ada: Account, as_ada: Client, url: str) -> None:
    guess = {"oldpassword": "wrong", "password1": NEW, "password": "wrong"}
    answers = [as_ada.post(url, guess) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert is_slowed(answers[-1], 60)
    right = as_ada.post(url, {**guess, "oldpassword": PASSWORD, "password": PASSWORD})
    assert right.status_code == 429
    ada.user.refresh_from_db()
    assert ada.user.check_password(PASSWORD)


def test_all_doors_count_together(ada: Account, as_ada: Client) -> None:
    answers = [
        as_ada.post(CHANGE, {"oldpassword": "wrong", "password1": NEW}),
        as_ada.post(REAUTHENTICATE, {"password": "wrong"}),
        *(attempt(address="127.0.0.1") for _ in range(3)),
        as_ada.post(REAUTHENTICATE, {"password": PASSWORD}),
    ]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]


@of_two_writers
def test_tries_at_once_count_as_one_after_the_other() -> None:
    ada = make_account("ada")

    answers = at_once(*[lambda: attempt().status_code] * 24)
    assert answers.count(422) == PAIR.free
    assert ACCOUNT.free > PAIR.free
    assert not get_user(Client()).is_authenticated
    assert ada.user.check_password(PASSWORD)
