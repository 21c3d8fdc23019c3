"""What every page asks about people: found as the QuerySets say."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.finding import account_named, signed_in_user
from accounts.models import Account, Session, User
from accounts.security.sessions import SessionStore
from testing.scene import external


@pytest.mark.parametrize("name", ["ada", "ADA", "Ada"])
def test_account_is_found_in_any_case(ada: Account, name: str) -> None:
    assert account_named(name, None) == ada


def test_account_elsewhere_is_found_by_its_host(ada: Account) -> None:
    grace = external()
    assert account_named("Grace@X.com", ada) == grace
    assert account_named("grace", ada) is None
    assert account_named("ada@x.com", ada) is None


def test_account_says_who_follows_whom(ada: Account, ben: Account, cal: Account) -> None:
    ben.unfollow(ada)
    ben.follow(cal)
    found = [account_named("cal", ben), account_named("ben", cal), account_named("cal", None)]
    assert [
        (bool(one.is_followed), bool(one.follows_viewer))  # type: ignore[attr-defined]
        for one in found
        if one
    ] == [(True, False), (False, True), (False, False)]


def test_suspended_account_is_not_found(ada: Account, ben: Account) -> None:
    ada.suspend()
    assert account_named("ada", None) is None
    assert account_named("ada", ben) is None


def test_user_is_found_with_their_account_by_one_query(ada: Account) -> None:
    assert ada.user_id
    with CaptureQueriesContext(connection) as queries:
        user = signed_in_user(ada.user_id)
        assert user
        assert user == ada.user
        assert user.account == ada
    assert len(queries) == 1


def test_user_without_an_account_is_found(db: None) -> None:
    root = User.objects.create_superuser("root@example.com", "a long pass phrase")
    user = signed_in_user(root.pk)
    assert user == root
    assert getattr(user, "account", None) is None
    assert signed_in_user(root.pk + 1) is None


def test_session_that_has_ended_or_never_was_is_none(as_ada: Client) -> None:
    key = as_ada.cookies["sessionid"].value
    assert SessionStore(key).get("_auth_user_id")
    Session.objects.filter(pk=key).update(expire_date=timezone.now() - timedelta(seconds=1))
    for name in (key, "x" * 32, "x" * 5000, "é", ""):
        store = SessionStore(name)
        assert store.get("_auth_user_id") is None
        assert store.session_key is None
