"""On a full disk, ours or the database's, nothing is half done: a plain sentence says so, what was
typed is kept, and it goes by itself.
"""

import errno
import os
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadhandler import TemporaryUploadedFile
from django.db import connection
from django.test import Client

from accounts.models import Account
from microblog.db.full_disk import FullError, is_full, told
from microblog.media import images, isolation, uploads
from microblog.serving.request_parser import Parser
from microblog.serving.worker import adjustments
from microblog.web import views
from testing.pictures import upload
from timeline.models import Draft, Post

SAID = b"There is no room left on this site to keep anything new."
PHONE = Path(__file__).parents[1] / "phone.heic"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """`full(n)`: from the next but n-th file on, there is no room for what is written."""

    def fill(after: int = 0) -> None:
        left, sync = [after], os.fsync

        def fsync(handle: int) -> None:
            if os.path.isfile(f"/proc/self/fd/{handle}"):  # noqa: PTH113  (of a file without a name)
                left[0] -= 1
                if left[0] < 0:
                    raise OSError(errno.ENOSPC, "No space left on device")
            sync(handle)

        monkeypatch.setattr(os, "fsync", fsync)

    return fill


def stored() -> list[str]:
    """All files and folders of uploads."""
    folder = Path(default_storage.path(""))
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def is_refused(response: Any) -> bool:
    return (
        response.status_code == 503
        and int(response["Retry-After"]) > 0
        and SAID in response.content
    )


# --- Files ---


@pytest.mark.parametrize("after", [0, 1, 2, 3])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_pictures_of_a_post(
    ada: Account, as_ada: Client, full: Any, after: int, headers: dict[str, str]
) -> None:
    before = stored()
    full(after)
    data = {"text": "What I typed", "images": [upload(), upload()], "alt_1": "What it shows"}
    response = as_ada.post("/compose", data, headers=headers)
    assert is_refused(response)
    # a script keeps them itself
    kept = [b"choose them again", b"What I typed", b"What it shows"] if not headers else []
    assert all(words in response.content for words in kept)
    assert (stored(), Post.objects.count()) == (before, 0)


