"""Signing up: /account/signup/."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user
from django.test import Client
from django.utils import timezone
from time_machine import TimeMachineFixture

from accounts.models import Account, AccountQuerySet, FormerHandle, User, WaitingSignup
from accounts.tasks import forget_waiting
from accounts.tests.conftest import SIGN_UP as URL
from accounts.tests.conftest import WELCOME, link_in
from accounts.tests.conftest import sign_up_form as form
from conftest import PASSWORD, make_account
from microblog.text import clean_line
from testing.database import at_once, of_two_writers


def test_page_asks_for_handle_address_and_password(visitor: Client) -> None:
    response = visitor.get(URL)
    page = response.content.decode()
    assert response.status_code == 200
    for attribute in (
        'autocomplete="username"',
        'autocomplete="email"',
        'autocomplete="new-password"',
        'for="id_handle"',
    ):
        assert attribute in page


def test_visitor_signs_up(visitor: Client, mailed: Any) -> None:
    response, mails = mailed(visitor.post, URL, form(email="Dora@Example.com"))
    assert (response.status_code, response["Location"]) == (302, WELCOME)
    account = Account.objects.get(handle="dora")
    assert (account.name, account.user.email) == ("Dora", "dora@example.com")
    assert get_user(visitor) == account.user
    assert not mails  # nothing needs confirming


def test_name_is_cleaned_as_on_the_profile_and_any_script_is_one(visitor: Client) -> None:
    visitor.post(URL, form(name="  Дора \u202e \n Ö́ "))
    assert Account.objects.get().name == clean_line("  Дора \u202e \n Ö́ ")


def test_form_leads_to_the_rules(visitor: Client) -> None:
    response = visitor.get(URL)
    assert "By signing up you agree to" in response.content.decode()
    main = response.content.decode().partition("<main")[2].partition("<footer")[0]
    assert 'href="/rules"' in main


def test_an_at_sign_before_the_handle_is_no_part_of_it(visitor: Client) -> None:
    visitor.post(URL, form(handle=" @Dora "))
    assert Account.objects.get().handle == "Dora"


def test_sign_up_goes_back_to_a_page_of_ours_only(db: None) -> None:
    assert Client().post(URL, form(next="/explore"))["Location"] == f"{WELCOME}?next=%2Fexplore"
    other = form(handle="eve", email="eve@example.com", next="https://evil.example/")
    assert Client().post(URL, other)["Location"] == WELCOME


BAD = [
    ({"name": ""}, "Please type a name"),
    ({"name": " \u200b\u202e"}, "Please type a name"),
    ({"name": "N" * 51}, "At most 50 characters fit"),
    ({"name": "N" * 100_000}, "far too long"),
    ({"handle": ""}, "required"),
    ({"handle": "@"}, "required"),
    ({"handle": "a" * 16}, "1 to 15 characters"),
    ({"handle": "a b"}, "1 to 15 characters"),
    ({"handle": "дора"}, "1 to 15 characters"),
    ({"handle": "d٣"}, "1 to 15 characters"),
    ({"handle": "dora\n<b>"}, "1 to 15 characters"),
    ({"handle": "dora\0"}, "Null characters"),
    ({"handle": "a@b"}, "1 to 15 characters"),
    ({"handle": "Admin"}, "@Admin is taken"),
    ({"handle": "ADA"}, "@ADA is taken"),
    ({"handle": "once"}, "@once is taken"),
    ({"email": "no address"}, "valid email address"),
    ({"email": f"{'a' * 250}@example.com"}, "at most 254|valid email address"),
    ({"email": "ADA@example.com"}, "signed up with this e-mail address already"),
    ({"password1": ""}, "required"),
    ({"password1": "short"}, "too short"),
    ({"password1": "password1"}, "too common"),
    ({"password1": "7391046285"}, "entirely numeric"),
]


@pytest.mark.parametrize(("fields", "message"), BAD)
def test_bad_input_is_refused(
    visitor: Client, ada: Account, fields: dict[str, str], message: str
) -> None:
    ada.change_handle("once")
    ada.change_handle("ada")
    assert FormerHandle.objects.kept().named("once")
    response = visitor.post(URL, form(**fields))
    page = response.content.decode()
    assert response.status_code == 422
    assert re.search(message, page), page
    assert User.objects.count() == Account.objects.count() == 1
    if "handle" not in fields:
        assert 'value="dora"' in page  # what was typed is kept
    assert PASSWORD not in page


def test_errors_are_tied_to_their_fields(visitor: Client) -> None:
    page = visitor.post(URL, form(handle="a b")).content.decode()
    control = re.search(r'<input[^>]*name="handle"[^>]*>', page)[0]
    assert 'aria-invalid="true"' in control
    for name in re.search(r'aria-describedby="([^"]+)"', control)[1].split():
        assert f'id="{name}"' in page


def test_form_sent_twice_makes_one_account(visitor: Client) -> None:
    again = Client()
    visitor.post(URL, form())
    assert again.post(URL, form()).status_code == 422
    assert User.objects.count() == Account.objects.count() == 1


def test_whoever_is_signed_in_goes_home(as_ada: Client) -> None:
    assert as_ada.get(URL)["Location"] == "/"
    assert as_ada.post(URL, form())["Location"] == "/"
    assert Account.objects.count() == 1


def test_a_handle_taken_at_the_last_moment(
    visitor: Client, ada: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    # as both see it before either is saved
    monkeypatch.setattr(AccountQuerySet, "handle_is_free", lambda *_: True)
    response = visitor.post(URL, form(handle="ada"))
    assert response.status_code == 422
    assert "@ada is taken" in response.content.decode()
    assert User.objects.count() == 1  # no user is left without an account


@of_two_writers
@pytest.mark.parametrize("same", ["handle", "email"])
def test_two_at_once_get_one_account(same: str) -> None:
    other = {"handle": "eve", "email": "eve@example.com"}
    forms = [form(), form(**{key: value for key, value in other.items() if key != same})]
    answers = at_once(*(lambda data=data: Client().post(URL, data).status_code for data in forms))
    assert sorted(answers) == [302, 422]
    assert User.objects.count() == Account.objects.count() == 1


# --- With a mail server ---


@pytest.mark.usefixtures("confirms")
class TestConfirmation:
    def test_the_account_is_there_once_the_address_is_confirmed(
        self, visitor: Client, mailed: Any
    ) -> None:
        response, [mail] = mailed(visitor.post, URL, form())
        assert response["Location"] == "/account/confirm-email/"
        assert mail.to == ["dora@example.com"]
        assert not get_user(visitor).is_authenticated
        assert not Account.objects.exists()
        link = link_in(mail)
        assert not Account.objects.exists()
        assert visitor.get(link).status_code == 200  # what fetches links ahead confirms nothing
        assert not Account.objects.exists()
        response = visitor.post(link)
        assert response["Location"] == WELCOME
        assert Account.objects.get().name == "Dora"
        assert get_user(visitor) == Account.objects.get(handle="dora").user
        again = visitor.post(link)
        assert again.status_code == 404
        gone = visitor.get(link)
        assert gone.status_code == 404
        assert "no longer" in gone.content.decode()

    def test_who_confirms_is_led_to_where_they_wanted_to_go(
        self, visitor: Client, mailed: Any
    ) -> None:
        _, [mail] = mailed(visitor.post, URL, form(next="/explore"))
        assert visitor.post(link_in(mail))["Location"] == f"{WELCOME}?next=%2Fexplore"
        other = form(handle="eve", email="eve@example.com", next="https://evil.example/")
        browser = Client()
        _, [mail] = mailed(browser.post, URL, other)
        assert browser.post(link_in(mail))["Location"] == WELCOME

    def test_in_another_browser_the_password_is_asked_for(
        self, visitor: Client, mailed: Any
    ) -> None:
        _, [mail] = mailed(visitor.post, URL, form())
        link, other = link_in(mail), Client()
        assert 'type="password"' in other.get(link).content.decode()
        assert 'type="password"' not in visitor.get(link).content.decode()
        for data in (
            {},
            {"password": ""},
            {"password": "a guess"},
            {"password": "a\0b"},
            {"password": "x" * 5000},
        ):
            assert other.post(link, data).status_code == 422
        assert not User.objects.exists()
        assert other.post(link, {"password": PASSWORD})["Location"] == WELCOME
        assert get_user(other) == Account.objects.get(handle="dora").user

    def test_the_password_there_cannot_be_guessed(self, visitor: Client, mailed: Any) -> None:
        _, [mail] = mailed(visitor.post, URL, form())
        answers = [Client().post(link_in(mail), {"password": f"guess {n}"}) for n in range(6)]
        assert [answer.status_code for answer in answers] == [422] * 5 + [429]
        assert int(answers[-1]["Retry-After"]) > 0
        assert Client().post(link_in(mail), {"password": PASSWORD}).status_code == 429
        assert visitor.post(link_in(mail))["Location"] == WELCOME

    def test_unconfirmed_sign_up_makes_no_user(self, visitor: Client, mailed: Any) -> None:
        mailed(visitor.post, URL, form())
        for login in ("dora", "dora@example.com"):
            assert (
                Client().post("/account/login/", {"login": login, "password": PASSWORD}).status_code
                == 422
            )
        _, mails = mailed(Client().post, "/account/password/reset/", {"email": "dora@example.com"})
        assert not mails
        assert not User.objects.exists()
        assert not EmailAddress.objects.exists()

    def test_owner_of_an_address_is_not_moved_into_an_account_of_another(
        self, db: None, mailed: Any
    ) -> None:
        """Eve signs up with Dora's address and a password of her own, and hopes that Dora opens the
        link.
        """
        _, [bait] = mailed(
            Client().post, URL, form(handle="eves", password1="what eve alone knows")
        )
        dora = Client()
        assert "Did you sign up as <b>@eves</b>" in dora.get(link_in(bait)).content.decode()
        assert dora.post(link_in(bait), {"password": PASSWORD}).status_code == 422
        assert not User.objects.exists()
        _, [mail] = mailed(dora.post, URL, form())  # nothing is kept from her
        assert dora.post(link_in(mail))["Location"] == WELCOME
        assert User.objects.get().account.handle == "dora"
        assert Client().post(link_in(bait), {"password": "what eve alone knows"}).status_code == 404
        for login in ("dora", "eves", "dora@example.com"):
            assert (
                Client()
                .post("/account/login/", {"login": login, "password": "what eve alone knows"})
                .status_code
                == 422
            )

    def test_two_wait_for_one_address_and_the_first_to_confirm_has_it(
        self, db: None, mailed: Any
    ) -> None:
        one, two = Client(), Client()
        _, [first] = mailed(one.post, URL, form(handle="one"))
        _, [second] = mailed(two.post, URL, form(handle="two"))
        assert WaitingSignup.objects.filter(email="dora@example.com").count() == 2
        assert two.post(link_in(second))["Location"] == WELCOME
        assert one.post(link_in(first)).status_code == 404
        assert [user.account.handle for user in User.objects.all()] == ["two"]
        assert not WaitingSignup.objects.exists()

    def test_address_taken_meanwhile_cannot_be_confirmed(
        self, visitor: Client, mailed: Any
    ) -> None:
        _, [mail] = mailed(visitor.post, URL, form())
        User.objects.create_user("dora@example.com", PASSWORD)
        response = visitor.post(link_in(mail))
        assert response.status_code == 409
        assert "somebody else has confirmed it" in response.content.decode()
        assert not get_user(visitor).is_authenticated

    def test_twice_acts_once(self, visitor: Client, mailed: Any) -> None:
        _, [mail] = mailed(visitor.post, URL, form())
        assert [visitor.post(link_in(mail)).status_code for _ in range(2)] == [302, 404]
        assert User.objects.count() == 1

    def test_the_link_ends_after_three_days(
        self, visitor: Client, mailed: Any, time_machine: TimeMachineFixture
    ) -> None:
        _, [mail] = mailed(visitor.post, URL, form())
        time_machine.move_to(timezone.now() + timedelta(days=3, seconds=1))
        assert visitor.post(link_in(mail)).status_code == 404
        forget_waiting.call()
        assert not WaitingSignup.objects.exists()

    @pytest.mark.parametrize("method", ["get", "head"])
    def test_opening_the_link_changes_nothing(
        self, visitor: Client, mailed: Any, method: str
    ) -> None:
        _, [mail] = mailed(visitor.post, URL, form())
        assert getattr(visitor, method)(link_in(mail)).status_code == 200
        assert WaitingSignup.objects.count() == 1
        assert not User.objects.exists()

    def test_no_answer_tells_whether_an_address_is_taken(self, ada: Account, mailed: Any) -> None:
        free, taken = Client(), Client()
        answer, [_] = mailed(free.post, URL, form())
        other, [mail] = mailed(taken.post, URL, form(handle="eve", email="ada@example.com"))
        assert "has an account here already" in mail.body
        assert (answer.status_code, answer["Location"]) == (other.status_code, other["Location"])
        pages = [client.get("/account/confirm-email/").content for client in (free, taken)]
        assert pages[0] == pages[1]
        assert sorted(free.cookies) == sorted(taken.cookies)
        # neither is anybody's: who asks for them next learns nothing
        for handle in ("dora", "eve"):
            assert Client().get(f"/@{handle}").status_code == 404
            assert Account.objects.handle_is_free(handle)

    def test_a_handle_belongs_to_who_confirms_first(self, visitor: Client, mailed: Any) -> None:
        _, [mail] = mailed(visitor.post, URL, form())
        make_account("dora2", name="Dora")
        Account.objects.get().change_handle("dora")
        response = visitor.post(link_in(mail))
        assert response["Location"] == "/settings/start"
        page = visitor.get("/settings/start").content.decode()
        assert "Somebody else took @dora" in page
        assert visitor.post("/settings/start", {"handle": "dora3"})["Location"] == WELCOME
        account = get_user(visitor).account
        assert (account.handle, account.name) == ("dora3", "Dora")

    def test_who_signs_up_again_before_confirming_gets_another_mail(
        self, visitor: Client, mailed: Any
    ) -> None:
        mailed(visitor.post, URL, form())
        response, [mail] = mailed(visitor.post, URL, form())
        assert response["Location"] == "/account/confirm-email/"
        assert visitor.post(link_in(mail))["Location"] == WELCOME

    def test_forged_link_confirms_nothing(self, visitor: Client) -> None:
        response = visitor.get("/account/confirm-email/MTI:1abc:xyz/")
        assert response.status_code == 404
        assert "no longer" in response.content.decode()


def test_network_signs_up_few_times_an_hour(db: None) -> None:
    answers = {Client().post(URL, form(handle="a b")).status_code for _ in range(20)}
    assert answers == {422}
    response = Client().post(URL, form())
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    page = response.content.decode()
    assert "Too many attempts." in page
    assert 'value="dora"' in page  # what was typed is kept
    assert PASSWORD not in page
    assert Client(REMOTE_ADDR="192.0.2.7").post(URL, form()).status_code == 302
