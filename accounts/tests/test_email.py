"""The e-mail address: /account/email/."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError
from django.test import Client

from accounts import addresses
from accounts.models import Account, User
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


def test_page(as_ada: Client, visitor: Client) -> None:
    assert "ada@example.com" in as_ada.get(URL).content.decode()
    assert visitor.get(URL).status_code == 302


class TestWithoutMailServer:
    def test_at_once(self, ada: Account, as_ada: Client, mailed: Any) -> None:
        response, [mail] = mailed(change, as_ada, "Lovelace@Example.com")
        assert response["Location"] == URL
        ada.user.refresh_from_db()
        assert ada.user.email == "lovelace@example.com"
        assert mail.to == ["ada@example.com"]  # the old one, in case it was not her
        assert "from ada@example.com to lovelace@example.com" in mail.body
        for login in ("ada", "lovelace@example.com"):
            assert Client().post("/account/login/", {"login": login, "password": PASSWORD}).status_code == 302
        assert Client().post("/account/login/", {"login": "ada@example.com", "password": PASSWORD}).status_code == 422

    def test_needs_the_password(self, ada: Account, as_ada: Client) -> None:
        response = as_ada.post(URL, {"email": "new@example.com", "action_add": ""})
        assert as_ada.get(response["Location"]).status_code == 200
        assert as_ada.post(response["Location"], {"password": "wrong"}).status_code == 422
        ada.user.refresh_from_db()
        assert ada.user.email == "ada@example.com"

    @pytest.mark.parametrize("email", ["", "no", "ada@example.com", "ben@example.com", "BEN@example.com", f"{'a' * 250}@example.com"])
    def test_bad_input(self, ada: Account, as_ada: Client, ben: Account, email: str) -> None:
        assert change(as_ada, email).status_code == 422
        assert set(User.objects.values_list("email", flat=True)) == {"ada@example.com", "ben@example.com"}

    def test_taken_at_the_last_moment(self, ada: Account, as_ada: Client, ben: Account, monkeypatch: pytest.MonkeyPatch) -> None:
        def too_late(user: User, email: str) -> None:
            monkeypatch.undo()
            make_account("eve")
            raise IntegrityError

        monkeypatch.setattr(addresses, "change", too_late)
        response = change(as_ada, "eve@example.com")
        assert response.status_code == 422
        assert "signed up with this e-mail address" in response.content.decode()

    def test_everybody_can_change_twice(self, ada: Account, ben: Account) -> None:
        for account in (ada, ben):
            for number in (1, 2):
                assert change(client_of(account), f"{account.handle}{number}@example.com").status_code == 302
        assert set(User.objects.values_list("email", flat=True)) == {"ada2@example.com", "ben2@example.com"}
        assert EmailAddress.objects.count() == 2


@pytest.mark.usefixtures("confirms")
class TestWithMailServer:
    def test_once_confirmed(self, ada: Account, as_ada: Client, mailed: Any) -> None:
        response, [mail] = mailed(change, as_ada, "new@example.com")
        assert response["Location"] == URL
        assert mail.to == ["new@example.com"]
        page = as_ada.get(URL).content.decode()
        assert "It becomes <b>new@example.com</b>" in page
        ada.user.refresh_from_db()
        assert ada.user.email == "ada@example.com"
        _, mails = mailed(as_ada.post, link_in(mail))
        ada.user.refresh_from_db()
        assert ada.user.email == "new@example.com"
        assert [mail.to for mail in mails] == [["ada@example.com"]]
        assert list(EmailAddress.objects.values_list("email", "primary", "verified")) == [("new@example.com", True, True)]

    def test_no_answer_tells_whether_an_address_is_taken(self, ada: Account, ben: Account, as_ada: Client, mailed: Any) -> None:
        pages = []
        for email in ("free@example.com", "ben@example.com"):
            response, [mail] = mailed(change, as_ada, email)
            assert mail.to == [email]
            pages.append((response.status_code, as_ada.get(URL).content.decode().replace(email, "…").count("…")))
        assert pages[0] == pages[1]
        response = as_ada.post(link_in(mail), follow=True)  # even who reads Ben's mail cannot take his address twice
        assert response.status_code == 200
        assert sorted(User.objects.values_list("email", flat=True)) == ["ada@example.com", "ben@example.com"]

    def test_taking_it_back(self, ada: Account, as_ada: Client, mailed: Any) -> None:
        _, [mail] = mailed(change, as_ada, "new@example.com")
        as_ada.post(URL, {"email": "new@example.com", "action_remove": ""})
        assert "It becomes" not in as_ada.get(URL).content.decode()
        assert as_ada.post(link_in(mail)).status_code == 404
        ada.user.refresh_from_db()
        assert ada.user.email == "ada@example.com"

    @pytest.mark.parametrize("action", ["action_remove", "action_primary"])
    def test_the_buttons_cannot_skip_confirming(self, ada: Account, as_ada: Client, mailed: Any, action: str) -> None:
        mailed(change, as_ada, "new@example.com")
        for email in ("ada@example.com",) if action == "action_remove" else ("ada@example.com", "new@example.com"):
            as_ada.post(URL, {"email": email, action: ""})
        ada.user.refresh_from_db()
        assert ada.user.email == "ada@example.com"

    def test_asked_twice_the_later_counts(self, as_ada: Client, ada: Account, mailed: Any) -> None:
        _, [first] = mailed(change, as_ada, "one@example.com")
        mailed(change, as_ada, "two@example.com")
        assert as_ada.post(link_in(first)).status_code == 404
        assert addresses.pending(ada.user).email == "two@example.com"

    def test_the_same_twice(self, as_ada: Client, ada: Account, mailed: Any) -> None:
        mailed(change, as_ada, "one@example.com")
        response, _ = mailed(change, as_ada, "one@example.com")
        assert response.status_code in (302, 422)
        assert addresses.pending(ada.user).email == "one@example.com"

    def test_nonsense(self, as_ada: Client, ada: Account) -> None:
        for data in ({}, {"email": "x"}, {"email": "x", "action_send": ""}, {"email": "x", "action_remove": ""}, {"action_add": ""}):
            assert as_ada.post(URL, data).status_code in (302, 422)
        ada.user.refresh_from_db()
        assert ada.user.email == "ada@example.com"
