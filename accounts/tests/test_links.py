"""One-time links: /account/claim/TOKEN and /account/first/TOKEN."""

import re
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import get_user
from django.test import Client
from django.utils import timezone

from accounts.auth.one_time_links import claim_url, first_administrator_url
from accounts.models import Account, User
from accounts.tests.conftest import WELCOME
from conftest import PASSWORD
from testing.database import at_once, of_two_writers

FORM = {"email": "bea@example.com", "password1": PASSWORD}
FIRST_FORM = {**FORM, "name": "Bea", "handle": "bea"}


def path(url: str) -> str:
    assert url.startswith(settings.SITE_URL + "/account/")
    return urlsplit(url).path


@pytest.fixture
def bea(db: None) -> Account:
    """Imported, and nobody's yet."""
    return Account.objects.create_local("bea", name="Bea")


@pytest.fixture
def link(bea: Account) -> str:
    return path(claim_url(bea))


class TestClaim:
    def test_link_works_once(self, bea: Account, link: str, visitor: Client) -> None:
        page = visitor.get(link)
        assert page.status_code == 200
        assert "@bea" in page.content.decode()
        assert visitor.post(link, {**FORM, "name": "Other"})["Location"] == WELCOME
        bea.refresh_from_db()
        assert (bea.user.email, get_user(visitor)) == ("bea@example.com", bea.user)
        assert bea.name == "Bea"  # as it came, whatever is sent
        assert Account.objects.count() == 1
        for response in (
            Client().get(link),
            Client().post(link, {**FORM, "email": "thief@example.com"}),
        ):
            assert response.status_code == 410
            assert "used already" in response.content.decode()
        assert User.objects.count() == 1

    def test_link_survives_a_change_of_handle(
        self, bea: Account, link: str, visitor: Client
    ) -> None:
        bea.change_handle("beatrice")
        assert "@beatrice" in visitor.get(link).content.decode()

    def test_suspended_account_cannot_be_claimed(
        self, bea: Account, link: str, visitor: Client
    ) -> None:
        bea.suspend()
        for response in (visitor.get(link), visitor.post(link, FORM)):
            assert response.status_code == 404
        assert not User.objects.exists()

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"email": ""}, "required"),
            ({"email": "no"}, "valid email"),
            ({"email": "ada@example.com"}, "signed up with this e-mail address"),
            ({"password1": "short"}, "too short"),
        ],
    )
    def test_bad_input_is_refused(
        self,
        bea: Account,
        ada: Account,
        link: str,
        visitor: Client,
        fields: dict[str, str],
        message: str,
    ) -> None:
        response = visitor.post(link, {**FORM, **fields})
        assert response.status_code == 422
        assert message in response.content.decode()
        bea.refresh_from_db()
        assert bea.user is None

    def test_expired_link_does_not_work(self, link: str) -> None:
        with time_machine.travel(timezone.now() + timedelta(days=8)):
            response = Client().get(link)
        assert response.status_code == 410
        assert "has expired" in response.content.decode()

    @pytest.mark.parametrize(
        "forge",
        [
            lambda s: s[:-1],
            lambda s: s + "x",
            lambda s: "/account/claim/x",
            lambda s: s.replace(":", "", 1),
        ],
    )
    def test_forged_link_does_not_work(self, link: str, forge: Any) -> None:
        assert Client().get(forge(link)).status_code == 404
        assert Client().post(forge(link), FORM).status_code == 404
        assert not User.objects.exists()

    def test_a_link_for_something_else_does_not_work(self, bea: Account) -> None:
        token = path(first_administrator_url()).rpartition("/")[2]
        assert Client().get(f"/account/claim/{token}").status_code == 404
        token = path(claim_url(bea)).rpartition("/")[2]
        assert Client().get(f"/account/first/{token}").status_code == 404

    def test_link_of_an_account_that_is_gone_does_not_work(self, bea: Account, link: str) -> None:
        bea.delete()
        assert Client().get(link).status_code == 404

    def test_whoever_is_signed_in_is_told_to_sign_out(self, link: str, as_ada: Client) -> None:
        assert as_ada.get(link).status_code == 403
        assert as_ada.post(link, FORM).status_code == 403

    def test_where_addresses_are_confirmed_a_mistyped_one_loses_nothing(
        self, bea: Account, link: str, confirms: None, mailed: Any, visitor: Client
    ) -> None:
        mailed(Client().post, link, {**FORM, "email": "mistyped@example.com"})
        response, [mail] = mailed(visitor.post, link, FORM)
        assert response["Location"] == "/account/confirm-email/"
        bea.refresh_from_db()
        assert bea.user is None
        assert visitor.post(re.search(r":8000(/\S+)", mail.body)[1])["Location"] == WELCOME
        bea.refresh_from_db()
        assert bea.user.email == "bea@example.com"
        assert Client().get(link).status_code == 410

    def test_where_addresses_are_confirmed_no_answer_tells_which_are_taken(
        self, ada: Account, link: str, confirms: None, mailed: Any
    ) -> None:
        answers = [
            mailed(Client().post, link, {**FORM, "email": email})[0]
            for email in ("ada@example.com", "free@example.com")
        ]
        assert {(answer.status_code, answer["Location"]) for answer in answers} == {
            (302, "/account/confirm-email/")
        }
        assert Client().get(link).status_code == 200

    @of_two_writers
    def test_two_at_once_get_one_account(self) -> None:
        link = path(claim_url(Account.objects.create_local("bea")))
        forms = [{**FORM, "email": f"{name}@example.com"} for name in ("one", "two")]
        answers = at_once(*(partial(Client().post, link, form) for form in forms))
        assert sorted(answer.status_code for answer in answers) == [302, 410]
        assert User.objects.count() == 1


