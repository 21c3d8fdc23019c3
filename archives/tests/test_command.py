"""`manage.py import_archive`, as somebody types it."""

import errno
import sqlite3
import zipfile
from contextlib import closing
from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from psycopg.errors import DiskFull

from accounts.models import Account
from archives.importer import disk_space, importing
from archives.importer.apply import Batch
from archives.importer.report import ImportSummary
from archives.importer.scan import scan
from archives.models import ImportedAccount, ImportedId
from archives.reader.container import open_archive
from archives.x.archive import XArchive
from testing.archives import EMAIL, at, contents, many, photo, snowflake, tweet, video, write_zip
from timeline.feeds.counters import recount_everything
from timeline.models import Post, Tag

pytestmark = pytest.mark.django_db


def run(*args: object) -> str:
    out = StringIO()
    call_command("import_archive", *map(str, args), stdout=out)
    return out.getvalue()


@pytest.fixture
def archive(tmp_path_factory):
    tweets = [*many(30), tweet("Late", at(400)), tweet("x", full_text=5)]
    return write_zip(
        tmp_path_factory.mktemp("archive") / "a.zip",
        contents(tweets, data={"like": [{"like": {"tweetId": "1"}}]}),
    )


def test_command_says_what_it_did(archive):
    out = run(archive)
    assert "into @ada" in out
    assert "Came in: 31" in out
    assert "from 2015-01-01 to 2021-02-04" in out
    assert "1: no tweet: it has no text" in out
    assert "Likes are not imported" in out
    assert "/account/claim/" in out
    assert EMAIL not in out
    assert Post.objects.filter(author__host="").count() == 31
    again = run(archive)
    assert "Came in: 0" in again
    assert "Already here: 31" in again


def test_a_dry_run_says_the_same_and_changes_nothing(archive, capfd):
    out = run(archive, "--dry-run")
    assert "Would come in: 31" in out
    assert "from 2015-01-01 to 2021-02-04" in out
    assert "1: no tweet: it has no text" in out
    for model in (Account, Post, Tag, ImportedId, ImportedAccount):
        assert not model.objects.exists()
    assert not default_storage.exists("")  # nothing was ever written to it
    assert capfd.readouterr().err == ""  # no progress bar where nobody watches
    kinds = next(line for line in out.splitlines() if "retweets" in line)
    assert kinds in run(archive)
    assert "Already here: 31" in run(archive, "--dry-run")


def test_a_folder_comes_in_like_a_zip(archive, tmp_path):
    with zipfile.ZipFile(archive) as file:
        file.extractall(tmp_path)
    assert "Came in: 31" in run(tmp_path, "--handle", "countess")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"no zip", "This is no zip file"),
        (b"PK\x03\x04", "cut off"),
        (b"PK\x05\x06" + bytes(18), "no tweets"),
    ],
)
def test_a_broken_archive_is_one_line_and_changes_nothing(tmp_path, content, message):
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=message) as error:
        run(path)
    assert "\n" not in str(error.value)
    assert not Account.objects.exists()


def test_a_break_in_the_middle_changes_nothing(tmp_path):
    files = contents(many(300))
    files["data/tweets.js"] = files["data/tweets.js"][:-40_000] + b"{{" * 1000 + b'"'
    path = write_zip(tmp_path / "a.zip", {**files, "data/tweets-part1.js": b"garbage"})
    with pytest.raises(CommandError):
        run(path)
    assert not Account.objects.exists()
    assert not Post.objects.exists()


def test_a_file_that_is_not_there_is_one_line():
    with pytest.raises(CommandError, match="no file"):
        run("/nowhere.zip")


@pytest.mark.parametrize("content", [None, []])
def test_an_archive_without_tweets_is_refused(tmp_path, content):
    path = write_zip(tmp_path / "a.zip", contents(data={"tweets": content}))
    with pytest.raises(CommandError, match="no tweets"):
        run(path)
    assert not Account.objects.exists()


def test_a_full_disk_is_one_line(archive, monkeypatch):
    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("archives.reader.spool.Spool.add", full)
    with pytest.raises(CommandError, match="No space left"):
        run(archive)


# --- A full disk ---


