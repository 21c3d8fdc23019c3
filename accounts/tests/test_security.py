"""/settings/security: what guards a user, and what ends their sessions."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
import time_machine
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.apps import apps
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session as DjangoSession
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.auth import one_time_links
from accounts.models import Account, Session, User
from accounts.models.session import MOST_SESSIONS
from accounts.security import authenticator_app, devices, passkeys, second_factor
from accounts.security.sessions import SessionStore
from accounts.tests.conftest import WELCOME, sign_up_form
from accounts.views.auth import PASSKEYS
from conftest import PASSWORD, client_of, make_account
from microblog.web import ratelimit
from testing.passkeys import HOST, Device
from testing.passkeys import give as give_a_passkey

URL = "/settings/security"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)
# What no device answers: each was a 500 of allauth's or fido2's, or could be.
NO_ANSWERS = [
    *("", "{", "[]", "1", '"x"', "null", "{}", '{"id": 1}', '{"response": []}', "[" * 5000),
    json.dumps({"id": "x", "rawId": "x", "type": "public-key", "response": {}}),
    json.dumps(
        {
            "id": "AAAA",
            "rawId": "AAAA",
            "type": "public-key",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": "e30",
                "attestationObject": "oA",
                "authenticatorData": "AAAA",
                "signature": "AAAA",
                "userHandle": "!!",
            },
        }
    ),
    "x" * 30_000,
    *("[" * 19_000, f'{{"id": {"1" * 5_000}}}'),
]


def code_now(secret: str = SECRET, *, later: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def prove(client: Client) -> Client:
    """Type the password, as each deed asks for."""
    assert client.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return client


def give_app(account: Account) -> list[str]:
    """Give the owner an authenticator app with SECRET; return the recovery codes."""
    TOTP.activate(account.user, SECRET)
    authenticator_app.keep_codes(account.user)
    return authenticator_app.codes_of(account.user)


def give_passkey(account: Account) -> Authenticator:
    return give_a_passkey(account)[0]


# --- The page ---


def test_page_opens_without_a_question(as_ada: Client) -> None:
    page = as_ada.get(URL).content.decode()
    assert "You have no passkey yet." in page
    assert "signed in here, and nowhere else" in page


def test_visitor_is_led_to_sign_in(visitor: Client) -> None:
    for path in (URL, f"{URL}/app/add", f"{URL}/sessions/end"):
        assert visitor.get(path).status_code in (302, 405)
        assert visitor.post(path).status_code in (302, 405)


@pytest.mark.parametrize(
    "path",
    ["passkeys/add", "app/add", "codes/new", "sessions/end", "sessions/0123456789abcdef/end"],
)
def test_each_deed_asks_for_the_password_anew(as_ada: Client, path: str) -> None:
    response = as_ada.post(f"{URL}/{path}", {})
    assert response["Location"].startswith("/account/reauthenticate/?next=")
    prove(as_ada)
    assert as_ada.post(f"{URL}/{path}", {}).status_code in (302, 422)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert "reauthenticate" in as_ada.post(f"{URL}/{path}", {})["Location"]


def test_what_was_asked_is_done_once_the_password_is_typed(ada: Account, as_ada: Client) -> None:
    there = client_of(ada)
    asked = as_ada.post(f"{URL}/sessions/end")["Location"]
    as_ada.post(asked, {"password": PASSWORD, "next": f"{URL}/sessions/end"})
    assert not get_user(there).is_authenticated
    assert get_user(as_ada) == ada.user


def test_deeds_are_counted(as_ada: Client) -> None:
    prove(as_ada)
    answers = [as_ada.post(f"{URL}/sessions/{'0' * 16}/end") for _ in range(21)]
    assert [answer.status_code for answer in answers] == [302] * 20 + [429]
    assert int(answers[-1]["Retry-After"]) > 0


# --- Authenticator app and codes ---


def test_app_is_asked_for_after_the_password(ada: Account, mailed: Any) -> None:
    client = prove(client_of(ada))
    page = client.get(f"{URL}/app/add")
    secret = page.context["setup"].secret.replace(" ", "")
    assert 'src="data:image/svg+xml' in page.content.decode()
    wrong = client.post(f"{URL}/app/add", {"code": "000000"})
    assert wrong.status_code == 422
    assert "not the code that the app shows" in wrong.content.decode()
    response, [mail] = mailed(client.post, f"{URL}/app/add", {"code": code_now(secret)})
    assert response["Location"] == f"{URL}/codes"
    assert "authenticator app was added" in mail.body
    codes = client.get(response["Location"]).context["codes"]
    assert len(codes) == 10
    newcomer = Client()
    response = newcomer.post("/account/login/", {"login": "ada", "password": PASSWORD})
    assert response["Location"] == "/account/second-step/"
    assert not get_user(newcomer).is_authenticated
    response = newcomer.post("/account/second-step/", {"code": code_now(secret)})
    assert response["Location"] == "/"
    assert get_user(newcomer) == ada.user


def sign_in_half(**headers: Any) -> Client:
    client = Client(**headers)
    client.post("/account/login/", {"login": "ada", "password": PASSWORD})
    return client


def test_code_works_once(ada: Account) -> None:
    give_app(ada)
    first, second = sign_in_half(), sign_in_half()
    code = code_now()
    assert first.post("/account/second-step/", {"code": code}).status_code == 302
    replayed = second.post("/account/second-step/", {"code": code})
    assert replayed.status_code == 422
    assert "was used already" in replayed.content.decode()
    assert not get_user(second).is_authenticated
    assert second.post("/account/second-step/", {"code": code_now(later=1)}).status_code == 302


def test_recovery_code_works_once(ada: Account) -> None:
    code = give_app(ada)[0]
    assert sign_in_half().post("/account/second-step/", {"code": code}).status_code == 302
    assert sign_in_half().post("/account/second-step/", {"code": code}).status_code == 422
    assert len(authenticator_app.codes_of(ada.user)) == 9


def test_tenth_wrong_code_is_refused_and_the_owner_is_told(ada: Account, mailed: Any) -> None:
    give_app(ada)
    clients = [sign_in_half() for _ in range(10)]  # in however many browsers
    for client in clients[:8]:
        assert client.post("/account/second-step/", {"code": "000000"}).status_code == 422
    response, [mail] = mailed(clients[8].post, "/account/second-step/", {"code": "000000"})
    assert response.status_code == 422
    assert mail.to == ["ada@example.com"]
    assert "they know your password" in mail.body
    refused = clients[9].post("/account/second-step/", {"code": code_now()})  # the right one, too
    assert refused.status_code == 429
    assert "Too many attempts. Please try again in" in refused.content.decode()
    assert int(refused["Retry-After"]) > 0
    assert not get_user(clients[9]).is_authenticated


def test_code_whose_like_are_gone_meanwhile_is_refused(
    ada: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, half, validate = give_app(ada)[0], sign_in_half(), RecoveryCodes.validate_code

    def meanwhile(codes: RecoveryCodes, typed: str) -> bool:
        Authenticator.objects.filter(pk=codes.instance.pk).delete()
        return bool(validate(codes, typed))

    monkeypatch.setattr(RecoveryCodes, "validate_code", meanwhile)
    assert half.post("/account/second-step/", {"code": code}).status_code == 422
    assert not get_user(half).is_authenticated


def test_second_step_alone_leads_to_the_first(visitor: Client) -> None:
    for method in (visitor.get, visitor.post):
        assert method("/account/second-step/", {"code": "1"})["Location"] == "/account/login/"


def test_secret_is_not_in_the_database_in_clear(ada: Account) -> None:
    give_app(ada)
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert SECRET not in stored


def test_new_codes_take_the_place_of_the_old(ada: Account, mailed: Any) -> None:
    old = give_app(ada)[0]
    client = prove(client_of(ada))
    response, [mail] = mailed(client.post, f"{URL}/codes/new")
    assert "New recovery codes were made" in mail.body
    assert old not in client.get(response["Location"]).content.decode()
    assert sign_in_half().post("/account/second-step/", {"code": old}).status_code == 422
    text = client.get(f"{URL}/codes?download")
    assert text["Content-Type"] == "text/plain"
    assert text.content.decode().split() == authenticator_app.codes_of(ada.user)


# --- Passkeys ---


@pytest.mark.parametrize("answer", NO_ANSWERS, ids=range(len(NO_ANSWERS)))
def test_what_no_device_answers_is_refused_in_words(ada: Account, answer: str) -> None:
    give_passkey(ada)
    give_app(ada)
    client, half = prove(client_of(ada)), sign_in_half()
    client.get(f"{URL}/passkeys/add")
    half.get("/account/second-step/")
    visitor = Client()
    assert visitor.post("/account/login/", {"options": "1"}).json()["publicKey"]["challenge"]
    for who, path in (
        (client, f"{URL}/passkeys/add"),
        (client, "/account/reauthenticate/passkey/"),
        (half, "/account/second-step/"),
        (visitor, "/account/login/"),
    ):
        response = who.post(path, {"credential": answer, "name": "x"})
        assert response.status_code == 422, path
        assert "Nothing was changed" in response.content.decode(), path
    assert len(passkeys.of(ada.user)) == 1
    assert not get_user(visitor).is_authenticated
    assert not get_user(half).is_authenticated


def make_passkey(client: Client, device: Device) -> Any:
    page = client.get(f"{URL}/passkeys/add", headers=HOST)
    answer = device.create(page.context["options"])
    typed = {"name": "Phone", "credential": answer}
    return client.post(f"{URL}/passkeys/add", typed, headers=HOST)


def asked(client: Client) -> dict[str, Any]:
    """Return what a browser is asked at the page of signing in."""
    options: dict[str, Any] = client.post("/account/login/", {"options": "1"}, headers=HOST).json()
    return options


def test_user_adds_a_passkey_and_signs_in_with_it(ada: Account, mailed: Any) -> None:
    device = Device()
    response, [mail] = mailed(make_passkey, prove(client_of(ada)), device)
    assert response["Location"] == URL
    assert "A passkey was added" in mail.body
    visitor = Client()
    answer = {"credential": device.get(asked(visitor)), "next": "/settings"}
    response = visitor.post("/account/login/", answer, headers=HOST)
    assert response["Location"] == "/settings"
    assert get_user(visitor) == ada.user
    again = Client()  # what was signed once is good for nothing else
    asked(again)
    assert again.post("/account/login/", answer, headers=HOST).status_code == 422
    assert not get_user(again).is_authenticated


NESTED = "[" * 3000 + "]" * 3000


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "more", [r'"\u0000"', r'"\ud800"', "NaN", "1e999", NESTED], ids=lambda more: more[:8]
)
def test_what_a_device_says_besides_is_not_kept(ada: Account, more: str) -> None:
    client, device = prove(client_of(ada)), Device()
    page = client.get(f"{URL}/passkeys/add", headers=HOST)
    answer = device.create(page.context["options"]).removesuffix("}") + f', "more": {more}}}'
    response = client.post(f"{URL}/passkeys/add", {"credential": answer}, headers=HOST)
    assert response["Location"] == URL
    [passkey] = passkeys.of(ada.user)
    assert "more" not in passkey.row.data["credential"]
    visitor = Client()
    visitor.post("/account/login/", {"credential": device.get(asked(visitor))}, headers=HOST)
    assert get_user(visitor) == ada.user


def test_passkey_that_is_sent_twice_at_once_is_added_once(ada: Account) -> None:
    client, device = prove(client_of(ada)), Device()
    make_passkey(client, device)
    [passkey] = passkeys.of(ada.user)
    with context.request_context(RequestFactory().get("/")):
        passkeys.add(ada.user, "Phone", passkey.row.data["credential"])
    assert len(passkeys.of(ada.user)) == 1


def test_passkey_that_is_gone_meanwhile_has_no_new_name(ada: Account) -> None:
    row = give_passkey(ada)
    [passkey] = passkeys.of(ada.user)
    row.delete()
    passkeys.rename(passkey, "Tablet")
    assert not passkeys.of(ada.user)


def test_passkey_is_asked_for_once_where_there_is_an_app_too(ada: Account) -> None:
    give_app(ada)
    _, device = give_a_passkey(ada)
    visitor = Client()
    answer = device.get(asked(visitor))
    visitor.post("/account/login/", {"credential": answer}, headers=HOST)
    assert get_user(visitor) == ada.user


def test_passkey_takes_the_second_step(ada: Account) -> None:
    give_app(ada)
    _, device = give_a_passkey(ada)
    half = sign_in_half()
    options = half.get("/account/second-step/", headers=HOST).context["options"]
    answer = {"credential": device.get(options)}
    assert half.post("/account/second-step/", answer, headers=HOST)["Location"] == "/"
    assert get_user(half) == ada.user


def test_passkey_shows_that_it_is_you(ada: Account) -> None:
    there = client_of(ada)
    _, device = give_a_passkey(ada)
    here = client_of(ada)
    where = here.post(f"{URL}/sessions/end")["Location"]
    options = here.get(where, headers=HOST).context["options"]
    answer = {"credential": device.get(options), "next": f"{URL}/sessions/end"}
    here.post("/account/reauthenticate/passkey/", answer, headers=HOST)
    assert not get_user(there).is_authenticated


WRONG_DEVICES = {
    "another site": {"origin": "https://evil.example", "rp_id": "evil.example"},
    "a site that only looks like it": {"origin": "http://localhost.evil.example"},
    "a device that does not ask its owner": {"asks_owner": False},
    "another key": {"key": Device().key},
}


@pytest.mark.parametrize("wrong", WRONG_DEVICES)
def test_wrong_passkey_lets_nobody_in(ada: Account, wrong: str) -> None:
    _, device = give_a_passkey(ada)
    thief = replace(device, **WRONG_DEVICES[wrong])
    visitor = Client()
    answer = {"credential": thief.get(asked(visitor))}
    refused = visitor.post("/account/login/", answer, headers=HOST)
    assert refused.status_code == 422
    assert "Nothing was changed" in refused.content.decode()
    assert not get_user(visitor).is_authenticated
    if wrong != "another key":
        made = replace(Device(), **WRONG_DEVICES[wrong])
        assert make_passkey(prove(client_of(ada)), made).status_code == 422
        assert len(passkeys.of(ada.user)) == 1


@pytest.mark.parametrize(
    "sent", [{"options": "1"}, {"credential": "{}"}], ids=["asked", "answered"]
)
def test_passkeys_at_sign_in_are_counted(db: None, sent: dict[str, str]) -> None:
    ratelimit.record(PASSKEYS, "127.0.0.1", PASSKEYS.most)
    refused = Client().post("/account/login/", sent)
    assert refused.status_code == 429
    assert not Session.objects.exists()


def test_suspended_user_gets_in_by_no_passkey(ada: Account) -> None:
    _, device = give_a_passkey(ada)
    ada.suspend()
    visitor = Client()
    answer = {"credential": device.get(asked(visitor))}
    assert visitor.post("/account/login/", answer, headers=HOST).status_code == 302
    assert not get_user(visitor).is_authenticated


def test_passkey_is_renamed_and_removed(ada: Account, mailed: Any) -> None:
    passkey = give_passkey(ada)
    client, there = prove(client_of(ada)), client_of(ada)
    path = f"{URL}/passkeys/{passkey.pk}"
    empty = client.post(f"{path}/rename", {"name": " "})
    assert empty.status_code == 422
    assert "type what you call it" in empty.content.decode()
    client.post(f"{path}/rename", {"name": "<b>Key</b>"})
    assert "&lt;b&gt;Key&lt;/b&gt;" in client.get(URL).content.decode()
    assert client.get(f"{path}/remove").status_code == 200
    assert passkeys.of(ada.user)
    _, [mail] = mailed(client.post, f"{path}/remove")
    assert "A passkey was removed" in mail.body
    assert not passkeys.of(ada.user)
    assert not get_user(there).is_authenticated
    assert get_user(client) == ada.user


def test_somebody_elses_passkey_is_not_there(ada: Account, ben: Account) -> None:
    passkey = give_passkey(ben)
    client = prove(client_of(ada))
    for what in ("rename", "remove"):
        response = client.post(f"{URL}/passkeys/{passkey.pk}/{what}", {"name": "x"})
        assert response.status_code == 404
    assert [one.name for one in passkeys.of(ben.user)] == ["Phone"]


def test_the_only_way_in_cannot_be_removed(ada: Account) -> None:
    passkey = give_passkey(ada)
    client = prove(client_of(ada))
    User.objects.filter(pk=ada.user.pk).update(password="!")
    client.force_login(User.objects.get(pk=ada.user.pk))
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "mfa", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(ada.user.pk)
    session.save()
    page = client.post(f"{URL}/passkeys/{passkey.pk}/remove", follow=True).content.decode()
    assert "This passkey is your only way in" in page
    assert passkeys.of(ada.user)


def test_a_bound_of_passkeys(ada: Account) -> None:
    for _ in range(passkeys.MOST_PASSKEYS):
        give_passkey(ada)
    page = prove(client_of(ada)).post(f"{URL}/passkeys/add", {"credential": "{}"})
    assert page.status_code == 422
    assert "more do not fit" in page.content.decode()


@pytest.mark.parametrize(
    ("site", "host", "domain"),
    [
        ("https://example.org", "example.org", "example.org"),
        ("https://example.org", "www.example.org:443", "example.org"),
        ("https://example.org", "other.example", "other.example"),
        ("http://127.0.0.1:8000", "localhost:8000", "localhost"),
    ],
)
def test_passkey_belongs_to_the_host_of_the_site(
    rf: Any, settings: Any, site: str, host: str, domain: str
) -> None:
    settings.SITE_URL, settings.ALLOWED_HOSTS = site, ["*"]
    request = rf.get("/", headers={"host": host})
    assert passkeys._domain(request) == domain
    assert passkeys.are_possible(request)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "[::1]:8000", "[::1]", "10.0.0.1"])
def test_no_passkey_for_a_number(rf: Any, settings: Any, host: str) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    assert not passkeys.are_possible(rf.get("/", headers={"host": host}))


def test_page_under_a_number_says_where_passkeys_are(as_ada: Client) -> None:
    page = prove(as_ada).get(f"{URL}/passkeys/add", headers={"host": "127.0.0.1:8000"})
    assert "open it as <b>localhost</b>" in page.content.decode()
    assert "data-passkey=" not in page.content.decode()


# --- Where one is signed in ---


def test_page_says_where_one_is_signed_in(ada: Account) -> None:
    here = client_of(ada, HTTP_USER_AGENT=FIREFOX)
    half = {"login": "ada", "password": PASSWORD}
    for agent in (FIREFOX, SAFARI):
        Client(headers={"user-agent": agent}).post("/account/login/", half)
    places = here.get(URL).context["places"]
    assert [place.is_this for place in places] == [True, False, False]
    assert {place.device for place in places[1:]} == {"Firefox on Linux", "Safari on iPhone"}
    assert {place.address for place in places[1:]} == {"127.0.0.1"}
    page = here.get(URL).content.decode()
    for session in Session.objects.all():
        assert session.pk not in page  # its name opens nothing
    phone = next(place for place in places if place.device == "Safari on iPhone")
    prove(here).post(f"{URL}/sessions/{phone.name}/end")
    assert len(here.get(URL).context["places"]) == 2
    said = here.post(f"{URL}/sessions/{phone.name}/end", follow=True).content.decode()
    assert "had ended already" in said


def test_somebody_elses_session_cannot_be_ended(ada: Account, ben: Account) -> None:
    here, there = client_of(ada), client_of(ben)
    [place] = there.get(URL).context["places"]
    prove(here).post(f"{URL}/sessions/{place.name}/end")
    assert get_user(there) == ben.user


def test_last_use_is_noted_once_an_hour(ada: Account, as_ada: Client) -> None:
    before = Session.objects.get().seen_at
    as_ada.get("/settings")
    assert Session.objects.get().seen_at == before
    later = timezone.now() + timedelta(hours=2)
    with time_machine.travel(later, tick=False):
        as_ada.get("/settings")
    assert Session.objects.get().seen_at == later


def test_many_sign_ins_end_the_oldest(ada: Account) -> None:
    first = client_of(ada)
    for _ in range(MOST_SESSIONS):
        client_of(ada)
    assert not get_user(first).is_authenticated
    assert Session.objects.of(ada.user).count() == MOST_SESSIONS


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        (SAFARI, "Safari on iPhone"),
        (
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
                "Chrome/140.0.0.0 Safari/537.36 Edg/140.0"
            ),
            "Edge on Windows",
        ),
        (
            (
                "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) "
                "Chrome/140.0.0.0 Mobile Safari/537.36"
            ),
            "Chrome on Android",
        ),
        (
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like "
                "Gecko) Version/18.0 Safari/605.1.15"
            ),
            "Safari on macOS",
        ),
        ("curl/8.0", "Unknown device"),
        ("", "Unknown device"),
    ],
)
def test_device_has_a_name(agent: str, name: str) -> None:
    assert devices.name_of(agent) == name


def change_password(client: Client, ada: Account) -> None:
    new = {"oldpassword": PASSWORD, "password1": "another long phrase"}
    client.post("/account/password/change/", new)


def remove_app(client: Client, ada: Account) -> None:
    give_app(ada)
    prove(client).post(f"{URL}/app/remove")


def remove_passkey(client: Client, ada: Account) -> None:
    prove(client).post(f"{URL}/passkeys/{give_passkey(ada).pk}/remove")


def end_others(client: Client, ada: Account) -> None:
    prove(client).post(f"{URL}/sessions/end")


def suspend(client: Client, ada: Account) -> None:
    ada.suspend()


def deactivate(client: Client, ada: Account) -> None:
    client.post("/settings/account/deactivate")


def delete(client: Client, ada: Account) -> None:
    client.post("/settings/account/delete", {"password": PASSWORD, "sure": "on"})


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("act", "stays"),
    [
        (change_password, True),
        (remove_app, True),
        (remove_passkey, True),
        (end_others, True),
        (suspend, False),
        (deactivate, False),
        (delete, False),
    ],
)
def test_what_ends_sessions(
    ada: Account, act: Callable[[Client, Account], None], stays: bool
) -> None:
    here, there = client_of(ada), client_of(ada)
    act(here, ada)
    assert get_user(here).is_authenticated is stays
    assert not get_user(there).is_authenticated
    assert there.get(URL)["Location"].startswith("/account/login/")
    assert Session.objects.of(ada.user).count() == (1 if stays else 0)


# --- Staff ---


@pytest.fixture
def needs_factor(settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = True


@pytest.fixture
def staff(ada: Account) -> Account:
    User.objects.filter(pk=ada.user.pk).update(is_staff=True, is_superuser=True)
    ada.user.refresh_from_db()
    return ada


def test_staff_without_second_factor_is_led_to_one(
    needs_factor: None, staff: Account, mailed: Any
) -> None:
    client = Client()
    half = {"login": "ada", "password": PASSWORD, "next": "/admin/"}
    assert client.post("/account/login/", half)["Location"] == URL
    page = client.get(URL).content.decode()
    assert "a password is not enough" in page
    for path in ("/admin/", "/admin/tables/", "/admin/accounts/user/"):
        assert client.get(path)["Location"] == URL
    assert client.post(f"/admin/accounts/account/{staff.pk}/change/", {})["Location"] == URL
    assert client.get("/").status_code == 200
    give_app(staff)
    assert client.get("/admin/", follow=True).status_code == 200


def test_app_that_is_removed_twice_at_once_is_removed_once(ada: Account, mailed: Any) -> None:
    give_app(ada)
    first, second = authenticator_app.of(ada.user), authenticator_app.of(ada.user)
    assert first
    assert second

    def remove_twice() -> None:
        with context.request_context(RequestFactory().get("/")):
            authenticator_app.remove(first)
            authenticator_app.remove(second)

    assert len(mailed(remove_twice)[1]) == 1


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("factor", ["app", "passkey"])
def test_no_factor_goes_whose_sessions_stay(monkeypatch: pytest.MonkeyPatch, factor: str) -> None:
    ada = make_account("ada")
    client = prove(client_of(ada))
    client.raise_request_exception = False
    give_app(ada)
    row = give_passkey(ada)
    monkeypatch.setattr(User, "end_sessions", None)  # as where the process dies
    path = "app" if factor == "app" else f"passkeys/{row.pk}"
    assert client.post(f"{URL}/{path}/remove").status_code == 500
    assert authenticator_app.of(ada.user)
    assert passkeys.of(ada.user)


def test_staff_keeps_the_last_second_factor(needs_factor: None, staff: Account) -> None:
    give_app(staff)
    client = prove(client_of(staff))
    assert "needs a passkey" in client.post(f"{URL}/app/remove", follow=True).content.decode()
    assert authenticator_app.of(staff.user)
    give_passkey(staff)
    client.post(f"{URL}/app/remove")
    assert authenticator_app.of(staff.user) is None


def test_passkey_besides_the_password_is_asked_of_staff_alone(
    settings: Any, staff: Account, ben: Account
) -> None:
    settings.STAFF_SECOND_FACTOR = True
    for account in (staff, ben):
        give_passkey(account)
    assert second_factor.is_asked_of(staff.user)
    assert not second_factor.is_asked_of(ben.user)
    settings.STAFF_SECOND_FACTOR = False
    assert not second_factor.is_asked_of(staff.user)


# --- Rescue ---


def test_who_lost_everything_gets_in_once(staff: Account, capsys: Any, mailed: Any) -> None:
    give_app(staff)
    give_passkey(staff)
    there = client_of(staff)
    call_command("rescue", "@ada")
    path = capsys.readouterr().out.split()[0].removeprefix("http://127.0.0.1:8000")
    client = Client()
    assert client.get(path).status_code == 200
    assert get_user(there).is_authenticated  # a link that was opened did nothing
    short = client.post(path, {"password1": "short"})
    assert short.status_code == 422
    new = {"password1": "another long phrase"}
    response, [mail] = mailed(client.post, path, new)
    assert response["Location"] == "/"
    assert get_user(client) == staff.user
    assert "Whoever keeps this site made a link" in mail.body
    assert not get_user(there).is_authenticated
    assert not Authenticator.objects.filter(user=staff.user).exists()
    for method in (Client().get, Client().post):
        again = method(path, new)
        assert again.status_code == 410
        assert "This link was used already" in again.content.decode()


def test_rescue_link_ends_after_an_hour_and_names_nobody_else(staff: Account) -> None:
    path = one_time_links.rescue_url(staff.user).removeprefix("http://127.0.0.1:8000")
    assert Client().get(path[:-1]).status_code == 404
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert Client().post(path, {"password1": "another long phrase"}).status_code == 410
    with pytest.raises(CommandError, match="Nobody signs in as"):
        call_command("rescue", "nobody")


# --- Signing up without a password ---


def test_sign_up_without_a_password_leads_to_the_passkey(db: None) -> None:
    client = Client()
    form = sign_up_form(passkey="1", password1="typed by a password manager", next="/explore")
    assert client.post("/account/signup/", form)["Location"] == "/account/passkey/"
    assert not get_user(client).is_authenticated
    user = User.objects.get()
    assert not user.has_usable_password()
    assert client.get("/account/passkey/").context["options"]["publicKey"]["challenge"]
    refused = client.post("/account/passkey/", {"name": "x", "credential": "{}"})
    assert refused.status_code == 422
    assert "Nothing was changed" in refused.content.decode()
    short = client.post("/account/passkey/", {"password1": "x"})
    assert short.status_code == 422
    done = client.post("/account/passkey/", {"password1": PASSWORD})
    assert done["Location"] == f"{WELCOME}?next=%2Fexplore"
    assert get_user(client) == user
    assert (user.account.handle, user.account.name) == ("dora", "Dora")


# --- Sessions of before ---


def test_nobody_is_signed_out_by_the_new_table(ada: Account) -> None:
    key = "k" * 32
    data = SessionStore().encode({"_auth_user_id": str(ada.user.pk), "x": "y"})
    ends_at = timezone.now() + timedelta(days=1)
    DjangoSession.objects.create(session_key=key, session_data=data, expire_date=ends_at)
    import_module("accounts.migrations.0004_sessions").keep_sessions(apps, None)
    assert Session.objects.get(pk=key).user == ada.user
    assert not DjangoSession.objects.exists()
    assert SessionStore(key)["x"] == "y"
