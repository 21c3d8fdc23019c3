import stat
import struct
import zipfile
from pathlib import Path

import pytest

from archives.reader import container
from archives.reader.container import ArchiveError, open_archive
from archives.reader.json_stream import Malformed, elements
from testing.archives import contents, many, tweet, write_zip


def read(path: Path, name: str = "data/tweets.js", most: int = 10**9) -> bytes:
    with open_archive(path) as container, container.open(name, most) as file:
        return file.all()


def refusal(path: Path) -> str:
    with pytest.raises(ArchiveError) as error:
        read(path)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_a_zip_and_a_folder_are_read_alike(tmp_path):
    files = contents([tweet("Hello")])
    path = write_zip(tmp_path / "a.zip", files)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "folder")
    assert read(path) == read(tmp_path / "folder") == files["data/tweets.js"]


def test_names_may_have_backslashes(tmp_path):
    """As programs of Windows pack them, and as Python unpacks those elsewhere."""
    files = contents([tweet("Hello")])
    path = write_zip(
        tmp_path / "a.zip", {name.replace("/", "\\"): content for name, content in files.items()}
    )
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "folder")
    assert (tmp_path / "folder" / "data\\tweets.js").exists()
    assert read(path) == read(tmp_path / "folder") == files["data/tweets.js"]
    assert "outside" in refusal(write_zip(tmp_path / "b.zip", {**files, "..\\x.js": b""}))


def test_an_archive_may_lie_in_a_folder_of_its_own(tmp_path):
    files = {
        f"twitter-2023/{name}": content for name, content in contents([tweet("Hello")]).items()
    }
    assert b"Hello" in read(
        write_zip(tmp_path / "a.zip", {**files, "__MACOSX/data/tweets.js": b""})
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"Dear diary", "no zip"),
        (b"", "no zip"),
        (b"PK\x03\x04 and then nothing", "cut off"),
        (b"PK\x05\x06" + bytes(18), "no tweets"),
        (b"PK\x05\x06" + b"\xff" * 18, "far too many"),
    ],
)
def test_what_is_no_zip_is_refused(tmp_path, content, message):
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    assert message in refusal(path)


def test_what_is_not_there_is_refused(tmp_path):
    assert "no file" in refusal(tmp_path / "nowhere.zip")


def test_a_truncated_zip_is_refused(tmp_path):
    path = write_zip(tmp_path / "a.zip", contents(many(50)))
    for length in (path.stat().st_size // 2, path.stat().st_size - 10):
        cut = tmp_path / "cut.zip"
        cut.write_bytes(path.read_bytes()[:length])
        assert "cut off" in refusal(cut)


def test_a_damaged_member_is_refused(tmp_path):
    path = write_zip(tmp_path / "a.zip", contents(many(50)))
    with zipfile.ZipFile(path) as archive:
        at = archive.getinfo("data/tweets.js").header_offset + 200
    content = bytearray(path.read_bytes())
    content[at : at + 50] = b"\xff" * 50
    path.write_bytes(content)
    assert "broken" in refusal(path)


@pytest.mark.parametrize(
    "name", ["../escape.js", "/etc/passwd", "data/../../x", "C:\\windows\\x", "data\\..\\..\\x"]
)
def test_a_path_that_climbs_is_refused(tmp_path, name):
    assert "outside" in refusal(
        write_zip(tmp_path / "a.zip", {**contents([tweet("Hi")]), name: b"x"})
    )


def test_links_are_refused(tmp_path):
    path = write_zip(tmp_path / "a.zip", contents([tweet("Hi")]))
    link = zipfile.ZipInfo("data/link.js")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    assert "link" in refusal(path)

    (tmp_path / "folder" / "data").mkdir(parents=True)
    (tmp_path / "folder" / "data" / "tweets.js").write_bytes(b"window.x = []")
    (tmp_path / "folder" / "data" / "account.js").symlink_to("/etc/passwd")
    assert "link" in refusal(tmp_path / "folder")


def test_an_encrypted_member_is_refused(tmp_path):
    path = write_zip(tmp_path / "a.zip", contents([tweet("Hi")]))
    content = bytearray(path.read_bytes())
    at = 0
    while (at := content.find(b"PK\x01\x02", at)) >= 0:
        content[at + 8] |= 1
        at += 4
    path.write_bytes(content)
    assert "password" in refusal(path)


def test_an_unusual_packing_is_refused(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        for name, content in contents([tweet("Hi")]).items():
            archive.writestr(name, content)
    assert "packed" in refusal(path)


def test_bombs_are_refused(tmp_path, monkeypatch):
    path = write_zip(
        tmp_path / "a.zip",
        {**contents(), "data/tweets.js": b"window.x = [" + b" " * 40_000_000 + b"]"},
    )
    assert "bomb" in refusal(path)
    with pytest.raises(ArchiveError, match="too large"):
        read(path, most=1_000_000)
    monkeypatch.setattr(container, "MAX_RATIO", 10**9)
    monkeypatch.setattr(container, "MAX_TOTAL", 1_000_000)
    assert "64 GB" in refusal(path)


def test_too_many_members_are_refused(tmp_path, monkeypatch):
    path = write_zip(tmp_path / "a.zip", contents([tweet("Hi")]))
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "folder")
    monkeypatch.setattr(container, "MAX_MEMBERS", 3)
    assert "too many" in refusal(path)
    assert "too many" in refusal(tmp_path / "folder")


def test_a_huge_directory_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 9, 9, 2_000_000_000, 0, 0))
    assert "too many" in refusal(path)


