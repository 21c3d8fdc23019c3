"""/settings/export: who may ask for an archive, and who downloads it."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from accounts.models import Account, User
from accounts.tests.test_security import prove
from archives.export import asking, making
from archives.models import Export
from conftest import PASSWORD, client_of
from microblog.web import ratelimit
from moderation.enforcement.decide import Ruling, decide
from moderation.models import Action, Notice
from testing import passkeys
from testing.history import moderator
from testing.html import find
from testing.scene import body_of, say

from .conftest import Taken

EXPORT, DOWNLOAD = "/settings/export", "/settings/export/download"
LOGIN = "/account/login/"
NO_TASKS = {"default": {"BACKEND": "django_ox.backend.OxBackend"}}


def sign_in(handle: str, password: str = PASSWORD, **more: str) -> tuple[Client, Any]:
    client = Client()
    return client, client.post(LOGIN, {"login": handle, "password": password, **more})


def after(wait: timedelta, do: Callable[[], Any]) -> Any:
    with time_machine.travel(timezone.now() + wait):
        return do()


def status(client: Client) -> int:
    """Download, and return the status of the answer, which is read to its end."""
    response = client.get(DOWNLOAD)
    body_of(response)
    return response.status_code


def page(client: Client) -> str:
    return client.get(EXPORT).content.decode()


# --- Asking ---


@pytest.mark.both_databases
def test_whoever_asks_gets_it_and_a_mail(ada: Account, as_ada: Client, mailoutbox: Any) -> None:
    say(ada, "Hello")
    assert "Download" not in page(as_ada)
    response = prove(as_ada).post(EXPORT)
    assert (response.status_code, response["Location"]) == (302, EXPORT)
    assert f'href="{DOWNLOAD}"' in page(as_ada)
    (mail,) = (mail for mail in mailoutbox if "archive" in mail.subject)
    assert mail.to == ["ada@example.com"]
    assert f"http://127.0.0.1:8000{EXPORT}" in mail.body
    assert DOWNLOAD not in mail.body
    assert "Your archive is ready" in as_ada.get("/notifications").content.decode()


def test_asking_asks_who_it_is_and_then_does_it(ada: Account, as_ada: Client) -> None:
    asked = as_ada.post(EXPORT)["Location"]
    assert asked.startswith("/account/reauthenticate/")
    assert not Export.objects.exists()
    as_ada.post(asked, {"password": PASSWORD, "next": EXPORT})
    assert Export.objects.get().is_ready
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert "reauthenticate" in as_ada.post(EXPORT)["Location"]


def test_who_has_passkeys_alone_shows_one(ada: Account, as_ada: Client) -> None:
    passkeys.give(ada)
    ada.user.set_unusable_password()
    ada.user.save()
    as_ada.force_login(ada.user)
    assert "reauthenticate" in as_ada.post(EXPORT)["Location"]
    assert not Export.objects.exists()


def test_a_visitor_signs_in_first(ada: Account, visitor: Client) -> None:
    assert visitor.get(EXPORT)["Location"] == f"{LOGIN}?next={EXPORT}"
    assert visitor.post(EXPORT)["Location"].startswith(LOGIN)
    assert visitor.get(DOWNLOAD)["Location"].startswith(LOGIN)
    assert not Export.objects.exists()


def test_a_get_asks_for_nothing(as_ada: Client) -> None:
    prove(as_ada)
    assert as_ada.get(EXPORT).status_code == 200
    assert as_ada.head(EXPORT).status_code == 200
    assert as_ada.post(DOWNLOAD).status_code == 405
    assert not Export.objects.exists()


@pytest.mark.both_databases
def test_asked_for_twice_it_is_made_once(ada: Account, as_ada: Client, settings: Any) -> None:
    settings.TASKS = NO_TASKS
    prove(as_ada)
    for _ in range(5):
        assert as_ada.post(EXPORT).status_code == 302
    assert Export.objects.count() == 1
    assert "It is being made" in page(as_ada)
    assert not find(as_ada.get(EXPORT), "button", class_="primary")


def test_three_times_a_day_and_no_more(ada: Account, as_ada: Client) -> None:
    prove(as_ada)
    assert [as_ada.post(EXPORT).status_code for _ in range(3)] == [302] * 3
    refused = as_ada.post(EXPORT)
    assert refused.status_code == 429
    assert "three times within a day" in refused.content.decode()
    assert int(refused["Retry-After"]) > 0
    assert Export.objects.get().is_ready

    def tomorrow() -> int:
        client = prove(client_of(ada))
        return client.post(EXPORT).status_code

    assert after(timedelta(days=1, minutes=1), tomorrow) == 302


def test_an_archive_that_could_not_be_made_says_why(
    ada: Account, as_ada: Client, settings: Any
) -> None:
    settings.EXPORT_BYTES = 1
    prove(as_ada).post(EXPORT)
    assert "There is no room on this site for your archive now" in page(as_ada)
    assert status(as_ada) == 404
    settings.EXPORT_BYTES = 0
    as_ada.post(EXPORT)
    assert "could not be made" not in page(as_ada)
    assert status(as_ada) == 200


def test_the_one_before_stays_until_the_new_one_is_there(
    ada: Account, as_ada: Client, settings: Any
) -> None:
    asking.ask(ada)
    settings.TASKS = NO_TASKS
    prove(as_ada).post(EXPORT)
    assert "It is being made" in page(as_ada)
    assert status(as_ada) == 200


def test_a_frozen_account_can_be_taken_along(ada: Account, as_ada: Client) -> None:
    ada.freeze()
    prove(as_ada).post(EXPORT)
    assert status(as_ada) == 200


# --- Downloading ---


@pytest.fixture
def made(ada: Account) -> Export:
    say(ada, "Words of Ada", pictures=1)
    asking.ask(ada)
    return Export.objects.get(account=ada)


def test_the_owner_downloads_it(made: Export, as_ada: Client) -> None:
    response = as_ada.get(DOWNLOAD)
    day = f"{made.made_at:%Y-%m-%d}"
    assert response["Content-Disposition"] == f'attachment; filename="microblog-ada-{day}.zip"'
    assert response["Content-Type"] == "application/zip"
    assert {part.strip() for part in response["Cache-Control"].split(",")} == {
        "private",
        "no-store",
    }
    content = body_of(response)
    assert len(content) == made.bytes
    assert "Words of Ada" in Taken.read(BytesIO(content)).words


def test_a_part_of_it_can_be_asked_for(made: Export, as_ada: Client) -> None:
    response = as_ada.get(DOWNLOAD, headers={"Range": "bytes=0-3"})
    assert (response.status_code, body_of(response)) == (206, b"PK\x03\x04")
    assert response["Content-Range"] == f"bytes 0-3/{made.bytes}"


def test_the_server_before_the_site_can_send_it(
    made: Export, as_ada: Client, settings: Any
) -> None:
    settings.ACCEL_REDIRECT = "/_media/"
    response = as_ada.get(DOWNLOAD)
    assert response["X-Accel-Redirect"] == f"/_media/exports/{made.key}.zip"
    assert response["Content-Disposition"].startswith("attachment")


def test_nobody_else_has_it(made: Export, as_ben: Client, db: None) -> None:
    assert status(as_ben) == 404
    root = User.objects.create_superuser("root@example.com", PASSWORD)
    keeper = Client()
    keeper.force_login(root)
    mod = Client()
    mod.force_login(moderator())
    for client in (keeper, mod):
        assert status(client) in (302, 404)
        assert client.get(f"/media/{made.key}/small.webp").status_code == 404
        assert client.get(f"/media/exports/{made.key}.zip").status_code == 404


def test_after_a_week_it_is_gone(made: Export, ada: Account, as_ada: Client) -> None:
    assert after(timedelta(days=6, hours=23), lambda: status(client_of(ada))) == 200
    late = timedelta(days=7, minutes=1)
    assert after(late, lambda: status(client_of(ada))) == 404
    assert "Download" not in after(late, lambda: page(client_of(ada)))


# --- Who is suspended ---


@pytest.mark.both_databases
def test_who_is_suspended_may_take_their_archive(ada: Account, mailoutbox: Any) -> None:
    say(ada, "Words of Ada")
    ada.suspend()
    client, response = sign_in("ada")
    assert EXPORT in client.get(response["Location"]).content.decode()
    assert EXPORT in client.get("/settings/account/delete").content.decode()
    assert 'name="password"' in page(client)
    assert client.post(EXPORT, {"password": "wrong"}).status_code == 422
    assert client.post(EXPORT, {}).status_code == 422
    assert not Export.objects.exists()
    assert client.post(EXPORT, {"password": PASSWORD})["Location"] == EXPORT
    assert "archive is ready" in mailoutbox[-1].subject
    assert "Words of Ada" in Taken.read(BytesIO(body_of(client.get(DOWNLOAD)))).words
    assert client.get("/settings")["Location"].startswith(LOGIN)


def test_the_mail_leads_who_is_suspended_back_to_it(ada: Account) -> None:
    ada.suspend()
    assert sign_in("ada", next=EXPORT)[1]["Location"] == EXPORT


def test_that_ends_with_the_hour_and_with_the_suspension(ada: Account) -> None:
    ada.suspend()
    asking.ask(ada)
    client, _ = sign_in("ada")
    assert status(client) == 200
    assert after(timedelta(hours=2), lambda: client.get(DOWNLOAD))["Location"].startswith(LOGIN)
    ada.restore()
    assert client.get(DOWNLOAD)["Location"].startswith(LOGIN)


def test_in_the_same_browser_it_is_whose_who_is_signed_in(ada: Account, ben: Account) -> None:
    asking.ask(ada)
    ada.suspend()
    client, _ = sign_in("ada")
    client.post(LOGIN, {"login": "ben", "password": PASSWORD})
    assert status(client) == 404


def test_wrong_passwords_are_counted(ada: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    ada.suspend()
    client, _ = sign_in("ada")
    answers = [client.post(EXPORT, {"password": "wrong"}).status_code for _ in range(20)]
    assert answers[0] == 422
    assert answers[-1] == 429


def test_the_reasons_of_a_suspension_lead_there(ada: Account) -> None:
    decide(moderator(), ada, Ruling(actions=(Action.SUSPEND,), statement="No watches."))
    client, response = sign_in("ada")
    assert response["Location"] == Notice.objects.get().get_absolute_url()
    assert f'href="{EXPORT}"' in client.get(response["Location"]).content.decode()


# --- Where it is found, and when it goes ---


@pytest.mark.parametrize("path", ["/settings", "/settings/account", "/settings/account/delete"])
def test_the_settings_lead_there(as_ada: Client, path: str) -> None:
    assert f'href="{EXPORT}"' in as_ada.get(path).content.decode()


@pytest.mark.both_databases
@pytest.mark.parametrize("erased", [False, True])
def test_it_goes_with_the_account_at_once(
    made: Export,
    ada: Account,
    settings: Any,
    erased: bool,
    django_capture_on_commit_callbacks: Any,
) -> None:
    if not erased:
        settings.TASKS = NO_TASKS
    assert default_storage.exists(made.path)
    with django_capture_on_commit_callbacks(execute=True):
        ada.remove()
    assert not default_storage.exists(made.path)
    assert not Export.objects.exists()


def test_who_deletes_their_account_while_it_is_made_leaves_nothing(
    ada: Account, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TASKS = NO_TASKS
    asking.ask(ada)
    write = making.write_archive

    def deleted_meanwhile(*args: Any) -> list[str]:
        Account.objects.get(pk=ada.pk).remove()
        return write(*args)

    monkeypatch.setattr(making, "write_archive", deleted_meanwhile)
    making.make(Export.objects.get().pk)
    assert not Export.objects.exists()
    assert default_storage.listdir("exports")[1] == []


def test_it_is_counted_for_each_person_apart(ada: Account, ben: Account) -> None:
    for _ in range(3):
        asking.ask(ada)
    with pytest.raises(ratelimit.TooManyError):
        asking.ask(ada)
    asking.ask(ben)
    assert Export.objects.count() == 2
