"""Bytes: what the files of an account take is known, has a bound, and comes back when they go."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client

from accounts.models import Account, RefusedError, StorageFullError, User
from accounts.profile_pictures import AVATAR_SIZES
from conftest import client_of
from testing.database import at_once
from testing.html import find
from testing.pictures import upload
from testing.scene import HTMX, picture
from timeline.feeds import counters
from timeline.models import Media, Post
from timeline.posting import erase_account, purge
from timeline.posting.publish import PostInput, publish, publish_thread
from timeline.tests.models.test_counts import NOTHING_WRONG

SIZE = len(b"a small picture") + len(b"a large picture")  # of what scene.picture() makes
AVATAR = {"small.webp": b"x" * 10, "large.webp": b"x" * 90}


def taken(account: Account) -> int:
    return Account.objects.get(pk=account.pk).stored_bytes


def files() -> list[Path]:
    return [path for path in Path(default_storage.location).rglob("*") if path.is_file()]  # type: ignore[attr-defined]


# --- Counting ---


def test_pictures_are_counted_and_come_back(ada: Account) -> None:
    first = publish(ada, "One", attachments=[picture(), picture()])
    second = publish_thread(
        ada, [PostInput("Two", [picture()]), PostInput("Three"), PostInput("Four", [picture()])]
    )
    assert taken(ada) == 4 * SIZE == sum(path.stat().st_size for path in files())
    assert counters.recount_everything() == NOTHING_WRONG
    second.remove()
    assert taken(ada) == 3 * SIZE
    first.hide()
    assert taken(ada) == 3 * SIZE, "what is hidden is there"
    first.remove()
    assert taken(ada) == SIZE == sum(path.stat().st_size for path in files())
    assert counters.recount_everything() == NOTHING_WRONG


def test_they_come_back_once_and_when_the_files_are_gone(ada: Account, settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_ox.backend.OxBackend"}}
    post = publish(ada, "One", attachments=[picture()])
    post.remove()
    assert taken(ada) == SIZE
    for _ in range(2):
        purge.remove_rows(post.pk)
        assert taken(ada) == 0


def test_the_avatar_and_the_banner_count_as_what_they_are_now(ada: Account) -> None:
    ada.set_picture("avatar", AVATAR)
    ada.set_picture("banner", {"small.webp": b"x" * 7})
    assert taken(ada) == 107
    ada.set_picture("avatar", {"small.webp": b"x"})
    assert taken(ada) == 8
    Account.objects.get(pk=ada.pk).set_picture("avatar", None)
    assert taken(ada) == 7
    assert counters.recount_everything() == NOTHING_WRONG


def test_recount_measures_what_nobody_noted(ada: Account, ben: Account, capsys: Any) -> None:
    publish(ada, "One", attachments=[picture(), picture()])
    ada.set_picture("avatar", AVATAR)
    Media.objects.update(bytes=0)
    Account.objects.update(stored_bytes=0, avatar_bytes=0)
    Account.objects.filter(pk=ben.pk).update(stored_bytes=5)
    call_command("recount")
    assert "Mended the counts of 2 accounts and 0 posts." in capsys.readouterr().out
    assert (taken(ada), taken(ben)) == (2 * SIZE + 100, 0)


def test_who_is_erased_leaves_nothing(ada: Account) -> None:
    publish(ada, "One", attachments=[picture()])
    ada.suspend()
    erase_account.erase(Account.objects.get(pk=ada.pk))
    assert not Account.objects.filter(stored_bytes__gt=0).exists()
    assert files() == []


# --- The bound ---


@pytest.fixture
def full(ada: Account, settings: Any) -> Account:
    """Ada has as many bytes as one may have."""
    publish(ada, "One", attachments=[picture()])
    settings.ACCOUNT_BYTES = SIZE
    return Account.objects.get(pk=ada.pk)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
@pytest.mark.parametrize("staff", [False, True])
def test_no_room_for_pictures(full: Account, headers: dict[str, str], staff: bool) -> None:
    User.objects.filter(pk=full.user_id).update(is_staff=staff, is_superuser=staff)
    response = client_of(full).post(
        "/compose", {"text": "What I typed", "images": upload(b"no picture")}, headers=headers
    )
    assert response.status_code == 422
    (told,) = (
        find(response, "div", id="composer-errors") or find(response, "div", class_="errors")[:1]
    )
    assert "take 30 bytes of the 30 bytes" in told.text
    assert "To make room, delete posts" in told.text
    assert "no picture" not in told.text, "none is looked at"
    assert headers or find(response, "textarea", name="text")[0].text == "What I typed"
    assert Post.objects.count() == 1


def test_words_are_posted_always(full: Account, as_ada: Client) -> None:
    assert as_ada.post("/compose", {"text": "Words alone"}).status_code == 302


def test_it_is_a_bound_of_each(full: Account, as_ben: Client, settings: Any) -> None:
    settings.ACCOUNT_BYTES = 100_000
    assert as_ben.post("/compose", {"text": "Mine", "images": upload()}).status_code == 302


def test_there_is_room_again(full: Account, as_ada: Client) -> None:
    Post.objects.get().remove()
    assert publish(Account.objects.get(pk=full.pk), "Two", attachments=[picture()]).pk


def test_what_does_not_fit_leaves_nothing(full: Account, as_ada: Client, settings: Any) -> None:
    """There is some room, and not as much as that: one knows when the picture is made."""
    settings.ACCOUNT_BYTES = SIZE + 1
    before = files()
    response = as_ada.post("/compose", {"text": "What I typed", "images": upload()})
    assert response.status_code == 422
    assert "There is no room for that" in response.content.decode()
    with pytest.raises(RefusedError):
        publish_thread(full, [PostInput("Words"), PostInput("Two", [picture()])])
    assert Post.objects.count() == 1
    assert files() == before
    assert counters.recount_everything() == NOTHING_WRONG


def test_a_profile_is_told_too(full: Account, as_ada: Client, settings: Any) -> None:
    form = {
        "name": "Ada",
        "bio": "What I typed",
        "avatar_position": "middle",
        "banner_position": "middle",
    }
    response = as_ada.post("/settings/profile", {**form, "avatar": upload(b"no picture")})
    assert response.status_code == 422
    assert "There is no room for that" in response.content.decode()
    assert find(response, "textarea", name="bio")[0].text.strip() == "What I typed"
    settings.ACCOUNT_BYTES = SIZE + 1
    response = as_ada.post("/settings/profile", {**form, "avatar": upload()})
    assert response.status_code == 422
    assert "There is no room for that" in response.content.decode()
    assert len(files()) == 2 + len(AVATAR_SIZES)  # the picture waits for the form
    assert as_ada.post("/settings/profile", form).status_code == 302


def test_what_gets_smaller_is_let(
    ada: Account, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    ada.set_picture("avatar", AVATAR)
    settings.ACCOUNT_BYTES = 50
    with django_capture_on_commit_callbacks(execute=True):
        ada.set_picture("avatar", {"small.webp": b"x" * 80})
    with pytest.raises(StorageFullError):
        ada.set_picture("avatar", {"small.webp": b"x" * 81})
    assert taken(ada) == 80
    assert len(files()) == 1


def test_none_is_no_bound(full: Account, settings: Any) -> None:
    settings.ACCOUNT_BYTES = 0
    assert publish(full, "Two", attachments=[picture()]).pk


# --- Where one sees it ---


def test_the_settings_say_it(full: Account, as_ada: Client, settings: Any) -> None:
    settings.ACCOUNT_BYTES = 2 * 1024**3
    (line,) = find(as_ada.get("/settings"), "li", class_="storage")
    assert "30 bytes of 2.0 GB" in line.text
    settings.ACCOUNT_BYTES = 0
    (line,) = find(as_ada.get("/settings"), "li", class_="storage")
    assert "30 bytes" in line.text
    assert " of " not in line.text.partition("What")[0]


# --- At once ---


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_the_last_room_is_taken_once(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_ox.backend.OxBackend"}}
    settings.ACCOUNT_BYTES = 3 * SIZE
    ada = Account.objects.create_local("ada")
    refused = []

    def post() -> None:
        try:
            publish(Account.objects.get(pk=ada.pk), "Mine", attachments=[picture()])
        except RefusedError as error:
            refused.append(error)

    at_once(*[post] * 8, *[lambda: counters.recount(Account, [ada.pk])] * 3)
    assert (Post.objects.count(), len(refused), taken(ada), len(files())) == (3, 5, 3 * SIZE, 6)
    posts = list(Post.objects.all())
    settings.ACCOUNT_BYTES = 0
    at_once(
        *[lambda post=post: post.remove() for post in posts],
        lambda: Account.objects.get(pk=ada.pk).set_picture("avatar", {"a": b"x"}),
    )
    at_once(*[lambda post=post: purge.remove_rows(post.pk) for post in posts] * 2)
    assert taken(ada) == 1
    assert counters.recount_everything() == NOTHING_WRONG
