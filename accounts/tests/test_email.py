"""The e-mail address: /account/email/."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone
from time_machine import TimeMachineFixture

from accounts.auth import email_changes
from accounts.models import Account, AddressChange, User
from accounts.tasks import forget_waiting
from accounts.tests.conftest import SIGN_UP, sign_up_form
from conftest import PASSWORD, client_of, make_account

URL = "/account/email/"


def change(client: Client, email: str) -> Any:
    """As a person does it: the password is asked for once, then the change is made."""
    response = client.post(URL, {"email": email, "action_add": ""})
    if response.status_code == 302 and "reauthenticate" in response["Location"]:
        return client.post(response["Location"], {"password": PASSWORD})
    return response


def link_in(mail: Any) -> str:
    return re.search(r":8000(/\S+)", mail.body)[1]


def test_page_shows_the_address_and_the_form(as_ada: Client, visitor: Client) -> None:
    assert "ada@example.com" in as_ada.get(URL).content.decode()
    assert visitor.get(URL).status_code == 302


class TestWithoutMailServer:
    def test_address_changes_at_once(self, ada: Account, as_ada: Client, mailed: Any) -> None:
        response, [mail] = mailed(change, as_ada, "Lovelace@Example.com")
        assert response["Location"] == URL
        ada.user.refresh_from_db()
        assert ada.user.email == "lovelace@example.com"
        assert mail.to == ["ada@example.com"]  # the old one, in case it was not her
        assert "from ada@example.com to lovelace@example.com" in mail.body
        for login in ("ada", "lovelace@example.com"):
            assert (
                Client().post("/account/login/", {"login": login, "password": PASSWORD}).status_code
                == 302
            )
        assert (
            Client()
            .post("/account/login/", {"login": "ada@example.com", "password": PASSWORD})
            .status_code
            == 422
        )

    def test_change_needs_the_password(self, ada: Account, as_ada: Client) -> None:
        response = as_ada.post(URL, {"email": "new@example.com", "action_add": ""})
        assert as_ada.get(response["Location"]).status_code == 200
        assert as_ada.post(response["Location"], {"password": "wrong"}).status_code == 422
        ada.user.refresh_from_db()
        assert ada.user.email == "ada@example.com"

    @pytest.mark.parametrize(
        "email",
        [
            "",
            "no",
            "ada@example.com",
            "ben@example.com",
            "BEN@example.com",
            f"{'a' * 250}@example.com",
        ],
    )
    def test_bad_address_is_refused(
        self, ada: Account, as_ada: Client, ben: Account, email: str
    ) -> None:
        assert change(as_ada, email).status_code == 422
        assert set(User.objects.values_list("email", flat=True)) == {
            "ada@example.com",
            "ben@example.com",
        }

    def test_taken_at_the_last_moment(
        self, ada: Account, as_ada: Client, ben: Account, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def too_late(user: User, email: str) -> None:
            monkeypatch.undo()
            make_account("eve")
            raise IntegrityError

        monkeypatch.setattr(email_changes, "change_now", too_late)
        response = change(as_ada, "eve@example.com")
        assert response.status_code == 422
        assert "signed up with this e-mail address" in response.content.decode()

    def test_everybody_can_change_twice(self, ada: Account, ben: Account) -> None:
        for account in (ada, ben):
            for number in (1, 2):
                assert (
                    change(client_of(account), f"{account.handle}{number}@example.com").status_code
                    == 302
                )
        assert set(User.objects.values_list("email", flat=True)) == {
            "ada2@example.com",
            "ben2@example.com",
        }
        assert EmailAddress.objects.count() == 2


def taken_back(client: Client, mail: Any, mailed: Any) -> Client:
    """What the old address does with the link in `mail`: back to it, and a new password."""
    link = link_in(mail)
    assert "Change it back" in client.get(link).content.decode()
    response, _ = mailed(client.post, link)
    form = client.get(response["Location"])["Location"]
    assert (
        client.post(form, {"password1": "another long phrase"})["Location"]
        == "/account/password/reset/key/done/"
    )
    return client


class TestTakenBackWithoutMailServer:
    def test_the_old_address_has_a_link(self, ada: Account, as_ada: Client, mailed: Any) -> None:
        _, [mail] = mailed(change, as_ada, "eve@example.com")
        owner = taken_back(Client(), mail, mailed)
        assert not get_user(as_ada).is_authenticated
        assert (
            owner.post(
                "/account/login/", {"login": "ada@example.com", "password": "another long phrase"}
            ).status_code
            == 302
        )
        assert (
            Client().post("/account/login/", {"login": "ada", "password": PASSWORD}).status_code
            == 422
        )

    def test_what_an_administrator_sets_stays(
        self, ada: Account, as_ada: Client, mailed: Any
    ) -> None:
        _, [mail] = mailed(change, as_ada, "eve@example.com")
        email_changes.change(ada.user, "ada@example.com")
        assert Client().get(link_in(mail)).status_code == 404


@pytest.mark.usefixtures("confirms")
class TestWithMailServer:
    def test_once_confirmed(self, ada: Account, as_ada: Client, mailed: Any) -> None:
        response, [mail, told] = mailed(change, as_ada, "New@example.com")
        assert response["Location"] == URL
        assert (mail.to, told.to) == (["new@example.com"], ["ada@example.com"])
        assert "from ada@example.com to new@example.com" in told.body
        page = as_ada.get(URL).content.decode()
        assert "It becomes <b>new@example.com</b>" in page
        ada.user.refresh_from_db()
        assert ada.user.email == "ada@example.com"
        assert "new@example.com" in as_ada.get(link_in(mail)).content.decode()
        response, [told] = mailed(as_ada.post, link_in(mail))
        assert response["Location"] == URL
        ada.user.refresh_from_db()
        assert ada.user.email == "new@example.com"
        assert told.to == ["ada@example.com"]
        assert list(EmailAddress.objects.values_list("email", "primary", "verified")) == [
            ("new@example.com", True, True)
        ]
        for client in (as_ada, Client()):
            assert client.post(link_in(mail)).status_code == 404

    def test_what_waits_means_nothing(self, ada: Account, as_ada: Client, mailed: Any) -> None:
        """Step by step: whoever reads the mail of an address that waits gets no link to a new
        password, and does not sign in by it.
        """
        mailed(change, as_ada, "eve@example.com")
        response, mails = mailed(
            Client().post, "/account/password/reset/", {"email": "eve@example.com"}
        )
        assert (response["Location"], mails) == ("/account/password/reset/done/", [])
        assert (
            Client()
            .post("/account/login/", {"login": "eve@example.com", "password": PASSWORD})
            .status_code
            == 422
        )
        _, [mail] = mailed(Client().post, "/account/password/reset/", {"email": "ada@example.com"})
        assert mail.to == ["ada@example.com"]
        # and keeps it from nobody
        _, [mail] = mailed(
            Client().post, SIGN_UP, sign_up_form(handle="eve", email="eve@example.com")
        )
        assert "signed up" in mail.body
        assert not EmailAddress.objects.exclude(email="ada@example.com").exists()

    def test_two_wait_for_one_address_and_the_first_to_confirm_has_it(
        self, ada: Account, ben: Account, mailed: Any
    ) -> None:
        as_ada, as_ben = client_of(ada), client_of(ben)
        _, [first, _] = mailed(change, as_ada, "new@example.com")
        _, [second, _] = mailed(change, as_ben, "new@example.com")
        assert mailed(as_ben.post, link_in(second))[0]["Location"] == URL
        response = as_ada.post(link_in(first))
        assert response.status_code == 409
        assert "somebody else has confirmed it" in response.content.decode()
        assert sorted(User.objects.values_list("email", flat=True)) == [
            "ada@example.com",
            "new@example.com",
        ]

    def test_who_reads_the_mail_is_not_drawn_into_an_account_of_somebody_else(
        self, as_ada: Client, ada: Account, mailed: Any
    ) -> None:
        _, [mail, _] = mailed(change, as_ada, "victim@example.com")
        for client in (Client(), client_of(make_account("victim"))):
            assert (
                "Shall <b>victim@example.com</b> be the e-mail address of @ada?"
                in client.get(link_in(mail)).content.decode()
            )
            assert client.post(link_in(mail)).status_code == 422
            assert client.post(link_in(mail), {"password": "a guess"}).status_code == 422
        ada.user.refresh_from_db()
        assert ada.user.email == "ada@example.com"

    def test_in_another_browser_the_password_is_asked_for(
        self, ada: Account, as_ada: Client, mailed: Any
    ) -> None:
        _, [mail, _] = mailed(change, as_ada, "new@example.com")
        assert Client().post(link_in(mail), {"password": PASSWORD}).status_code == 302
        ada.user.refresh_from_db()
        assert ada.user.email == "new@example.com"

    def test_the_old_address_stops_it(self, ada: Account, as_ada: Client, mailed: Any) -> None:
        _, [mail, told] = mailed(change, as_ada, "eve@example.com")
        old = Client()
        for method in (old.get, old.head):
            assert method(link_in(told)).status_code == 200
        assert email_changes.pending(ada.user)
        assert "Set a new password" in old.post(link_in(told)).content.decode()
        assert not email_changes.pending(ada.user)
        assert as_ada.post(link_in(mail)).status_code == 404
        assert old.post(link_in(told)).status_code == 404

    def test_the_old_address_takes_it_back(self, ada: Account, as_ada: Client, mailed: Any) -> None:
        """Somebody who knows the password moves the account through two addresses of theirs."""
        _, [mail, asked] = mailed(change, as_ada, "one@example.com")
        _, [first] = mailed(as_ada.post, link_in(mail))
        _, [mail, _] = mailed(change, as_ada, "two@example.com")
        _, [second] = mailed(as_ada.post, link_in(mail))
        assert (first.to, second.to) == (["ada@example.com"], ["one@example.com"])
        for mail in (asked, first):  # the link of the first mail goes on working
            assert Client().get(link_in(mail)).status_code == 200
        taken_back(Client(), first, mailed)
        ada.user.refresh_from_db()
        assert ada.user.email == "ada@example.com"
        assert not get_user(as_ada).is_authenticated
        for mail in (first, second):  # theirs is dead
            assert Client().post(link_in(mail)).status_code == 404

    def test_after_a_week_it_stays(
        self, ada: Account, as_ada: Client, mailed: Any, time_machine: TimeMachineFixture
    ) -> None:
        _, [mail, _] = mailed(change, as_ada, "new@example.com")
        _, [told] = mailed(as_ada.post, link_in(mail))
        time_machine.move_to(timezone.now() + timedelta(days=7, seconds=1))
        assert Client().post(link_in(told)).status_code == 404
        forget_waiting.call()
        assert not AddressChange.objects.exists()

    def test_after_three_days_it_waits_no_more(
        self, ada: Account, as_ada: Client, mailed: Any, time_machine: TimeMachineFixture
    ) -> None:
        _, [mail, told] = mailed(change, as_ada, "new@example.com")
        time_machine.move_to(timezone.now() + timedelta(days=3, seconds=1))
        assert as_ada.post(link_in(mail)).status_code == 404
        assert Client().post(link_in(told)).status_code == 404
        mailed(change, as_ada, "other@example.com")  # the row of before is in nobody's way
        assert email_changes.pending(ada.user).email == "other@example.com"

    @pytest.mark.parametrize("name", ["confirm", "stop"])
    def test_forged_link_changes_nothing(self, as_ada: Client, mailed: Any, name: str) -> None:
        _, [mail, told] = mailed(change, as_ada, "new@example.com")
        tokens = [link_in(mail).rpartition("/")[2], link_in(told).rpartition("/")[2]]
        # a link of the one kind is none of the other
        wrong = tokens[0] if name == "stop" else tokens[1]
        for token in (wrong, "x", f"{tokens[0]}x", "MTI:1abc:xyz"):
            for method in (as_ada.get, as_ada.post):
                assert method(f"/account/email/{name}/{token}").status_code == 404

    def test_no_answer_tells_whether_an_address_is_taken(
        self, ada: Account, ben: Account, as_ada: Client, mailed: Any
    ) -> None:
        pages = []
        for email in ("free@example.com", "ben@example.com"):
            response, [mail, _] = mailed(change, as_ada, email)
            assert mail.to == [email]
            pages.append(
                (
                    response.status_code,
                    as_ada.get(URL).content.decode().replace(email, "…").count("…"),
                )
            )
        assert pages[0] == pages[1]
        # even who reads Ben's mail cannot take his address twice
        assert as_ada.post(link_in(mail)).status_code == 409
        assert sorted(User.objects.values_list("email", flat=True)) == [
            "ada@example.com",
            "ben@example.com",
        ]

    def test_taking_it_back(self, ada: Account, as_ada: Client, mailed: Any) -> None:
        _, [mail, _] = mailed(change, as_ada, "new@example.com")
        as_ada.post(URL, {"email": "new@example.com", "action_remove": ""})
        assert "It becomes" not in as_ada.get(URL).content.decode()
        assert as_ada.post(link_in(mail)).status_code == 404
        ada.user.refresh_from_db()
        assert ada.user.email == "ada@example.com"

    def test_the_link_once_more(self, as_ada: Client, mailed: Any) -> None:
        mailed(change, as_ada, "new@example.com")
        _, [mail] = mailed(as_ada.post, URL, {"email": "new@example.com", "action_send": ""})
        assert mail.to == ["new@example.com"]
        assert mailed(as_ada.post, URL, {"email": "other@example.com", "action_send": ""})[1] == []
        answers = [
            as_ada.post(URL, {"email": "new@example.com", "action_send": ""}).status_code
            for _ in range(4)
        ]
        assert answers == [302] * 3 + [429]

    @pytest.mark.parametrize("action", ["action_remove", "action_primary"])
    def test_the_buttons_cannot_skip_confirming(
        self, ada: Account, as_ada: Client, mailed: Any, action: str
    ) -> None:
        mailed(change, as_ada, "new@example.com")
        for email in ("ada@example.com", "new@example.com"):
            as_ada.post(URL, {"email": email, action: ""})
        ada.user.refresh_from_db()
        assert ada.user.email == "ada@example.com"

    def test_asked_twice_the_later_counts(self, as_ada: Client, ada: Account, mailed: Any) -> None:
        _, [first, _] = mailed(change, as_ada, "one@example.com")
        mailed(change, as_ada, "two@example.com")
        assert as_ada.post(link_in(first)).status_code == 404
        assert email_changes.pending(ada.user).email == "two@example.com"

    def test_the_same_twice(self, as_ada: Client, ada: Account, mailed: Any) -> None:
        mailed(change, as_ada, "one@example.com")
        assert mailed(change, as_ada, "one@example.com")[0].status_code == 302
        assert email_changes.pending(ada.user).email == "one@example.com"

    def test_nonsense_changes_nothing(self, as_ada: Client, ada: Account) -> None:
        for data in (
            {},
            {"email": "x"},
            {"email": "x", "action_send": ""},
            {"email": "x", "action_remove": ""},
            {"action_add": ""},
        ):
            assert as_ada.post(URL, data).status_code in (302, 422)
        ada.user.refresh_from_db()
        assert ada.user.email == "ada@example.com"
