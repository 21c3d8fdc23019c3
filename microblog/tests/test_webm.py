from contextlib import suppress
from io import BytesIO
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microblog.blanking import VideoError
from microblog.tests.videos import element, track, webm
from microblog.video import Video, clear

SECRET = b"+52.5200+013.4050/" * 8


def cleared(content: bytes) -> bytes:
    file = BytesIO(content)
    assert clear(file) == "webm"
    return file.getvalue()


@pytest.mark.parametrize("live", [False, True])
@pytest.mark.parametrize("length", [5, 18, 120, 130, 144])
def test_what_a_camera_wrote_is_gone_and_nothing_moves(live: bool, length: int) -> None:
    secret = SECRET[-length:]
    before = webm(secret, live=live)
    after = cleared(before)
    assert before.count(secret) >= 20
    assert secret not in after
    assert len(before) == len(after)
    for part in (b"picture", b"transparency", b"vorbis setup", b"V_VP8", b"webm"):
        assert [at for at in range(len(before)) if before.startswith(part, at)] == [
            at for at in range(len(after)) if after.startswith(part, at)
        ]
    for kind in ("1254C367", "1941A469", "1043A770", "1A2B3C4D", "7BA9", "536E"):
        assert bytes.fromhex(kind) not in after.replace(bytes.fromhex("53AB841254C367"), b""), "but for where it is looked for"
    assert cleared(after) == after


def test_its_comments_of_sound_are_still_comments() -> None:
    after = cleared(webm(SECRET))
    at = after.index(b"\3vorbis")
    vendor = int.from_bytes(after[at + 7 : at + 11], "little")
    assert after[at + 11 : at + 11 + vendor] == bytes(vendor)
    assert after[at + 11 + vendor :].startswith(bytes(4) + b"\1\5vorbis setup")


@pytest.mark.parametrize(
    ("said", "size"),
    [
        ([], (640, 360)),
        ([element("54B0", b"\3\0"), element("54BA", b"\2\0")], (768, 512)),
        ([element("54B2", b"\3"), element("54B0", b"\x10"), element("54BA", b"\x09")], (640, 360)),
        ([element("54AA", b"\x28"), element("54CC", b"\x40")], (576, 320)),
    ],
    ids=["pixels", "shown otherwise", "a shape", "cropped"],
)
def test_its_size(said: list[bytes], size: tuple[int, int]) -> None:
    video = element("E0", element("B0", b"\2\x80"), element("BA", b"\1\x68"), *said)
    entry = element("AE", element("83", b"\1"), element("86", b"V_AV1"), video)
    found = Video.cleared(BytesIO(webm(b"", entry)))
    assert (found.width, found.height, found.container) == (*size, "webm")


BROKEN = "could not be read to its end"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (webm(kind=b"matroska"), "MP4 and WebM work"),
        (webm(kind=b""), "MP4 and WebM work"),
        (element("1A45DFA3", element("4285", b"\2")), "MP4 and WebM work"),
        (element("1A45DFA3", element("4282", b"webm")), "no picture in it"),
        (webm(b"", track(kind=2, codec=b"A_OPUS")), "no picture in it"),
        (webm(b"", track(), track(kind=17, codec=b"S_TEXT/UTF8")), "neither picture nor sound"),
        (webm(b"", track(), track(kind=33, codec=b"V_VP8")), "neither picture nor sound"),
        (webm(b"", element("AE", element("83", b"\1"))), "neither picture nor sound"),
        (webm(b"", track(codec=b"V_MPEG4")), "none of WebM"),
        (webm(b"", track(b"", element("6D80", b""))), "none of WebM"),
        (webm(b"", track(b"", element("86", b"V_VP9"))), BROKEN),
        (webm(b"", track(), track(b"", element("63A2", b"\2\xff\xff"), kind=2, codec=b"A_VORBIS")), BROKEN),
        (webm(b"", track(), track(b"", element("63A2", b"\2\1\x20" + bytes(99)), kind=2, codec=b"A_VORBIS")), BROKEN),
        (webm(b"", track(b"", element("23E383", bytes(9)))), BROKEN),
        (webm(more=element("1254C367", unknown=True)), BROKEN),
        (webm()[:-3], BROKEN),
        (webm(live=True)[:-3], BROKEN),
        (webm() + b"\0\0", BROKEN),
        (b"\x1a\x45\xdf\xa3", BROKEN),
        (b"\x1a\x45\xdf\xa3" + bytes(1000), BROKEN),
        (webm(b"", track(size=(0, 0))), "how large"),
        (webm(b"", track(size=(65000, 65000))), "how large"),
    ],
)
def test_what_is_no_webm_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(VideoError, match=says):
        Video.cleared(BytesIO(content))


@pytest.mark.parametrize("piece", [b"\xec\x80", element("1F43B675"), element("1F43B675", unknown=True), element("A3", b"\x81\0\0\x80")])
def test_a_million_elements_are_refused(piece: bytes) -> None:
    began = process_time()
    with pytest.raises(VideoError, match="too many"):
        Video.cleared(BytesIO(webm(live=True) + piece * 1_000_000))
    assert process_time() - began < 2


def test_an_hour_of_small_pieces_is_none_too_many() -> None:
    assert cleared(webm(live=True) + element("A3", b"\x81\0\0\x80") * 250_000)


@given(st.binary(max_size=60), st.integers(0, 1200), st.booleans())
def test_any_bytes_are_cleared_or_refused(noise: bytes, at: int, live: bool) -> None:
    content = webm(SECRET[:18], live=live)
    content = content[:at] + noise + content[at + len(noise) :]
    file = BytesIO(content)
    with suppress(VideoError):
        Video.cleared(file)
    assert len(file.getvalue()) == len(content)
