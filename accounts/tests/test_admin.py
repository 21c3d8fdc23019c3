"""The admin of people: moderators suspend and restore accounts; administrators look after who signs
in.
"""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import Account, FormerHandle, User
from conftest import PASSWORD, make_account
from testing.html import find

ACCOUNTS = "/admin/accounts/account/"
USERS = "/admin/accounts/user/"


def client_for(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def moderator_with(*permissions: str) -> User:
    user = make_account("mod").user
    user.is_staff = True
    user.save()
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


@pytest.fixture
def moderator(db: None) -> Client:
    return client_for(moderator_with("view_account", "change_account"))


@pytest.fixture
def administrator(db: None) -> Client:
    return client_for(User.objects.create_superuser("root@example.com", PASSWORD))


def is_signed_in(client: Client) -> bool:
    return bool(find(client.get("/"), "form", id="deed"))


def act(client: Client, action: str, *accounts: Account) -> list[str]:
    data = {"action": action, "_selected_action": [account.pk for account in accounts]}
    response = client.post(ACCOUNTS, data, follow=True)
    return [str(message) for message in response.context["messages"]]


# --- Accounts ---


def test_suspend_and_restore_from_the_list(
    moderator: Client, ada: Account, ben: Account, as_ada: Client, visitor: Client
) -> None:
    assert as_ada.get("/settings").status_code in (200, 302)
    assert act(moderator, "suspend", ada, ben) == ["Suspended 2 accounts."]
    response = visitor.get("/@ada")
    assert response.status_code == 410
    assert "Lovelace" not in response.content.decode()
    assert not is_signed_in(as_ada)
    assert Account.objects.get(pk=ada.pk).followers_count == 0
    assert act(moderator, "suspend", ada) == ["1 account had been suspended before."]
    assert act(moderator, "restore", ada, ben) == ["Restored 2 accounts."]
    assert visitor.get("/@ada").status_code == 200
    assert Account.objects.get(pk=ada.pk).followers_count == 1


def test_suspend_from_the_page(moderator: Client, ada: Account) -> None:
    address = f"{ACCOUNTS}{ada.pk}/change/"
    page = moderator.get(address).content.decode()
    assert '<option value="suspend">' in page
    assert "Save" not in page
    response = moderator.post(
        address, {"CHANGE_FORM-action": "suspend", "_selected_action": [ada.pk]}, follow=True
    )
    assert [str(message) for message in response.context["messages"]] == ["Suspended 1 account."]
    assert "suspended" in response.content.decode()
    assert Account.objects.get(pk=ada.pk).suspended_at
    assert LogEntry.objects.get().object_repr == f"account {ada.pk}"


def test_staff_cannot_suspend_themselves_nor_their_equals(ada: Account) -> None:
    user = moderator_with("view_account", "change_account")
    User.objects.filter(pk=ada.user_id).update(is_superuser=True)
    messages = act(client_for(user), "suspend", user.account, ada)
    assert sorted(messages) == [
        "@ada belongs to somebody of your own rank or above. Only somebody above them may decide.",
        "@mod is your own account. Let a colleague decide.",
    ]
    assert not Account.objects.exclude(suspended_at=None).exists()


def test_who_may_only_look_is_offered_no_verb(ada: Account) -> None:
    client = client_for(moderator_with("view_account"))
    for address in (ACCOUNTS, f"{ACCOUNTS}{ada.pk}/change/"):
        assert "Suspend" not in client.get(address).content.decode()
    act(client, "suspend", ada)
    assert Account.objects.get(pk=ada.pk).suspended_at is None


def test_an_account_is_neither_added_nor_typed_into_nor_deleted(
    administrator: Client, ada: Account
) -> None:
    assert administrator.get(f"{ACCOUNTS}add/").status_code == 403
    assert administrator.post(f"{ACCOUNTS}{ada.pk}/delete/", {"post": "yes"}).status_code == 403
    administrator.post(
        f"{ACCOUNTS}{ada.pk}/change/", {"name": "Eve", "followers_count": "5", "_save": "Save"}
    )
    ada = Account.objects.get(pk=ada.pk)
    assert (ada.name, ada.followers_count) == ("Ada Lovelace", 0)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=ad", ["@ada"]),
        ("q=@ADA", ["@ada"]),
        ("q=@ad", []),
        ("q=lovelace", ["@ada"]),
        ("q=ada@example.com", ["@ada"]),
        ("q=eve@x.com", ["@eve@x.com"]),
        ("q=@eve@x.com", ["@eve@x.com"]),
        ("q=%00", None),
        ("q=%25_", []),
        ("from=elsewhere", ["@eve@x.com"]),
        ("owner=nobody", ["@eve@x.com"]),
        ("standing=suspended", []),
        ("standing=nonsense&from=nonsense&owner=nonsense", None),
    ],
)
def test_accounts_are_found_by_handle_name_and_address(
    moderator: Client, ada: Account, query: str, found: list[str] | None
) -> None:
    Account.objects.create(handle="eve", host="x.com", name="Eve")
    response = moderator.get(f"{ACCOUNTS}?{query}")
    assert response.status_code == 200
    if found is not None:
        assert [str(account) for account in response.context["cl"].result_list] == found


