"""No door without a limit: every address under /account/, as a visitor and as somebody who is
signed in.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import allauth.urls
import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import NoReverseMatch, Resolver404, URLPattern, resolve, reverse
from django.utils import timezone

from accounts import urls
from accounts.auth import one_time_links
from accounts.models import Account, AddressChange, Invitation, WaitingSignup
from accounts.tests.conftest import sign_up_form
from conftest import PASSWORD, client_of
from testing import passkeys

SITE = "http://127.0.0.1:8000"
# Pages that ask for nothing, and the button that signs out.
NO_DOORS = {
    "account_email_verification_sent",
    "account_inactive",
    "account_logout",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_waiting",
}


def names(patterns: list[Any]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield str(pattern.name)
        else:
            yield from names(pattern.url_patterns)


def reset_key(ada: Account) -> str:
    args = [user_pk_to_url_str(ada.user), default_token_generator.make_token(ada.user)]
    return reverse("account_reset_password_from_key", args=args)


def invitation() -> str:
    return Invitation.objects.create(
        until=timezone.now() + timedelta(days=1), uses=100
    ).get_absolute_url()


def change_of(ada: Account, **fields: Any) -> AddressChange:
    return AddressChange.objects.create(
        user=ada.user, before="ada@example.com", email="new@example.com", **fields
    )


def signup() -> str:
    return WaitingSignup.objects.create(
        email="dora@example.com", password=make_password(PASSWORD), handle="dora"
    ).url.removeprefix(SITE)


def second_step(ada: Account) -> str:
    """Where somebody stands who knows the password of Ada, whom an app guards."""
    TOTP.activate(ada.user, "JBSWY3DPEHPK3PXP")
    return "/account/second-step/"


def asked_for_a_passkey(ada: Account) -> str:
    passkeys.give(ada)
    return "/account/reauthenticate/passkey/"


GUESS = {
    "password": "wrong",
    "oldpassword": "wrong",
    "password1": "1",
    "email": "no",
    "login": "ada",
    "code": "000000",
}
# The address of each door, and whether it is for who is signed in.
DOORS: dict[str, tuple[Callable[[Account], str], bool]] = {
    "account_claim": (
        lambda ada: one_time_links.claim_url(Account.objects.create_local("bea")).removeprefix(
            SITE
        ),
        False,
    ),
    "account_first": (
        lambda ada: one_time_links.first_administrator_url().removeprefix(SITE),
        False,
    ),
    "account_invitation": (lambda ada: invitation(), False),
    "account_login": (lambda ada: "/account/login/", False),
    "account_signup": (lambda ada: "/account/signup/", False),
    "account_reset_password": (lambda ada: "/account/password/reset/", False),
    "account_reset_password_from_key": (reset_key, False),
    "account_confirm_email": (lambda ada: signup(), False),
    "account_email_confirm": (lambda ada: change_of(ada).confirm_url.removeprefix(SITE), False),
    "account_email_stop": (lambda ada: change_of(ada).stop_url.removeprefix(SITE), False),
    "account_email": (lambda ada: "/account/email/", True),
    "account_change_password": (lambda ada: "/account/password/change/", True),
    "account_set_password": (lambda ada: "/account/password/set/", True),
    "account_reauthenticate": (lambda ada: "/account/reauthenticate/", True),
    "account_rescue": (
        lambda ada: one_time_links.rescue_url(ada.user).removeprefix(SITE),
        False,
    ),
    "mfa_authenticate": (second_step, False),
    "mfa_reauthenticate_webauthn": (asked_for_a_passkey, True),
    "mfa_signup_webauthn": (lambda ada: "/account/passkey/", False),
}


def test_every_address_is_walked() -> None:
    ours = {
        pattern.name
        for pattern in urls.urlpatterns
        if str(pattern.pattern).lstrip("^").startswith("account/")
    }
    assert ours == NO_DOORS | set(DOORS)


def test_allauth_opens_no_door_of_its_own() -> None:
    """What leads anywhere leads to a view of ours, but for pages that ask for nothing."""
    for name in names(allauth.urls.urlpatterns):
        try:
            path = reverse(name)
        except NoReverseMatch:  # not in our list, or with a key, which the other test walks
            continue
        assert not resolve(path).func.__module__.startswith("allauth.") or name in NO_DOORS, name
    for path in (
        "/account/login/code/confirm/",
        "/account/login/code/",
        "/account/2fa/authenticate/",
        "/account/3rdparty/",
    ):
        with pytest.raises(Resolver404):
            resolve(path)


@pytest.mark.both_databases
@pytest.mark.parametrize("name", DOORS)
def test_each_door_limits_tries(ada: Account, name: str) -> None:
    address, signed_in = DOORS[name]
    if name == "account_set_password":
        ada.user.set_unusable_password()
        ada.user.save()
    client = client_of(ada if signed_in else None)
    path = address(ada)
    if name == "mfa_authenticate":
        client.post("/account/login/", {"login": "ada", "password": PASSWORD})
    if name == "mfa_signup_webauthn":
        client.post("/account/signup/", sign_up_form(passkey="1"))
    if name == "account_reset_password_from_key":
        path = client.get(path)["Location"]
    # its button works once; a link that leads nowhere is nothing to guess at
    if name == "account_email_stop":
        limited(
            lambda: client.post(
                change_of(ada, changed_at=timezone.now()).stop_url.removeprefix(SITE)
            ),
            {302, 409},
        )
    else:
        answer = {"credential": "{}"} if name.startswith("mfa_") else {}
        limited(lambda: client.post(path, GUESS | answer), {422})


def limited(post: Callable[[], Any], before: set[int]) -> None:
    answers = []
    while not answers or (answers[-1].status_code != 429 and len(answers) < 30):
        answers.append(post())
    assert {answer.status_code for answer in answers[:-1]} <= before
    assert 4 < len(answers) <= 21
    assert int(answers[-1]["Retry-After"]) > 0
    assert "Too many attempts" in answers[-1].content.decode()


def test_typed_fields_stay_but_for_passwords(db: None) -> None:
    form = sign_up_form(handle="a b")
    [Client().post("/account/signup/", form) for _ in range(20)]
    page = Client().post("/account/signup/", form).content.decode()
    assert 'value="a b"' in page
    assert 'value="dora@example.com"' in page
    assert form["password1"] not in page
