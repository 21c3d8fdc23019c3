"""Videos from strangers are made anew of their picture and their sound: what else their file held
is gone, and what is none is refused.
"""

import sys
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile

import av
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microblog.media import remux, video
from microblog.media.video import Video, VideoError
from testing.effort import peak_of, takes_less_than
from testing.pictures import plain
from testing.videos import box, boxes, changed, element, film, mp4, webm

SECRET = b"+52.5200+013.4050/"


def remade(content: bytes) -> tuple[bytes, Video]:
    file = BytesIO(content)
    found = Video.cleared(file)
    return file.getvalue(), found


def pictures_of(content: bytes) -> list[bytes]:
    with av.open(BytesIO(content)) as file:
        return [bytes(frame.planes[0])[:64] for frame in file.decode(video=0)]


@pytest.mark.parametrize("film_of", [mp4, webm])
def test_what_a_camera_wrote_is_gone_and_every_picture_is_there(
    film_of: Callable[[bytes], bytes],
) -> None:
    content = film_of(SECRET)
    after, _ = remade(content)
    assert content.count(SECRET) >= (20 if content[4:8] == b"ftyp" else 5)
    assert SECRET not in after
    assert pictures_of(after) == pictures_of(content)
    assert len(pictures_of(after)) == 4
    with av.open(BytesIO(after)) as file:
        assert [stream.type for stream in file.streams] == ["video", "audio"]
        assert sum(len(packet.decode()) for packet in file.demux(audio=0)) >= 9
    assert pictures_of(remade(after)[0]) == pictures_of(after)


@pytest.mark.parametrize(("codec", "name"), [("libx264", b"x264"), ("libx265", b"x265")])
def test_what_a_program_wrote_among_the_pictures_is_gone(codec: str, name: bytes) -> None:
    """Supplemental information: cameras write there when and where it was."""
    before = film("mp4", codec=codec)
    after, _ = remade(before)
    assert name in before
    assert name not in after
    assert pictures_of(after) == pictures_of(before)


@pytest.mark.parametrize("codec", ["libvpx-vp9", "libsvtav1"])
@pytest.mark.parametrize("container", ["mp4", "webm"])
def test_other_codecs(container: str, codec: str) -> None:
    before = film(container, codec=codec, size=(128, 96))
    after, found = remade(before)
    assert (found.container, found.width, found.height) == (container, 128, 96)
    assert pictures_of(after) == pictures_of(before)


@pytest.mark.parametrize(
    "flags", ["frag_keyframe+empty_moov", "frag_keyframe+empty_moov+default_base_moof", "faststart"]
)
def test_an_mp4_in_fragments_is_one_with_a_beginning(flags: str) -> None:
    after, _ = remade(film("mp4", options=(("movflags", flags),)))
    assert [kind for kind, _ in boxes(after)][:2] == [b"ftyp", b"moov"], (
        "a player begins before it has all of it"
    )
    assert len(pictures_of(after)) == 4


def test_where_to_find_it_is_no_place_for_words() -> None:
    """`dref` may name another file: nothing of the server's is read, and the name is gone."""
    content = film()
    at = content.index(b"dref")
    url = box(b"url ", bytes(4), b"file:///etc/hostname\0")
    moved = changed(content, {b"dref": [url]})
    moved = moved.replace(content[at + 4 : at + 24], bytes(4) + (1).to_bytes(4) + url[:12])
    with suppress(VideoError):
        assert b"/etc/" not in remade(moved)[0]


def test_what_stands_after_what_a_decoder_is_told_is_gone() -> None:
    for kind, content in ((b"avcC", film()), (b"hvcC", film(codec="libx265"))):
        at = content.index(kind) - 4
        old = int.from_bytes(content[at : at + 4])
        longer = content[at + 4 : at + old] + SECRET
        whole = content[:at] + (old + len(SECRET)).to_bytes(4) + longer + content[at + old :]
        for parent in (
            b"moov",
            b"trak",
            b"mdia",
            b"minf",
            b"stbl",
            b"stsd",
            b"avc1" if kind == b"avcC" else b"hev1",
        ):
            where = whole.index(parent) - 4
            whole = (
                whole[:where]
                + (int.from_bytes(whole[where : where + 4]) + len(SECRET)).to_bytes(4)
                + whole[where + 4 :]
            )
        assert pictures_of(whole)
        assert SECRET not in remade(whole)[0]