def test_what_does_not_fit_on_the_disk_is_refused_before_it_begins(archive, monkeypatch):
    monkeypatch.setattr("archives.importer.disk_space.RESERVE", 10**15)
    with pytest.raises(
        CommandError,
        match=r"not enough room on the disk: this import needs about [\d.]+ TB at /.*Nothing was "
        r"changed",
    ):
        run(archive)
    assert not Account.objects.exists()
    out = run(archive, "--dry-run")
    assert "Would come in: 31" in out
    assert "not enough room" in out


def test_what_an_import_takes_is_what_is_not_here_yet(tmp_path):
    number = snowflake(at(2))
    files = {
        f"data/tweets_media/{number}-a.jpg": bytes(1_000_000),
        f"data/tweets_media/{number}-v.mp4": bytes(2_000_000),
    }
    media = {
        "media": [
            photo("https://t.co/p", "a.jpg"),
            video("https://t.co/p", [("v.mp4", "1")]),
            photo("https://t.co/p", "absent.jpg"),
        ]
    }
    one, two = (
        tweet("One", at(1)),
        tweet("Two https://t.co/p", at(2), number, extended_entities=media),
    )

    def need(*tweets):
        path = write_zip(tmp_path / "a.zip", contents(tweets, files=files))
        with open_archive(path) as container:
            archive = XArchive(container)
            summary = ImportSummary("ada", None)
            with closing(scan(archive, summary, set())) as scanned:
                return importing._need(archive, scanned)

    whole = need(one, two)
    assert (whole.media, whole.temporary) == (pytest.approx(1_200_000 + 2_200_000), 6_000_000)
    assert 2_000 < whole.rows < 4_000
    run(write_zip(tmp_path / "b.zip", contents([one, two], files=files)))
    assert need(one, two) == disk_space.Need()


def test_an_account_takes_no_more_than_it_may(settings, monkeypatch):
    monkeypatch.setattr("archives.importer.disk_space.RESERVE", 0)
    settings.ACCOUNT_BYTES = 10
    assert disk_space.shortage(disk_space.Need(media=1e18), None) == ""
    settings.ACCOUNT_BYTES = 0
    assert "not enough room" in disk_space.shortage(disk_space.Need(media=1e18), None)


def full_database(*args: object) -> None:
    """Raise the error of a full disk as the two databases say it."""
    try:
        if connection.vendor == "sqlite":
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error
        raise DiskFull("could not extend file")
    except Exception as error:
        raise OperationalError(str(error)) from error


def full_storage(*args: object, **more: object) -> None:
    raise OSError(errno.EDQUOT, "Disk quota exceeded")


@pytest.mark.parametrize("full", [full_database, full_storage])
def test_a_disk_that_fills_up_is_told_plainly_and_the_next_run_completes_it(
    tmp_path, monkeypatch, full
):
    tweets = list(many(600))
    path = write_zip(tmp_path / "a.zip", contents(tweets))
    original, batches = Batch.write, []

    def write(self, **more):
        batches.append(self)
        return original(self, **more) if len(batches) < 2 else full()

    with monkeypatch.context() as patch:
        patch.setattr(Batch, "write", write)
        with pytest.raises(
            CommandError,
            match=r"disk is full .* 250 posts came in before that.*goes on where it stopped",
        ) as error:
            run(path)
    assert "\n" not in str(error.value)
    assert Post.objects.filter(author__host="").count() == 250
    assert "Came in: 350" in run(path)
    assert not any(recount_everything().values())


def test_a_picture_for_which_there_is_no_room_is_not_broken(tmp_path, monkeypatch):
    number = snowflake(at(1))
    media = {"media": [photo("https://t.co/p", "a.jpg")]}
    files = {f"data/tweets_media/{number}-a.jpg": b"no picture"}
    path = write_zip(
        tmp_path / "a.zip",
        contents([tweet("x https://t.co/p", at(1), number, extended_entities=media)], files=files),
    )
    with monkeypatch.context() as patch:
        patch.setattr(disk_space, "LITTLE", 10**15)
        with pytest.raises(CommandError, match="disk is full"):
            run(path)
    assert not Post.objects.exists()
    assert "1 missing" in run(path)


def test_what_is_no_full_disk_stays_what_it_is():
    with (
        pytest.raises(ValueError, match="else"),
        disk_space.explain_full_disk(ImportSummary("ada", None)),
    ):
        raise ValueError("something else")
