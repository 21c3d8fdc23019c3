"""Mails of notifications by hand, without a script: chosen in the settings, ended by their link."""

from playwright.sync_api import expect

from accounts.models import Account
from timeline.mailing.unsubscribing import unsubscribe_url
from timeline.models import NotificationSettings

from .conftest import PHONE, People


def test_mails_are_chosen_and_ended_without_a_script(browse: People, ada: Account) -> None:
    page = browse(ada, js=False, width=PHONE)
    page.goto("/settings/notifications")
    expect(page.get_by_label("None", exact=True)).to_be_checked()
    page.get_by_label("Once a day").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved")
    expect(page.get_by_label("Once a day")).to_be_checked()
    assert NotificationSettings.objects.of(ada).mail == NotificationSettings.Mail.DAILY
    assert ada.user
    link = unsubscribe_url(ada.user, ada).rpartition("/unsubscribe/")[2]
    reader = browse(js=False)
    reader.goto(f"/unsubscribe/{link}")
    expect(reader.get_by_role("heading", name="No more mails?")).to_be_visible()
    assert NotificationSettings.objects.of(ada).mail == NotificationSettings.Mail.DAILY
    reader.get_by_role("button", name="End the mails").click()
    expect(reader.get_by_role("heading", name="You get no more mails")).to_be_visible()
    assert NotificationSettings.objects.of(ada).mail == NotificationSettings.Mail.NONE
    reader.get_by_role("link", name="The settings", exact=True).click()
    expect(reader.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
