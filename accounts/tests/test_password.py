"""Passwords: /account/password/change/ and /account/password/reset/."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth import get_user
from django.test import Client

from accounts.auth.one_time_links import claim_url
from accounts.models import Account
from conftest import PASSWORD, client_of
from testing.html import find

CHANGE, RESET = "/account/password/change/", "/account/password/reset/"
NEW = "another long phrase"


def test_change_ends_every_other_session_at_once(ada: Account, mailed: Any) -> None:
    here, there = client_of(ada), client_of(ada)
    response, [mail] = mailed(here.post, CHANGE, {"oldpassword": PASSWORD, "password1": NEW})
    assert response["Location"] == "/settings/security"
    assert get_user(here) == ada.user
    assert not get_user(there).is_authenticated
    assert there.get("/settings").status_code == 302
    assert mail.to == ["ada@example.com"]
    assert "password has changed" in mail.body
    assert "http://127.0.0.1:8000/account/password/reset/" in mail.body
    ada.user.refresh_from_db()
    assert ada.user.check_password(NEW)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"oldpassword": "wrong"}, "This is not your current password."),
        ({"oldpassword": ""}, "required"),
        ({"password1": ""}, "required"),
        ({"password1": "12345678"}, "too common"),
        ({"password1": "ada@example.com"}, "too similar"),
    ],
)
def test_change_refuses_bad_input(
    ada: Account, as_ada: Client, fields: dict[str, str], message: str
) -> None:
    response = as_ada.post(CHANGE, {"oldpassword": PASSWORD, "password1": NEW, **fields})
    assert response.status_code == 422
    assert message in response.content.decode()
    ada.user.refresh_from_db()
    assert ada.user.check_password(PASSWORD)


def test_change_needs_signing_in(visitor: Client) -> None:
    assert visitor.get(CHANGE)["Location"].startswith("/account/login/?next=")
    assert visitor.post(CHANGE, {}).status_code == 302


def test_change_is_limited(as_ada: Client) -> None:
    answers = [
        as_ada.post(CHANGE, {"oldpassword": "guess", "password1": NEW}).status_code
        for _ in range(6)
    ]
    assert answers == [422] * 5 + [429]


def test_reset_sets_a_new_password(ada: Account, visitor: Client, mailed: Any) -> None:
    elsewhere = client_of(ada)
    response, [mail] = mailed(
        visitor.post, RESET, {"email": "Ada@example.com"}, headers={"host": "localhost"}
    )
    assert response["Location"] == "/account/password/reset/done/"
    # SITE_URL, whatever host the request named
    link = re.search(r"http://127\.0\.0\.1:8000(/\S+)", mail.body)[1]
    form = visitor.get(link)["Location"]
    assert form.endswith("-set-password/")
    assert visitor.post(form, {"password1": "short"}).status_code == 422
    assert visitor.post(form, {"password1": NEW})["Location"] == "/account/password/reset/key/done/"
    assert visitor.get("/account/password/reset/key/done/").status_code == 200
    assert not get_user(elsewhere).is_authenticated
    assert Client().post("/account/login/", {"login": "ada", "password": NEW}).status_code == 302
    again = Client().get(link, follow=True)
    assert "does not work, or no longer" in again.content.decode()


def test_reset_answers_alike_whether_the_address_is_known(ada: Account, mailed: Any) -> None:
    known, [mail] = mailed(Client().post, RESET, {"email": "ada@example.com"})
    unknown, none = mailed(Client().post, RESET, {"email": "nobody@example.com"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert "/account/password/reset/key/" in mail.body
    assert not none  # a stranger's mailbox is not written to


def test_reset_says_where_mails_go_without_a_server(visitor: Client) -> None:
    assert "no mail server" in visitor.get("/account/password/reset/done/").content.decode()


def test_reset_refuses_bad_input(visitor: Client) -> None:
    for email in ("", "no", "a\0@example.com"):
        assert visitor.post(RESET, {"email": email}).status_code == 422
    for link in ("1-abc-def", "zzzzzzzzzzzzzzzzzzzzzz-abc-def", "0-x", "1-set-password"):
        response = visitor.get(f"/account/password/reset/key/{link}/")
        assert "does not work" in response.content.decode()


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
def test_reset_is_limited_by_mailbox_from_one_network_and_from_all(
    ada: Account, email: str
) -> None:
    one = [Client(REMOTE_ADDR="192.0.2.1").post(RESET, {"email": email}) for _ in range(6)]
    assert [answer.status_code for answer in one] == [302] * 5 + [429]
    assert int(one[-1]["Retry-After"]) > 3600
    page = one[-1].content.decode()
    assert "Too many attempts" in page
    assert f'value="{email}"' in page
    others = [
        Client(REMOTE_ADDR=f"192.0.2.{n + 2}").post(RESET, {"email": email}).status_code
        for n in range(6)
    ]
    assert others == [302] * 5 + [429]


def test_only_an_address_that_counts_leads_to_a_new_password(ada: Account, mailed: Any) -> None:
    """allauth's own table may name another: it is not asked."""
    EmailAddress.objects.create(user=ada.user, email="eve@example.com")
    assert mailed(Client().post, RESET, {"email": "eve@example.com"})[1] == []


def test_after_a_reset_the_browser_is_known(ada: Account, visitor: Client, mailed: Any) -> None:
    _, [mail] = mailed(visitor.post, RESET, {"email": "ada@example.com"})
    form = visitor.get(re.search(r":8000(/\S+)", mail.body)[1])["Location"]
    visitor.post(form, {"password1": NEW})
    assert "known" in visitor.cookies


def test_mails_are_plain_text_with_a_subject_of_ours(ada: Account, mailed: Any) -> None:
    _, [mail] = mailed(Client().post, RESET, {"email": "ada@example.com"})
    assert mail.subject == "Microblog: set a new password"
    assert not getattr(mail, "alternatives", None)
    assert "for ada@example.com." in mail.body
    assert "&" not in mail.body
    assert "\n\n\n" not in mail.body


def test_every_field_of_a_password_can_show_what_is_typed(
    as_ada: Client, ada: Account, visitor: Client
) -> None:
    bea = claim_url(Account.objects.create_local("bea"))
    key = f"{user_pk_to_url_str(ada.user)}-{default_token_generator.make_token(ada.user)}"
    fields = {
        (as_ada, CHANGE): 2,
        (as_ada, "/account/reauthenticate/"): 1,
        (visitor, "/account/login/"): 1,
        (visitor, "/account/signup/"): 1,
        (visitor, urlsplit(bea).path): 1,
        (visitor, f"/account/password/reset/key/{key}/"): 1,
    }
    for (client, url), number in fields.items():
        page = client.get(url, follow=True)
        inputs = find(page, "input", type="password")
        assert len(inputs) == number, url
        assert {"password" in one.inside[-1].classes for one in inputs} == {True}
        buttons = [
            one for one in find(page, "button", type="button") if one.text == "Show password"
        ]
        assert [one.attrs["aria-pressed"] for one in buttons] == ["false"] * number
        assert find(page, "script", type="module", src="/static/js/password.js")
