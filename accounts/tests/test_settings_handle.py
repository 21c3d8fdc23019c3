"""The handle: /settings/handle, and /settings/start for who has none."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Account, FormerHandle, User
from accounts.tests.conftest import HTMX, WELCOME
from conftest import PASSWORD, client_of, make_account
from testing.database import at_once, of_two_writers

URL, START = "/settings/handle", "/settings/start"


def test_page_shows_the_handle(as_ada: Client) -> None:
    page = as_ada.get(URL).content.decode()
    assert "@ada" in page
    assert "30 days" in page


def test_handle_changes_and_the_old_address_redirects(as_ada: Client, ada: Account) -> None:
    assert as_ada.post(URL, {"handle": "@Countess"})["Location"] == "/@Countess"
    ada.refresh_from_db()
    assert ada.handle == "Countess"
    kept = FormerHandle.objects.kept().named("ADA").get()
    assert kept.account == ada
    assert timedelta(days=29) < kept.until - timezone.now() <= timedelta(days=30)


def test_former_handle_cannot_be_taken_for_30_days(
    as_ada: Client, as_cal: Client, cal: Account
) -> None:
    as_ada.post(URL, {"handle": "countess"})
    response = as_cal.post(URL, {"handle": "Ada"})
    assert response.status_code == 422
    assert "@Ada is taken" in response.content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert client_of(cal).post(URL, {"handle": "Ada"}).status_code == 302
    assert (
        not FormerHandle.objects.named("ada").exists()
        or FormerHandle.objects.named("ada").get().account == cal
    )


def test_owner_can_take_a_former_handle_back(as_ada: Client, ada: Account) -> None:
    as_ada.post(URL, {"handle": "countess"})
    as_ada.post(URL, {"handle": "ada"})
    assert [former.handle for former in FormerHandle.objects.all()] == ["countess"]


def test_another_case_is_no_other_handle(as_ada: Client, ada: Account) -> None:
    as_ada.post(URL, {"handle": "ADA"})
    ada.refresh_from_db()
    assert ada.handle == "ADA"
    assert not FormerHandle.objects.exists()


@pytest.mark.parametrize(
    "handle",
    ["", "@", "x" * 16, "a b", "ä", "cal", "CAL", "admin", "a\0b", "a/b", "ada@x.com", "\u202eada"],
)
def test_bad_handle_is_refused(as_ada: Client, ada: Account, cal: Account, handle: str) -> None:
    response = as_ada.post(URL, {"handle": handle})
    assert response.status_code == 422
    assert 'id="id_handle_error"' in response.content.decode()
    ada.refresh_from_db()
    assert ada.handle == "ada"
    assert "You are <b>@ada</b>" in response.content.decode()


def test_same_change_twice_changes_nothing_more(as_ada: Client, ada: Account) -> None:
    for _ in range(2):
        assert as_ada.post(URL, {"handle": "countess"}).status_code == 302
    assert FormerHandle.objects.count() == 1


def test_second_tab_changes_the_handle_that_is(ada: Account) -> None:
    one, other = Account.objects.get(pk=ada.pk), Account.objects.get(pk=ada.pk)
    one.change_handle("countess")
    other.change_handle("lovelace")  # which still believes that it is "ada"
    assert {former.handle for former in FormerHandle.objects.all()} == {"ada", "countess"}


def test_account_keeps_few_former_handles(as_ada: Client, ada: Account) -> None:
    for number in range(5):
        assert as_ada.post(URL, {"handle": f"ada{number}"}).status_code == 302
    response = as_ada.post(URL, {"handle": "ada5"})
    assert response.status_code == 422
    assert "five times in 30 days" in response.content.decode()
    assert as_ada.post(URL, {"handle": "ada2"}).status_code == 302  # back to one of hers


def test_htmx_gets_the_form_alone(as_ada: Client) -> None:
    assert (
        as_ada.post(URL, {"handle": "admin"}, headers=HTMX)
        .content.decode()
        .lstrip()
        .startswith("<form")
    )
    assert as_ada.post(URL, {"handle": "countess"}, headers=HTMX)["HX-Redirect"] == "/@countess"


def test_visitor_cannot_change_a_handle(visitor: Client, as_ada: Client) -> None:
    assert visitor.get(URL)["Location"] == f"/account/login/?next={URL}"
    assert visitor.post(URL, {"handle": "x"})["Location"] == "/account/login/?next=/"
    assert as_ada.put(URL).status_code == 405


@of_two_writers
def test_two_at_once_get_one_handle() -> None:
    accounts = [make_account("ada"), make_account("ben")]
    clients = [client_of(account) for account in accounts]
    answers = at_once(*(partial(client.post, URL, {"handle": "same"}) for client in clients))
    assert sorted(answer.status_code for answer in answers) == [302, 422]
    assert Account.objects.named("same").count() == 1


class TestStart:
    @pytest.fixture
    def root(self, db: None) -> User:
        return User.objects.create_superuser("root@example.com", PASSWORD)

    @pytest.fixture
    def as_root(self, root: User) -> Client:
        client = Client()
        client.force_login(root)
        return client

    def test_staff_without_an_account_is_led_there(self, as_root: Client, root: User) -> None:
        assert as_root.get("/settings")["Location"] == START
        assert as_root.get(START).status_code == 200
        assert as_root.post(START, {"handle": "keeper"})["Location"] == WELCOME
        root.refresh_from_db()
        assert root.account.handle == "keeper"
        assert as_root.get(START)["Location"] == "/settings"

    @pytest.mark.parametrize("handle", ["", "ada", "admin", "a b"])
    def test_bad_handle_is_refused(self, as_root: Client, ada: Account, handle: str) -> None:
        assert as_root.post(START, {"handle": handle}).status_code == 422
        assert Account.objects.count() == 1

    def test_second_handle_is_not_taken(self, root: User) -> None:
        assert root.take_account("keeper") == User.objects.get().take_account("keeper2")
        assert Account.objects.count() == 1

    def test_others_are_led_elsewhere(self, as_ada: Client, visitor: Client) -> None:
        assert as_ada.post(START, {"handle": "more"})["Location"] == "/settings"
        assert visitor.get(START)["Location"].startswith("/account/login/")
        assert visitor.post(START, {"handle": "x"})["Location"].startswith("/account/login/")
        assert Account.objects.count() == 1

    def test_htmx_gets_the_form_alone(self, as_root: Client, mailed: Any) -> None:
        assert as_root.post(START, {"handle": ""}, headers=HTMX).status_code == 422
        assert as_root.post(START, {"handle": "keeper"}, headers=HTMX)["HX-Redirect"] == WELCOME