def test_a_former_handle_can_be_set_free(
    administrator: Client, ada: Account, visitor: Client
) -> None:
    ada.change_handle("countess")
    former = FormerHandle.objects.get()
    administrator.post(f"/admin/accounts/formerhandle/{former.pk}/delete/", {"post": "yes"})
    assert Account.objects.handle_is_free("ada")


# --- Users ---


def form_of(user: User, **changes: Any) -> dict[str, Any]:
    return {"email": user.email, "is_active": "on", **changes}


def test_an_administrator_adds_somebody(administrator: Client) -> None:
    data = {
        "email": "New@Example.com",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    assert administrator.post(f"{USERS}add/", data).status_code == 302
    assert User.objects.get(email="new@example.com").check_password(PASSWORD)
    again = administrator.post(f"{USERS}add/", {**data, "email": "NEW@example.com"})
    assert "That e-mail address is taken." in again.content.decode()


def test_an_administrator_changes_an_address(administrator: Client, ada: Account) -> None:
    user = ada.user
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    assert (
        administrator.post(
            f"{USERS}{user.pk}/change/", form_of(user, email="Countess@example.com")
        ).status_code
        == 302
    )
    assert User.objects.get(pk=user.pk).email == "countess@example.com"
    assert [address.email for address in EmailAddress.objects.filter(user=user)] == [
        "countess@example.com"
    ]


def test_closing_the_door_ends_every_session(
    administrator: Client, ada: Account, as_ada: Client
) -> None:
    data = form_of(ada.user)
    del data["is_active"]
    assert administrator.post(f"{USERS}{ada.user_id}/change/", data).status_code == 302
    assert not is_signed_in(as_ada)


def test_a_new_password_ends_every_session(
    administrator: Client, ada: Account, as_ada: Client
) -> None:
    assert is_signed_in(as_ada)
    data = {
        "usable_password": "true",
        "password1": "another long phrase",
        "password2": "another long phrase",
    }
    assert administrator.post(f"{USERS}{ada.user_id}/password/", data).status_code == 302
    assert User.objects.get(pk=ada.user_id).check_password("another long phrase")
    assert not is_signed_in(as_ada)


def test_staff_give_themselves_no_rights_and_leave_administrators_alone(ada: Account) -> None:
    user = moderator_with("view_user", "change_user")
    client = client_for(user)
    client.post(f"{USERS}{user.pk}/change/", form_of(user, is_staff="on", is_superuser="on"))
    assert not User.objects.get(pk=user.pk).is_superuser
    root = User.objects.create_superuser("root@example.com", PASSWORD)
    assert (
        client.post(
            f"{USERS}{root.pk}/change/", form_of(root, email="mine@example.com")
        ).status_code
        == 403
    )
    data = {
        "usable_password": "true",
        "password1": "another long phrase",
        "password2": "another long phrase",
    }
    assert client.post(f"{USERS}{root.pk}/password/", data).status_code == 403
    assert User.objects.get(pk=root.pk).check_password(PASSWORD)


def test_a_user_is_not_deleted(administrator: Client, ada: Account) -> None:
    assert administrator.post(f"{USERS}{ada.user_id}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=ada.user_id).exists()


@pytest.mark.parametrize(
    "address",
    [USERS, f"{USERS}add/", ACCOUNTS, "/admin/accounts/follow/", "/admin/accounts/formerhandle/"],
)
def test_each_page_of_the_admin_opens(administrator: Client, ben: Account, address: str) -> None:
    ben.change_handle("benjamin")
    assert administrator.get(address).status_code == 200
    for model, row in (
        ("user", ben.user),
        ("account", ben),
        ("follow", ben.follows.get()),
        ("formerhandle", ben.former_handles.get()),
    ):
        assert administrator.get(f"/admin/accounts/{model}/{row.pk}/change/").status_code == 200
