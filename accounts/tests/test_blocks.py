"""What nobody signs up with: blocked e-mail domains and network ranges, banned addresses, reserved
handles and those of who is gone.
"""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.auth.email_policy import REFUSED
from accounts.auth.one_time_links import claim_url
from accounts.models import (
    Account,
    BannedEmail,
    BlockedDomain,
    BlockedRange,
    HandleTakenError,
    RemovedHandle,
    ReservedHandle,
    User,
    WaitingSignup,
)
from accounts.models.blocklists import digest_of_email
from accounts.tests.conftest import SIGN_UP, link_in, sign_up_form
from conftest import PASSWORD

pytestmark = pytest.mark.both_databases  # the database compares
EMAIL = "/account/email/"


def full(model: type, **fields: Any) -> Any:
    """A row as the admin's form makes it."""
    row = model(**fields)
    row.full_clean()
    row.save()
    return row


def change_address(client: Client, email: str) -> Any:
    response = client.post(EMAIL, {"email": email, "action_add": ""})
    if response.status_code == 302 and "reauthenticate" in response["Location"]:
        return client.post(response["Location"], {"password": PASSWORD})
    return response


@pytest.fixture
def administrator(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root@example.com", PASSWORD))
    return client


# --- Domains ---


@pytest.mark.parametrize(
    ("email", "covered"),
    [
        ("a@mail.example", True),
        ("a@MAIL.example", True),
        ("a@box.mail.example", True),
        ("a@a.box.mail.example", True),
        ("a@mail.example.", True),
        ("a@otmail.example", False),
        ("a@mail.example.com", False),
        ("a@example", False),
        ("mail.example@other.example", False),
        ("a@bücher.example", True),
        ("a@xn--bcher-kva.example", True),
        ("a", False),
        ("", False),
        ("a@" + "x." * 200, False),
    ],
)
def test_blocked_domain_covers_what_lies_below_it(db: None, email: str, covered: bool) -> None:
    full(BlockedDomain, domain=" *.Mail.example ")
    full(BlockedDomain, domain="bücher.example")
    assert BlockedDomain.objects.covers(email) is covered


def test_blocked_domain_may_end(db: None) -> None:
    full(BlockedDomain, domain="mail.example", until=timezone.now() + timedelta(days=1))
    assert BlockedDomain.objects.covers("a@mail.example")
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert not BlockedDomain.objects.covers("a@mail.example")


@pytest.mark.parametrize(
    "domain", ["", "no domain", "mail..example", "http://mail.example/", "*", "-a.example"]
)
def test_what_is_no_domain_cannot_be_blocked(db: None, domain: str) -> None:
    with pytest.raises(ValidationError):
        full(BlockedDomain, domain=domain)


@pytest.mark.parametrize("confirmed", [False, True])
def test_blocked_domain_cannot_sign_up_or_be_moved_to(
    confirmed: bool, as_ada: Client, ada: Account, settings: Any
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory" if confirmed else "none"
    full(BlockedDomain, domain="mail.example")
    for response in (
        Client().post(SIGN_UP, sign_up_form(email="dora@box.mail.example")),
        change_address(as_ada, "ada@box.mail.example"),
    ):
        assert response.status_code == 422
        assert "Addresses at box.mail.example cannot be used here" in response.content.decode()
        assert 'value="' in response.content.decode()
    assert User.objects.get() == ada.user
    assert not EmailAddress.objects.filter(email__contains="mail.example").exists()


# --- Network ranges ---


@pytest.mark.parametrize(
    ("network", "kept", "inside", "outside"),
    [
        (
            "192.0.2.0/24",
            "192.0.2.0/24",
            ["192.0.2.0", "192.0.2.255", "::ffff:192.0.2.7"],
            ["192.0.1.255", "192.0.3.0", "2001:db8::1"],
        ),
        ("192.0.2.77/24", "192.0.2.0/24", ["192.0.2.1"], ["192.0.3.1"]),
        ("192.0.2.7", "192.0.2.7/32", ["192.0.2.7"], ["192.0.2.6", "192.0.2.8"]),
        (
            "2001:db8:12::/48",
            "2001:db8:12::/48",
            ["2001:db8:12::", "2001:db8:12:ffff::1"],
            ["2001:db8:13::", "192.0.2.7"],
        ),
        ("::ffff:192.0.2.0/120", "192.0.2.0/24", ["192.0.2.9", "::ffff:192.0.2.9"], ["192.0.3.9"]),
        ("::c000:207", "::c000:207/128", ["::c000:207"], ["192.0.2.7"]),
    ],
)
def test_blocked_range_covers_its_addresses(
    db: None, network: str, kept: str, inside: list[str], outside: list[str]
) -> None:
    assert full(BlockedRange, network=network).network == kept
    assert [address for address in inside if not BlockedRange.objects.covers(address)] == []
    assert [
        address
        for address in [*outside, "", "nonsense", "192.0.2.0/24"]
        if BlockedRange.objects.covers(address)
    ] == []


@pytest.mark.parametrize(
    "network",
    ["", "nonsense", "192.0.2.0/33", "0.0.0.0/0", "10.0.0.0/7", "::/0", "2001::/15", "192.0.2"],
)
def test_what_is_no_range_or_too_wide_cannot_be_blocked(db: None, network: str) -> None:
    with pytest.raises(ValidationError) as raised:
        full(BlockedRange, network=network)
    assert set(raised.value.message_dict) == {"network"}


def test_blocked_range_cannot_sign_up_until_it_ends(db: None) -> None:
    full(BlockedRange, network="192.0.2.0/24")
    response = Client(REMOTE_ADDR="192.0.2.7").post(SIGN_UP, sign_up_form())
    assert response.status_code == 422
    assert "from your network" in response.content.decode()
    assert 'value="dora"' in response.content.decode()
    assert not User.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert (
            Client(REMOTE_ADDR="192.0.2.7").post(SIGN_UP, sign_up_form(opened="")).status_code
            == 422
        )
    BlockedRange.objects.update(until=timezone.now())
    assert Client(REMOTE_ADDR="192.0.2.7").post(SIGN_UP, sign_up_form()).status_code == 302


def test_behind_a_proxy_it_is_the_address_that_the_proxy_saw(db: None, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    full(BlockedRange, network="192.0.2.0/24")
    through = {"REMOTE_ADDR": "127.0.0.1"}
    blocked = Client(**through).post(
        SIGN_UP, sign_up_form(), headers={"X-Forwarded-For": "198.51.100.1, 192.0.2.7"}
    )
    assert blocked.status_code == 422
    forged = Client(**through).post(
        SIGN_UP, sign_up_form(), headers={"X-Forwarded-For": "192.0.2.7, 198.51.100.1"}
    )
    assert forged.status_code == 302


# --- Banned addresses ---


@pytest.mark.parametrize(
    "email",
    [
        "eve@mail.example",
        "EVE@Mail.Example",
        "eve+news@mail.example",
        " eve@mail.example ",
        "eve@mail.example.",
    ],
)
def test_every_spelling_of_a_banned_address_is_banned(db: None, email: str) -> None:
    BannedEmail.objects.ban("Eve+here@mail.example")
    BannedEmail.objects.ban("eve@mail.example")
    assert BannedEmail.objects.is_banned(email)
    assert not BannedEmail.objects.is_banned("e.ve@mail.example")
    assert "eve" not in str(BannedEmail.objects.values().get())
    BannedEmail.objects.lift(email)
    assert not BannedEmail.objects.exists()


def test_without_a_mail_server_banned_address_is_told(
    as_ada: Client, ada: Account, visitor: Client
) -> None:
    BannedEmail.objects.ban("eve@mail.example")
    bea = Account.objects.create_local("bea")
    claim = claim_url(bea).removeprefix("http://127.0.0.1:8000")
    for response in (
        visitor.post(SIGN_UP, sign_up_form(email="eve+1@mail.example")),
        Client().post(claim, {"email": "eve@mail.example", "password1": PASSWORD}),
        change_address(as_ada, "Eve@mail.example"),
    ):
        assert response.status_code == 422
        assert REFUSED in response.content.decode()
    assert User.objects.get().email == "ada@example.com"


@pytest.mark.usefixtures("confirms")
class TestWithMailServer:
    def test_signing_up_answers_as_for_any_address(self, ada: Account, mailed: Any) -> None:
        BannedEmail.objects.ban("eve@mail.example")
        answers = []
        for email in ("free@example.com", "ada@example.com", "eve+2@mail.example"):
            client = Client()
            response, [mail] = mailed(client.post, SIGN_UP, sign_up_form(email=email))
            answers.append(
                (
                    response.status_code,
                    response["Location"],
                    client.get(response["Location"]).content,
                    sorted(client.cookies),
                )
            )
            assert mail.to == [email]
        assert answers[0] == answers[1] == answers[2]
        assert "cannot be used on Microblog" in mail.body
        assert "confirm" not in mail.body
        assert WaitingSignup.objects.get().email == "free@example.com"

    def test_changing_to_it_answers_as_for_any_address(
        self, ada: Account, as_ada: Client, mailed: Any
    ) -> None:
        BannedEmail.objects.ban("eve@mail.example")
        pages = []
        for email in ("free@example.com", "eve@mail.example"):
            response, [mail, _] = mailed(change_address, as_ada, email)
            assert mail.to == [email]
            pages.append(
                (
                    response.status_code,
                    as_ada.get(EMAIL).content.decode().replace(email, "…").count("…"),
                )
            )
        assert pages[0] == pages[1]
        assert "cannot be used on Microblog" in mail.body
        _, mails = mailed(as_ada.post, EMAIL, {"email": "eve@mail.example", "action_send": ""})
        assert [mail for mail in mails if "/confirm/" in mail.body] == []
        ada.user.refresh_from_db()
        assert ada.user.email == "ada@example.com"

    @pytest.mark.parametrize("block", ["ban", "domain"])
    def test_banned_between_asking_and_confirming(
        self, visitor: Client, mailed: Any, block: str
    ) -> None:
        _, [mail] = mailed(visitor.post, SIGN_UP, sign_up_form())
        BannedEmail.objects.ban("dora@example.com") if block == "ban" else full(
            BlockedDomain, domain="example.com"
        )
        assert visitor.post(link_in(mail)).status_code == 409
        assert not get_user(visitor).is_authenticated
        assert not Account.objects.exists()


# --- Handles ---


@pytest.mark.parametrize("handle", ["Mayor", "mayor", "MAYOR"])
def test_reserved_handle_cannot_be_taken(
    as_ada: Client, ada: Account, visitor: Client, handle: str
) -> None:
    full(ReservedHandle, handle="@Mayor")
    for response in (
        visitor.post(SIGN_UP, sign_up_form(handle=handle)),
        as_ada.post("/settings/handle", {"handle": handle}),
    ):
        assert response.status_code == 422
        assert f"@{handle} is taken" in response.content.decode()
    with pytest.raises(HandleTakenError):
        Account.objects.create_local(handle)


def test_who_has_a_handle_that_is_reserved_later_keeps_it(ada: Account, as_ada: Client) -> None:
    full(ReservedHandle, handle="ada")
    assert as_ada.get("/@ada").status_code == 200
    assert as_ada.post("/settings/handle", {"handle": "ada"}).status_code == 302


@pytest.mark.parametrize("handle", ["", "a b", "x" * 16, "ä", "admin", "mayor"])
def test_what_cannot_be_reserved(db: None, handle: str) -> None:
    full(ReservedHandle, handle="Mayor")
    with pytest.raises(ValidationError):
        full(ReservedHandle, handle=handle)


def test_handle_of_who_is_gone_cannot_be_taken(
    as_ada: Client, ada: Account, visitor: Client
) -> None:
    RemovedHandle.objects.add_name("Eve")
    RemovedHandle.objects.add_name("fay@x.com")
    for response in (
        visitor.post(SIGN_UP, sign_up_form(handle="eVe")),
        as_ada.post("/settings/handle", {"handle": "eve"}),
    ):
        assert response.status_code == 422
        assert "eve is taken" in response.content.decode().lower()
    assert Account.objects.handle_is_free("fay")


# --- The admin's pages ---

ROWS: list[tuple[str, dict[str, str], str]] = [
    ("blockeddomain", {"domain": "Mail.example", "note": "Spam <b>"}, "mail.example"),
    (
        "blockedrange",
        {"network": "192.0.2.7/24", "until_0": "2099-01-01", "until_1": "0:00:00"},
        "192.0.2.0/24",
    ),
    ("reservedhandle", {"handle": "mayor"}, "mayor"),
    ("bannedemail", {"email": "Eve+1@mail.example"}, digest_of_email("eve@mail.example")[:8]),
]


@pytest.mark.parametrize(("model", "data", "shown"), ROWS, ids=[model for model, _, _ in ROWS])
def test_administrators_add_find_and_delete_blocks(
    administrator: Client, model: str, data: dict[str, str], shown: str
) -> None:
    address = f"/admin/accounts/{model}/"
    assert administrator.get(address).status_code == 200
    assert administrator.get(f"{address}add/").status_code == 200
    assert administrator.post(f"{address}add/", data).status_code == 302
    again = administrator.post(f"{address}add/", data)
    assert again.status_code == 200
    assert "already" in again.content.decode()
    page = administrator.get(address)
    assert shown in page.content.decode()
    assert "<b>" not in page.content.decode().partition("result_list")[2].partition("</table>")[0]
    [row] = page.context["cl"].result_list
    assert administrator.get(f"{address}{row.pk}/change/").status_code == 200
    term = "EVE@mail.example" if model == "bannedemail" else shown
    assert list(administrator.get(address, {"q": term}).context["cl"].result_list) == [row]
    assert not administrator.get(address, {"q": "nothing like it"}).context["cl"].result_list
    assert administrator.get(f"{address}?q=%00").status_code == 200
    assert administrator.post(f"{address}{row.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not administrator.get(address).context["cl"].result_list


@pytest.mark.parametrize("data", [{}, {"email": "no"}, {"email": ""}])
def test_what_is_no_address_cannot_be_banned(administrator: Client, data: dict[str, str]) -> None:
    assert administrator.post("/admin/accounts/bannedemail/add/", data).status_code == 200
    assert not BannedEmail.objects.exists()
