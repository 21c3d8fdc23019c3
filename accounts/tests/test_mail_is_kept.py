"""A mail is enqueued with what it tells of: where it cannot be, because the process dies there,
that was not done either.
"""

from collections.abc import Callable
from typing import Any, override

import pytest
from django.tasks.backends.immediate import ImmediateBackend
from django.test import Client

from accounts.auth import login_attempts
from accounts.models import Account, AddressChange, User, WaitingSignup
from accounts.tests.conftest import SIGN_UP, link_in, sign_up_form
from accounts.tests.test_email import change
from conftest import PASSWORD
from microblog.web.ratelimit import spent

NEW = "another long phrase"


class DyingError(Exception):
    """Here the process ends."""


class Dying(ImmediateBackend):
    @override
    def enqueue(self, *args: Any, **kwargs: Any) -> Any:
        raise DyingError


@pytest.fixture
def dying(settings: Any) -> Callable[..., None]:
    """`dying(client.post, url, data)`: the process ends where it enqueues the mail."""

    def call(do: Callable[..., Any], *args: Any) -> None:
        before = settings.TASKS
        settings.TASKS = {"default": {**before["default"], "BACKEND": f"{__name__}.Dying"}}
        with pytest.raises(DyingError):
            do(*args)
        settings.TASKS = before

    return call


def test_mail_of_a_sign_up_is_kept(visitor: Client, confirms: None, dying: Any) -> None:
    dying(visitor.post, SIGN_UP, sign_up_form())
    assert not WaitingSignup.objects.exists()


def test_mail_of_a_changed_password_is_kept(ada: Account, as_ada: Client, dying: Any) -> None:
    dying(as_ada.post, "/account/password/change/", {"oldpassword": PASSWORD, "password1": NEW})
    assert User.objects.get(pk=ada.user.pk).check_password(PASSWORD)
    assert as_ada.get("/settings").status_code == 200


def test_mail_of_a_new_password_is_kept(
    ada: Account, visitor: Client, mailed: Any, dying: Any
) -> None:
    _, [mail] = mailed(visitor.post, "/account/password/reset/", {"email": "ada@example.com"})
    form = visitor.get(visitor.get(link_in(mail))["Location"]).request["PATH_INFO"]
    dying(visitor.post, form, {"password1": NEW})
    assert User.objects.get(pk=ada.user.pk).check_password(PASSWORD)


def test_mail_of_a_changed_address_is_kept(ada: Account, as_ada: Client, dying: Any) -> None:
    dying(change, as_ada, "new@example.com")
    assert User.objects.get(pk=ada.user.pk).email == "ada@example.com"
    assert not AddressChange.objects.exists()


def test_mails_of_a_confirmed_address_are_kept(
    ada: Account, as_ada: Client, confirms: None, mailed: Any, dying: Any
) -> None:
    dying(change, as_ada, "new@example.com")
    assert not AddressChange.objects.exists()
    _, [mail, _] = mailed(change, as_ada, "new@example.com")
    dying(as_ada.post, link_in(mail))
    assert User.objects.get(pk=ada.user.pk).email == "ada@example.com"
    assert AddressChange.objects.get().changed_at is None


def test_mail_of_wrong_passwords_is_kept(
    ada: Account, visitor: Client, dying: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        login_attempts,
        "ACCOUNT",
        login_attempts.Pace(
            "few", 1, login_attempts._SECOND, login_attempts._SECOND, login_attempts._HOUR, ""
        ),
    )
    dying(visitor.post, "/account/login/", {"login": "ada@example.com", "password": "wrong"})
    assert spent(login_attempts.TOLD, f"user {ada.user.pk}") == 0