class TestFirst:
    def test_link_works_once(self, visitor: Client, confirms: None, mailed: Any) -> None:
        link = path(first_administrator_url())
        assert visitor.get(link).status_code == 200
        response, mails = mailed(visitor.post, link, FIRST_FORM)
        # though addresses need confirming: who has this link keeps the server
        assert response["Location"] == WELCOME
        assert not mails
        user = User.objects.get()
        assert (user.is_staff, user.is_superuser) == (True, True)
        assert (user.account.handle, user.account.name) == ("bea", "Bea")
        assert get_user(visitor) == user
        assert visitor.get("/admin/").status_code == 200
        again = Client().post(link, {**FIRST_FORM, "handle": "eve", "email": "eve@example.com"})
        assert again.status_code == 410
        assert User.objects.count() == 1

    def test_link_dies_as_soon_as_there_is_an_administrator(self, visitor: Client) -> None:
        link = path(first_administrator_url())
        User.objects.create_superuser("root@example.com", PASSWORD)
        assert visitor.get(link).status_code == 410
        assert visitor.post(link, FIRST_FORM).status_code == 410

    def test_others_may_have_signed_up_before(self, ada: Account, visitor: Client) -> None:
        assert visitor.post(path(first_administrator_url()), FIRST_FORM).status_code == 302

    @pytest.mark.parametrize(
        "fields",
        [{"handle": "ada"}, {"handle": "admin"}, {"email": "ada@example.com"}, {"password1": "1"}],
    )
    def test_bad_input_is_refused(
        self, ada: Account, visitor: Client, fields: dict[str, str]
    ) -> None:
        assert (
            visitor.post(path(first_administrator_url()), {**FIRST_FORM, **fields}).status_code
            == 422
        )
        assert not User.objects.has_administrator()

    def test_expired_or_forged_link_does_not_work(self, visitor: Client) -> None:
        link = path(first_administrator_url())
        assert visitor.get(link[:-1]).status_code == 404
        with time_machine.travel(timezone.now() + timedelta(days=8)):
            assert visitor.get(link).status_code == 410

    @of_two_writers
    def test_two_at_once_get_one_account(self) -> None:
        link = path(first_administrator_url())
        forms = [
            {**FIRST_FORM, "handle": name, "email": f"{name}@example.com"}
            for name in ("one", "two")
        ]
        answers = at_once(*(partial(Client().post, link, form) for form in forms))
        assert sorted(answer.status_code for answer in answers) == [302, 410]
        assert User.objects.count() == 1
