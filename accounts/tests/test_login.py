"""Signing in and out: /account/login/, /account/logout/."""

from typing import Any

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth import get_user
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.urls import reverse

from accounts.models import Account, User
from conftest import PASSWORD

URL = "/account/login/"


def sign_in(login: str, password: str = PASSWORD, **extra: Any) -> tuple[Client, Any]:
    client = Client(**extra)
    return client, client.post(URL, {"login": login, "password": password})


def test_page_asks_for_name_and_password(visitor: Client) -> None:
    page = visitor.get(URL).content.decode()
    assert "Handle or e-mail" in page
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page


@pytest.mark.parametrize(
    "login", ["ada", "@ada", "ADA", " @Ada ", "ada@example.com", "Ada@Example.COM"]
)
def test_user_signs_in_by_handle_or_address(ada: Account, login: str) -> None:
    client, response = sign_in(login)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert get_user(client) == ada.user


def test_sign_in_comes_back_to_a_page_of_ours_only(ada: Account) -> None:
    for back, to in (
        ("/settings", "/settings"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ):
        response = Client().post(URL, {"login": "ada", "password": PASSWORD, "next": back})
        assert response["Location"] == to


NO_ADDRESS = [
    "http://[",
    "//[::1",
    "https://[v1.x]/",
    "http://\u2100.example/",
    "/%00",
    "/a\0b",
    "\\\\evil.example",
    "x" * 5000,
]


@pytest.mark.parametrize("back", NO_ADDRESS)
def test_sign_in_comes_back_to_the_start_where_next_is_no_address(ada: Account, back: str) -> None:
    for url in (URL, "/account/signup/", "/account/password/reset/"):
        assert Client().get(url, {"next": back}).status_code == 200
        assert Client().post(url, {"login": "", "next": back}).status_code == 422
    signed_in = Client()
    response = signed_in.post(URL, {"login": "ada", "password": PASSWORD, "next": back})
    assert (response.status_code, response["Location"]) == (302, "/")
    for url in ("/account/reauthenticate/", "/account/logout/", URL):
        assert signed_in.get(url, {"next": back}).status_code in (200, 302)


def test_sign_in_begins_a_new_session(ada: Account) -> None:
    client = Client()
    session = client.session
    session["x"] = 1
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    client.post(URL, {"login": "ada", "password": PASSWORD})
    assert client.session.session_key != before


@pytest.mark.parametrize(
    "login",
    [
        "",
        "nobody",
        "@nobody",
        "nobody@example.com",
        "ada",
        "ada@x.com",
        "@",
        "a\0b",
        "x" * 300,
        "'; --",
        "\u0661",
    ],
)
def test_wrong_names_and_passwords_are_refused(ada: Account, login: str) -> None:
    Account.objects.create(handle="ada", host="x.com", name="Ada elsewhere")
    client, response = sign_in(login, "wrong")
    assert response.status_code == 422
    assert not get_user(client).is_authenticated


def test_answer_does_not_tell_whether_a_handle_exists(ada: Account) -> None:
    known, unknown = (
        sign_in(login, "wrong")[1].content.decode().replace(f'value="{login}"', "…")
        for login in ("ada", "eve")
    )
    strip = [part.split('name="csrfmiddlewaretoken"')[0] for part in (known, unknown)]
    assert strip[0] == strip[1]
    assert (
        known.count("The name or the password is wrong.")
        == unknown.count("The name or the password is wrong.")
        == 1
    )


@pytest.mark.parametrize("login", ["ada", "eve", "ada@example.com", "eve@example.com", "@"])
def test_password_is_hashed_once_whatever_the_name(
    ada: Account, login: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, *a: hashed.append(1) or encode(self, *a)
    )
    sign_in(login, "wrong")
    assert len(hashed) == 1


def test_an_account_without_owner_cannot_be_signed_in_to(db: None) -> None:
    Account.objects.create_local("orphan")
    assert sign_in("orphan", "")[1].status_code == 422
    assert sign_in("orphan", "None")[1].status_code == 422


def test_staff_made_on_the_command_line_sign_in(db: None) -> None:
    user = User.objects.create_superuser("Root@Example.COM", PASSWORD)
    client, _ = sign_in("root@example.com")
    assert get_user(client) == user


def test_suspended_user_is_led_to_the_reasons(ada: Account) -> None:
    ada.suspend()
    client, response = sign_in("ada")
    assert response["Location"] == "/account/inactive/"
    assert not client.session.get("_auth_user_id")
    assert client.get("/account/inactive/").status_code == 200


def test_suspended_user_with_a_wrong_password_is_told_nothing(ada: Account) -> None:
    ada.suspend()
    assert sign_in("ada", "wrong")[1].status_code == 422


def test_a_suspension_ends_every_session_at_once_and_for_good(
    ada: Account, as_ada: Client, visitor: Client
) -> None:
    assert as_ada.get("/settings").status_code == 200
    cookies = as_ada.cookies.copy()
    ada.suspend()
    assert as_ada.get("/settings")["Location"].startswith(URL)
    ada.restore()
    visitor.cookies = cookies
    assert visitor.get("/settings")["Location"].startswith(URL)


def test_sessions_that_ended_unseen_stay_ended(ada: Account, as_ada: Client) -> None:
    ada.suspend()
    ada.restore()
    assert as_ada.get("/settings")["Location"].startswith(URL)


def test_a_link_to_a_new_password_ends_with_the_sessions(ada: Account, visitor: Client) -> None:
    def link() -> str:
        return reverse(
            "account_reset_password_from_key",
            args=[user_pk_to_url_str(ada.user), default_token_generator.make_token(ada.user)],
        )

    before = link()
    ada.suspend()
    ada.restore()
    ada = Account.objects.get(pk=ada.pk)
    assert 'name="password1"' not in visitor.get(before, follow=True).content.decode()
    assert 'name="password1"' in visitor.get(link(), follow=True).content.decode()


def test_admin_login_leads_to_the_sites_own(ada: Account) -> None:
    root = User.objects.create_superuser("root@example.com", PASSWORD)
    assert Client().get("/admin/login/")["Location"].startswith(URL)
    assert (
        Client()
        .post("/admin/login/", {"username": "root@example.com", "password": PASSWORD})["Location"]
        .startswith(URL)
    )
    staff = Client()
    staff.force_login(root)
    for method in (staff.get, staff.post):  # who is signed in tries nobody's password there
        response = method("/admin/login/", {"username": "ada@example.com", "password": PASSWORD})
        assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert get_user(staff) == root
    new = {
        "old_password": PASSWORD,
        "new_password1": "another long phrase",
        "new_password2": "another long phrase",
    }
    for response in (
        staff.get("/admin/password_change/"),
        staff.post("/admin/password_change/", new),
    ):
        assert (response.status_code, response["Location"]) == (302, "/account/password/change/")
    assert User.objects.get(pk=root.pk).check_password(PASSWORD)


def test_user_signs_out_by_post_only(as_ada: Client) -> None:
    assert as_ada.get("/account/logout/").status_code == 200
    assert get_user(as_ada).is_authenticated  # a GET changes nothing
    assert as_ada.post("/account/logout/")["Location"] == "/"
    assert not get_user(as_ada).is_authenticated
    assert as_ada.post("/account/logout/")["Location"] == "/"


def test_cross_site_login_is_refused(ada: Account) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(URL, {"login": "ada", "password": PASSWORD}).status_code == 403


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_wrong_method_is_refused(visitor: Client, method: str) -> None:
    assert getattr(visitor, method)(URL).status_code in (405, 422)
