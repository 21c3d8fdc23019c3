"""`manage.py import_archive`, as somebody types it."""

from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from accounts.models import Account
from archives.models import ImportedAccount, ImportedId
from archives.tests.make import EMAIL, at, contents, many, tweet, write_zip
from timeline.models import Post, Tag

pytestmark = pytest.mark.django_db


def run(*args: object) -> str:
    out = StringIO()
    call_command("import_archive", *map(str, args), stdout=out)
    return out.getvalue()


@pytest.fixture
def archive(tmp_path_factory):
    tweets = [*many(30), tweet("Late", at(400)), tweet("x", full_text=5)]
    return write_zip(tmp_path_factory.mktemp("archive") / "a.zip", contents(tweets, data={"like": [{"like": {"tweetId": "1"}}]}))


def test_it_says_what_it_did(archive):
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
    assert default_storage.listdir("") == ([], [])
    assert capfd.readouterr().err == ""  # no progress bar where nobody watches
    kinds = next(line for line in out.splitlines() if "retweets" in line)
    assert kinds in run(archive)
    assert "Already here: 31" in run(archive, "--dry-run")


def test_a_folder_works_too(archive, tmp_path):
    import zipfile

    with zipfile.ZipFile(archive) as file:
        file.extractall(tmp_path)
    assert "Came in: 31" in run(tmp_path, "--handle", "countess")


@pytest.mark.parametrize(
    ("content", "message"), [(b"no zip", "This is no zip file"), (b"PK\x03\x04", "cut off"), (b"PK\x05\x06" + bytes(18), "no tweets")]
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


def test_there_is_no_such_file():
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

    monkeypatch.setattr("archives.spool.Spool.add", full)
    with pytest.raises(CommandError, match="No space left"):
        run(archive)