def test_it_goes_by_itself(
    ada: Account, as_ada: Client, full: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    full(0)
    assert is_refused(as_ada.post("/compose", {"text": "One", "images": upload()}))
    monkeypatch.undo()
    assert as_ada.post("/compose", {"text": "One", "images": upload()}).status_code == 302


@pytest.mark.parametrize("after", [0, 1, 2, 3])
def test_avatar_and_banner(ada: Account, as_ada: Client, full: Any, after: int) -> None:
    ada.set_picture("avatar", {"small.webp": b"the one before"})
    before = stored()
    full(after)
    data = {
        "name": "What I typed",
        "avatar": upload(),
        "banner": upload(),
        "avatar_position": "middle",
        "banner_position": "middle",
    }
    response = as_ada.post("/settings/profile", data)
    assert is_refused(response)
    assert b"What I typed" in response.content
    assert stored() == before
    assert Account.objects.get(pk=ada.pk).avatar == ada.avatar


def test_what_was_there_under_a_key_stays(full: Any, settings: Any) -> None:
    key = uploads.key_for("an", "import")
    uploads.store({"small.webp": b"whole"}, key)
    before = stored()
    full(0)
    with pytest.raises(OSError, match="No space"):
        uploads.store({"small.webp": b"half a", "large.webp": b"x"}, key)
    assert stored() == before
    with default_storage.open(uploads.path(key, "small.webp")) as file:
        assert file.read() == b"whole"


def test_a_file_that_is_on_its_way(
    ada: Account, as_ada: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is larger than what is kept in memory."""
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    made: list[str] = []

    def write(self: Any, content: bytes) -> None:
        made.append(self.temporary_file_path())
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(TemporaryUploadedFile, "write", write, raising=False)
    response = as_ada.post("/compose", {"text": "What I typed", "images": [upload(), upload()]})
    assert is_refused(response)
    assert b"What I typed" in response.content
    assert len(made) == 1
    assert not Path(made[0]).exists()


def test_a_program_for_whose_work_there_is_no_room() -> None:
    job = ['{"seconds": 20, "fits": {"large": [40, 0]}}']
    with (
        PHONE.open("rb") as picture,
        Path("/dev/full").open("r+b") as nowhere,
        pytest.raises(OSError, match="No space"),
    ):
        isolation.run(images.PROGRAM, job, picture, nowhere, seconds=20, meter=isolation.UNMETERED)


def test_a_body_that_is_on_its_way() -> None:
    """Before Django hears of it: the server says so, and reads no more of it."""
    parser = Parser(adjustments(1))
    parser.received(b"POST /compose HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n")

    class Full:
        def received(self, data: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        def getbuf(self) -> Any:
            return BytesIO()

    parser.body_rcv = Full()
    assert parser.received(b"x" * 70_000) == 70_000
    assert (
        parser.completed,
        parser.error.code,
        parser.was_refused,
        parser.headers["CONNECTION"],
    ) == (True, 503, True, "close")


# --- The database ---


@pytest.fixture
def no_rows(db: None) -> Iterator[None]:
    """Not one row more can be written: what the database then says is its own."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA max_page_count")
            most = cursor.fetchone()[0]
            # what another test left free is no room, until this one is taken back
            cursor.execute("CREATE TABLE full_disk (filler)")
            cursor.execute(
                "INSERT INTO full_disk SELECT zeroblob(page_size * freelist_count)"
                " FROM pragma_page_size(), pragma_freelist_count()"
            )
            cursor.execute("PRAGMA page_count")
            cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
        else:
            body = "BEGIN RAISE EXCEPTION USING ERRCODE = '53100'; END"
            cursor.execute(
                f"CREATE FUNCTION full_disk() RETURNS trigger AS $$ {body} $$ LANGUAGE plpgsql"
            )
            for table in ("timeline_post", "timeline_draft", "timeline_media", "timeline_like"):
                cursor.execute(
                    f"CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON {table} EXECUTE "
                    "FUNCTION full_disk()"
                )
    yield
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA max_page_count = {most}")


LONG = "What I typed " * 20


@pytest.mark.parametrize("number", [0, 1])
def test_a_thread_that_finds_no_room(
    ada: Account, as_ada: Client, no_rows: None, number: int
) -> None:
    images = [upload() for _ in range(number)]
    before = stored()
    texts = {f"text_{n}": LONG for n in range(2, 26)}
    response = as_ada.post("/compose", {"text": LONG, "images": images, **texts})
    assert is_refused(response)
    assert response.content.count(LONG.strip().encode()) == 25
    assert stored() == before


def test_a_draft_that_finds_no_room(ada: Account, as_ada: Client, no_rows: None) -> None:
    assert is_refused(
        as_ada.post("/drafts", {f"text{n}": "words " * 1600 for n in ("", "_2", "_3", "_4", "_5")})
    )
    assert not Draft.objects.exists()


# --- How one knows ---


def test_what_says_so() -> None:
    assert is_full(OSError(errno.ENOSPC, ""))
    assert is_full(OSError(errno.EDQUOT, ""))
    assert is_full(FullError())
    assert not is_full(OSError(errno.EACCES, ""))
    assert not is_full(None)
    with pytest.raises(FullError), told():
        raise ValueError("it came from there") from OSError(errno.ENOSPC, "")
    with pytest.raises(ValueError, match="else"), told():
        raise ValueError("something else")


def test_where_no_view_was_reached(rf: Any, db: None, caplog: Any) -> None:
    request = rf.get("/")
    try:
        raise OSError(errno.ENOSPC, "")
    except OSError:
        response = views.server_error(request)
    assert is_refused(response)
    assert "There is no room left on the disk" in caplog.text
    assert "Traceback" not in caplog.text
