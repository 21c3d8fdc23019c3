"""The link by which one has no more mails."""

import pytest
from django.test import Client

from accounts.models import Account
from conftest import client_of, make_account
from timeline.mailing.unsubscribing import unsubscribe_url
from timeline.models import NotificationSettings

Mail = NotificationSettings.Mail
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
FORM = "application/x-www-form-urlencoded"


def path_of(account: Account) -> str:
    assert account.user
    return unsubscribe_url(account.user, account).removeprefix("http://127.0.0.1:8000")


def mail_of(account: Account) -> int:
    return NotificationSettings.objects.of(account).mail


@pytest.fixture(autouse=True)
def _wanted(ada: Account) -> None:
    NotificationSettings.objects.choose(ada, off=[1], limited=[2])
    NotificationSettings.objects.choose_mail(ada, Mail.DAILY)


@pytest.fixture
def strict() -> Client:
    """A mail program: it has no cookie, and no token."""
    return Client(enforce_csrf_checks=True)


def test_opening_the_link_shows_a_button_and_changes_nothing(ada: Account, visitor: Client) -> None:
    for method in (visitor.get, visitor.head, visitor.get):
        response = method(path_of(ada))
        assert response.status_code == 200
        assert mail_of(ada) == Mail.DAILY
    page = response.content.decode()
    main = page.partition("<main")[2].partition("</main>")[0]
    assert main.count("<button") == 1
    assert "End the mails" in main
    assert "ada" not in main.lower()
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("multipart", [True, False])
def test_one_click_ends_the_mails(ada: Account, strict: Client, multipart: bool) -> None:
    for _ in range(2):
        sent = (
            strict.post(path_of(ada), ONE_CLICK)
            if multipart
            else strict.post(path_of(ada), "List-Unsubscribe=One-Click", content_type=FORM)
        )
        assert sent.status_code == 200
        page = sent.content.decode()
        assert "You get no more mails" in page
        assert 'href="/settings/notifications"' in page
        assert mail_of(ada) == Mail.NONE
    kept = NotificationSettings.objects.get(account=ada)
    assert (kept.is_off(1), kept.is_limited(2)) == (True, True), "all else stays as it was"


@pytest.mark.parametrize("who", ["a visitor", "ada"])
def test_the_button_ends_the_mails(ada: Account, who: str) -> None:
    client = client_of(ada if who == "ada" else None, enforce_csrf_checks=True)
    assert client.post(path_of(ada)).status_code == 200
    assert mail_of(ada) == Mail.NONE


def test_an_old_link_ends_what_was_chosen_anew(ada: Account, strict: Client) -> None:
    link = path_of(ada)
    strict.post(link)
    NotificationSettings.objects.choose_mail(ada, Mail.AT_ONCE)
    assert strict.post(link).status_code == 200
    assert mail_of(ada) == Mail.NONE


def test_who_never_chose_anything_can_end_it(strict: Client) -> None:
    cal = make_account("cal")
    assert strict.post(path_of(cal)).status_code == 200
    assert not NotificationSettings.objects.filter(account=cal).exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_else_is_told_that_it_is_not_theirs(
    ada: Account, as_ben: Client, method: str
) -> None:
    response = getattr(as_ben, method)(path_of(ada))
    assert response.status_code == 403
    assert "another account than the one that you are signed in to" in response.content.decode()
    assert mail_of(ada) == Mail.DAILY


@pytest.mark.parametrize("broken", ["cut", "other", "none", "long", "odd", "huge", "negative"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_broken_link_ends_nothing(
    ada: Account, ben: Account, strict: Client, broken: str, method: str
) -> None:
    NotificationSettings.objects.choose_mail(ben, Mail.DAILY)
    link = path_of(ada)
    proof = link.partition(":")[2]
    link = {
        "cut": link[:-1],
        "other": f"/unsubscribe/{ben.pk}:{proof}",
        "none": f"/unsubscribe/{ada.pk}",
        "long": f"{link}x",
        "odd": "/unsubscribe/%00%ff:☃",
        "huge": f"/unsubscribe/{'9' * 5000}:{proof}",
        "negative": f"/unsubscribe/-{ada.pk}:{proof}",
    }[broken]
    response = getattr(strict, method)(link)
    assert response.status_code == 404
    assert "This link ends no mails" in response.content.decode()
    assert (mail_of(ada), mail_of(ben)) == (Mail.DAILY, Mail.DAILY)


def test_who_has_the_old_address_ends_nothing(ada: Account, strict: Client) -> None:
    link = path_of(ada)
    assert ada.user
    ada.user.email = "countess@example.com"
    ada.user.save()
    assert strict.post(link).status_code == 404
    assert mail_of(ada) == Mail.DAILY
    assert strict.post(path_of(ada)).status_code == 200


@pytest.mark.parametrize("state", ["suspend", "deactivate"])
def test_who_is_away_can_end_them(ada: Account, strict: Client, state: str) -> None:
    link = path_of(ada)
    getattr(ada, state)()
    assert strict.post(link).status_code == 200
    assert mail_of(ada) == Mail.NONE


def test_an_account_that_was_deleted_has_none_to_end(ada: Account, strict: Client) -> None:
    link = path_of(ada)
    ada.delete()
    assert strict.post(link).status_code == 404
    assert strict.get(link).status_code == 404


def test_a_former_secret_key_still_ends_them(
    ada: Account, strict: Client, settings: pytest.FixtureRequest
) -> None:
    link = path_of(ada)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]  # type: ignore[attr-defined]
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]
    assert strict.post(link).status_code == 200
    assert mail_of(ada) == Mail.NONE
