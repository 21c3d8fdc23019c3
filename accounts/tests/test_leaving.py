"""Leaving: /settings/account, deactivating an account, and deleting it for good."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user
from django.test import Client
from django.utils import timezone

from accounts import leaving
from accounts.models import Account, FormerHandle, RemovedHandle, User
from accounts.models.account_queryset import HANDLE_KEPT_FOR
from accounts.tasks import finish_leaving
from accounts.tests.test_security import code_now, give_app
from conftest import PASSWORD, client_of, make_account
from microblog.web import ratelimit
from testing.database import at_once, of_two_writers
from testing.html import find
from testing.passkeys import HOST
from testing.passkeys import give as give_a_passkey
from testing.scene import HTMX, say

ACCOUNT, DEACTIVATE, DELETE = (
    f"/settings/account{page}" for page in ("", "/deactivate", "/delete")
)
LOGIN, SECOND_STEP = "/account/login/", "/account/second-step/"
DAY = timedelta(days=1)
SURE = {"password": PASSWORD, "sure": "on"}

type Mailed = Callable[..., tuple[Any, list[Any]]]


def fresh(account: Account) -> Account:
    return Account.objects.get(pk=account.pk)


def token_in(client: Client, page: str) -> str:
    """Return what the form on `page` says of whose account it is."""
    found = re.search(r'name="account" value="([^"]+)"', client.get(page).content.decode())
    assert found
    return found[1]


def signed_in(client: Client) -> bool:
    return get_user(client).is_authenticated


def sign_in(handle: str, password: str = PASSWORD, **more: str) -> tuple[Client, Any]:
    client = Client()
    return client, client.post(LOGIN, {"login": handle, "password": password, **more})


def after(wait: timedelta, do: Callable[[], Any]) -> Any:
    with time_machine.travel(timezone.now() + wait):
        return do()


# --- The page ---


def test_the_page_has_a_form_for_each_way_to_leave(as_ada: Client) -> None:
    page = as_ada.get(ACCOUNT).content.decode()
    for words in ("@ada", "ada@example.com", f'action="{DEACTIVATE}"', f'action="{DELETE}"'):
        assert words in page
    assert f'href="{ACCOUNT}"' in as_ada.get("/settings").content.decode()


@pytest.mark.parametrize("page", [ACCOUNT, DEACTIVATE, DELETE])
def test_a_visitor_signs_in_first(ada: Account, visitor: Client, page: str) -> None:
    assert visitor.get(page)["Location"] == f"{LOGIN}?next={page}"


@pytest.mark.parametrize("page", [DEACTIVATE, DELETE])
def test_a_get_changes_nothing(as_ada: Client, ada: Account, page: str) -> None:
    before = fresh(ada).__dict__
    assert as_ada.get(page).status_code == 200
    after_it = fresh(ada).__dict__
    assert {**before, "_state": 0} == {**after_it, "_state": 0}


def test_the_ways_to_leave_say_what_happens(as_ada: Client) -> None:
    words = as_ada.get(DELETE).content.decode()
    for named in ("posts", "drafts", "bookmarks", "likes", "archive", "moderators", "30 days"):
        assert named in words
    assert "within 30 days" in as_ada.get(DEACTIVATE).content.decode()


# --- For a while ---


@pytest.mark.both_databases
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_deactivating_hides_at_once_and_ends_every_session(
    ada: Account, as_ada: Client, visitor: Client, headers: dict[str, str]
) -> None:
    elsewhere = client_of(ada)
    response = as_ada.post(DEACTIVATE, headers=headers)
    assert response.headers.get("HX-Redirect" if headers else "Location") == LOGIN
    assert visitor.get("/@ada").status_code == 404
    assert not signed_in(as_ada)
    assert not signed_in(elsewhere)
    assert elsewhere.get("/settings")["Location"].startswith(LOGIN)
    said = as_ada.get(LOGIN).content.decode()
    assert "@ada is deactivated" in said
    assert f"{timezone.now() + 30 * DAY:%-d %B %Y}" in said


def test_a_mail_tells_until_when_one_can_come_back(as_ada: Client, mailed: Mailed) -> None:
    _, (mail,) = mailed(as_ada.post, DEACTIVATE)
    assert mail.to == ["ada@example.com"]
    assert f"{timezone.now() + 30 * DAY:%-d %B %Y}" in mail.body


@pytest.mark.both_databases
def test_signing_in_brings_all_of_it_back_and_says_so(
    ada: Account, ben: Account, visitor: Client
) -> None:
    before = fresh(ben).following_count
    ada.deactivate()
    assert (before, fresh(ben).following_count) == (1, 0)
    client, response = sign_in("ada")
    assert response["Location"] == "/"
    assert "Welcome back: @ada is active again" in client.get("/settings").content.decode()
    assert signed_in(client)
    assert visitor.get("/@ada").status_code == 200
    assert fresh(ben).following_count == 1


def test_a_wrong_password_brings_nothing_back(ada: Account) -> None:
    ada.deactivate()
    assert sign_in("ada", "wrong")[1].status_code == 422
    assert fresh(ada).absent_at


def test_a_password_without_the_second_factor_brings_nothing_back(ada: Account) -> None:
    give_app(ada)
    ada.deactivate()
    client, response = sign_in("ada")
    assert response["Location"] == SECOND_STEP
    assert fresh(ada).absent_at
    client.post(SECOND_STEP, {"code": code_now()})
    assert fresh(ada).absent_at is None
    assert signed_in(client)


def test_a_passkey_brings_it_back(ada: Account, visitor: Client) -> None:
    device = give_a_passkey(ada)[1]
    ada.deactivate()
    options = visitor.post(LOGIN, {"options": "1"}, headers=HOST).json()
    visitor.post(LOGIN, {"credential": device.get(options)}, headers=HOST)
    assert fresh(ada).absent_at is None
    assert signed_in(visitor)


def test_what_was_signed_in_before_stays_ended_after_coming_back(
    ada: Account, as_ada: Client
) -> None:
    ada.deactivate()
    sign_in("ada")
    assert not signed_in(as_ada)


def test_no_old_address_of_a_deactivated_account_tells_of_it(ada: Account, visitor: Client) -> None:
    ada.change_handle("countess")
    assert visitor.get("/@ada")["Location"] == "/@countess"
    ada.deactivate()
    nobody = visitor.get("/@nobody").content.decode()
    for handle in ("ada", "countess"):
        response = visitor.get(f"/@{handle}")
        assert response.status_code == 404
        assert response.content.decode().replace(handle, "nobody") == nobody


def test_the_form_sent_twice_is_answered_alike(ada: Account, as_ada: Client) -> None:
    form = {"account": token_in(as_ada, DEACTIVATE)}
    first = as_ada.post(DEACTIVATE, form)
    moment = fresh(ada).deactivated_at
    again = as_ada.post(DEACTIVATE, form)
    assert (first.status_code, first["Location"]) == (again.status_code, again["Location"])
    assert "@ada is deactivated" in as_ada.get(LOGIN).content.decode()
    assert fresh(ada).deactivated_at == moment


@pytest.mark.both_databases
@pytest.mark.parametrize(("verb", "where"), [("deactivate", LOGIN), ("remove", "/")])
def test_who_leaves_twice_at_once_is_answered_alike(
    ada: Account, as_ada: Client, monkeypatch: pytest.MonkeyPatch, verb: str, where: str
) -> None:
    check = leaving._check_not_last

    def meanwhile(account: Account) -> None:
        getattr(fresh(ada), verb)()
        check(account)

    monkeypatch.setattr(leaving, "_check_not_last", meanwhile)
    response = as_ada.post(DEACTIVATE)
    assert (response.status_code, response["Location"]) == (302, where)
    said = "@ada is deactivated" if verb == "deactivate" else "Your account is deleted"
    assert said in as_ada.get(where).content.decode()


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "\0", "x" * 300])
@pytest.mark.parametrize("page", [DEACTIVATE, DELETE])
def test_a_made_up_form_tells_a_visitor_nothing(
    ada: Account, visitor: Client, page: str, token: str
) -> None:
    assert visitor.post(page, {"account": token})["Location"].startswith(LOGIN)
    assert fresh(ada).absent_at is None


def test_deactivating_too_often_is_refused(ada: Account) -> None:
    for _ in range(5):
        client = client_of(ada)
        assert client.post(DEACTIVATE).status_code == 302
        assert Account.objects.get(pk=ada.pk).reactivate()
        ada = fresh(ada)
    response = client_of(ada).post(DEACTIVATE)
    assert response.status_code == 429
    assert "five times within a day" in response.content.decode()


@pytest.mark.both_databases
def test_who_does_not_come_back_is_deleted_after_30_days(ada: Account, mailed: Mailed) -> None:
    ada.deactivate()
    after(29 * DAY, finish_leaving.call)
    assert fresh(ada).deactivated_at
    _, (mail,) = mailed(after, 30 * DAY, finish_leaving.call)
    assert not Account.objects.filter(pk=ada.pk).exists()
    assert not User.objects.filter(pk=ada.user.pk).exists()
    assert mail.to == ["ada@example.com"]
    assert "nobody has signed in" in mail.body


def test_who_came_back_is_not_deleted(ada: Account) -> None:
    ada.deactivate()
    sign_in("ada")
    after(31 * DAY, finish_leaving.call)
    assert fresh(ada).absent_at is None


# --- Deactivated, and suspended by moderators ---

STEPS: dict[str, Callable[[Account], Any]] = {
    "suspend": Account.suspend,
    "restore": Account.restore,
    "deactivate": Account.deactivate,
    "reactivate": Account.reactivate,
}


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("steps", "stands"),
    [
        ("deactivate suspend", False),
        ("deactivate suspend restore", False),
        ("deactivate suspend restore reactivate", True),
        ("deactivate suspend reactivate", False),
        ("deactivate suspend reactivate restore", True),
        ("suspend deactivate restore", False),
        ("suspend deactivate reactivate restore", True),
        ("deactivate deactivate reactivate", True),
        ("reactivate restore", True),
    ],
)
def test_both_may_come_and_go_in_any_order(
    ada: Account, ben: Account, steps: str, stands: bool
) -> None:
    for step in steps.split():
        STEPS[step](Account.objects.get(pk=ada.pk))
    assert (fresh(ada).absent_at is None) == stands
    assert fresh(ben).following_count == stands


def test_who_is_suspended_as_well_does_not_come_back_by_signing_in(ada: Account) -> None:
    ada.deactivate()
    ada.suspend()
    client, response = sign_in("ada")
    assert response["Location"] == "/account/inactive/"
    assert not signed_in(client)
    assert fresh(ada).deactivated_at


def test_who_was_suspended_meanwhile_has_the_whole_time_again(ada: Account) -> None:
    ada.deactivate()
    ada.suspend()
    after(31 * DAY, finish_leaving.call)
    after(31 * DAY, fresh(ada).restore)
    after(32 * DAY, finish_leaving.call)
    assert fresh(ada).deactivated_at
    after(62 * DAY, finish_leaving.call)
    assert not Account.objects.filter(pk=ada.pk).exists()


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("page", "form"),
    [
        ("/posts/{pk}/bookmark", {}),
        ("/settings/handle", {"handle": "countess"}),
        ("/welcome/bio", {"bio": "Countess"}),
        ("/@ben/block", {}),
    ],
)
def test_what_is_under_way_when_the_row_goes_is_answered_in_words(
    page: str, form: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, ben = make_account("ada"), make_account("ben")
    post, client = say(ben, "Hello"), client_of(ada)
    count = ratelimit._count

    def meanwhile(*args: Any) -> Any:
        Account.objects.filter(pk=ada.pk).delete()
        return count(*args)

    monkeypatch.setattr(ratelimit, "_count", meanwhile)
    response = client.post(page.format(pk=post.pk), form)
    assert response.status_code == 403
    assert "deactivated or deleted meanwhile" in response.content.decode()


# --- For good ---


@pytest.mark.both_databases
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_deleting_ends_every_session_and_takes_the_account_away(
    ada: Account, as_ada: Client, visitor: Client, headers: dict[str, str]
) -> None:
    elsewhere = client_of(ada)
    response = as_ada.post(DELETE, SURE, headers=headers)
    assert response.headers.get("HX-Redirect" if headers else "Location") == "/"
    assert "Your account is deleted" in as_ada.get("/").content.decode()
    assert visitor.get("/@ada").status_code == 404
    assert not signed_in(as_ada)
    assert not signed_in(elsewhere)
    assert not Account.objects.filter(pk=ada.pk).exists()
    assert not User.objects.filter(pk=ada.user.pk).exists()
    assert sign_in("ada")[1].status_code == 422


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"password": "wrong", "sure": "on"}, "This is not your password."),
        ({"sure": "on"}, "This field is required."),
        ({"password": PASSWORD}, "Please tick this if you are sure."),
        ({}, "This field is required."),
        ({"password": "x" * 5000, "sure": "on"}, "at most 4096"),
        ({"password": "\0", "sure": "on"}, "Null characters are not allowed."),
    ],
)
def test_what_proves_nothing_is_refused(
    ada: Account, as_ada: Client, form: dict[str, str], message: str
) -> None:
    response = as_ada.post(DELETE, form)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert fresh(ada).absent_at is None
    assert signed_in(as_ada)


def test_wrong_passwords_are_counted(ada: Account, as_ada: Client) -> None:
    for _ in range(5):
        assert as_ada.post(DELETE, {"password": "wrong", "sure": "on"}).status_code == 422
    response = as_ada.post(DELETE, SURE)
    assert response.status_code == 429
    assert "Too many attempts" in response.content.decode()
    assert fresh(ada).absent_at is None


def test_a_mail_says_that_it_is_done(as_ada: Client, mailed: Mailed) -> None:
    _, (mail,) = mailed(as_ada.post, DELETE, SURE)
    assert mail.to == ["ada@example.com"]
    assert "deleted for good" in mail.body


def test_a_deletion_sent_twice_is_done_once_and_answered_alike(
    as_ada: Client, mailed: Mailed
) -> None:
    form = {**SURE, "account": token_in(as_ada, DELETE)}
    first, mails = mailed(as_ada.post, DELETE, form)
    again, more = mailed(as_ada.post, DELETE, form)
    assert (len(mails), len(more)) == (1, 0)
    assert (first.status_code, first["Location"]) == (again.status_code, again["Location"])
    assert "Your account is deleted" in as_ada.get("/").content.decode()


@of_two_writers
def test_deleting_at_the_same_moment_is_done_once() -> None:
    pk = make_account("ada").pk
    asked = [Account.objects.get(pk=pk) for _ in range(4)]
    done = at_once(*[account.remove for account in asked])
    assert sorted(done) == [False, False, False, True]


def test_who_has_no_password_proves_it_by_a_passkey(ada: Account) -> None:
    device = give_a_passkey(ada)[1]
    User.objects.filter(pk=ada.user.pk).update(password="!")
    ada.user.refresh_from_db()
    client = client_of(ada)
    for send in (client.get, client.post):
        where = send(DELETE, headers=HOST)["Location"]
        assert where.startswith("/account/reauthenticate/passkey/?next=")
    options = client.get(where, headers=HOST).context["options"]
    client.post(where, {"credential": device.get(options)}, headers=HOST)
    assert 'name="password"' not in client.get(DELETE, headers=HOST).content.decode()
    assert client.post(DELETE, headers=HOST).status_code == 422
    assert client.post(DELETE, {"sure": "on"}, headers=HOST)["Location"] == "/"
    assert not Account.objects.filter(pk=ada.pk).exists()


def test_who_is_frozen_may_leave(ada: Account, ben: Account) -> None:
    for account, page, form in ((ada, DEACTIVATE, {}), (ben, DELETE, SURE)):
        account.freeze()
        assert client_of(account).post(page, form).status_code == 302


def test_who_is_deleted_neither_leaves_nor_comes_back(ada: Account) -> None:
    ada.deactivate()
    Account.objects.filter(pk=ada.pk).update(deleted_at=timezone.now())
    assert not fresh(ada).reactivate()
    assert not fresh(ada).remove()
    Account.objects.filter(pk=ada.pk).update(deactivated_at=None)
    assert not fresh(ada).deactivate()


# --- Who keeps the site ---


@pytest.fixture
def root(db: None) -> Account:
    root = make_account("root_")
    User.objects.filter(pk=root.user.pk).update(is_superuser=True, is_staff=True)
    return fresh(root)


@pytest.mark.parametrize(("page", "form"), [(DEACTIVATE, {}), (DELETE, SURE)])
def test_the_last_administrator_stays(root: Account, page: str, form: dict[str, str]) -> None:
    client = client_of(root)
    response = client.post(page, form)
    assert response.status_code == 422
    assert "the only administrator with all rights" in response.content.decode()
    assert fresh(root).absent_at is None
    assert signed_in(client)


@pytest.mark.both_databases
def test_one_of_two_administrators_may_go_and_the_other_stays(root: Account) -> None:
    other = User.objects.create_superuser("other@example.com", PASSWORD)
    theirs = Account.objects.create_local("other", user=other)
    assert client_of(root).post(DEACTIVATE).status_code == 302
    assert client_of(theirs).post(DELETE, SURE).status_code == 422
    Account.objects.get(pk=root.pk).reactivate()
    assert client_of(theirs).post(DELETE, SURE).status_code == 302


def test_an_administrator_without_an_account_keeps_the_site_too(root: Account) -> None:
    other = User.objects.create_superuser("other@example.com", PASSWORD)
    User.objects.filter(pk=other.pk).update(is_active=False)
    assert client_of(root).post(DEACTIVATE).status_code == 422
    User.objects.filter(pk=other.pk).update(is_active=True)
    assert client_of(root).post(DEACTIVATE).status_code == 302


def test_the_clock_spares_the_last_administrator(root: Account) -> None:
    root.deactivate()
    after(31 * DAY, finish_leaving.call)
    assert fresh(root).deleted_at is None


@of_two_writers
def test_two_administrators_do_not_leave_at_the_same_moment() -> None:
    accounts = [make_account(handle) for handle in ("ada", "ben")]
    User.objects.update(is_superuser=True)

    def leave(account: Account) -> bool:
        try:
            leaving.delete(account)
        except leaving.RefusedError:
            return False
        return True

    asked = [Account.objects.get(pk=one.pk) for one in accounts]
    done = at_once(*[partial(leave, account) for account in asked])
    assert sorted(done) == [False, True]


# --- The handle, and the address ---


def is_free(handle: str) -> bool:
    return Account.objects.handle_is_free(handle)


@pytest.mark.both_databases
def test_the_handle_is_kept_from_others_for_30_days_and_no_longer(ada: Account) -> None:
    ada.change_handle("countess")
    leaving.delete(ada)
    assert not FormerHandle.objects.exists()
    assert not is_free("Countess")
    assert not is_free("ada")
    assert not after(29 * DAY, lambda: is_free("countess"))
    assert after(30 * DAY, lambda: is_free("countess"))
    after(30 * DAY, finish_leaving.call)
    assert not RemovedHandle.objects.exists()


def test_the_handle_is_kept_while_the_account_is_deactivated(ada: Account) -> None:
    ada.deactivate()
    assert not is_free("ada")


def test_the_handle_is_free_in_time_where_the_row_is_still_here(ada: Account) -> None:
    Account.objects.filter(pk=ada.pk).update(deleted_at=timezone.now())
    after(HANDLE_KEPT_FOR, finish_leaving.call)
    assert is_free("ada")
    assert fresh(ada).handle == f"deleted-{ada.pk}"
    after(HANDLE_KEPT_FOR, finish_leaving.call)
    assert fresh(ada).handle == f"deleted-{ada.pk}"


def test_the_handle_of_who_was_suspended_stays_out_for_good(ada: Account) -> None:
    ada.suspend()
    leaving.delete(ada)
    after(400 * DAY, finish_leaving.call)
    assert not after(400 * DAY, lambda: is_free("ada"))


def test_what_is_kept_for_good_is_not_kept_shorter_by_a_deletion(ada: Account) -> None:
    RemovedHandle.objects.add_name("ada")
    RemovedHandle.objects.add_name("ada", timezone.now())
    assert RemovedHandle.objects.get().until is None


def test_the_address_is_free_at_once(ada: Account, as_ada: Client) -> None:
    as_ada.post(DELETE, SURE)
    again = make_account("ada2")
    User.objects.filter(pk=again.user.pk).update(email="ada@example.com")
    assert sign_in("ada@example.com")[1].status_code == 302


# --- Who is suspended, and leaves ---


def test_who_is_suspended_may_delete_their_account_after_signing_in(
    ada: Account, visitor: Client
) -> None:
    ada.suspend()
    client, response = sign_in("ada")
    assert DELETE in client.get(response["Location"]).content.decode()
    page = client.get(DELETE)
    assert page.status_code == 200
    assert "because your account is suspended" in page.content.decode()
    assert client.post(DELETE, {**SURE, "password": "wrong"}).status_code == 422
    assert client.post(DELETE, SURE)["Location"] == "/"
    assert not Account.objects.filter(pk=ada.pk).exists()
    assert visitor.get("/@ada").status_code == 404
    assert client.get(DELETE)["Location"].startswith(LOGIN)


def test_a_password_without_the_second_factor_opens_nothing(ada: Account) -> None:
    give_app(ada)
    ada.suspend()
    client, response = sign_in("ada")
    assert response["Location"] == SECOND_STEP
    assert client.get(DELETE)["Location"].startswith(LOGIN)
    assert client.post(SECOND_STEP, {"code": code_now()})["Location"] == "/account/inactive/"
    assert client.get(DELETE).status_code == 200


def test_who_came_from_the_deletion_is_led_there(ada: Account) -> None:
    ada.suspend()
    assert sign_in("ada", next=DELETE)[1]["Location"] == DELETE
    assert sign_in("ada", next="/settings")[1]["Location"] == "/account/inactive/"


def test_that_opens_nothing_else_and_ends(ada: Account) -> None:
    ada.suspend()
    client, _ = sign_in("ada")
    for page in ("/settings", ACCOUNT, DEACTIVATE, "/compose"):
        assert client.get(page)["Location"].startswith(LOGIN)
    assert after(timedelta(hours=2), lambda: client.get(DELETE))["Location"].startswith(LOGIN)
    ada.restore()
    assert client.get(DELETE)["Location"].startswith(LOGIN)


def test_that_is_nobody_elses_in_the_same_browser(ada: Account, ben: Account) -> None:
    ada.suspend()
    client, _ = sign_in("ada")
    client.post(LOGIN, {"login": "ben", "password": PASSWORD})
    page = client.get(DELETE).content.decode()
    assert "Delete @ben for good" in page
    assert "@ada" not in page


def test_a_wrong_password_opens_nothing(ada: Account) -> None:
    ada.suspend()
    client, response = sign_in("ada", "wrong")
    assert response.status_code == 422
    assert client.get(DELETE)["Location"].startswith(LOGIN)


def test_a_user_who_is_closed_is_not_let_to_it(ada: Account) -> None:
    ada.suspend()
    User.objects.filter(pk=ada.user.pk).update(is_active=False)
    client, response = sign_in("ada")
    assert DELETE not in client.get(response["Location"]).content.decode()
    assert client.get(DELETE)["Location"].startswith(LOGIN)


def test_the_form_for_the_password_names_whose_it_is(as_ada: Client) -> None:
    assert find(as_ada.get(DELETE), "input", autocomplete="username")
