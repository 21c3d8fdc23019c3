"""Making an archive: one at a time, anew after an interruption, and never without room."""

import errno
import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from accounts.models import Account
from archives import tasks
from archives.export import asking, disk_space, making
from archives.models import Export
from archives.models.export import BROKEN, FOLDER
from microblog.media import cleanup
from testing.scene import say

from .test_asking import NO_TASKS, status

pytestmark = pytest.mark.both_databases


class Killed(BaseException):
    """The worker's end, in the middle of anything."""


@pytest.fixture
def due(ada: Account, settings: Any) -> Export:
    """An archive that was asked for, of which no task has run."""
    say(ada, "Hello", pictures=1)
    settings.TASKS = NO_TASKS
    asking.ask(ada)
    return Export.objects.get()


def fresh() -> Export:
    return Export.objects.get()


def files() -> list[str]:
    return default_storage.listdir(FOLDER)[1] if default_storage.exists(FOLDER) else []


def waiting() -> list[Any]:
    """The tasks that wait for a worker."""
    (model,) = (
        model
        for model in apps.get_app_config("django_ox").get_models()
        if model.__name__ == "OxTask"
    )
    return list(model.objects.all())


@contextmanager
def somebody_elses_turn(settings: Any) -> Iterator[None]:
    with (settings.VAR / "exporting.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def test_it_is_enqueued_with_what_it_is_about(due: Export) -> None:
    (task,) = waiting()
    assert task.task_path.endswith("make_export")


def test_made_once_whoever_runs_it_again(due: Export, mailoutbox: Any) -> None:
    assert making.make(due.pk)
    first = fresh()
    assert first.is_ready
    assert making.make(due.pk)
    assert fresh().key == first.key
    assert files() == [f"{first.key}.zip"]


def test_one_at_a_time_on_the_whole_site(due: Export, settings: Any) -> None:
    with somebody_elses_turn(settings):
        assert not making.make(due.pk)
        tasks.make_export.call(due.pk)
    assert fresh().is_due
    assert files() == []
    later = waiting()[-1]
    assert later.run_after > timezone.now()
    assert making.make(due.pk)
    assert fresh().is_ready


@pytest.mark.parametrize("when", ["at the beginning", "in the midst", "before it is offered"])
def test_interrupted_anywhere_it_is_made_anew(
    due: Export, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    def killed(*args: Any, **more: Any) -> Any:
        if when == "in the midst":
            args[1].write(b"half of it")
        raise Killed

    name = "_offer" if when == "before it is offered" else "write_archive"
    with monkeypatch.context() as patch:
        patch.setattr(making, "check_room" if when == "at the beginning" else name, killed)
        with pytest.raises(Killed):
            making.make(due.pk)
    assert fresh().is_due
    assert making.make(due.pk)
    assert fresh().is_ready
    assert default_storage.size(fresh().path) == fresh().bytes


def test_a_dead_worker_holds_nobodys_turn(due: Export, settings: Any) -> None:
    """As long as it lives it does, whatever became of its task."""
    hold = (
        "import fcntl, sys, time; lock = open(sys.argv[1], 'a'); "
        "fcntl.flock(lock, fcntl.LOCK_EX); print('held', flush=True); time.sleep(600)"
    )
    place = settings.VAR / "exporting.lock"
    with subprocess.Popen(
        [sys.executable, "-c", hold, place], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        assert not making.make(due.pk)
        process.kill()
    assert making.make(due.pk)
    assert fresh().is_ready


def test_what_breaks_is_said_and_leaves_nothing(
    due: Export, as_ada: Client, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    def broken(*args: Any) -> list[str]:
        args[1].write(b"half of it")
        raise ValueError("a secret of the server")

    monkeypatch.setattr(making, "write_archive", broken)
    making.make(due.pk)
    assert (fresh().failure, fresh().is_due) == (BROKEN, False)
    page = as_ada.get("/settings/export").content.decode()
    assert "Something went wrong" in page
    assert "secret of the server" not in page
    assert "secret of the server" in caplog.text
    assert files() == []


# --- Room ---


def test_a_full_disk_is_said_and_leaves_nothing(
    due: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any) -> list[str]:
        args[1].write(b"half of it")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(making, "write_archive", full)
    making.make(due.pk)
    assert fresh().failure == disk_space.NO_ROOM
    assert files() == []


def test_room_is_asked_for_first(due: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    free = disk_space.SPACE_KEPT_FREE + disk_space.needed_for(due.account)
    monkeypatch.setattr(disk_space, "free_at", lambda folder: free - 1)
    monkeypatch.setattr(making, "write_archive", lambda *args: pytest.fail("begun all the same"))
    making.make(due.pk)
    assert fresh().failure == disk_space.NO_ROOM


def test_all_archives_together_have_a_bound(due: Export, ben: Account, settings: Any) -> None:
    making.make(due.pk)
    ben.refresh_from_db()
    settings.EXPORT_BYTES = fresh().bytes + disk_space.needed_for(ben) - 1
    asking.ask(ben)
    his = Export.objects.get(account=ben)
    making.make(his.pk)
    assert Export.objects.get(account=ben).failure == disk_space.NO_ROOM
    settings.EXPORT_BYTES += 1
    asking.ask(ben)
    making.make(his.pk)
    assert Export.objects.get(account=ben).is_ready


@pytest.mark.parametrize("posts", [0, 3])
def test_what_is_foretold_is_not_too_little(ada: Account, ben: Account, posts: int) -> None:
    for number in range(posts):
        say(ada, f"Number {number} {'x' * 250}", pictures=1)
    asking.ask(ada)
    ada.refresh_from_db()
    made = fresh().bytes
    assert made < disk_space.needed_for(ada)


# --- By the clock ---


def test_after_a_week_the_file_goes(due: Export, django_capture_on_commit_callbacks: Any) -> None:
    making.make(due.pk)
    tasks.tidy_exports.call()
    assert len(files()) == 1
    with (
        time_machine.travel(timezone.now() + timedelta(days=7)),
        django_capture_on_commit_callbacks(execute=True),
    ):
        tasks.tidy_exports.call()
    assert files() == []
    assert not Export.objects.exists()


def test_the_new_one_takes_the_place_of_the_old(
    due: Export, ada: Account, django_capture_on_commit_callbacks: Any
) -> None:
    making.make(due.pk)
    before = fresh()
    asking.ask(ada)
    with django_capture_on_commit_callbacks(execute=True):
        making.make(due.pk)
    assert fresh().key != before.key
    assert files() == [f"{fresh().key}.zip"]


def test_one_that_is_being_made_survives_the_end_of_the_one_before(
    due: Export, ada: Account, django_capture_on_commit_callbacks: Any
) -> None:
    making.make(due.pk)
    with (
        time_machine.travel(timezone.now() + timedelta(days=7)),
        django_capture_on_commit_callbacks(execute=True),
    ):
        asking.ask(ada)
        tasks.tidy_exports.call()
        assert fresh().is_due
        making.make(due.pk)
        assert fresh().is_ready


def test_one_whose_tasks_all_died_is_given_up(due: Export, as_ada: Client) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        tasks.tidy_exports.call()
    assert (fresh().is_due, fresh().failure) == (False, BROKEN)


def leave_behind() -> None:
    """Leave what a worker leaves that is killed by SIGKILL."""
    folder = Path(default_storage.path(FOLDER))
    folder.mkdir(parents=True, exist_ok=True)
    for name in (".0123456789abcdef", f"{'0' * 32}.zip"):
        (folder / name).write_bytes(b"left over")


def test_what_a_killed_worker_left_goes_before_the_next_is_made(due: Export) -> None:
    leave_behind()
    making.make(due.pk)
    assert files() == [f"{fresh().key}.zip"]


def test_or_within_the_hour(due: Export, settings: Any) -> None:
    making.make(due.pk)
    leave_behind()
    with somebody_elses_turn(settings):
        tasks.tidy_exports.call()
    assert len(files()) == 3, "somebody may write one of them"
    tasks.tidy_exports.call()
    assert files() == [f"{fresh().key}.zip"]


def test_the_sweep_of_uploads_leaves_archives_alone(due: Export, as_ada: Client) -> None:
    making.make(due.pk)
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        cleanup.sweep()
    assert status(as_ada) == 200