@pytest.mark.parametrize("name", ["tweets.csv", "data/js/tweets/2012_01.js", "old/tweets.csv"])
def test_archives_of_2018_are_refused_with_advice(tmp_path, name):
    assert "ask X for a new one" in refusal(write_zip(tmp_path / "a.zip", {name: b"x"}))


def test_other_zips_are_refused(tmp_path):
    assert "no tweets" in refusal(write_zip(tmp_path / "a.zip", {"holiday.jpg": b"x"}))
    assert "unpack" in refusal(write_zip(tmp_path / "b.zip", {"inner.zip": b"x"}))


# --- Elements ---


def parse(text: str | bytes, tmp_path: Path) -> list:
    path = write_zip(
        tmp_path / "a.zip", {"data/tweets.js": text.encode() if isinstance(text, str) else text}
    )
    with open_archive(path) as container, container.open("data/tweets.js", 10**9) as file:
        return [
            item if isinstance(item, (dict, list, int, str)) else None for item in elements(file)
        ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("window.YTD.tweets.part0 = [ ]", []),
        ('\ufeffwhatever = [ {"a": 1},\n {"b": "=]"} ];', [{"a": 1}, {"b": "=]"}]),
        ('x = [{"a": 1}, {"b": oops}, {"c": 3}]', [{"a": 1}, None, {"c": 3}]),
        ('x = [{"a": 1}, {"b": "}" oops}, {"c": 3}]', [{"a": 1}, None, {"c": 3}]),
        ('x = [{"a": 1}, {"b": ', [{"a": 1}, None]),
        ('x = [{"a": 1}, {"b": 2, {"c": 3}]', [{"a": 1}, None, {"c": 3}]),
        ('x = [{"a": 1}, nonsense, {"c": 3}]', [{"a": 1}, None, {"c": 3}]),
        ("x = [" + "[" * 100_000 + "]" * 100_000 + ', {"c": 3}]', [None, {"c": 3}]),
        ('x = [{"a": ' + "9" * 5000 + '}, {"c": 3}]', [None, {"c": 3}]),
    ],
)
def test_elements_are_read_one_by_one(tmp_path, text, found):
    assert parse(text, tmp_path) == found


def test_an_element_may_lie_across_chunks_and_be_long(tmp_path):
    texts = ["é" * n for n in (10, 90_000, 300_000, 5, 131_072)]
    body = ",".join(f'{{"text": "{text}"}}' for text in texts)
    assert [item["text"] for item in parse(f"x = [{body}]", tmp_path)] == texts


def test_an_element_without_end_is_lost_alone(tmp_path):
    found = parse('x = [{"a": "' + "y" * 3_000_000 + '"}, {"c": 3}]', tmp_path)
    assert found == [None, {"c": 3}]


@pytest.mark.slow
@pytest.mark.parametrize(
    "head", ['{"tweet": {"text": "', '{"tweet": {"list": [', '{"tweet": {"text": "\\\\']
)
@pytest.mark.parametrize("size", [1_100_000, 2_200_000, 5_000_000])
@pytest.mark.parametrize("is_last", [True, False])
def test_an_element_that_is_too_large_is_one(tmp_path, head, size, is_last):
    filling = {'"': '\\"{[}\\\\ ', "[": '{"id": "5", "x": [{"tweets": []}]}, ', "\\": "\\n]}"}[
        head[-1]
    ]
    large = (head + filling * (size // len(filling))).removesuffix(", ") + {
        '"': '"}}',
        "[": "]}}",
        "\\": '"}}',
    }[head[-1]]
    others = [f'{{"tweet": {{"id": {n}}}}}' for n in range(50)]
    items = [*others, large, *([] if is_last else others)]
    path = write_zip(tmp_path / "a.zip", {"data/tweets.js": f"x = [{', '.join(items)}]".encode()})
    with open_archive(path) as container, container.open("data/tweets.js", 10**9) as file:
        found = list(elements(file))
    assert found[50] == Malformed("data/tweets.js", 51, is_large=True)
    assert len(found) == (51 if is_last else 101)
    assert not any(isinstance(item, Malformed) for n, item in enumerate(found) if n != 50)


def test_an_element_that_is_broken_in_a_large_file_takes_no_other_with_it(tmp_path):
    others = ", ".join(f'{{"tweet": {{"text": "{"y" * 1000}"}}}}' for _ in range(3000))
    found = parse(f'x = [{others}, {{"tweet": {{"text": "oops, {{"a": 1, {others}]', tmp_path)
    assert (len(found), found.count(None)) == (6001, 1)


@pytest.mark.slow
def test_a_file_of_garbage_is_refused(tmp_path):
    with pytest.raises(ArchiveError, match="not as X makes it"):
        parse(b"\x00\xff" * 1000, tmp_path)
    with pytest.raises(ArchiveError, match="broken throughout"):
        parse("x = [" + '{"a": {"' * 100_000, tmp_path)