def test_its_comments_of_sound_are_still_comments() -> None:
    header = b"\3vorbis" + (6).to_bytes(4, "little") + b"secret" + bytes(4) + b"\1"
    told = bytes([2, 30, len(header)]) + b"\1vorbis" + bytes(23) + header + b"\5vorbis setup"
    after = remux._vorbis(told)
    assert b"secret" not in after
    assert after[3:33] == told[3:33]
    assert after.endswith(b"\3vorbis" + bytes(8) + b"\1\5vorbis setup")


def patched(content: bytes, **how: bytes) -> bytes:
    for old, new in how.items():
        content = content.replace(old.encode(), new)
    return content


def as_something_else(content: bytes) -> bytes:
    """Every byte of picture and sound is another: what the file says is all that is left of it."""
    words = lambda size: (b"<html>" * size)[:size]  # noqa: E731
    return b"".join(
        box(kind, words(len(payload)) if kind == b"mdat" else payload)
        for kind, payload in boxes(content)
    )


@pytest.mark.parametrize(
    ("make", "says"),  # a film takes a moment to make: in its test
    [
        (lambda: b"", "MP4 and WebM work"),
        (lambda: b"GIF89a" + bytes(50), "MP4 and WebM work"),
        (lambda: box(b"ftyp", b"isom"), "broken|no picture"),
        (lambda: box(b"ftyp", b"isom") + box(b"mdat", bytes(1000)), "broken|no picture"),
        (lambda: box(b"ftyp", b"isom") + b"\0\0\0\1moov" + b"\xff" * 8, "broken"),
        (lambda: film()[:-300], "broken|something else"),
        (lambda: film(options=(("movflags", "faststart"),))[:-900], "broken|something else"),
        (lambda: as_something_else(film()), "something else|broken"),
        (lambda: patched(film(), avc1=b"hvc1", avcC=b"hvcC"), "something else|broken"),
        (lambda: patched(film("webm"), V_VP8=b"V_VP9"), "something else|broken"),
        (lambda: patched(film("webm"), V_VP8=b"S_TXT"), "no picture"),
        (lambda: film("mp4", codec="mpeg4"), "browsers do not play"),
        (lambda: b"\x1a\x45\xdf\xa3", "broken"),
        (lambda: b"\x1a\x45\xdf\xa3" + bytes(1000), "broken"),
        (lambda: element("1A45DFA3", element("4282", b"webm")), "broken|no picture"),
    ],
)
def test_what_is_no_video_is_refused(make: Callable[[], bytes], says: str) -> None:
    with pytest.raises(VideoError, match=says):
        remade(make())


def test_a_picture_of_its_cover_is_no_video() -> None:
    out = BytesIO()
    with av.open(out, "w", format="mp4") as file:
        stream = file.add_stream("mjpeg", rate=1)
        stream.width, stream.height, stream.pix_fmt = 16, 16, "yuvj420p"
        stream.disposition = av.stream.Disposition.attached_pic
        packet = av.Packet(plain(kind="JPEG"))
        packet.stream, packet.pts, packet.dts = stream, 0, 0
        file.mux(packet)
    with pytest.raises(VideoError):
        remade(out.getvalue())


@pytest.mark.slow
@given(st.binary(max_size=60), st.integers(0, 2500), st.sampled_from(["mp4", "webm"]))
@settings(max_examples=25)
def test_any_bytes_are_made_anew_or_refused(noise: bytes, at: int, container: str) -> None:
    content = film(container)
    file = BytesIO(content[:at] + noise + content[at + len(noise) :])
    with suppress(VideoError):
        found = Video.cleared(file)
        assert found.width > 0


@pytest.mark.skipif(sys.platform != "linux", reason="other systems tell it in other ways")
@pytest.mark.parametrize(
    ("container", "make"),
    [
        ("mp4", lambda: film() + box(b"free") * 1_000_000),
        ("webm", lambda: film("webm", options=(("live", "1"),)) + b"\xec\x80" * 1_000_000),
        ("mp4", lambda: film(size=(4096, 2160))),
    ],
    ids=["boxes", "elements", "large pictures"],
)
def test_a_video_costs_little(container: str, make: Callable[[], bytes]) -> None:
    content = make()
    with TemporaryFile() as source, TemporaryFile() as target, takes_less_than(10):
        source.write(content)
        source.seek(0)
        peak = peak_of(video.PROGRAM, container, str(video.SECONDS), source=source, target=target)
    assert peak < 700_000_000


def test_a_program_that_ends_badly_refuses(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setattr(video, "PROGRAM", Path("/nowhere.py"))
    with pytest.raises(VideoError, match="too long"):
        remade(film())
