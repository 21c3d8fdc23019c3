from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.tests.make import box, mp4
from microblog.blanking import VideoError
from microblog.mp4 import blank_metadata

SECRET = b"+52.5200+013.4050/"


def cleared(content: bytes) -> bytes:
    file = BytesIO(content)
    blank_metadata(file)
    return file.getvalue()


def test_what_a_camera_wrote_is_gone_and_nothing_moves():
    before, after = mp4(SECRET), cleared(mp4(SECRET))
    assert before.count(SECRET) == 8
    assert SECRET not in after
    assert b"\xde\xad" in before
    assert b"\xde\xad" not in after  # when it was made
    assert len(before) == len(after)
    assert before.index(b"mdat") == after.index(b"mdat")
    assert after.endswith(b"picture")
    assert b"udta" not in after
    assert cleared(after) == after


def test_a_track_that_is_neither_picture_nor_sound_is_refused():
    with pytest.raises(VideoError, match="neither"):
        cleared(mp4(handler=b"meta"))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a" + bytes(50),
        b"\x1a\x45\xdf\xa3" + bytes(50),
        box(b"ftyp", b"isom"),
        mp4()[:-3],
        mp4()[8:],
        box(b"ftyp", b"isom") + b"\0\0\0\1moov" + b"\xff" * 8,
        box(b"ftyp", b"isom") + b"\0\0\0\3moov",
    ],
)
def test_what_is_no_video_is_refused(content):
    with pytest.raises(VideoError):
        cleared(content)


def test_a_last_box_may_go_to_the_end_and_sizes_may_be_long():
    long = b"\0\0\0\1udta" + (16 + len(SECRET)).to_bytes(8) + SECRET
    assert SECRET not in cleared(mp4(b"x") + long + b"\0\0\0\0meta" + SECRET)


def test_a_million_boxes_are_refused():
    with pytest.raises(VideoError, match="too many"):
        cleared(mp4() + box(b"free") * 200_000)


@given(st.binary(max_size=300), st.integers(0, 600))
def test_any_bytes_are_cleared_or_refused(noise, at):
    content = mp4()
    with suppress(VideoError):
        cleared(content[:at] + noise + content[at + len(noise) :])
