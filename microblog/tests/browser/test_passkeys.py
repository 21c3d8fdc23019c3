"""Passkeys in a browser, with a device that it only makes believe; and without JavaScript."""

from typing import Any

from playwright.sync_api import Page, expect

from accounts.models import Account, SignupPolicy, User
from conftest import PASSWORD
from microblog.tests.browser.conftest import PHONE, People

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_device(page: Page) -> Any:
    """Give the browser of `page` a device that makes passkeys; return what speaks to it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return session, made["authenticatorId"]


def sign_out(page: Page) -> None:
    page.goto("/settings")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()


def test_newcomer_signs_up_and_in_with_a_passkey_alone(browse: People, db: None) -> None:
    SignupPolicy(fill_seconds=0).save()
    page = browse(width=PHONE)
    with_device(page)
    page.goto("/account/signup/")
    page.get_by_label("Handle").fill("dora")
    page.get_by_label("Name", exact=True).fill("Dora")
    page.get_by_label("E-mail").fill("dora@example.com")
    page.get_by_role("button", name="With a passkey").click()
    expect(page.get_by_role("heading", name="Make your passkey")).to_be_visible()
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url("**/welcome/picture")
    assert not User.objects.get().has_usable_password()
    sign_out(page)
    page.goto("/account/login/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("link", name="Settings").first).to_be_visible()


def test_user_adds_and_removes_a_passkey(browse: People, ada: Account) -> None:
    page = browse(ada)
    with_device(page)
    page.goto("/settings/security")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name").fill("My laptop")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_text("Your passkey is added")).to_be_visible()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("alert")).to_have_text(
        "This device has a passkey of yours here already."
    )
    page.goto("/settings/security")
    page.get_by_role("link", name="Remove the passkey My laptop").click()
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_text("You have no passkey yet.")).to_be_visible()


def test_device_that_says_no_is_told_in_words(browse: People, ada: Account) -> None:
    page = browse()
    session, device = with_device(page)
    session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.goto("/account/login/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("No passkey was chosen")
    expect(page.get_by_role("button", name="Use a passkey")).to_be_enabled()


def test_without_javascript_passwords_and_codes_are_left(browse: People, ada: Account) -> None:
    page = browse(js=False)
    page.goto("/account/login/")
    expect(page.get_by_role("button", name="Use a passkey")).to_be_hidden()
    expect(page.get_by_text("Passkeys need JavaScript")).to_be_visible()
    page.get_by_label("Handle or e-mail").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("link", name="Settings").first).to_be_visible()
    page.goto("/settings/security/passkeys/add")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Passkeys need JavaScript")).to_be_visible()
